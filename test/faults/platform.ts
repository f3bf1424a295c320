import { join } from 'node:path'
import { expect } from 'vitest'
import type { Bot } from '../sim/bot-api/bot.ts'
import { until } from '../sim/until.ts'
import { type Machine, sessionIn, setUp } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { change, channels, type Place, scene } from './scene.ts'

/** What the platform, or somebody who has the bot's token as well, does to it. */
export const platform: readonly Fault[] = [
  {
    name: 'no answer from the platform',
    says: 'network',
    // Half of its answers are a minute old by then.
    where: 'simulation',
    when: 'live',
    heals: 'once mended',
    backS: 70,
    open: scene(({ home }) => {
      let end: (() => void) | null = null
      return {
        break: () => {
          end = home.bot.fail({ how: 'reset' })
        },
        mend: () => end?.(),
      }
    }),
  },
  {
    name: 'somebody elsewhere polls the same bot (409)',
    says: 'not-draining',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'once mended',
    backS: 60,
    open: scene((place) => {
      const elsewhere = pollElsewhere(place)
      return { break: elsewhere.start, mend: elsewhere.stop, close: elsewhere.stop }
    }),
  },
  {
    name: 'somebody elsewhere polls the same bot, and `up` refuses',
    says: null,
    where: 'both',
    when: 'start',
    heals: 'by itself',
    open: scene((place) => {
      const elsewhere = pollElsewhere(place)
      return {
        break: async () => {
          elsewhere.start()
          const { stdout, code } = await place.home.channels(['up', 'work'])
          elsewhere.stop()
          expect(stdout).toContain('[token-in-use]')
          expect(code).toBe(1)
        },
        close: elsewhere.stop,
      }
    }),
  },
  {
    name: 'two sessions with the same bot',
    says: 'token-in-use',
    where: 'both',
    when: 'start',
    heals: 'once mended',
    open: scene(({ home, ward }) => ({
      break: async () => {
        await setUp(home, 'first')
        // As a configuration from elsewhere may have it: setup refuses such a pair.
        claim(home, 'first', ward.bot.id)
        await channels(home, ['up', 'first', '--no-wait', '--no-listen'])
        await until('its client', async () => sessionIn(await home.status(), 'first').client, 20_000)
      },
      mend: () => channels(home, ['down', 'first']),
    })),
  },
  {
    name: 'token revoked',
    says: 'token-rejected',
    where: 'both',
    when: 'live',
    heals: 'once mended',
    open: scene(({ home, ward }) => ({
      break: () => ward.bot.revoke(),
      mend: () => channels(home, ['token', 'work', '--token-stdin', '--yes'], ward.bot.rotate()),
    })),
  },
  {
    name: 'webhook set again and again',
    says: 'webhook-set',
    where: 'both',
    when: 'live',
    heals: 'once mended',
    backS: 130,
    open: scene(({ ward }) => {
      let setter: NodeJS.Timeout | undefined
      const stop = () => {
        clearInterval(setter)
        ward.bot.setWebhook('')
      }
      return {
        break: () => {
          setter = setInterval(() => keepWebhook(ward.bot), 100)
        },
        mend: stop,
        close: stop,
      }
    }),
  },
  {
    name: 'platform says nothing about the token',
    says: 'stale-evidence',
    passes: ['network'],
    where: 'simulation',
    when: 'start',
    heals: 'once mended',
    backS: 70,
    open: scene(({ home }) => {
      let end: (() => void) | null = null
      return {
        break: () => {
          end = home.bot.fail({ method: 'getMe', how: 'hang' })
        },
        mend: () => end?.(),
      }
    }),
  },
]

/** The plugin takes it away at every start of its polling: whoever wants it has to set it again. */
const keepWebhook = (bot: Bot): void => bot.setWebhook('https://example.com/hook')

/** A program on another machine, which starts its long poll again whenever it is ended, and throws away what it gets. */
const pollElsewhere = ({ home, ward }: Place) => {
  const end = new AbortController()
  const poll = async (): Promise<void> => {
    for (let offset = 0; !end.signal.aborted; )
      offset = await pollOnce(`${home.bot.root}/bot${ward.bot.token}`, offset, end.signal)
  }
  return { start: () => void poll().catch(() => undefined), stop: () => end.abort() }
}

const pollOnce = async (root: string, offset: number, signal: AbortSignal): Promise<number> => {
  const body = JSON.stringify({ offset, timeout: 30 })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${root}/getUpdates`, { method: 'POST', headers, body, signal })
  const { result } = (await response.json()) as {
    readonly result?: readonly { readonly update_id: number }[]
  }
  return result?.at(-1) === undefined ? offset : (result.at(-1)?.update_id ?? 0) + 1
}

const claim = ({ channelsHome }: Machine, name: string, botId: string): void =>
  change(join(channelsHome, 'config.json'), (json) => {
    const sessions = json.sessions as Readonly<Record<string, { readonly channels: readonly object[] }>>
    const claimed = sessions[name]?.channels.map((channel) => ({ ...channel, botId }))
    return { ...json, sessions: { ...sessions, [name]: { ...sessions[name], channels: claimed } } }
  })
