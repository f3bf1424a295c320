import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readManaged } from '../../src/claude/managed-files.ts'
import { readLikelySwitches, readOrgSwitches, type SwitchesAsked } from '../../src/claude/managed-settings.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { describeSwitch } from '../../src/core/org-switch.ts'
import { temporaryFolder } from './temporary-folder.ts'

const key = 'telegram@claude-plugins-official'
const ours = { plugin: 'telegram', marketplace: 'claude-plugins-official' }
const other = { plugin: 'discord', marketplace: 'claude-plugins-official' }

/** Files below a folder of this test's own: `etc/…` is the administrator's, `home/…` and `site/…` the user's. */
const write = (files: Readonly<Record<string, unknown>>) => {
  const root = temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    const file = join(root, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

type Files = Readonly<Record<string, unknown>>
type Asked = Partial<SwitchesAsked> & { readonly platform?: string }

const readIn = (files: Files, { platform = 'linux', ...more }: Asked, read: typeof readOrgSwitches) => {
  const root = write(files)
  const asked = { plugins: [key], cwd: join(root, 'site'), env: {}, ...more }
  const found = read(platform, join(root, 'etc'))(clientPaths({}, join(root, 'home'), platform), asked)
  return found.map((each) => ({ ...each, detail: each.detail.replaceAll(`${root}/`, '') }))
}

/** `<reason>: <detail>` of what is sure, without the folder. */
const switches = (files: Files, more: Asked = {}) =>
  readIn(files, more, readOrgSwitches).map(({ reason, detail }) => `${reason}: ${detail}`)

/** The same of what the client asks for anew. */
const likely = (files: Files, more: Asked = {}) =>
  readIn(files, more, readLikelySwitches).map(({ reason, detail }) => `${reason}: ${detail}`)

const base = 'etc/managed-settings.json'
const added = (name: string) => `etc/managed-settings.d/${name}`

// Each as 2.1.139 and 2.1.330, signed in by key, wrote into their MCP logs: registered where nothing is told.
test.each([
  ['nothing', {}, []],
  ['an empty object', { [base]: {} }, []],
  ['true', { [base]: { channelsEnabled: true } }, []],
  ['false', { [base]: { channelsEnabled: false } }, [`org-policy: channelsEnabled is false in ${base}`]],
  [
    'after a byte order mark',
    { [base]: '\uFEFF{"channelsEnabled":false}' },
    [`org-policy: channelsEnabled is false in ${base}`],
  ],
  [
    'another key alone',
    { [base]: { cleanupPeriodDays: 20 } },
    [`org-policy: ${base} does not set channelsEnabled to true`],
  ],
  [
    'an unknown key alone',
    { [base]: { madeUp: 1 } },
    [`org-policy: ${base} does not set channelsEnabled to true`],
  ],
  [
    'a later file off',
    { [base]: { channelsEnabled: true }, [added('10.json')]: { channelsEnabled: false } },
    [`org-policy: channelsEnabled is false in ${added('10.json')}`],
  ],
  [
    'a later file on',
    { [base]: { channelsEnabled: false }, [added('10.json')]: { channelsEnabled: true } },
    [],
  ],
  [
    'the last by name',
    { [added('20.json')]: { channelsEnabled: false }, [added('10.json')]: { channelsEnabled: true } },
    [`org-policy: channelsEnabled is false in ${added('20.json')}`],
  ],
  [
    'a hidden file',
    { [base]: { channelsEnabled: true }, [added('.20.json')]: { channelsEnabled: false } },
    [],
  ],
  [
    'a file of another kind',
    { [base]: { channelsEnabled: true }, [added('20.txt')]: { channelsEnabled: false } },
    [],
  ],
  [
    'the user, who has no say',
    { 'home/.claude/settings.json': { channelsEnabled: false, allowedChannelPlugins: [] } },
    [],
  ],
])('channelsEnabled: %s', (_, files, expected) => {
  expect(switches(files)).toEqual(expected)
})

const allowed = (...entries: readonly unknown[]) => ({
  channelsEnabled: true,
  allowedChannelPlugins: entries,
})
const notNamed = (file: string) => [`not-allowlisted: allowedChannelPlugins in ${file} does not name ${key}`]

test.each([
  ['empty', { [base]: allowed() }, notNamed(base)],
  ['another plugin', { [base]: allowed(other) }, notNamed(base)],
  [
    'the same plugin of another marketplace',
    { [base]: allowed({ ...ours, marketplace: 'mine' }) },
    notNamed(base),
  ],
  ['ours', { [base]: allowed(other, ours) }, []],
  [
    'ours in a later file',
    { [base]: allowed(other), [added('10.json')]: { allowedChannelPlugins: [ours] } },
    [],
  ],
  [
    'ours in an earlier file',
    { [base]: allowed(ours), [added('10.json')]: { allowedChannelPlugins: [other] } },
    [],
  ],
  // 2.1.139 passes the whole file over, 2.1.330 takes the first and skips the second.
  ['as text', { [base]: allowed('discord@claude-plugins-official') }, []],
  ['with an entry that is none', { [base]: allowed(other, 'x') }, []],
  ['no list', { [base]: { channelsEnabled: true, allowedChannelPlugins: ours } }, []],
])('allowedChannelPlugins: %s', (_, files, expected) => {
  expect(switches(files)).toEqual(expected)
})

test('one approved plugin of several is enough, and where no list decides none is asked for', () => {
  const more = { plugins: [key, 'discord@claude-plugins-official'] }
  expect(switches({ [base]: allowed(other) }, more)).toEqual([])
  expect(switches({ [base]: allowed() }, more)).toEqual([
    `not-allowlisted: allowedChannelPlugins in ${base} does not name ${key} or discord@claude-plugins-official`,
  ])
  expect(switches({ [base]: allowed() }, { plugins: [] })).toEqual([])
  expect(switches({ [base]: { allowedChannelPlugins: [] } }, { plugins: [] })).toHaveLength(1)
})

test('both can be wrong at once', () => {
  expect(switches({ [base]: { allowedChannelPlugins: [] } })).toHaveLength(2)
})

// Code of both versions; the key seen.
describe('whether an organization has a say depends on the account', () => {
  const off = { [base]: { channelsEnabled: false } }
  const account = (fields: object) => ({ ...off, 'home/.claude.json': { oauthAccount: fields } })
  test.each([
    ['a key', off, 1],
    ['a team', account({ organizationType: 'claude_team' }), 1],
    ['an enterprise', account({ organizationType: 'claude_enterprise' }), 1],
    ['a person', account({ organizationType: 'claude_max' }), 0],
    ['one of which it is not told', account({}), 0],
    ['a file that is broken', { ...off, 'home/.claude.json': '{' }, 0],
  ])('%s', (_, files, found) => {
    expect(switches(files)).toHaveLength(found)
  })
  test('a token is of a person, wherever it is set', () => {
    const token = { CLAUDE_CODE_OAUTH_TOKEN: 'x' }
    expect(switches(off, { env: token })).toEqual([])
    expect(switches({ ...off, 'home/.claude/settings.json': { env: token } })).toEqual([])
    expect(switches(off, { env: { CLAUDE_CODE_OAUTH_TOKEN: '' } })).toHaveLength(1)
  })
  test('the list counts for everybody', () => {
    const person = { 'home/.claude.json': { oauthAccount: { organizationType: 'claude_pro' } } }
    expect(switches({ ...person, [base]: allowed() })).toEqual(notNamed(base))
  })
  test('credentials that came without an account may be anybody’s', () => {
    const file = 'home/.claude/.credentials.json'
    expect(switches({ ...off, [file]: { claudeAiOauth: { subscriptionType: 'max' } } })).toEqual([])
    expect(switches({ ...off, [file]: '{' })).toEqual([])
    expect(switches({ ...off, [file]: { mcpOAuth: {} } })).toHaveLength(1)
  })
  test('on macOS they may be in the Keychain', () => {
    expect(switches(off, { platform: 'darwin' })).toEqual([])
    expect(switches(off, { platform: 'darwin', env: { ANTHROPIC_API_KEY: 'x' } })).toHaveLength(1)
  })
  test('with settings from the admin console at hand nobody knows which count', () => {
    const remote = 'home/.claude/remote-settings.json'
    const telemetry = { env: { DISABLE_TELEMETRY: '1' } }
    expect(switches({ ...off, [remote]: { cleanupPeriodDays: 20 } })).toEqual([])
    expect(switches({ [user]: telemetry, [remote]: { cleanupPeriodDays: 20 } })).toEqual([])
    expect(switches({ ...off, [remote]: '{' })).toEqual([])
    expect(switches({ ...off, [remote]: {} })).toHaveLength(1)
    expect(switches({ [remote]: { channelsEnabled: false } })).toEqual([])
    expect(likely({ ...off, [remote]: {} })).toEqual([])
    expect(likely({ [remote]: '{' })).toEqual([])
    const said = `org-policy: channelsEnabled is false in ${remote}`
    expect(likely({ [remote]: { channelsEnabled: false } })).toEqual([said])
    expect(likely({ [remote]: { channelsEnabled: true, allowedChannelPlugins: [] } })).toEqual(
      notNamed(remote),
    )
    expect(likely({ [user]: telemetry, [remote]: { channelsEnabled: true } })).toEqual(
      closed('DISABLE_TELEMETRY'),
    )
  })
  test('nor where Windows has settings for its Linux', () => {
    expect(switches({ ...off, [added('10.json')]: { wslInheritsWindowsSettings: true } })).toEqual([])
  })
})

const user = 'home/.claude/settings.json'
const closed = (name: string, where = `under env in ${user}`) => [
  `channels-unavailable: ${name} is set ${where}`,
]

test.each([
  ['DISABLE_TELEMETRY', '1', true],
  ['DISABLE_TELEMETRY', '0', true],
  ['DISABLE_TELEMETRY', 1, true],
  ['DISABLE_TELEMETRY', '', false],
  ['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', '0', true],
  ['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', '', false],
  ['DO_NOT_TRACK', '1', true],
  ['DO_NOT_TRACK', '0', false],
  ['DISABLE_GROWTHBOOK', '1', true],
  ['DISABLE_GROWTHBOOK', 'false', false],
  ['CLAUDE_CODE_USE_BEDROCK', '1', true],
  ['CLAUDE_CODE_USE_VERTEX', '1', true],
  ['CLAUDE_CODE_USE_FOUNDRY', 'true', true],
  ['CLAUDE_CODE_USE_FOUNDRY', '0', false],
  ['CLAUDE_CODE_USE_ANTHROPIC_AWS', '1', true],
  ['CLAUDE_CODE_USE_MANTLE', '1', true],
  ['CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD', '1', true],
  ['DISABLE_AUTOUPDATER', '1', false],
])('%s=%j in the settings', (name, value, closes) => {
  expect(switches({ [user]: { env: { [name]: value } } })).toEqual(closes ? closed(name) : [])
})

test('the later settings decide: the environment, the user, the project, the person in it, the administrator', () => {
  const set = (value: string) => ({ env: { DO_NOT_TRACK: value } })
  const [project, local] = ['site/.claude/settings.json', 'site/.claude/settings.local.json'] as const
  const env = { DO_NOT_TRACK: '1', OTHER: undefined }
  const name = 'DO_NOT_TRACK'
  expect(switches({}, { env })).toEqual(closed(name, 'in its environment'))
  expect(switches({ [user]: set('') }, { env })).toEqual([])
  expect(switches({ [user]: set('1'), [project]: set('') })).toEqual([])
  expect(switches({ [project]: set(''), [local]: set('1') })).toEqual(closed(name, `under env in ${local}`))
  expect(switches({ [local]: set(''), [base]: { channelsEnabled: true, ...set('1') } })).toEqual(
    closed(name, `under env in ${base}`),
  )
})

test('what the client is never given does not count, nor do settings it is told to pass over', () => {
  const env = { DISABLE_TELEMETRY: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' }
  expect(switches({}, { env })).toEqual([])
  expect(switches({ [user]: { env } }, { cwd: null })).toEqual([])
  expect(switches({ [base]: { channelsEnabled: true, env } }, { cwd: null })).toHaveLength(2)
})

test('who can change it, and where', () => {
  const env = { DO_NOT_TRACK: '1' }
  const told = (files: Files, more: Asked = {}, session: string | null = 'work') =>
    [...readIn(files, more, readOrgSwitches), ...readIn(files, more, readLikelySwitches)].map((found) =>
      describeSwitch(found, session),
    )
  expect(told({ [base]: { channelsEnabled: false, ...{ env } } })).toEqual([
    `channelsEnabled is false in ${base}; this machine’s administrator can change it there`,
    `DO_NOT_TRACK is set under env in ${base}; this machine’s administrator can change it there`,
  ])
  expect(told({ [user]: { env } })).toEqual([
    `DO_NOT_TRACK is set under env in ${user}; you can take it out there`,
  ])
  expect(told({}, { env })).toEqual([
    'DO_NOT_TRACK is set in its environment; `channels set work env.DO_NOT_TRACK=` takes it out',
  ])
  expect(told({}, { env }, null)).toEqual([
    'DO_NOT_TRACK is set in its environment; `unset DO_NOT_TRACK` takes it out of this shell',
  ])
  const remote = 'home/.claude/remote-settings.json'
  expect(told({ [remote]: { channelsEnabled: false } })).toEqual([
    expect.stringMatching(
      /remote-settings\.json; an owner of the organization .* at claude\.ai.*Claude Code, Channels$/,
    ),
  ])
  expect(told({ 'home/.claude.json': { cachedGrowthBookFeatures: { tengu_harbor: false } } })).toEqual([
    'cachedGrowthBookFeatures.tengu_harbor is false in home/.claude.json',
  ])
})

test.each([
  [
    'off',
    { cachedGrowthBookFeatures: { tengu_harbor: false } },
    ['channels-unavailable: cachedGrowthBookFeatures.tengu_harbor is false in home/.claude.json'],
  ],
  ['on', { cachedGrowthBookFeatures: { tengu_harbor: true } }, []],
  ['not asked yet', { cachedGrowthBookFeatures: {} }, []],
  ['never asked', {}, []],
  ['of another shape', { cachedGrowthBookFeatures: [false] }, []],
  ['broken', '{"cachedGrowthBookFeatures":{"tengu_harbor":false}', []],
])('the feature gate, which is never sure: %s', (_, content, expected) => {
  expect(likely({ 'home/.claude.json': content })).toEqual(expected)
  expect(switches({ 'home/.claude.json': content })).toEqual([])
})

test('what is broken, or of another shape, says nothing', () => {
  // 2.1.330 does not start with such a file, 2.1.139 asks what to do.
  expect(switches({ [base]: '{' })).toEqual([])
  expect(switches({ [base]: '// why\n{"channelsEnabled":false}' })).toEqual([])
  expect(switches({ [base]: { channelsEnabled: false }, [added('10.json')]: '[' })).toEqual([])
  // 2.1.330 takes it for true.
  expect(switches({ [base]: { channelsEnabled: 'true' } })).toEqual([])
  expect(switches({ 'etc/managed-settings.d': 'a file', [base]: { channelsEnabled: false } })).toHaveLength(1)
  const files = [base, added('x.json'), user, 'home/.claude.json', 'home/.claude/remote-settings.json']
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.oneof(fc.json(), fc.string()), (file, content) => {
      expect(Array.isArray(switches({ [file]: content }))).toBe(true)
      expect(Array.isArray(likely({ [file]: content }))).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('a file that can not be read says nothing, nor do the others then', () => {
  expect(switches({ [`${base}/a folder`]: '', [added('10.json')]: { channelsEnabled: false } })).toEqual([])
})

test('on another system there is no such folder', () => {
  const root = write({ 'home/.claude/remote-settings.json': { channelsEnabled: false } })
  const asked = { plugins: [key], cwd: root, env: {} }
  expect(readLikelySwitches('win32')(clientPaths({}, join(root, 'home'), 'win32'), asked)).toEqual([])
})

test('what names no folder is passed over', () => {
  const root = write({ 'home/.claude/settings.json': {} })
  const asked = { plugins: [key], cwd: root, env: {} }
  for (const folder of ['', 'etc'])
    expect(readOrgSwitches('win32', folder)(clientPaths({}, join(root, 'home'), 'linux'), asked)).toEqual([])
})

test('what comes by MDM takes the place of the files of a Mac', () => {
  const files = (profile: string, platform: string) => {
    const root = write({ [base]: { channelsEnabled: false }, [profile]: '' })
    const paths = clientPaths({}, join(root, 'me'), platform)
    return readManaged(paths, platform, join(root, 'etc'), join(root, 'profiles')).files
  }
  expect(files('profiles/com.anthropic.claudecode.plist', 'darwin')).toBeNull()
  expect(files('profiles/me/com.anthropic.claudecode.plist', 'darwin')).toBeNull()
  expect(files('profiles/you/com.anthropic.claudecode.plist', 'darwin')).toHaveLength(1)
  expect(files('profiles/com.anthropic.claudecode.plist', 'linux')).toHaveLength(1)
})
