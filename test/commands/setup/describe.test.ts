import { expect, test } from 'vitest'
import * as envFile from '../../../src/channels/env-file.ts'
import { messengerOf } from '../../../src/channels/messenger.ts'
import { stateDirFor } from '../../../src/channels/state-dir.ts'
import { isDevelopmentChannel } from '../../../src/claude/approved.ts'
import * as version from '../../../src/claude/version.ts'
import { describeSession } from '../../../src/commands/setup/describe.ts'
import { type Draft, emptyDraft } from '../../../src/commands/setup/draft.ts'
import type { SetupOptions } from '../../../src/commands/setup/options.ts'
import { yes } from '../../../src/core/answer.ts'
import type { Platform } from '../../../src/core/records.ts'
import type { Session } from '../../../src/core/session.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Ask, Deps } from '../../../src/deps.ts'
import { session as known, noon, run } from '../../core/evidence-builder.ts'
import { flags } from './flags.ts'

const id = 'plugin:telegram@claude-plugins-official'
const home = '/home/me'
const tokenOf = (bot: number): string => `${bot}:AAtest_of_nobody_00000000000000000000`

type Facts = {
  readonly options?: Partial<SetupOptions>
  readonly draft?: Partial<Draft>
  /** By how a question begins; where a person says nothing, Enter. */
  readonly answers?: Readonly<Record<string, string | boolean>>
  readonly folders?: readonly string[]
  /** Whom the client trusts. */
  readonly trusted?: readonly string[]
  readonly sessions?: readonly Session[]
  /** Whether a client of that session runs. */
  readonly runs?: boolean
  /** The bot it was started with, where that is on record. */
  readonly startedWith?: number
  readonly webhook?: string | null
}

/** Describes a session on a machine of these facts: what was asked and shown, what was kept, and the plan or the end. */
const describe = async (facts: Facts) => {
  const { folders = ['/site', '/download', known.cwd], trusted = [], sessions = [], answers = {} } = facts
  const asked: string[] = []
  const said: string[] = []
  let kept: Partial<Draft> = {}
  const say = (text: string) => void said.push(text)
  const answer = async ({ message, initial }: { readonly message: string; readonly initial?: unknown }) => {
    asked.push(message)
    if (asked.length > 20) throw new Error(`asked without end: ${asked.join('\n')}`)
    const [, found] = Object.entries(answers).find(([begin]) => message.startsWith(begin)) ?? []
    return found ?? initial
  }
  const wait = (what: string, action: () => Promise<unknown>) => {
    said.push(what)
    return action()
  }
  const ask = {
    ...{ say, done: say, warn: say, title: say, link: say, wait },
    ...{ text: answer, secret: answer, confirm: answer, choose: answer },
  } as unknown as Ask
  const platform = (token: string): Partial<Platform> => ({
    token: 'accepted',
    account: `@bot_${messengerOf('telegram')?.botId(token)}`,
    webhook: facts.webhook ?? null,
    lacks: null,
    detail: null,
  })
  const deps = {
    env: { PATH: '/bin' },
    home,
    cwd: '/site',
    platform: 'linux',
    clock: { now: () => noon },
    cancelled: new AbortController().signal,
    folders: { config: '/config', state: '/state' },
    files: {
      realPath: (path: string) => path,
      isFolder: (path: string) => folders.includes(path),
      isWritable: () => true,
      readText: () => null,
      list: () => [],
      makeFolder: () => undefined,
      writeText: (_: string, text: string) => {
        kept = JSON.parse(text) as Draft
      },
    },
    settings: {
      read: () => ({
        ...emptySettings,
        sessions: Object.fromEntries(sessions.map((one) => [one.name, one])),
      }),
    },
    multiplexer: async () => ({ version: async () => yes('3.3a') }),
    requestWith: () => undefined,
    findOthers: async () => [],
    observe: async () => ({
      client: facts.runs ? {} : null,
      run: run({ botIds: facts.startedWith === undefined ? null : [`${facts.startedWith}`] }),
    }),
    claude: {
      ...version,
      findClient: () => '/bin/claude',
      findBun: () => '/bin/bun',
      findProgram: (program: string) => `/bin/${program}`,
      lastingProgram: (path: string) => path,
      isPassing: () => false,
      recogniseShim: () => null,
      withInterpreter: (environment: object) => environment,
      storedEnvironment: () => ({}),
      clientVersion: async () => yes('2.1.330'),
      clientPaths: () => ({ config: `${home}/.claude`, json: `${home}/.claude.json`, logs: '/logs', home }),
      authStatus: async () => yes({ method: null }),
      loginFault: () => null,
      readOrgSwitches: () => [],
      isDevelopmentChannel,
      readLikelySwitches: () => [],
      checkPermissionMode: () => undefined,
      sessionPaths: () => ({ config: `${home}/.claude` }),
      isTrusted: (_: unknown, folder: string) => trusted.includes(folder),
    },
    channels: {
      ...envFile,
      messengerOf: () => ({
        ...messengerOf('telegram'),
        apiRoot: () => 'http://127.0.0.1:1',
        probe: async (_: unknown, __: string, token: string) => platform(token),
      }),
      stateDirFor,
      checkSenders: () => undefined,
      readAccess: () => yes({ policy: 'pairing', senders: [], pending: [] }),
      findOtherPoller: async () => ({ is: 'none' }),
    },
  } as unknown as Deps
  const draft = { ...emptyDraft(id, noon), ...facts.draft }
  const options = { ...flags, ...facts.options }
  const ended = await describeSession({ channel: id, options, draft, ask, tell: ask }, deps).then(
    (plan) => ({ plan }),
    ({ status, message }: { readonly status: number; readonly message: string }) => ({ status, message }),
  )
  return { asked, said, kept, ended }
}

const typed = { 'The token': tokenOf(555_555_555) }

const trustQuestion = 'Do you trust what is in'

test('a folder that was trusted in an unfinished setup is not asked about again', async () => {
  const draft = { cwd: '/site', trust: true, session: 'site' }
  const { asked, ended } = await describe({ draft, answers: typed })
  expect(asked.filter((each) => each.startsWith(trustQuestion))).toEqual([])
  expect(ended).toMatchObject({ plan: { session: { cwd: '/site' }, trust: 'to-record' } })
})

test.each<[what: string, facts: Facts]>([
  [
    'typed in place of one that is gone',
    { draft: { cwd: '/gone' }, answers: { 'Which folder': '/download', [trustQuestion]: true } },
  ],
  [
    'named by a flag',
    { draft: { cwd: '/site' }, options: { cwd: '/download' }, answers: { [trustQuestion]: true } },
  ],
])('the trust of an unfinished setup is not that in another folder, %s', async (_, facts) => {
  const { asked, kept } = await describe({
    ...facts,
    draft: { trust: true, session: 'dl', ...facts.draft },
    answers: { ...typed, ...facts.answers },
  })
  expect(asked).toContain(`${trustQuestion} /download?`)
  expect(kept).toMatchObject({ cwd: '/download', trust: true })
})

test('where the client trusts a folder already nobody was asked, and nothing is kept of it', async () => {
  const { asked, kept } = await describe({ trusted: ['/site'], answers: typed })
  expect(asked.filter((each) => each.startsWith(trustQuestion))).toEqual([])
  expect(kept).toMatchObject({ cwd: '/site', trust: false })
})

test.each<[what: string, options: Partial<SetupOptions>, message: RegExp]>([
  ['a name that is one but for its letters', { session: 'WORK' }, /differs from the session `work`/],
  [
    'a state folder of another session',
    { session: 'mine', stateDir: known.channels[0]?.stateDir ?? '' },
    /`work` keeps its bot's state in/,
  ],
])('%s: told before the token is asked for, and not kept', async (_, options, message) => {
  const { asked, kept, ended } = await describe({
    options: { ...options, trust: true },
    sessions: [known],
    answers: typed,
  })
  expect(ended).toEqual({ status: 1, message: expect.stringMatching(message) })
  expect(asked.filter((each) => each.startsWith('The token'))).toEqual([])
  expect(kept).toMatchObject({ session: null })
})

const listening = 'Listening whether another machine'
const knownBot = Number(known.channels[0]?.botId)

test.each<[what: string, bot: number, runs: boolean, isListenedFor: boolean]>([
  ['runs with that bot', knownBot, true, false],
  ['runs with another bot', 555_555_555, true, true],
  ['does not run', knownBot, false, true],
])('set up again, a session that %s', async (_, bot, runs, isListenedFor) => {
  const { said, ended } = await describe({
    options: { session: 'work', trust: true },
    sessions: [known],
    runs,
    answers: { 'The token': tokenOf(bot) },
  })
  expect(ended).toMatchObject({ plan: { session: { channels: [{ botId: `${bot}` }] } } })
  expect(said.some((text) => text.startsWith(listening))).toBe(isListenedFor)
})

test.each<[what: string, bot: number, startedWith: number, isListenedFor: boolean]>([
  ['that is not the one it was started with', knownBot, 555_555_555, true],
  ['that it was started with', knownBot, knownBot, false],
  ['of before, with which it still runs', 555_555_555, 555_555_555, false],
])('set up again before it was restarted, with a bot %s', async (_, bot, startedWith, isListenedFor) => {
  const { said } = await describe({
    options: { session: 'work', trust: true },
    sessions: [known],
    runs: true,
    startedWith,
    answers: { 'The token': tokenOf(bot) },
  })
  expect(said.some((text) => text.startsWith(listening))).toBe(isListenedFor)
})

test('a webhook that will be removed: nobody can poll beside it, and nobody is listened for', async () => {
  const { said, ended } = await describe({
    options: { trust: true, removeWebhook: true },
    webhook: 'example.org',
    answers: typed,
  })
  expect(ended).toMatchObject({ plan: { webhook: 'example.org' } })
  expect(said.filter((text) => text.startsWith(listening))).toEqual([])
})

const settled: Session = {
  ...known,
  permissionMode: 'plan',
  arguments: ['--model', 'opus'],
  environment: { PATH: '/bin', FOO: 'bar' },
  restart: { ...known.restart, attempts: 9 },
}

test('set up once more, a session stays as it was where nothing else is said, and what goes is named', async () => {
  const { said, ended } = await describe({
    trusted: [settled.cwd],
    sessions: [settled],
    options: { session: settled.name },
    answers: typed,
  })
  const { permissionMode, arguments: words, restart, exclusive } = settled
  expect(ended).toMatchObject({ plan: { session: { permissionMode, arguments: words, restart, exclusive } } })
  expect(said).toContainEqual(expect.stringMatching(/No longer in the session's environment.*FOO/))
})

test.each<[what: string, options: Partial<SetupOptions>, expected: Partial<Session>]>([
  ['a mode', { permissionMode: 'auto' }, { permissionMode: 'auto', arguments: ['--model', 'opus'] }],
  ['arguments', { clientArguments: ['--add-dir', '/x'] }, { arguments: ['--add-dir', '/x'] }],
  ['shared', { exclusive: false }, { exclusive: false }],
])('set up once more, a flag counts: %s', async (_, options, expected) => {
  const facts = {
    trusted: [settled.cwd],
    sessions: [settled],
    options: { session: settled.name, ...options },
    answers: typed,
  }
  expect((await describe(facts)).ended).toMatchObject({ plan: { session: expected } })
})

test('a state folder that was chosen stays, and so do permissions nobody asks about', async () => {
  const channels = known.channels.map((channel) => ({ ...channel, stateDir: '/chosen' }))
  const before = { ...settled, channels, permissionMode: null, skipPermissions: true, exclusive: false }
  const { ended } = await describe({
    trusted: [before.cwd],
    sessions: [before],
    options: { session: before.name },
    answers: typed,
  })
  expect(ended).toMatchObject({
    plan: { session: { channels: [{ stateDir: '/chosen' }], skipPermissions: true, permissionMode: null } },
  })
})
