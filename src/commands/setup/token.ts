import type { Platform } from '../../core/records.ts'
import type { Ask, Deps } from '../../deps.ts'
import { botApi } from './bot-api.ts'
import type { BotPlace } from './plan.ts'

type Source = 'own' | 'usual' | 'exported'
type Known = { readonly from: Source; readonly token: string; readonly where: string }

/** The token a person means: one that lies there already, or one they paste. Cancelled it throws (130). */
export const whichToken = async (place: BotPlace, ask: Ask, deps: Deps): Promise<string> => {
  const known = knownTokens(place, deps)
  warnOfFiles(place, ask, deps)
  if (known.length === 0) return pasteToken(ask, deps)
  const answers = await ask.wait('Asking Telegram about the tokens that are here already', () =>
    Promise.all(known.map(({ token }) => askAbout(token, deps))),
  )
  const chosen = await ask.choose<Source | 'other'>({
    message: 'Which bot?',
    options: [
      ...known.map(({ from, where }, i) => ({
        value: from,
        label: labelOf(answers[i]),
        hint: where,
      })),
      { value: 'other', label: 'Another bot', hint: 'a new one, or one whose token you have' },
    ],
    initial: answers[0]?.token === 'accepted' ? (known[0]?.from ?? 'other') : 'other',
  })
  return known.find(({ from }) => from === chosen)?.token ?? pasteToken(ask, deps)
}

const pasteToken = (ask: Ask, deps: Deps): Promise<string> => {
  ask.link('https://t.me/BotFather')
  ask.say(
    [
      'Telegram makes bots in a chat with BotFather. Best at the desk, in Telegram’s app or https://web.telegram.org: the token has to get here.',
      '  1. Open that link and press Start.',
      '  2. Send /newbot. For a bot you have already: /mybots, the bot, API Token.',
      '  3. Send a name, any you like, then a username that ends in `bot`.',
      '  4. Copy the token from its answer: digits, a colon, some 35 characters.',
    ].join('\n'),
  )
  return askToken('The token (it is kept in a file only you can read)', ask, deps)
}

/** A token that has a token's form, typed unseen. Cancelled it throws (130). */
export const askToken = async (message: string, ask: Ask, { channels }: Deps): Promise<string> => {
  const check = (answer: string): string | null => {
    const fault = channels.tokenFault(answer.trim())
    return fault === null ? null : `That is no bot token: ${fault}.`
  }
  return (await ask.secret({ message, check })).trim()
}

/** Tokens that a person would not want to type again. */
const knownTokens = ({ stateDir, usualDir }: BotPlace, deps: Deps): readonly Known[] => {
  const { channels, files, env } = deps
  const variable = channels.telegramTokenVariable
  const inFile = (from: Source, folder: string): readonly Known[] => {
    const token = channels.meantToken(files.readText(`${folder}/.env`) ?? '', variable)
    return token !== null && channels.tokenFault(token) === null
      ? [{ from, token, where: `in ${folder}/.env` }]
      : []
  }
  const exported = env[variable]
  const found = [
    ...inFile('own', stateDir),
    ...(usualDir === stateDir ? [] : inFile('usual', usualDir)),
    ...(exported !== undefined && channels.tokenFault(exported) === null
      ? [{ from: 'exported', token: exported, where: `exported as ${variable} in this shell` } as const]
      : []),
  ]
  return found.filter(({ token }, i) => found.findIndex((other) => other.token === token) === i)
}

/** What keeps the plugin from finding a token that somebody put there; ours is written so that it does. */
const warnOfFiles = ({ stateDir, usualDir }: BotPlace, ask: Ask, { channels, files }: Deps): void => {
  for (const folder of new Set([stateDir, usualDir])) {
    const faults = channels.envFaults(files.readText(`${folder}/.env`) ?? '', channels.telegramTokenVariable)
    for (const fault of faults) ask.warn(`${folder}/.env: ${faultTexts[fault]}`)
  }
}

const faultTexts = {
  crlf: 'the token’s line ends in a carriage return, as files from Windows do: the plugin does not find it.',
  export: 'the token’s line begins with `export`: the plugin does not find it.',
  quoted: 'the token stands in quotes: the plugin takes them for a part of it.',
  twice: 'it names several tokens: the plugin takes the first.',
} as const

const askAbout = (token: string, deps: Deps): Promise<Platform> => {
  const { root, request } = botApi(deps)
  return deps.channels.probeTelegram(request, root, token, deps.clock.now())
}

const labelOf = (answer: Platform | undefined): string => {
  if (answer?.token === 'accepted') return answer.account ?? 'a bot without a name'
  return answer?.token === 'rejected'
    ? 'a token that Telegram does not take'
    : 'a token that Telegram could not be asked about'
}
