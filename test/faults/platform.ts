import type { Bot } from '../sim/bot-api/bot.ts'
import type { Fault } from './fault.ts'
import { channels, scene } from './scene.ts'

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
