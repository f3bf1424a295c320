import type { SessionReport } from '../../src/core/report.ts'
import type { Home } from '../sim/home.ts'
import { signal } from '../sim/processes.ts'
import { until } from '../sim/until.ts'
import { registrations } from '../sim/watch.ts'
import type { Screen } from './screen.ts'
import { typeCommand } from './type-command.ts'

export type Stage = {
  readonly home: Home
  readonly screen: Screen
  readonly look: Readonly<Record<string, string>>
  readonly cancelled: AbortSignal
}

export type Killed = { readonly at: number; readonly starts: number }
export type Live = SessionReport & { readonly client: NonNullable<SessionReport['client']> }

/** What a step may do. Everything waits with a deadline, and throws when that passes or the demo is cancelled. */
export type Play = {
  readonly say: (text: string) => void
  /** Types a `channels` command, which has to exit 0. */
  readonly channels: (...words: readonly string[]) => Promise<void>
  /** Types `channels status`, whatever it finds. */
  readonly status: () => Promise<void>
  /** Shows the first look of `channels status` that names this reason; false when the session is live by then. */
  readonly statusWith: (reason: string) => Promise<boolean>
  readonly phone: {
    readonly writes: (text: string) => void
    readonly reads: (text: string) => Promise<void>
  }
  /** The one session, as `status --json` has it, once it is live and all that was written is answered and confirmed. */
  readonly sessionAtRest: () => Promise<Live>
  /** Ends a process without asking it. */
  readonly kill: (pid: number | undefined, what: string) => Killed
  /** Waits for another client that is live. */
  readonly liveAgain: (
    killed: Killed,
    before: SessionReport,
  ) => Promise<{ readonly seconds: string; readonly after: Live }>
}

const waitMs = 20_000

export const playOn = ({ home, screen, look, cancelled }: Stage): Play => {
  const type = async (words: readonly string[], fits: (code: number | null) => boolean): Promise<void> => {
    cancelled.throwIfAborted()
    screen.command(['channels', ...words])
    const { code } = await typeCommand(words, { home, look, cancelled, output: 'shown' })
    if (!fits(code)) throw new Error(`\`channels ${words[0]}\` ended with ${code}.`)
  }
  const wait = <T>(what: string, find: () => T | Promise<T>) =>
    until(
      what,
      () => {
        cancelled.throwIfAborted()
        return find()
      },
      waitMs,
    )
  const session = async (): Promise<SessionReport> => {
    cancelled.throwIfAborted()
    const [found] = (await home.status()).sessions
    if (found === undefined) throw new Error('`channels status` knows no session.')
    return found
  }
  const write = (text: string): void => {
    home.bot.bot.push(text)
    screen.chat('phone', text)
  }
  return {
    say: screen.say,
    // What is killed while it works does that work again, and would answer twice.
    sessionAtRest: () =>
      wait('the session to rest', async () => {
        const found = home.bot.bot.pending() === 0 ? await session() : undefined
        return found !== undefined && isLive(found) && found.client.activity === 'idle' ? found : null
      }),
    channels: (...words) => type(words, (code) => code === 0),
    // 1: something is not as it should be, which it then says.
    status: () => type(['status'], (code) => code === 0 || code === 1),
    statusWith: async (reason) => {
      screen.command(['channels', 'status'])
      const text = await wait(`\`channels status\` to say ${reason}`, async () => {
        const found = await typeCommand(['status'], { home, look, cancelled, output: 'kept' })
        return found.code === 0 || found.text.includes(reason) ? found.text : null
      })
      screen.raw(text)
      return text.includes(reason)
    },
    phone: {
      writes: write,
      reads: async (text) => {
        const { sent } = home.bot.bot
        await wait(`the bot to write ${JSON.stringify(text)}`, () =>
          sent().find((each) => each.text === text),
        )
        screen.chat('bot', text)
      },
    },
    kill: (pid, what) => {
      screen.command(['kill', '-9', String(pid), '#', ...what.split(' ')])
      const killed = { at: Date.now(), starts: registrations(home).length }
      if (pid === undefined || !signal(pid, 'SIGKILL')) throw new Error(`${what} was not there to be killed.`)
      return killed
    },
    liveAgain: async ({ at, starts }, before) => {
      // The client's log costs next to nothing to read; `status` over and over would slow down what it waits for.
      await wait('another client that listens', () => registrations(home).length > starts)
      const after = await wait('a live session', async () => {
        const found = await session()
        return isLive(found) && found.client.pid !== before.client?.pid ? found : null
      })
      return { seconds: ((Date.now() - at) / 1000).toFixed(1), after }
    },
  }
}

const isLive = (session: SessionReport): session is Live =>
  session.state === 'live' && session.client !== null
