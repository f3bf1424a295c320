import { expect, test } from 'vitest'
import { applySetup } from '../../../src/commands/setup/apply.ts'
import { ChangedMeanwhile, stillAnswered } from '../../../src/commands/setup/changed.ts'
import { emptyDraft } from '../../../src/commands/setup/draft.ts'
import type { Plan } from '../../../src/commands/setup/plan.ts'
import { yes } from '../../../src/core/answer.ts'
import type { Other } from '../../../src/core/other.ts'
import type { ProcessId } from '../../../src/core/process.ts'
import type { Session } from '../../../src/core/session.ts'
import { emptySettings, type Settings } from '../../../src/core/settings.ts'
import type { Deps } from '../../../src/deps.ts'
import { channel, session } from '../../core/evidence-builder.ts'

const plan: Plan = {
  session,
  former: null,
  channel: channel().channel,
  environment: {},
  token: '1:A',
  allow: [],
  trust: 'trusted',
  replaces: null,
  webhook: null,
  moveFrom: null,
  takeOver: [],
  conversation: null,
}

/** Carries a plan out on a machine where all is there already; what was done, in order. */
const apply = async (
  change: Partial<Plan>,
  before: Settings = emptySettings,
  endures: readonly number[] = [],
) => {
  const done: string[] = []
  const deps = {
    settings: { read: () => before, update: async (next: (settings: Settings) => Settings) => next(before) },
    withLock: (_: string, action: () => unknown) => action(),
    folders: { configFile: '/config.json' },
    files: { realPath: (path: string) => path, rename: () => done.push('move') },
    journal: { append: () => undefined },
    endProcess: async ({ pid }: ProcessId) => {
      done.push(`end ${pid}`)
      return !endures.includes(pid)
    },
    changeAccess: async (_: string, change: object) => void done.push(`change ${JSON.stringify(change)}`),
    channels: {
      writeToken: () => done.push('token'),
      ensureAccess: (_: string, wanted: object) => void done.push(`ensure ${JSON.stringify(wanted)}`),
    },
    claude: {
      sessionPaths: () => ({ config: '/c', json: '/j' }),
      isTrusted: () => true,
      pluginInstalled: () => yes({}),
      pluginEnabled: () => false,
    },
  } as unknown as Deps
  const failed = await applySetup({ ...plan, ...change }, deps).catch((error: unknown) => error)
  return { done, failed }
}

const byHand: Other = {
  client: { pid: 10, start: '10' },
  folder: '/home/me/site',
  conversation: null,
  stateDir: '/home/me/.claude/channels/telegram',
  config: '/home/me/.claude',
  botId: '123456789',
  channels: true,
  poller: { pid: 12, start: '12' },
  session: null,
}

test('one that is taken over ends with its poller, which may outlive its client', async () => {
  const { done, failed } = await apply({ takeOver: [byHand], moveFrom: '/usual' })
  expect(failed).toBeUndefined()
  expect(done.slice(0, 3)).toEqual(['end 10', 'end 12', 'move'])
  expect((await apply({ takeOver: [{ ...byHand, poller: null }] })).done[0]).toBe('end 10')
  expect((await apply({ takeOver: [{ ...byHand, client: null }] })).done[0]).toBe('end 12')
})

test('a poller that cannot be ended is named, before the bot’s folder is moved', async () => {
  const { done, failed } = await apply({ takeOver: [byHand], moveFrom: '/usual' }, emptySettings, [12])
  expect(failed).toMatchObject({ status: 1, hint: expect.stringContaining('kill 12') })
  expect(done).toEqual(['end 10', 'end 12'])
})

test('set up again, its plugin may run: whom --allow names is let in so that it holds', async () => {
  const before = { ...emptySettings, sessions: { [session.name]: session } }
  const { done, failed } = await apply({ allow: ['42'], former: session }, before)
  expect(failed).toBeUndefined()
  expect(done).toEqual([
    'token',
    'change {"do":"allow","ids":["42"]}',
    'change {"do":"policy","policy":"allowlist"}',
  ])
})

test('the first time no plugin runs, and with nobody to let in the list is only made whole', async () => {
  const { done } = await apply({ allow: ['42'] })
  expect(done).toEqual(['token', 'ensure {"policy":"allowlist","allow":["42"],"usual":"pairing"}'])
  const before = { ...emptySettings, sessions: { [session.name]: session } }
  expect((await apply({ former: session }, before)).done).toEqual([
    'token',
    'ensure {"policy":null,"allow":[],"usual":"pairing"}',
  ])
})

const [telegram = channel().channel] = session.channels
const discord = { ...telegram, id: 'plugin:discord@claude-plugins-official', kind: 'discord' } as const
const withDiscord = { ...session, channels: [telegram, discord] }

test.each<[what: string, former: Session | null, now: Session | null, says: RegExp]>([
  ['changed', session, { ...session, arguments: ['--model', 'opus'] }, /^`work` was changed .*: its model/],
  ['with a channel that was added', session, withDiscord, /: discord was added\. Nothing was written\.$/],
  ['without one that it had', withDiscord, session, /: discord was removed\./],
  [
    'with another bot',
    session,
    { ...session, channels: [{ ...telegram, botId: '42' }] },
    /: telegram was set up anew\./,
  ],
  ['removed', session, null, /^`work` was removed since/],
  ['made by another setup', null, { ...session, cwd: '/elsewhere' }, /^Another setup made a session `work`/],
])('planned before the session was %s: refused, and nothing is written', async (_, former, now, says) => {
  const before = { ...emptySettings, sessions: now === null ? {} : { work: now } }
  const planned = {
    ...session,
    channels: [telegram, { ...discord, id: 'server:pager', kind: 'custom' } as const],
  }
  const { done, failed } = await apply(
    { session: planned, former, takeOver: [byHand], moveFrom: '/usual' },
    before,
  )
  expect(failed).toMatchObject({
    status: 1,
    message: expect.stringMatching(says),
    hint: expect.stringMatching(/^Run the same command again/),
  })
  expect(done).toEqual([])
})

test('what the same setup wrote at the same time, and another order of variables, are no change', async () => {
  const now = { ...session, environment: { A: '1', B: '2' } }
  const before = { ...emptySettings, sessions: { work: now } }
  expect((await apply({ session: now }, before)).failed).toBeUndefined()
  const former = { ...session, environment: { B: '2', A: '1' } }
  expect((await apply({ session: { ...now, cwd: '/other' }, former }, before)).failed).toBeUndefined()
})

test('of the answers those are kept that nobody changed meanwhile', () => {
  const answers = {
    ...emptyDraft(telegram.id, 0),
    cwd: '/a',
    trust: true,
    session: 'work',
    permissionMode: 'plan',
  }
  const after = (changed: readonly (keyof Session)[]) =>
    stillAnswered(answers, new ChangedMeanwhile('', changed))
  expect(after(['arguments', 'channels'])).toEqual(answers)
  expect(after(['cwd'])).toEqual({ ...answers, cwd: null, trust: false })
  expect(after(['permissionMode'])).toEqual({ ...answers, permissionMode: null })
})
