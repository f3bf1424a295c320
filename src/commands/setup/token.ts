import { channelKind } from '../../core/channel.ts'
import type { Platform } from '../../core/records.ts'
import type { Ask, Deps, Messenger } from '../../deps.ts'
import { botApi } from './bot-api.ts'
import { guides } from './guide.ts'
import type { BotPlace } from './plan.ts'

type Source = 'own' | 'usual' | 'exported'
type Known = { readonly from: Source; readonly token: string; readonly where: string }

/** The token a person means: one that lies there already, or one they paste. Cancelled it throws (130). */
export const whichToken = async (place: BotPlace, ask: Ask, deps: Deps): Promise<string> => {
  const known = knownTokens(place, deps)
  warnOfFiles(place, ask, deps)
  const { messenger } = place
  if (known.length === 0) return pasteToken(place, ask)
  const answers = await ask.wait(`Asking ${messenger.label} about the tokens that are here already`, () =>
    Promise.all(known.map(({ token }) => askAbout(messenger, token, deps))),
  )
  const chosen = await ask.choose<Source | 'other'>({
    message: 'Which bot?',
    options: [
      ...known.map(({ from, where }, i) => ({
        value: from,
        label: labelOf(messenger, answers[i]),
        hint: where,
      })),
      { value: 'other', label: 'Another bot', hint: 'a new one, or one whose token you have' },
    ],
    initial: answers[0]?.token === 'accepted' ? (known[0]?.from ?? 'other') : 'other',
  })
  return known.find(({ from }) => from === chosen)?.token ?? pasteToken(place, ask)
}

const pasteToken = async ({ channel, messenger }: BotPlace, ask: Ask): Promise<string> => {
  const guide = guides[channelKind(channel)]
  if (guide !== undefined) {
    ask.link(guide.link)
    ask.say(guide.steps.join('\n'))
  }
  return askToken('The token (it is kept in a file only you can read)', messenger, ask)
}

/** A token that has a token's form, typed unseen. Cancelled it throws (130). */
export const askToken = async (message: string, messenger: Messenger, ask: Ask): Promise<string> => {
  const check = (answer: string): string | null => {
    const fault = messenger.tokenFault(answer.trim())
    return fault === null ? null : `That is no bot token: ${fault}.`
  }
  return (await ask.secret({ message, check })).trim()
}

/** Tokens that a person would not want to type again. */
const knownTokens = ({ stateDir, usualDir, messenger }: BotPlace, deps: Deps): readonly Known[] => {
  const { channels, files, env } = deps
  const { variable } = messenger
  const inFile = (from: Source, folder: string): readonly Known[] => {
    const token = channels.meantToken(files.readText(`${folder}/.env`) ?? '', variable)
    return token !== null && messenger.tokenFault(token) === null
      ? [{ from, token, where: `in ${folder}/.env` }]
      : []
  }
  const exported = env[variable]
  const found = [
    ...inFile('own', stateDir),
    ...(usualDir === stateDir ? [] : inFile('usual', usualDir)),
    ...(exported !== undefined && messenger.tokenFault(exported) === null
      ? [{ from: 'exported', token: exported, where: `exported as ${variable} in this shell` } as const]
      : []),
  ]
  return found.filter(({ token }, i) => found.findIndex((other) => other.token === token) === i)
}

/** What keeps the plugin from finding a token that somebody put there; ours is written so that it does. */
const warnOfFiles = (
  { stateDir, usualDir, messenger }: BotPlace,
  ask: Ask,
  { channels, files }: Deps,
): void => {
  for (const folder of new Set([stateDir, usualDir])) {
    const faults = channels.envFaults(files.readText(`${folder}/.env`) ?? '', messenger.variable)
    for (const fault of faults) ask.warn(`${folder}/.env: ${faultTexts[fault]}`)
  }
}

const faultTexts = {
  crlf: 'the token’s line ends in a carriage return, as files from Windows do: the plugin does not find it.',
  export: 'the token’s line begins with `export`: the plugin does not find it.',
  quoted: 'the token stands in quotes: the plugin takes them for a part of it.',
  twice: 'it names several tokens: the plugin takes the first.',
} as const

const askAbout = (messenger: Messenger, token: string, deps: Deps): Promise<Platform> => {
  const { root, request } = botApi(messenger, deps)
  return messenger.probe(request, root, token, deps.clock.now())
}

const labelOf = ({ label }: Messenger, answer: Platform | undefined): string => {
  if (answer?.token === 'accepted') return answer.account ?? 'a bot without a name'
  return answer?.token === 'rejected'
    ? `a token that ${label} does not take`
    : `a token that ${label} could not be asked about`
}
