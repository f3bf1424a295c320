import { messengerOf } from '../../src/channels/messenger.ts'
import { type AccessFields, accessOf, type Pending } from '../../src/core/access.ts'
import { type AccessChange, applyAccessChange } from '../../src/core/access-change.ts'
import { yes } from '../../src/core/answer.ts'
import { emptySettings } from '../../src/core/settings.ts'
import type { Ask, Deps } from '../../src/deps.ts'
import { cancelled } from '../../src/errors.ts'
import { evidence, noon, session } from '../core/evidence-builder.ts'

/** An entry that the plugin wrote a moment ago. */
export const entry = (senderId: string) => ({
  senderId,
  chatId: senderId,
  createdAt: noon - 5_000,
  expiresAt: noon + 3_600_000,
})

/**
 * The bot of a live session, its access list in memory. `meanwhile` is what somebody else does while Telegram is asked
 * who a sender is.
 */
export const openBot = (before: AccessFields, meanwhile: (bot: Bot) => void = () => undefined) => {
  const printed: string[] = []
  const journal: unknown[] = []
  const bot: Bot = {
    access: before,
    change: (change) => {
      bot.access = applyAccessChange(bot.access, change)
    },
  }
  const deps = {
    env: {},
    // Whatever waits for a second passes over it.
    clock: { now: () => noon, elapsed: () => (elapsed += 500), sleep: async () => undefined },
    cancelled: new AbortController().signal,
    processes: { self: () => ({ pid: 1 }), ancestors: () => [] },
    settings: { read: () => ({ ...emptySettings, sessions: { work: session } }) },
    output: { print: (line: string) => printed.push(line), say: () => undefined },
    journal: { append: (_: string, event: unknown) => journal.push(event) },
    observe: async () => evidence(),
    probe: async () => ({}),
    requestWith: () => async () => {
      meanwhile(bot)
      return { status: 200, body: JSON.stringify({ ok: true, result: { first_name: 'Ada' } }) }
    },
    channels: {
      messengerOf,
      readToken: () => yes('1:A'),
      readAccess: () => yes(accessOf(bot.access)),
    },
    changeAccess: async (_: string, change: AccessChange) => bot.change(change),
    approve: async (_: string, { senderId }: Pending, policy: 'allowlist' | null) =>
      bot.change({ do: 'approve', senderId, policy }),
  } as unknown as Deps
  return { bot, deps, printed, journal }
}

let elapsed = 0

export type Bot = { access: AccessFields; readonly change: (change: AccessChange) => void }

/** Somebody at the desk: the codes they type, then Ctrl-C; what they are shown, each line with its sign. */
export const atDesk = (codes: readonly string[], more: Partial<Ask> = {}) => {
  const said: string[] = []
  const tell = (sign: string) => (text: string) => void said.push(`${sign}${text}`)
  const left = [...codes]
  const ask = {
    say: tell(''),
    done: tell('+ '),
    warn: tell('! '),
    title: () => undefined,
    link: () => undefined,
    wait: (_: string, action: () => unknown) => action(),
    confirm: async () => true,
    text: async () => {
      const code = left.shift()
      if (code === undefined) throw cancelled('')
      return code
    },
    ...more,
  } as unknown as Ask
  return { ask, said }
}
