import { expect, test } from 'vitest'
import type { McpServers } from '../../src/claude/mcp-servers.ts'
import { compareVersions, oldestClient } from '../../src/claude/version.ts'
import { putBack, replaceSession } from '../../src/commands/put-back.ts'
import { set } from '../../src/commands/set.ts'
import { type Answer, no, unknown, yes } from '../../src/core/answer.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { session as anySession } from '../core/evidence-builder.ts'

const killed = new Error('killed')

/** A machine with one session, in `/a`; unless said otherwise, a person has trusted that folder. */
const openMachine = (
  trustRecorded = false,
  change: Partial<Session> = {},
  servers: Partial<McpServers> = { agreedServers: () => [] },
) => {
  const work: Session = { ...anySession, cwd: '/a', trustRecorded, ...change }
  const printed: string[] = []
  const said: string[] = []
  const asked: unknown[] = []
  let answer: Answer<string> = yes('2.1.330')
  let settings: Settings = { ...emptySettings, sessions: { work } }
  const trusted = new Set(['/a'])
  let isKilled = false
  let isLocked = false
  const cancelled = new AbortController()
  const deps = {
    env: {},
    cancelled: cancelled.signal,
    home: '/home',
    run: async (file: string) => ({ status: 0, stdout: file === '/home/bin/bun' ? '1.2.20\n' : 'ls 9.1\n' }),
    processes: { ancestors: () => [], self: () => ({ pid: 1 }) },
    settings: {
      read: () => settings,
      update: async (change: (settings: Settings) => Settings) => {
        if (isKilled) throw killed
        settings = change(settings)
        return settings
      },
    },
    withLock: async (_: string, action: () => unknown) => {
      isLocked = true
      try {
        return await action()
      } finally {
        isLocked = false
      }
    },
    folders: { configFile: '/config.json' },
    channels: { messengerOf: () => null },
    files: { realPath: (path: string) => path, isFolder: () => true },
    output: { say: (line: string) => said.push(line), print: (line: string) => printed.push(line) },
    journal: { append: () => undefined },
    observe: async () => ({ client: {} }),
    claude: {
      ...servers,
      staysOut: () => false,
      isExecutableFile: (path: string) => ['/home/bin/claude', '/home/bin/bun', '/bin/ls'].includes(path),
      clientVersion: async (_: Deps['run'], client: string, env: Deps['env']) => {
        expect(isLocked).toBe(false)
        asked.push({ client, env })
        return answer
      },
      compareVersions,
      oldestClient,
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
    said,
    /** Which client was asked for its version, in which environment. */
    asked,
    cancel: () => cancelled.abort(),
    /** What the next client answers. */
    answers: (next: Answer<string>) => {
      answer = next
    },
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

test('another client is asked for its version as the session would run it, and only when it is another', async () => {
  const machine = openMachine(false, { client: '/bin/ls', environment: { PATH: '/old' } })
  await machine.set('client=/bin/ls', 'model=opus')
  expect(machine.asked).toEqual([])
  await machine.set('client=~/bin/claude', 'env.PATH=/new')
  expect(machine.asked).toEqual([{ client: '/home/bin/claude', env: { PATH: '/new' } }])
})

test.each([
  [
    unknown('`/bin/ls --version` answered "ls 9.1"'),
    /^`client` can't be "\/bin\/ls": .* answered "ls 9\.1"\.$/,
  ],
  [unknown('`/bin/ls --version` did not answer within 15 s'), /did not answer within 15 s\.$/],
  [no("/bin/ls is not there or can't be executed"), /can't be executed\.$/],
  [yes('2.1.79'), /it is version 2\.1\.79, and 2\.1\.80 is needed\.$/],
])('a client that is none, or too old: %o', async (answer, message) => {
  const machine = openMachine()
  const before = machine.settings()
  machine.answers(answer)
  await expect(machine.set('client=/bin/ls', 'folder=/b', 'model=opus')).rejects.toMatchObject({
    status: 2,
    message: expect.stringMatching(message),
  })
  expect(machine.settings()).toEqual(before)
  expect([...machine.trusted]).toEqual(['/a'])
})

test('another Bun answers its version, or is the one in PATH again', async () => {
  const machine = openMachine()
  await machine.set('bun=~/bin/bun')
  expect(machine.settings().sessions.work?.bun).toBe('/home/bin/bun')
  for (const none of ['/bin/ls', '/gone', 'bun'])
    await expect(machine.set(`bun=${none}`)).rejects.toMatchObject({ status: 2 })
  expect(machine.settings().sessions.work?.bun).toBe('/home/bin/bun')
  await machine.set('bun=')
  expect(machine.settings().sessions.work?.bun).toBeNull()
})

test('cancelled while the client is asked, nothing is set', async () => {
  const machine = openMachine()
  const before = machine.settings()
  machine.cancel()
  await expect(machine.set('client=/bin/ls')).rejects.toMatchObject({ status: 130 })
  expect(machine.settings()).toEqual(before)
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

test('in another folder nobody agreed to the server that is named there: said, with the command that does', async () => {
  const channels = anySession.channels.map((each) => ({
    ...{ ...each, id: 'server:pager', kind: 'custom' as const },
    agreedIn: '/a/.mcp.json',
  }))
  const openServer = (askedIn: string | null) =>
    openMachine(
      false,
      { channels },
      {
        agreedServers: ({ cwd }) => (askedIn === `${cwd}/.mcp.json` && cwd === '/a' ? ['pager'] : []),
        findMcpServer: (_, { cwd }, name) => ({
          is: 'program',
          server: {
            name,
            file: `${cwd}/.mcp.json`,
            command: 'x',
            args: [],
            env: {},
            askedIn,
            refusedIn: null,
          },
        }),
      },
    )
  const machine = openServer('/b/.mcp.json')
  await machine.set('folder=/b')
  expect(machine.said.join('\n')).toMatch(
    /MCP server pager that \/b\/\.mcp\.json names: nobody agreed .*`channels setup server:pager --session work`/,
  )
  // Told for all folders, it asks about none.
  const everywhere = openServer(null)
  await everywhere.set('folder=/b')
  expect(everywhere.said.join('\n')).not.toContain('pager')
})
