import { expect, test } from 'vitest'
import { isDevelopmentChannel } from '../../../src/claude/approved.ts'
import { loginFault } from '../../../src/claude/auth.ts'
import * as version from '../../../src/claude/version.ts'
import { checkMachine, checkSwitches, type Machine } from '../../../src/commands/setup/machine.ts'
import { type Answer, no, unknown, yes } from '../../../src/core/answer.ts'
import type { OrgSwitch } from '../../../src/core/org-switch.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Ask, Deps } from '../../../src/deps.ts'

const channel = 'plugin:telegram@claude-plugins-official'
const paths = { config: '/home/me/.claude', json: '/home/me/.claude.json', logs: '/logs', home: '/home/me' }

type Facts = {
  readonly client?: string | null
  /** What CHANNELS_CLAUDE says. */
  readonly named?: string
  readonly bun?: string | null
  /** Both are shims, and stand for this. */
  readonly shims?: string
  readonly tmux?: Answer<string>
  readonly version?: Answer<string>
  readonly switches?: readonly OrgSwitch[]
  readonly likely?: readonly OrgSwitch[]
  readonly channel?: string
  readonly login?: Answer<{ readonly method: string | null }>
}

/** Looks at a machine of these facts: what was shown, what it ended with, and whether the login was asked for. */
const look = async (facts: Facts, who: 'somebody' | 'nobody' = 'somebody') => {
  const lines: string[] = []
  const tell = (sign: string) => (text: string) => void lines.push(`${sign}${text}`)
  let asked = 0
  const ask = {
    say: tell(''),
    done: tell('+ '),
    warn: tell('! '),
    wait: (_: string, action: () => Promise<unknown>) => action(),
  } as unknown as Ask
  const deps = {
    cwd: '/home/me/site',
    env: { PATH: '/bin', CHANNELS_CLAUDE: facts.named },
    home: '/home/me',
    platform: 'linux',
    settings: { read: () => emptySettings },
    multiplexer: async () => ({ version: async () => facts.tmux ?? yes('3.3a') }),
    claude: {
      ...version,
      findClient: () => (facts.client === undefined ? '/bin/claude' : facts.client),
      findProgram: (name: string) => `/bin/${name}`,
      findBun: () => (facts.bun === undefined ? '/bin/bun' : facts.bun),
      lastingProgram: (path: string) => path,
      isPassing: () => false,
      recogniseShim: (path: string) =>
        facts.shims === undefined ? null : { path, manager: 'mise', program: '/m' },
      askManager: async () => yes(facts.shims ?? ''),
      withInterpreter: (environment: object) => environment,
      storedEnvironment: () => ({ PATH: '/bin' }),
      clientVersion: async () => facts.version ?? yes('2.1.330'),
      clientPaths: () => paths,
      loginFault,
      isDevelopmentChannel,
      readOrgSwitches: (_: unknown, asked: object) => {
        expect(asked).toEqual({
          plugins: facts.channel === undefined ? ['telegram@claude-plugins-official'] : [],
          cwd: '/home/me/site',
          env: { PATH: '/bin' },
        })
        return facts.switches ?? []
      },
      readLikelySwitches: () => facts.likely ?? [],
      authStatus: async () => {
        asked += 1
        return facts.login ?? yes({ method: 'claude.ai' })
      },
    },
  } as unknown as Deps
  const asker = who === 'somebody' ? ask : null
  const whole = async (): Promise<Machine> => {
    const machine = await checkMachine(asker, ask, deps, {
      needsBun: true,
      folder: '/home/me/site',
      multiplexer: null,
    })
    checkSwitches(facts.channel ?? channel, '/home/me/site', machine, asker, ask, deps)
    return machine
  }
  const ended = await whole().then(
    (machine) => ({ machine }),
    ({ status, message, hint }: { status: number; message: string; hint: string }) => ({
      status,
      message,
      hint,
    }),
  )
  return { lines, ended, asked }
}

const off: OrgSwitch = {
  reason: 'org-policy',
  detail: 'channelsEnabled is false in /etc/claude-code/managed-settings.json',
  whose: 'administrator',
}
const unlisted: OrgSwitch = {
  reason: 'not-allowlisted',
  detail: 'allowedChannelPlugins in /etc/x does not name it',
  whose: 'administrator',
}
const closed: OrgSwitch = {
  reason: 'channels-unavailable',
  detail: 'DO_NOT_TRACK is set in its environment',
  whose: { variable: 'DO_NOT_TRACK' },
}

test('all there: each is shown, and the login is asked for', async () => {
  expect(await look({})).toEqual({
    lines: [
      '+ Claude Code 2.1.330: /bin/claude',
      '+ Bun: /bin/bun',
      '+ tmux 3.3a',
      '+ Logged in (claude.ai)',
    ],
    ended: {
      machine: {
        client: { path: '/bin/claude', shim: null },
        bun: { path: '/bin/bun', shim: null },
        environment: { PATH: '/bin' },
        paths,
        multiplexer: 'tmux',
      },
    },
    asked: 1,
  })
})

test('what stands for something else is shown with that, also where nobody is asked', async () => {
  const facts = { shims: '/real' }
  const shown = (found: string) => `${found} (what the mise shim /bin/SHIM runs in /home/me/site)`
  const [client, bun] = ['claude', 'bun'].map((name) => shown('/real').replace('SHIM', name))
  const { lines, ended } = await look(facts)
  expect(lines.slice(0, 2)).toEqual([`+ Claude Code 2.1.330: ${client}`, `+ Bun: ${bun}`])
  expect(ended).toMatchObject({ machine: { client: { path: '/real' }, bun: { path: '/real' } } })
  expect((await look(facts, 'nobody')).lines).toEqual([`+ The client: ${client}`, `+ Bun: ${bun}`])
})

test.each<[what: string, facts: Facts, status: number, message: RegExp, hint: RegExp]>([
  [
    'no client',
    { client: null },
    69,
    /client is not there/,
    /npm install -g @anthropic-ai\/claude-code.*CHANNELS_CLAUDE/,
  ],
  [
    'a client that CHANNELS_CLAUDE does not name',
    { client: null, named: '/nope' },
    69,
    /client is not there\. \(CHANNELS_CLAUDE is \/nope\)$/,
    /CHANNELS_CLAUDE the absolute path.*unset it/,
  ],
  [
    'something else that CHANNELS_CLAUDE names',
    { version: no('it ended with 1'), named: '/bin/false' },
    69,
    /\(CHANNELS_CLAUDE is \/bin\/false; it ended with 1\)$/,
    /CHANNELS_CLAUDE the absolute path.*unset it/,
  ],
  [
    'an empty CHANNELS_CLAUDE',
    { client: null, named: '' },
    69,
    /client is not there\.$/,
    /npm install -g @anthropic-ai\/claude-code.*CHANNELS_CLAUDE/,
  ],
  [
    'a client that says nothing',
    { version: no('it ended with 1') },
    69,
    /\(it ended with 1\)$/,
    /Install it/,
  ],
  [
    'a client of before channels',
    { version: yes('2.1.79') },
    69,
    /too old for channels.*\(2\.1\.79\)$/,
    /claude update/,
  ],
  ['no Bun', { bun: null }, 69, /Bun/, /Install Bun.*bun --version/],
  ['no tmux', { tmux: no('not found') }, 69, /multiplexer/, /sudo apt install tmux/],
])('%s: told, with what helps, whether somebody is asked or not', async (_, facts, status, message, hint) => {
  for (const who of ['somebody', 'nobody'] as const) {
    const { lines, ended, asked } = await look(facts, who)
    expect(ended).toEqual({
      status,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(new RegExp(`${hint.source}.*hen run the same command again\\.$`)),
    })
    expect([lines, asked]).toEqual([[], 0])
  }
})

test.each<[what: string, facts: Facts, message: RegExp, hint: RegExp]>([
  [
    'an organization that forbids channels',
    { switches: [off] },
    /\(channelsEnabled is false in \/etc.*; this machine’s administrator/,
    /Whoever is named .*channelsEnabled to true/,
  ],
  [
    'one that does not list the plugin',
    { switches: [unlisted] },
    /allowedChannelPlugins/,
    /Whoever is named .*allowedChannelPlugins/,
  ],
  ['the first of several', { switches: [closed, off, unlisted] }, /channelsEnabled is false/, /./],
  [
    'one that forbids a server of one’s own',
    { switches: [off], channel: 'server:pager' },
    /channelsEnabled is false/,
    /./,
  ],
  ['no login', { login: no('loggedIn is false') }, /no login .*\(loggedIn is false\)$/, /claude auth login/],
  [
    'a key where the client takes none for channels',
    { version: yes('2.1.127'), login: yes({ method: 'api_key' }) },
    /no login that channels accept.*key \(api_key\).*2\.1\.128.*this is 2\.1\.127.*claude update/,
    /claude auth login/,
  ],
])('%s: with somebody there the end (1)', async (_, facts, message, hint) => {
  const { ended } = await look(facts)
  expect(ended).toEqual({
    status: 1,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  })
})

test('a key is as good as any login for a client that takes it, or of which nobody knows', async () => {
  for (const each of [yes('2.1.128'), unknown('no answer')]) {
    const { lines, ended } = await look({ version: each, login: yes({ method: 'api_key' }) })
    expect(lines.at(-1)).toBe('+ Logged in (api_key)')
    expect(ended).toHaveProperty('machine')
  }
})

test('what the client asks for anew is a warning, whoever is there', async () => {
  const owned: OrgSwitch = { ...off, whose: 'owner' }
  for (const who of ['somebody', 'nobody'] as const) {
    const { lines, ended } = await look({ likely: [owned] }, who)
    expect(ended).toHaveProperty('machine')
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^! .*an owner of the organization .* claude\.ai/),
      expect.stringMatching(/^ {2}Whoever is named there/),
    ])
  }
})

test('unattended these are warnings, and the login is not asked for', async () => {
  const { lines, ended, asked } = await look({ switches: [off, unlisted, closed], login: no('-') }, 'nobody')
  expect(ended).toHaveProperty('machine')
  expect(asked).toBe(0)
  expect(lines).toEqual([
    expect.stringMatching(/^! .*\(channelsEnabled is false/),
    expect.stringMatching(/^ {2}Whoever is named/),
    expect.stringMatching(/^! .*\(allowedChannelPlugins/),
    expect.stringMatching(/^ {2}Whoever is named/),
    expect.stringMatching(/^! .*\(DO_NOT_TRACK is set .*`unset DO_NOT_TRACK`/),
    expect.stringMatching(/^ {2}Unset what is named there\./),
  ])
})

test('what can not be told is no reason to stop', async () => {
  const { lines, ended } = await look({
    version: unknown('no answer'),
    tmux: unknown('no answer'),
    login: unknown('no answer within 10 s'),
    switches: [closed],
  })
  expect(ended).toHaveProperty('machine')
  expect(lines).toEqual([
    '+ Claude Code (version unknown): /bin/claude',
    '+ Bun: /bin/bun',
    '+ tmux',
    '! Whether the client is logged in could not be told: no answer within 10 s.',
    expect.stringMatching(/^! .*DO_NOT_TRACK/),
    expect.stringMatching(/^ {2}Unset/),
  ])
})
