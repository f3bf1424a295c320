import { expect, test } from 'vitest'
import { putBack, replaceSession } from '../../src/commands/put-back.ts'
import { set } from '../../src/commands/set.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { session as anySession } from '../core/evidence-builder.ts'

const killed = new Error('killed')

/** A machine with one session, in `/a`; unless said otherwise, a person has trusted that folder. */
const openMachine = (trustRecorded = false, change: Partial<Session> = {}) => {
  const work: Session = { ...anySession, cwd: '/a', trustRecorded, ...change }
  const printed: string[] = []
  let settings: Settings = { ...emptySettings, sessions: { work } }
  const trusted = new Set(['/a'])
  let isKilled = false
  const deps = {
    env: {},
    home: '/home',
    processes: { ancestors: () => [], self: () => ({ pid: 1 }) },
    settings: {
      read: () => settings,
      update: async (change: (settings: Settings) => Settings) => {
        if (isKilled) throw killed
        settings = change(settings)
        return settings
      },
    },
    withLock: (_: string, action: () => unknown) => action(),
    folders: { configFile: '/config.json' },
    channels: { telegramApiRoot: () => '' },
    files: { realPath: (path: string) => path, isFolder: () => true },
    output: { say: () => undefined, print: (line: string) => printed.push(line) },
    journal: { append: () => undefined },
    observe: async () => ({ client: {} }),
    claude: {
      staysOut: () => false,
      isExecutableFile: (path: string) => path === '/home/bin/claude',
      checkArguments: () => undefined,
      checkPermissionMode: () => undefined,
      sessionPaths: () => ({ config: '/c', json: '/j', home: '/home' }),
      isTrusted: (_: unknown, cwd: string) => trusted.has(cwd),
      recordTrust: async (_: unknown, cwd: string) => {
        if (cwd === '/never') throw new Error('never trusted')
        trusted.add(cwd)
      },
      forgetTrust: async (_: unknown, cwd: string) => trusted.delete(cwd),
    },
  } as unknown as Deps
  return {
    trusted,
    printed,
    settings: () => settings,
    set: (...pairs: readonly string[]) => set('work', pairs, { trust: true }, deps),
    /** Ends with -9 right after the trust is recorded. */
    setAndDie: async (pair: string) => {
      const { recordTrust } = deps.claude
      const dying = async (...args: Parameters<typeof recordTrust>) => {
        const recorded = await recordTrust(...args)
        isKilled = true
        return recorded
      }
      const claude = { ...deps.claude, recordTrust: dying }
      await expect(set('work', [pair], { trust: true }, { ...deps, claude })).rejects.toBe(killed)
      isKilled = false
    },
    remove: async () => {
      const former: Session | null = settings.sessions.work ?? null
      await putBack(settings, { former, session: null }, deps)
      settings = replaceSession(settings, { former, session: null }, deps)
    },
  }
}

test('killed when the trust in another folder was recorded: done again, and removed, it is taken back', async () => {
  const machine = openMachine()
  await machine.setAndDie('folder=/b')
  await machine.set('folder=/b')
  expect([...machine.trusted]).toEqual(['/a', '/b'])
  await machine.remove()
  expect([...machine.trusted]).toEqual(['/a'])
  expect(machine.settings()).toEqual(emptySettings)
})

test('killed there, and then another folder is chosen: the first one is not trusted any more', async () => {
  const machine = openMachine()
  await machine.setAndDie('folder=/b')
  await machine.set('folder=/c')
  expect([...machine.trusted]).toEqual(['/a', '/c'])
})

test('a folder that cannot be trusted: nothing is noted', async () => {
  const machine = openMachine()
  const before = machine.settings()
  await expect(machine.set('folder=/never')).rejects.toThrow('never trusted')
  expect(machine.settings()).toEqual(before)
})

test('what was recorded by a release that noted it with the session is taken back all the same', async () => {
  const machine = openMachine(true)
  await machine.set('folder=/a/b')
  expect(machine.settings().trust).toEqual({
    '/j /a': { json: '/j', folder: '/a' },
    '/j /a/b': { json: '/j', folder: '/a/b' },
  })
  await machine.remove()
  expect([...machine.trusted]).toEqual([])
  expect(machine.settings()).toEqual(emptySettings)
})

test('a `~` that the shell left as it was is the home folder', async () => {
  const machine = openMachine()
  await machine.set('folder=~/other')
  await machine.set('client=~/bin/claude')
  expect(machine.settings().sessions.work).toMatchObject({ cwd: '/home/other', client: '/home/bin/claude' })
  await expect(machine.set('client=~bin/claude')).rejects.toMatchObject({ status: 2 })
})

test('the home folder: refused with the word that names another one here', async () => {
  const machine = openMachine()
  const before = machine.settings()
  await expect(machine.set('folder=~')).rejects.toMatchObject({
    status: 2,
    message: expect.stringMatching(/^\/home is the home directory/),
    hint: 'Choose a folder below it with `folder=<path>`.',
  })
  expect(machine.settings()).toEqual(before)
})

const same = 'work was set like that already; nothing is changed.'
const restart = ' `channels restart work` puts it into effect.'

test.each([
  [['env.NOPE='], same],
  [['env.A=1'], same],
  [['folder=/a', 'model=opus', 'arguments=--model opus --verbose', 'restart.attempts=5'], same],
  [['permission-mode=plan', 'permission-mode='], same],
  [['env.A=2'], `work is changed.${restart}`],
  [['model=opus', 'restart.attempts=9'], 'work is changed.'],
  [['model=sonnet', 'restart.attempts=9'], `work is changed.${restart}`],
] as const)('%j of a session that runs: %s', async (pairs, line) => {
  const machine = openMachine(false, {
    environment: { A: '1', B: '2' },
    arguments: ['--model', 'opus', '--verbose'],
  })
  const before = machine.settings()
  expect(await machine.set(...pairs)).toBe(0)
  expect(machine.printed).toEqual([line])
  if (line === same) expect(machine.settings()).toBe(before)
})

test.each(['PATH', 'HOME'])('env.%s= is refused: the client needs one', async (name) => {
  const machine = openMachine(false, { environment: { PATH: '/bin', HOME: '/home' } })
  const before = machine.settings()
  await expect(machine.set('model=opus', `env.${name}=`)).rejects.toMatchObject({
    status: 2,
    message: expect.stringContaining(`\`${name}\` can't be taken out`),
    hint: '`channels set work environment=here` stores the one of your shell.',
  })
  expect(machine.settings()).toBe(before)
})
