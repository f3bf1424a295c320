import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Bot } from '../../sim/bot-api/bot.ts'
import type { Home } from '../../sim/home.ts'
import { stateOf } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import { journal, transcriptRows } from '../../sim/watch.ts'
import type { Ward } from '../faults/kit.ts'

/** Messages that come all the time, numbered: each can be looked for at the other end. */
export type Load = {
  /** Everything written so far, oldest first. */
  readonly texts: () => readonly string[]
  /** Resolves once this many more were written. */
  readonly more: (count: number) => Promise<unknown>
  readonly stop: () => void
}

/** Milliseconds between two messages, over and over; 0 is a burst of five at once. */
const pauses = [400, 250, 100, 350, 400, 150, 300, 400, 200, 400, 350, 0] as const
/** A machine that is busy with other tests cannot answer five a second: from this many on they come slowly. */
const mostWaiting = 8
const buriedMs = 1_000

/** Writes to a bot until `stop`: some five messages a second. */
export const startLoad = ({ bot, name }: Pick<Ward, 'bot' | 'name'>): Load => {
  const texts: string[] = []
  let timer: NodeJS.Timeout | null = null
  const write = (): void => {
    const text = `${name} ${String(texts.length + 1).padStart(4, '0')}`
    texts.push(text)
    bot.push(text)
  }
  const next = (step: number): void => {
    const isBuried = texts.length - bot.sent().length > mostWaiting
    const pause = isBuried ? buriedMs : (pauses[step % pauses.length] ?? 0)
    timer = setTimeout(() => {
      for (let times = pause === 0 ? 5 : 1; times > 0; times -= 1) write()
      next(step + 1)
    }, pause)
  }
  next(0)
  return {
    texts: () => texts,
    more: (count) => {
      const enough = texts.length + count
      return until(`${count} more messages`, () => texts.length >= enough, 120_000)
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer)
    },
  }
}

export type Account = {
  readonly pushed: number
  /** Never reached a conversation. */
  readonly lost: readonly string[]
  readonly unanswered: readonly string[]
  /** Reached it more than once. */
  readonly twice: readonly string[]
}

/** Waits until every message is in the conversation and worked off, a minute at most; what became of them. */
export const settle = async (
  home: Home,
  bot: Bot,
  conversation: string,
  texts: readonly string[],
): Promise<Account> => {
  const areThere = () => reached(home, texts).every(({ times }) => times > 0)
  // In this order: one that came after a look at the client is begun when its text is looked for, and not yet answered.
  const isDone = () => bot.pending() === 0 && areThere() && isIdle(home, conversation)
  await until('every message', isDone, 60_000).catch(() => undefined)
  const arrived = reached(home, texts)
  const answered = new Set(bot.sent().map(({ text }) => text))
  return {
    pushed: texts.length,
    lost: arrived.filter(({ times }) => times === 0).map(({ text }) => text),
    unanswered: texts.filter((text) => !answered.has(`echo: ${text}`)),
    twice: arrived.filter(({ times }) => times > 1).map(({ text }) => text),
  }
}

/** How often each is in a transcript: as a row of its own, or in the middle of a turn (field notes, section 2). */
const reached = (home: Home, texts: readonly string[]) => {
  const rows = transcriptRows(home).flatMap(({ type, origin, message, attachment }) => {
    const held = type === 'attachment' ? { ...(attachment as Attachment) } : { origin, prompt: message }
    return (held.origin as { kind?: string } | undefined)?.kind === 'channel'
      ? [JSON.stringify(held.prompt)]
      : []
  })
  return texts.map((text) => ({ text, times: rows.filter((row) => row.includes(text)).length }))
}

type Attachment = { readonly origin?: unknown; readonly prompt?: unknown }

/** Whether the client is between two turns, as it says itself. A look at all processes would cost the others a core. */
export const isIdle = ({ home }: Home, conversation: string): boolean => {
  const folder = join(home, '.claude', 'sessions')
  return readdirSync(folder)
    .map((file) => textOf(join(folder, file)))
    .some((text) => text.includes(conversation) && text.includes('"status": "idle"'))
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** How often a client of the session was started so far. */
export const starts = (home: Home, session: string): number =>
  journal(home).filter((entry) => entry.session === session && entry.type === 'client-started').length

/** Whether the poller of a state folder is held. */
export const isHeld = (stateDir: string): boolean =>
  stateOf(Number(textOf(join(stateDir, 'bot.pid')))) === 'T'

/** The processes of the session that somebody stopped and nobody let go on. */
export const stopped = (home: Home, session: string): readonly string[] =>
  home
    .processes()
    .filter(({ env, pid }) => env.CHANNELS_SESSION === session && stateOf(pid) === 'T')
    .map(({ pid, argv }) => `${pid} ${argv.join(' ')}`)

/** One client and one poller, nothing stopped, and the session live in the conversation it had. */
export const expectWhole = async (home: Home, session: string, conversation: string): Promise<void> => {
  const ours = () => home.processes().filter(({ env }) => env.CHANNELS_SESSION === session)
  const found = (await home.status()).sessions.find(({ name }) => name === session)
  expect(found).toMatchObject({ state: 'live', client: { conversation } })
  const one = (part: string) =>
    ours().filter(({ argv }) => argv.slice(0, 2).some((word) => word.split('/').at(-1) === part))
  expect([one('claude'), one('server.ts')].map(({ length }) => length)).toEqual([1, 1])
  expect(stopped(home, session)).toEqual([])
}
