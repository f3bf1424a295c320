import { expect, test } from 'vitest'
import { applySetup } from '../../../src/commands/setup/apply.ts'
import type { Plan } from '../../../src/commands/setup/plan.ts'
import { yes } from '../../../src/core/answer.ts'
import type { Other } from '../../../src/core/other.ts'
import type { ProcessId } from '../../../src/core/process.ts'
import { emptySettings, type Settings } from '../../../src/core/settings.ts'
import type { Deps } from '../../../src/deps.ts'
import { channel, session } from '../../core/evidence-builder.ts'

const plan: Plan = {
  session,
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
      writeToken: () => undefined,
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
  const { done, failed } = await apply({ allow: ['42'] }, before)
  expect(failed).toBeUndefined()
  expect(done).toEqual(['change {"do":"allow","ids":["42"]}', 'change {"do":"policy","policy":"allowlist"}'])
})

test('the first time no plugin runs, and with nobody to let in the list is only made whole', async () => {
  const { done } = await apply({ allow: ['42'] })
  expect(done).toEqual(['ensure {"policy":"allowlist","allow":["42"],"usual":"pairing"}'])
  const before = { ...emptySettings, sessions: { [session.name]: session } }
  expect((await apply({}, before)).done).toEqual(['ensure {"policy":null,"allow":[],"usual":"pairing"}'])
})
