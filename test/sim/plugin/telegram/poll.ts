import { staySilent } from '../shared/approvals.ts'
import { asRecord } from '../shared/record.ts'
import { type Bot, GrammyError } from './bot-api.ts'

// Field notes, section 5: after eight 409s the plugin stops polling and stays up, deaf.
const conflictsBeforeGivingUp = 8
const longestDelayMs = 15_000
const longPollSeconds = 30

/**
 * Takes the webhook away and polls until `signal`, or until another poller has won eight times. Each update is handled
 * before the next poll confirms it. Resolves when the platform answered for the first time; polling goes on.
 */
export const pollUpdates = (
  bot: Bot,
  handle: (update: unknown) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => new Promise((answered) => void keepPolling(bot, handle, signal, answered))

const keepPolling = async (
  bot: Bot,
  handle: (update: unknown) => Promise<void>,
  signal: AbortSignal,
  answered: () => void,
) => {
  const counts = { failures: 0, conflicts: 0 }
  while (!signal.aborted) {
    try {
      await bot.call('deleteWebhook', { drop_pending_updates: false })
      answered()
      await pollOnce(bot, handle, signal, counts)
    } catch (error) {
      if (signal.aborted) return
      counts.failures += 1
      if (error instanceof GrammyError && error.code === 409) counts.conflicts += 1
      if (counts.conflicts >= conflictsBeforeGivingUp) return
      const delay = Math.min(1000 * counts.failures, longestDelayMs)
      process.stderr.write(
        `telegram channel: polling error: ${String(error)}, retrying in ${delay / 1000}s\n`,
      )
      answered()
      await sleep(delay, signal)
    }
  }
}

const pollOnce = async (
  bot: Bot,
  handle: (update: unknown) => Promise<void>,
  signal: AbortSignal,
  counts: { failures: number; conflicts: number },
) => {
  let offset = 0
  while (!signal.aborted) {
    const updates = await bot.call('getUpdates', { offset, limit: 100, timeout: longPollSeconds })
    counts.failures = 0
    counts.conflicts = 0
    for (const update of Array.isArray(updates) ? updates : []) {
      // As with the official plugin's library, a handler that fails loses its update, not the poller.
      await handle(update).catch(staySilent)
      offset = Number(asRecord(update).update_id) + 1
    }
  }
}

const sleep = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      done()
    })
  })
