import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bot } from '../../sim/bot-api/bot.ts'
import { until } from '../../sim/until.ts'
import { type Gate, type Held, holdLock } from './machine.ts'
import type { Wizard } from './rig.ts'

/** Who sits there, and what they answer. */
export type Person = {
  readonly home: Held
  readonly bot: Bot
  readonly folder: string
  readonly session: string
}

/** A place where the wizard stands still: a question, or something it waits for. */
export type Step = {
  readonly name: string
  readonly is: 'question' | 'wait'
  /** How its text begins. */
  readonly shows: RegExp
  /** Without and with a bot, both before the yes to the summary; while what that promised is done; after. */
  readonly when: 'asking' | 'agreeing' | 'setting up' | 'after'
  /** Answers the question, or does what is waited for. */
  readonly pass: (wizard: Wizard, person: Person) => Promise<void>
  /** Makes a wait last. */
  readonly hold?: (person: Person) => Gate
}

const answers =
  (typed: string | ((person: Person) => string) = ''): Step['pass'] =>
  async (wizard, person) => {
    const asks = (await wizard.look()).asks ?? ''
    await wizard.answer(asks, typeof typed === 'string' ? typed : typed(person))
  }
const goesBy: Step['pass'] = async () => undefined
const question = (when: Step['when'], name: string, shows: RegExp, pass: Step['pass'] = answers()): Step => ({
  name,
  is: 'question',
  shows,
  when,
  pass,
})
const wait = (when: Step['when'], name: string, shows: RegExp, hold?: Step['hold'], pass = goesBy): Step => ({
  name,
  is: 'wait',
  shows,
  when,
  pass,
  ...(hold === undefined ? {} : { hold }),
})

/** An answer of Telegram's that comes when the gate is opened; after 5 s the wizard does without. */
const held =
  (method: string) =>
  ({ home }: Person): Gate => {
    const before = home.bot.requests().length
    const open = home.bot.fail({ method, how: 'held' })
    const isAsked = () =>
      home.bot
        .requests()
        .slice(before)
        .some((request) => request.method === method)
    return { open, reached: async () => void (await until(`${method} to be called`, isAsked, 20_000)) }
  }
const client =
  (call: string) =>
  ({ home }: Person): Gate =>
    home.hold(call)
const locked =
  (file: (home: Held) => string, isReached: ((home: Held) => boolean) | null = null) =>
  ({ home }: Person): Gate => {
    const path = file(home)
    const reached = async () =>
      void (await until(`somebody to wait for ${path}`, () => isReached?.(home), 20_000))
    return holdLock(path, isReached === null ? null : reached)
  }
const configuration = ({ channelsHome }: Held): string => join(channelsHome, 'config.json')
/** What is written right before the client is told, and nobody writes any more. */
const isTrustNoted = (home: Held): boolean => {
  const path = configuration(home)
  return existsSync(path) && !existsSync(`${path}.lock`) && readFileSync(path, 'utf8').includes('"folder"')
}

/** The code the bot answers a first message with; the one it gave before, since it gives each sender two answers only. */
const askForCode = async (bot: Bot): Promise<string> => {
  const code = /\b(?:pair|code:?) ([a-km-z0-9]{6})\b/i
  const given = () => bot.sent().find(({ chatId, text }) => chatId === '4242' && code.test(text))
  if (given() === undefined) bot.push('hello')
  const { text } = await until('a code', given, 20_000)
  return code.exec(text)?.[1] ?? ''
}

const applying = /^(Setting up|Installing)/

/** Everything the wizard stops at on its straight way, in order. What a draft answers is left out the second time. */
export const steps: readonly Step[] = [
  question('agreeing', 'an unfinished setup', /^A setup /),
  wait('asking', 'whether the client is logged in', /^Asking the client whether/, client('auth-status')),
  // Said, since what is offered is where a session by hand works, and another test may have one.
  question(
    'asking',
    'the folder',
    /^Which folder shall Claude work in\?/,
    answers(({ folder }) => folder),
  ),
  question('asking', 'trust', /^Do you trust what is in/, answers('y')),
  question(
    'asking',
    'the name',
    /^Name of the session/,
    answers(({ session }) => session),
  ),
  question(
    'asking',
    'the token',
    /^The token/,
    answers(({ bot }) => bot.token),
  ),
  wait('asking', 'whose token it is', /^Asking Telegram whose token/, held('getMe')),
  wait('agreeing', 'whether another machine polls', /^Listening whether another/),
  question('agreeing', 'the permissions', /^What may Claude do without asking\?/),
  question('agreeing', 'the yes', /^Set it up like this\?/, answers('y')),
  // What is shown is what was begun last: the install, where there was something to install.
  wait(
    'setting up',
    'the lock of the plugins',
    applying,
    locked((home) => `${configuration(home)}.plugins`),
  ),
  wait('setting up', 'the install', applying, client('plugin-install')),
  wait('setting up', 'the plugin disabled for others', applying, client('plugin-disable')),
  wait(
    'setting up',
    'the lock of the client’s file',
    applying,
    locked(({ home }) => join(home, '.claude.json'), isTrustNoted),
  ),
  wait('setting up', 'the lock of the configuration', applying, locked(configuration)),
  wait('after', 'the start', /^Starting/, client('start')),
  question('after', 'the code', /^Code \(Enter alone/, async (wizard, { bot }) =>
    wizard.answer('Code (Enter alone', await askForCode(bot)),
  ),
  wait('after', 'who it is', /^Asking Telegram who that is/, held('getChat')),
  question('after', 'letting them in', /^Let them in\?/, answers('y')),
  question('after', 'who is told of trouble', /^Shall .* tell /),
  wait('after', 'the first notification', /^Telling them so/, held('sendMessage')),
  wait('after', 'the message', /^Waiting for your message/, undefined, async (_, { bot }) => {
    bot.push('hi there')
  }),
  wait('after', 'the answer', /^Waiting for the answer/, held('sendMessage')),
]

/** What is asked only where something is in the way; each is answered so that it goes on. */
export const turns: readonly Step[] = [
  question('asking', 'set up already', /^`[\w-]+` is set up already\./),
  question('asking', 'which bot', /^Which bot\?/),
  question('asking', 'the webhook', /^Remove the webhook of/, answers('y')),
  question('asking', 'the move', /^Move that folder/, answers('y')),
  question('asking', 'the take-over', /^End it when setting up\?/, answers('y')),
  question('asking', 'the conversation', /^Go on with the conversation/, answers('y')),
  question('asking', 'another machine', /^Have you ended it/, answers('y')),
  question('after', 'denying all', /^Deny them all/, answers('y')),
]

export const questions = [...steps, ...turns].filter((step) => step.is === 'question')

/** Nothing but the draft is written until then. */
export const isBeforeYes = ({ when }: Step): boolean => when === 'asking' || when === 'agreeing'

/** The step of this name; throws where there is none. */
export const stepOf = (name: string): Step => {
  const found = [...steps, ...turns].find((step) => step.name === name)
  if (found === undefined) throw new Error(`no step ${name}`)
  return found
}

/** The question that is open; throws for one the table does not know. */
export const questionNow = (asks: string): Step => {
  const found = questions.find(({ shows }) => shows.test(asks))
  if (found === undefined)
    throw new Error(`a question of which test/simulated/wizard/steps.ts knows nothing: ${asks}`)
  return found
}
