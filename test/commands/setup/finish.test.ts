import { expect, test } from 'vitest'
import { finish } from '../../../src/commands/setup/finish.ts'
import { yes } from '../../../src/core/answer.ts'
import { type DialogName, emptyTranscript, newTurn } from '../../../src/core/client.ts'
import type { ClientEvidence } from '../../../src/core/evidence.ts'
import type { Run, Wanted } from '../../../src/core/records.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Ask, Deps } from '../../../src/deps.ts'
import {
  channel,
  client as clientOf,
  evidence,
  firstConversation,
  wanted as ordered,
  run as runOf,
  seconds,
  session,
  sessionFile,
  withoutClient,
} from '../../core/evidence-builder.ts'
import { flags } from './flags.ts'

const byHand = '22222222-2222-4222-8222-222222222222'

type Facts = {
  readonly client: boolean
  /** What it does; it rests when absent. */
  readonly doing?: Partial<ClientEvidence>
  readonly run: Run | null
  readonly wanted?: Wanted | null
  /** Whether the conversation can be gone on with. */
  readonly resumable?: boolean
  /** When it was set up; just before the look when absent. */
  readonly appliedAt?: number
  /** Who may write to it, where the keeper is there and the client waited for. */
  readonly senders?: readonly string[]
}

/** Finishes a setup that was carried out at `noon`, up to where the keeper would carry the orders out. */
const orders = async ({
  client,
  doing = {},
  run,
  wanted: before = null,
  resumable = true,
  appliedAt = evidence().at - seconds,
  senders,
}: Facts) => {
  let wanted = before
  let elapsed = 0
  const given: Wanted[] = []
  const printed: string[] = []
  const far = new Error('far enough')
  const observe = async () =>
    client ? evidence({ run, wanted, client: clientOf(doing) }) : withoutClient({ run, wanted })
  const deps = {
    folders: { session: () => ({ wanted: '/wanted', folder: '/folder', up: '/up' }) },
    settings: { read: () => ({ ...emptySettings, sessions: { [session.name]: session } }) },
    withLock: (_: string, action: () => unknown) => action(),
    clock: {
      now: () => evidence().at,
      elapsed: () => elapsed,
      sleep: async (ms: number) => {
        elapsed += ms
        if (elapsed > 3_600 * seconds) throw new Error('waits for ever')
      },
    },
    files: {
      makeFolder: () => undefined,
      checks: {},
      readRecord: () => wanted,
      writeRecord: (_: string, record: Wanted) => {
        wanted = record
        given.push(record)
      },
    },
    journal: { append: () => undefined },
    observe,
    probe: async () => ({}),
    preflight: async () => undefined,
    processes: { ancestors: () => [], self: () => ({ pid: 9 }) },
    untilNotStopping: async () => undefined,
    ensureKeeper: async () => {
      if (senders === undefined) throw far
    },
    carryOut: async () => undefined,
    channels: { readAccess: () => yes({ senders }) },
    output: { say: () => undefined, print: (line: string) => printed.push(line) },
    cancelled: new AbortController().signal,
    claude: {
      isExecutableFile: () => true,
      findProgram: () => '/bin/bun',
      sessionPaths: () => ({}),
      findTranscript: () => '/transcript',
      isResumable: () => resumable,
    },
  } as unknown as Deps
  const tell = {
    title: () => undefined,
    say: () => undefined,
    wait: (_: string, action: (signal: AbortSignal, said: () => void) => Promise<unknown>) =>
      action(new AbortController().signal, () => undefined),
  } as unknown as Ask
  const begun = {
    session,
    channel: channel().channel,
    conversation: byHand,
    appliedAt,
  }
  const status = await finish(begun, flags, null, tell, deps).catch((error: unknown) => {
    if (error !== far) throw error
    return null
  })
  const orders = given.map(({ by, generation, conversation }) => [by, generation, conversation])
  return { status, given: orders, when: given.map(({ when }) => when), printed }
}

const old = runOf()
const fresh = runOf({ generation: 2, startedAt: evidence().at, conversation: byHand })

test('a session that never ran begins with the conversation that was begun by hand', async () => {
  const { given } = await orders({ client: false, run: null })
  expect(given).toEqual([['restart', 1, byHand]])
})

test('a client of before the setup is replaced by one in that conversation', async () => {
  const { given, when } = await orders({ client: true, run: old, wanted: ordered() })
  expect(given).toEqual([['setup', 2, byHand]])
  expect(when).toEqual(['idle'])
})

const asking = sessionFile({ activity: 'waiting' })
const dialog = (name: DialogName) => ({ name, text: '' })
const working = { ...emptyTranscript, turn: newTurn(evidence().at, []) }

test.each<[what: string, doing: Partial<ClientEvidence>, by: string, when: string]>([
  ['works', { file: sessionFile({ activity: 'busy' }) }, 'setup', 'idle'],
  ['has a shell at work', { file: sessionFile({ activity: 'shell' }) }, 'setup', 'idle'],
  ['asks in the middle of it', { file: asking, transcript: working }, 'setup', 'idle'],
  ['asks in a turn that began long ago', { file: asking, transcript: emptyTranscript }, 'setup', 'idle'],
  ['is shown something by a person', { file: asking, dialog: dialog('unknown-dialog') }, 'setup', 'idle'],
  ['does what nobody can read', { file: sessionFile({ activity: 'unknown' }) }, 'setup', 'idle'],
  ['stands at a dialog of its start', { file: null, dialog: dialog('trust-dialog') }, 'restart', 'now'],
  ['asks how to resume', { file: asking, dialog: dialog('resume-dialog') }, 'restart', 'now'],
  ['hangs before that', { file: null }, 'restart', 'now'],
])('a client of before the setup that %s', async (_, doing, by, when) => {
  const found = await orders({ client: true, doing, run: old, wanted: ordered() })
  expect([found.given.map(([who]) => who), found.when]).toEqual([[by], [when]])
})

test('also where the order stands already, and no client has taken it', async () => {
  const wanted = ordered({ by: 'restart', generation: 2, conversation: byHand })
  expect((await orders({ client: true, run: old, wanted })).given).toEqual([['setup', 3, byHand]])
})

const pending = ordered({ by: 'setup', generation: 2, when: 'idle', at: evidence().at - 1_000 })

const busy = { file: sessionFile({ activity: 'busy' }) }
const shell = { file: sessionFile({ activity: 'shell' }) }

test.each<[what: string, wanted: Wanted, resumable: boolean]>([
  ['in the same conversation', { ...pending, conversation: byHand }, true],
  ['whatever conversation it named, none being asked for', { ...pending, conversation: byHand }, false],
])('run again while its order still waits for Claude: not ordered anew, %s', async (_, wanted, resumable) => {
  const found = await orders({ client: true, doing: busy, run: old, wanted, resumable })
  expect(found).toEqual({ status: null, given: [], when: [], printed: [] })
})

test('run again where nobody remembers when it was set up: the client of before is not taken for the new one', async () => {
  const wanted = { ...pending, conversation: byHand }
  const found = await orders({ client: true, doing: shell, run: old, wanted, appliedAt: 0, senders: ['42'] })
  expect([found.status, found.given]).toEqual([1, []])
})

test.each<[what: string, wanted: Wanted]>([
  ['of another conversation', { ...pending, conversation: firstConversation }],
  ['to end it now', { ...pending, by: 'restart', when: 'now', conversation: byHand }],
  ['that was carried out', { ...pending, generation: 1, conversation: byHand }],
])('run again, an order %s is none of it', async (_, wanted) => {
  expect((await orders({ client: true, run: old, wanted })).given).toEqual([
    ['setup', wanted.generation + 1, byHand],
  ])
})

test.each([
  [[], 'lets somebody in and tries it'],
  [['42'], 'tries it'],
])('not taken in time, with %j let in: which command does what is left is said', async (senders, rest) => {
  const { status, printed } = await orders({
    client: true,
    doing: shell,
    run: old,
    wanted: ordered(),
    senders,
  })
  const again = `\`channels setup plugin:telegram@claude-plugins-official --session work\``
  expect([status, printed.at(-1)]).toEqual([1, `  ${again}, at a terminal, then ${rest}.`])
})

test('one that is no conversation any more does not keep the session from its start', async () => {
  const { given } = await orders({ client: true, run: old, wanted: ordered(), resumable: false })
  expect(given).toEqual([['setup', 2, null]])
})

test('a client that was started since is in it, or has left it: nothing is ordered', async () => {
  const wanted = ordered({ by: 'restart', generation: 2, conversation: byHand })
  expect((await orders({ client: true, run: fresh, wanted })).given).toEqual([])
})

test.each<[what: string, ago: number, begins: string]>([
  ['that was set up earlier', 3_600 * seconds, 'the bot is asked about'],
  ['that was set up just now, when its bot was waited for', seconds, 'Start'],
])('what begins with a Discord session %s', async (_, ago, begins) => {
  const at = evidence().at
  const discord = { ...channel().channel, kind: 'discord' } as const
  const reached = (what: string) => {
    throw new Error(what)
  }
  const ask = { title: reached, wait: async () => reached('the bot is asked about') } as unknown as Ask
  const deps = {
    clock: { now: () => at },
    channels: { messengerOf: () => ({ variable: 'DISCORD_BOT_TOKEN' }), readToken: () => yes('TOKEN') },
  } as unknown as Deps
  const begun = { session, channel: discord, conversation: null, appliedAt: at - ago }
  await expect(finish(begun, flags, ask, ask, deps)).rejects.toThrow(begins)
})
