import { until } from '../../sim/until.ts'
import { setUp } from '../../sim/ward.ts'
import { askForCode } from '../people/visitors.ts'
import type { Desk } from './desk.ts'

/** How a command of the manual is run where running it as it stands is not enough. */
export type Way =
  /** With what a person would answer: words behind it, and a text on its stdin; `meanwhile` somebody does something. */
  | {
      readonly by: 'answers'
      readonly words: (desk: Desk) => readonly string[] | Promise<readonly string[]>
      readonly input?: (desk: Desk) => string
      readonly meanwhile?: Meanwhile
    }
  /** Here it has to end with this status, since something is not there. */
  | { readonly by: 'refusal'; readonly status: number; readonly lacks: string }
  /** In a terminal, left by keys once the screen shows something. */
  | {
      readonly by: 'terminal'
      readonly once: RegExp
      readonly keys: readonly string[]
      readonly status: number
    }
  /** Another test runs it: in that file stand these words. */
  | { readonly by: 'another test'; readonly file: string; readonly words: string }

/** What somebody does until the command is over. */
type Meanwhile = (desk: Desk, isOver: () => boolean) => Promise<unknown>

const none = () => []
const telegramToken = ({ home }: Desk): string => home.bot.addBot().token
const discordToken = ({ home }: Desk): string => home.discord.addBot().token

/** What `setup` would ask, as flags; those that are there already are left. */
const setupAnswers =
  (line: string, ...more: readonly (readonly string[])[]) =>
  (): readonly string[] => {
    const asked = [['--session', `s${++sessions}`], ['--trust'], ['--yes'], ['--no-start'], ...more]
    return asked.flatMap((words) => (line.includes(words[0] ?? '') ? [] : words))
  }
let sessions = 0
const token = ['--token-stdin']

/** Somebody writes to the bot once a second: the first may be there before the command looks. */
const writeAgainAndAgain: Meanwhile = async ({ bot }, isOver) => {
  let looks = 0
  await until(
    'the command to have seen one of them answered',
    () => {
      if (looks % 50 === 0) bot.push(`proof ${looks}`)
      looks += 1
      return isOver()
    },
    40_000,
  )
}

/** Somebody of this id, who may not write yet, was given a code; the bot is open for that from then on. */
const codeOf = async ({ home, bot }: Desk, id: number): Promise<string> => {
  await home.channels(['access', 'site', 'remove', String(id)])
  await home.channels(['access', 'site', 'policy', 'pairing'])
  return askForCode(bot, { from: id, firstName: 'Ada', username: 'ada' })
}

/** Whom the manual names may write, and has: a bot writes to nobody else. */
const hasWritten = async ({ home, bot }: Desk): Promise<readonly string[]> => {
  await home.channels(['access', 'site', 'allow', '123456789'])
  bot.push('hello', { from: 123456789, firstName: 'Ada', username: 'ada' })
  await bot.waitForSent(({ chatId }) => chatId === '123456789', 15_000)
  return []
}

/** Another `remove` may have forgotten it. */
const isSetUp = async ({ home }: Desk): Promise<unknown> => {
  const { stdout } = await home.channels(['list', '--names'])
  return stdout.split('\n').includes('site') ? null : setUp(home, 'site')
}

type Row = readonly [line: RegExp, way: (line: string) => Way]

/** First match counts; what none matches is run as it stands. A command that fails its test needs a row, or a better page. */
const rows: readonly Row[] = [
  [
    /^setup telegram --check/,
    (line) => ({
      by: 'answers',
      words: () => [...(line.includes('--session') ? [] : ['--session', 'site']), '--timeout', '30s'],
      meanwhile: writeAgainAndAgain,
    }),
  ],
  [/^setup telegram --session site/, (line) => ({ by: 'answers', words: setupAnswers(line) })],
  [
    /^setup( telegram|$)/,
    (line) => ({ by: 'answers', words: setupAnswers(line, token), input: telegramToken }),
  ],
  [/^setup discord/, (line) => ({ by: 'answers', words: setupAnswers(line, token), input: discordToken })],
  [/^setup fakechat/, (line) => ({ by: 'answers', words: setupAnswers(line) })],
  [/^setup imessage/, () => ({ by: 'refusal', status: 69, lacks: 'a Mac' })],
  [
    /^setup (server|plugin):/,
    (line) => ({
      by: 'answers',
      words: ({ home }) => setupAnswers(line, ['--development', 'accept'], ['--cwd', `${home.home}/pager`])(),
    }),
  ],
  [/^token site$/, () => ({ by: 'answers', words: () => ['--token-stdin', '--yes'], input: telegramToken })],
  [/^token site --token-file/, () => ({ by: 'answers', words: () => ['--yes'] })],
  [/^pair( site)?$/, () => ({ by: 'answers', words: async (desk) => [await codeOf(desk, 71)] })],
  [
    /^access site remove/,
    () => ({
      by: 'answers',
      words: ({ home }) => home.channels(['access', 'site', 'allow', '123456789']).then(none),
    }),
  ],
  [
    /^access site deny 123456789$/,
    () => ({ by: 'answers', words: (desk) => codeOf(desk, 123456789).then(none) }),
  ],
  [/^set site notify\.to=\d/, () => ({ by: 'answers', words: hasWritten })],
  [/^remove /, () => ({ by: 'answers', words: (desk) => isSetUp(desk).then(() => ['--yes']) })],
  [
    /^setup telegram --session/,
    (line) => ({ by: 'answers', words: setupAnswers(line, token), input: telegramToken }),
  ],
  [/^attach/, () => ({ by: 'terminal', once: /[❯>]/, keys: ['C-b', 'd'], status: 0 })],
  [/^status --watch --json/, () => ({ by: 'terminal', once: /version/, keys: ['C-c'], status: 0 })],
  [/^status --watch/, () => ({ by: 'terminal', once: /live/, keys: ['q'], status: 0 })],
  [/^logs .*-f\b/, () => ({ by: 'terminal', once: /started/, keys: ['C-c'], status: 0 })],
  [
    /^run( --own)?$/,
    () => ({ by: 'another test', file: 'test/simulated/stop/own.slow.test.ts', words: "['run', '--own']" }),
  ],
  [
    /^service /,
    () => ({ by: 'another test', file: 'test/simulated/service/unit.slow.test.ts', words: 'service' }),
  ],
  [
    /^access site allow \+1555/,
    () => ({ by: 'another test', file: 'test/commands/access.test.ts', words: '+15551234567' }),
  ],
]

/** How a command line is run. */
export const wayOf = (words: readonly string[]): Way => {
  const line = words.join(' ')
  return rows.find(([pattern]) => pattern.test(line))?.[1](line) ?? { by: 'answers', words: none }
}
