import { expect, test } from 'vitest'
import { remove } from '../../src/commands/remove.ts'
import type { Channel } from '../../src/core/channel.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { session, withoutClient } from '../core/evidence-builder.ts'

const at = (stateDir: string): Session => ({
  ...session,
  channels: session.channels.map((channel) => ({ ...channel, stateDir })),
})
const settingsOf = (one: Session | null): Settings =>
  one === null ? emptySettings : { ...emptySettings, sessions: { [one.name]: one } }

type Odd = {
  readonly answered?: () => void
  /** Why the bot's folder can't be removed. */
  readonly wrong?: Error | null
  readonly lockedOut?: Error | null
  /** The session whose client asks. */
  readonly inside?: string
}

/** A session that does not run, with a question before it is removed. */
const openMachine = ({
  answered = () => undefined,
  wrong = null,
  lockedOut = null,
  inside = '',
}: Odd = {}) => {
  const machine = {
    settings: settingsOf(at('/own')),
    /** What was removed, each with whether the session was known by then. */
    removed: [] as (readonly [string, boolean])[],
    printed: [] as string[],
    /** The locks that were waited for, each with whether the session was known then. */
    locks: [] as (readonly [string, boolean])[],
  }
  const gone = (path: string): void => {
    if (wrong !== null && path === '/own') throw wrong
    machine.removed.push([path, machine.settings.sessions.work !== undefined])
  }
  const deps = {
    env: { CHANNELS_SESSION: inside },
    folders: { configFile: '/config.json', session: () => ({ folder: '/session', lock: '/session/lock' }) },
    settings: {
      read: () => machine.settings,
      update: async (change: (settings: Settings) => Settings) => {
        machine.settings = change(machine.settings)
      },
    },
    files: {
      realPath: (path: string) => path,
      removeFolder: gone,
      remove: gone,
      list: () => [],
      exists: () => false,
    },
    channels: { stateDirFor: () => '/own' },
    claude: { sessionPaths: () => ({ config: '/claude', json: '/claude.json' }) },
    withLock: (path: string, action: () => Promise<unknown>) => {
      if (path === '/session/lock') {
        expect(machine.removed).toEqual([])
        if (lockedOut !== null) throw lockedOut
      }
      machine.locks.push([path, machine.settings.sessions.work !== undefined])
      return action()
    },
    observe: async () => ({ ...withoutClient({ wanted: null }), terminal: { loop: null } }),
    clear: async () => undefined,
    processes: { self: () => ({ pid: 1 }), ancestors: () => [] },
    journal: { append: () => undefined },
    output: {
      interactive: () => true,
      print: (line: string) => machine.printed.push(line),
      say: () => undefined,
    },
    ask: async () => ({
      confirm: async () => {
        answered()
        return true
      },
    }),
  } as unknown as Deps
  return { machine, deps }
}

test('--purge: what the bot keeps goes while the session is known, so that a second run can complete it', async () => {
  const { machine, deps } = openMachine()
  expect(await remove('work', { yes: true, purge: true }, deps)).toBe(0)
  expect(machine.removed).toEqual([
    ['/own', true],
    ['/session', false],
  ])
  expect(machine.settings).toEqual(emptySettings)
})

test('its folder goes once no launch is at work any more, which would bring it back', async () => {
  const { machine, deps } = openMachine()
  expect(await remove('work', { yes: true, purge: false }, deps)).toBe(0)
  expect(machine.locks[0]).toEqual(['/session/lock', true])
  expect(machine.removed).toEqual([['/session', false]])
})

test('a launch that does not end: nothing is removed, and another run can do it', async () => {
  const { machine, deps } = openMachine({ lockedOut: new Error('held') })
  await expect(remove('work', { yes: true, purge: true }, deps)).rejects.toThrow('held')
  expect([machine.removed, Object.keys(machine.settings.sessions)]).toEqual([[], ['work']])
})

test('what can not be removed: the session stays, for another try', async () => {
  const { machine, deps } = openMachine({ wrong: new Error('EBUSY') })
  await expect(remove('work', { yes: true, purge: true }, deps)).rejects.toThrow('EBUSY')
  expect(Object.keys(machine.settings.sessions)).toEqual(['work'])
})

test('changed while it is asked: what it is then is removed', async () => {
  const { machine, deps } = openMachine({
    answered: () => {
      machine.settings = settingsOf(at('/other'))
    },
  })
  expect(await remove('work', { yes: false, purge: false }, deps)).toBe(0)
  expect(machine.printed.at(-1)).toContain('stay in /other;')
})

test('removed by somebody else while it is asked: 3, and nothing more is removed', async () => {
  const { machine, deps } = openMachine({
    answered: () => {
      machine.settings = emptySettings
    },
  })
  await expect(remove('work', { yes: false, purge: true }, deps)).rejects.toMatchObject({ status: 3 })
  expect([machine.removed, machine.printed]).toEqual([[], []])
})

// Whoever may write to one bot could have another one deleted.
test.each(['work', 'another'])(
  'asked for by Claude, from inside `%s`: nothing is removed',
  async (inside) => {
    const { machine, deps } = openMachine({ inside })
    await expect(remove('work', { yes: true, purge: true }, deps)).rejects.toMatchObject({
      status: 1,
      message: expect.stringContaining('`channels remove` is not for Claude'),
    })
    expect([machine.removed, Object.keys(machine.settings.sessions)]).toEqual([[], ['work']])
  },
)

test('--purge: a folder that is only guessed for another session’s own server does not stay for its sake', async () => {
  const { machine, deps } = openMachine()
  const [first] = at('/own').channels
  const pager = { ...first, id: 'server:pager', kind: 'custom', botId: null } as Channel
  const other = { ...session, name: 'other', channels: [pager] }
  machine.settings = { ...machine.settings, sessions: { ...machine.settings.sessions, other } }
  expect(await remove('work', { yes: true, purge: true }, deps)).toBe(0)
  expect(machine.removed[0]).toEqual(['/own', true])
  expect(machine.printed.join('\n')).not.toContain('stays')
})
