import type { Channel, ChannelKind } from '../../core/channel.ts'
import { kinds } from '../../core/kinds.ts'
import type { Deps } from '../../deps.ts'

/** How a bot is made: an address, and what a person does there. */
export type Guide = { readonly link: string; readonly steps: readonly string[] }

/** By hand, since neither messenger lets a program make a bot (August 2026). */
export const guides: Readonly<Partial<Record<ChannelKind, Guide>>> = {
  telegram: {
    link: 'https://t.me/BotFather',
    steps: [
      'Telegram makes bots in a chat with BotFather. Best at the desk, in Telegram’s app or https://web.telegram.org: the token has to get here.',
      '  1. Open that link and press Start.',
      '  2. Send /newbot. For a bot you have already: /mybots, the bot, API Token.',
      '  3. Send a name, any you like, then a username that ends in `bot`.',
      '  4. Copy the token from its answer: digits, a colon, some 35 characters.',
    ],
  },
  discord: {
    link: 'https://discord.com/developers/applications',
    steps: [
      'Discord makes bots in its Developer Portal. Best at the desk, in a browser: the token has to get here.',
      '  1. Open that link, sign in, and press New Application; give it a name.',
      '  2. In the list on the left: Bot. Give it a username.',
      '  3. On the same page, under Privileged Gateway Intents: switch on Message Content Intent, then Save Changes.',
      '  4. Further up: Reset Token. It is shown once; copy it.',
    ],
  },
}

/**
 * How a person is told to write something to a channel, without the end of the sentence, and where; the address is null
 * where there is none.
 */
export const writingTo = (
  { kind, id, account, botId }: Channel,
  { channels }: Pick<Deps, 'channels'>,
  something = 'something',
): { readonly text: string; readonly link: string | null } => {
  const messenger = channels.messengerOf(kind)
  const to = `Write ${something} to ${account ?? 'the bot'}`
  if (messenger !== null)
    return {
      text:
        kind === 'telegram' ? `${to} from your phone` : `${to} in ${messenger.label}, as a direct message`,
      link: messenger.link({ account, botId }),
    }
  if (kind === 'fakechat')
    return { text: `Open its page in a browser on this machine and write ${something}`, link: account }
  if (kind === 'imessage') return { text: `Write ${something} to yourself in Messages`, link: null }
  return { text: `Write ${something} to ${id}, in the way its program takes messages`, link: null }
}

/** What a channel is called: its bot, its address, else its id. */
export const nameOfChannel = ({ account, id, kind }: Channel): string =>
  account ?? (kind === 'custom' ? id : kinds[kind].label)
