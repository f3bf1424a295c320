import type { Answer } from '../core/answer.ts'
import type { ChannelKind } from '../core/channel.ts'
import type { Delivery } from '../core/notify/delivery.ts'
import type { Platform } from '../core/records.ts'
import type { Request } from '../system/https.ts'
import { apiRoot } from './api-root.ts'
import { discordBotId, discordToken } from './discord.ts'
import { probeDiscord } from './discord-api.ts'
import { notifyOnDiscord } from './discord-notify.ts'
import { readDiscordPerson } from './discord-person.ts'
import type { PersonNames } from './person-names.ts'
import { telegramBotId, telegramToken } from './telegram.ts'
import { probeTelegram } from './telegram-api.ts'
import { readChat } from './telegram-chat.ts'
import { notifyOnTelegram } from './telegram-notify.ts'
import { faultOf, type TokenForm, tokenIn } from './token.ts'

/** A service that bots live at, each with a token: what is asked of it and of its tokens. */
export type Messenger = {
  readonly label: string
  /** The variable that holds a bot's token, in the plugin's `.env`. */
  readonly variable: string
  /** The token in what a file or stdin held. Throws ExpectedError (usage) for what is none, and never prints it. */
  readonly tokenIn: (text: string) => string
  /** What is wrong with a token, without showing it; null when nothing is. */
  readonly tokenFault: (token: string) => string | null
  /** Which bot a token is of; no secret. Null when it is no token. */
  readonly botId: (token: string) => string | null
  /** Where its API is. Throws ExpectedError (usage) for a place the token must not go to. */
  readonly apiRoot: (env: Readonly<Record<string, string | undefined>>) => string
  /** Asks about a bot what a running one does not notice. Never throws. */
  readonly probe: (request: Request, apiRoot: string, token: string, now: number) => Promise<Platform>
  /** Who a sender is. Never throws. */
  readonly readPerson: (
    request: Request,
    apiRoot: string,
    token: string,
    sender: { readonly senderId: string; readonly chatId: string },
  ) => Promise<Answer<PersonNames>>
  /** Writes to a person who lets the bot: to one it knows, in their own chat. Never throws. */
  readonly notify: (
    request: Request,
    apiRoot: string,
    token: string,
    to: { readonly senderId: string; readonly text: string },
  ) => Promise<Delivery>
  /** Where a person writes to a bot. */
  readonly link: (bot: { readonly account: string | null; readonly botId: string | null }) => string | null
  /** Where a bot's token is made anew, as a sentence goes on. */
  readonly tokenPlace: string
  /** What else can be wrong with a token it refuses, a sentence; '' where nothing is worth saying. */
  readonly refusal: string
  /** How a person finds the id by which `--allow` names them. */
  readonly idPlace: string
}

/** The messenger of a channel kind; null for one without bots. */
export const messengerOf = (kind: ChannelKind): Messenger | null =>
  kind === 'telegram' || kind === 'discord' ? messengers[kind] : null

const ofForm = (form: TokenForm) => ({
  label: form.label,
  variable: form.variable,
  tokenIn: (text: string) => tokenIn(form, text),
  tokenFault: (token: string) => faultOf(form, token),
})

const messengers: Readonly<Record<'telegram' | 'discord', Messenger>> = {
  telegram: {
    ...ofForm(telegramToken),
    botId: telegramBotId,
    apiRoot: (env) => apiRoot(env, 'TELEGRAM_API_ROOT', 'https://api.telegram.org'),
    probe: probeTelegram,
    // In a private chat the chat has the id of the person.
    readPerson: (request, root, token, { chatId }) => readChat(request, root, token, chatId),
    notify: notifyOnTelegram,
    link: ({ account }) => (account === null ? null : `https://t.me/${account.slice(1)}`),
    tokenPlace: 'from @BotFather (/mybots, your bot, API Token)',
    refusal: '',
    idPlace: '@userinfobot tells it in Telegram',
  },
  discord: {
    ...ofForm(discordToken),
    botId: discordBotId,
    apiRoot: (env) => apiRoot(env, 'DISCORD_API_ROOT', 'https://discord.com/api/v10'),
    probe: probeDiscord,
    readPerson: (request, root, token, { senderId }) => readDiscordPerson(request, root, token, senderId),
    notify: notifyOnDiscord,
    link: ({ botId }) => (botId === null ? null : `https://discord.com/users/${botId}`),
    tokenPlace: 'in the Developer Portal (your application, Bot, Reset Token)',
    refusal: 'It takes the token of a bot, and the last that was made: not one of a person’s account.',
    idPlace: 'Discord: Settings, Advanced, Developer Mode; then a right click on your name, Copy User ID',
  },
}
