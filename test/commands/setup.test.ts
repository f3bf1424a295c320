import { expect, test } from 'vitest'
import { type Draft, emptyDraft } from '../../src/commands/setup/draft.ts'
import type { SetupOptions } from '../../src/commands/setup/options.ts'
import { setup } from '../../src/commands/setup.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings } from '../../src/core/settings.ts'
import type { Ask, Deps } from '../../src/deps.ts'
import { session as known, noon } from '../core/evidence-builder.ts'
import { flags } from './setup/flags.ts'

const id = 'plugin:telegram@claude-plugins-official'
const unfinished = 'A setup of `work` was not finished.'
const knownAlready = '`work` is set up already.'

/**
 * Runs `setup` beside an unfinished one, all of it written unless told otherwise, goes on with what is offered, and tells
 * whether a session was described then: on a machine without a client that is where it ends.
 */
const run = async (said: Partial<SetupOptions>, draft: Partial<Draft> | null = {}) => {
  const asked: string[] = []
  const ask = {
    title: () => undefined,
    say: () => undefined,
    choose: async ({ message, initial }: { readonly message: string; readonly initial: unknown }) => {
      asked.push(message)
      return initial
    },
  } as unknown as Ask
  const kept = { ...emptyDraft(id, noon), session: 'work', applied: true, appliedAt: noon, ...draft }
  const deps = {
    env: {},
    clock: { now: () => noon },
    folders: { state: '/state' },
    processes: { self: () => ({ pid: 9 }), ancestors: () => [] },
    output: { interactive: () => true },
    ask: async () => ask,
    settings: { read: () => ({ ...emptySettings, sessions: { work: known } }) },
    files: {
      realPath: () => null,
      readText: () => (draft === null ? null : JSON.stringify(kept)),
      remove: () => undefined,
    },
    observe: async () => ({ client: null }),
    channels: { checkSenders: () => undefined },
    claude: {
      checkArguments: () => undefined,
      checkPermissionMode: () => undefined,
      findClient: () => null,
      storedEnvironment: () => ({}),
    },
  } as unknown as Deps
  const status = await setup('telegram', { ...flags, start: false, ...said }, deps).catch(
    ({ status }: { readonly status: number }) => status,
  )
  return { asked, isDescribed: status === 69 }
}

test('an unfinished setup is offered, and goes on', async () => {
  expect(await run({})).toEqual({ asked: [unfinished], isDescribed: false })
  expect(await run({ session: 'work' })).toEqual({ asked: [unfinished], isDescribed: false })
})

test.each<[what: string, said: Partial<SetupOptions>]>([
  ['a token', { tokenFile: '/token' }],
  ['a permission mode', { permissionMode: 'plan' }],
  ['a folder, of no session by name', { session: null, cwd: '/other' }],
])(
  'flags that describe a session are not passed over for one that is written already: %s',
  async (_, said) => {
    expect(await run({ session: 'work', ...said })).toEqual({ asked: [], isDescribed: true })
  },
)

test('they count in one that is not written yet, or no session any more: that is offered', async () => {
  const said = { permissionMode: 'plan' }
  expect(await run(said, { applied: false })).toEqual({ asked: [unfinished], isDescribed: true })
  const gone = await run(said, { session: 'gone' })
  expect(gone).toEqual({ asked: ['A setup of `gone` was not finished.'], isDescribed: true })
})

test('a session that is set up already is offered its rest, or with such flags set up again', async () => {
  expect(await run({ session: 'work' }, null)).toEqual({ asked: [knownAlready], isDescribed: false })
  const again = await run({ session: 'work', cwd: '/other' }, null)
  expect(again).toEqual({ asked: [], isDescribed: true })
})

test.each<[named: string | null, proven: readonly string[]]>([
  [null, ['telegram', 'discord']],
  ['discord', ['discord']],
  ['fakechat', ['telegram', 'discord']],
])('--check of %s goes by the channel that is named, where the session has it', async (named, proven) => {
  const [telegram] = known.channels
  const discord = { ...telegram, id: 'plugin:discord@claude-plugins-official', kind: 'discord' }
  const both = { ...known, channels: [{ ...telegram, id }, discord] } as Session
  const far = new Error('far enough')
  const seen: Session[] = []
  const deps = {
    output: { interactive: () => false, say: () => undefined, print: () => undefined },
    clock: { now: () => noon, elapsed: () => 0 },
    settings: { read: () => ({ ...emptySettings, sessions: { work: both } }) },
    observe: async (session: Session) => {
      seen.push(session)
      throw far
    },
  } as unknown as Deps
  await expect(setup(named, { ...flags, check: true, session: 'work' }, deps)).rejects.toBe(far)
  expect(seen[0]?.channels.map(({ kind }) => kind)).toEqual(proven)
})
