import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSettings, emptySettings, type Settings } from '../../src/core/settings.ts'
import { keepUnknown } from '../../src/core/unknown-keys.ts'

const channel = {
  id: 'plugin:telegram@claude-plugins-official',
  kind: 'telegram',
  stateDir: '/home/me/.claude/channels/telegram-work',
  account: '@work_bot',
  botId: '123456789',
  development: false,
  server: null,
  agreedIn: null,
}
const work = {
  name: 'work',
  cwd: '/home/me/site',
  channels: [channel],
  multiplexer: 'tmux',
  exclusive: true,
  trustRecorded: false,
  permissionMode: 'plan',
  skipPermissions: false,
  arguments: ['--model', 'opus'],
  environment: { PATH: '/usr/bin' },
  client: '/usr/bin/claude',
  bun: '/usr/bin/bun',
  restart: { attempts: 3, windowMs: 1000, retryMs: 2000, updateMs: 3000 },
  dialogs: { resume: 'full', development: 'accept' },
  notify: {
    to: { channel: 'plugin:telegram@claude-plugins-official', sender: '42' },
    command: 'cat',
    quiet: { from: 1320, to: 480 },
  },
}
const plugins = { 'x y': { plugin: 'x', config: 'y', before: 'absent' } }
const trust = { '/j /a': { json: '/j', folder: '/a' } }
const settings = { version: 1, sessions: { work }, plugins, trust, multiplexer: 'screen' }

const problem = (value: unknown) => {
  const found = checkSettings(value)
  return 'problem' in found ? found.problem : null
}
const withSession = (change: object) => ({ ...settings, sessions: { work: { ...work, ...change } } })

test('settings as they are written read the same', () => {
  expect(checkSettings(settings)).toEqual(settings)
  expect(checkSettings({})).toEqual(emptySettings)
  // As it was written before trust was noted by place.
  expect(checkSettings({ version: 1, sessions: { work }, plugins })).toEqual({
    ...settings,
    trust: {},
    multiplexer: null,
  })
})

test('what is missing has its default, and never a dangerous one', () => {
  const { name, cwd, channels, client } = work
  expect(checkSettings({ sessions: { work: { name, cwd, channels, client } } })).toMatchObject({
    sessions: {
      work: {
        multiplexer: 'tmux',
        exclusive: true,
        trustRecorded: false,
        permissionMode: null,
        skipPermissions: false,
        bun: null,
        restart: { attempts: 5, updateMs: 300_000 },
        dialogs: { resume: 'ask', development: 'ask' },
        notify: { to: null, command: null, quiet: null },
      },
    },
  })
})

test('an update that is never followed stays so; nothing said of it is the default', () => {
  const { updateMs: _, ...older } = work.restart
  const never = withSession({ restart: { ...work.restart, updateMs: null } })
  expect(checkSettings(never)).toEqual(never)
  expect(checkSettings(withSession({ restart: older }))).toEqual(
    withSession({ restart: { ...older, updateMs: 300_000 } }),
  )
})

test.each(['slack', 'toString', ''])(
  'a kind that this release does not know, %j, is an own channel',
  (kind) => {
    expect(checkSettings(withSession({ channels: [{ ...channel, kind }] }))).toEqual(
      withSession({ channels: [{ ...channel, kind: 'custom' }] }),
    )
  },
)

test.each([
  [[], 'the whole of it must be an object'],
  [null, 'the whole of it must be an object'],
  [{ version: 2 }, '`version` must be 1'],
  [{ sessions: [] }, '`sessions` must be an object'],
  [withSession({ cwd: 7 }), '`sessions.work.cwd` must be text'],
  [withSession({ cwd: 'site' }), '`sessions.work.cwd` must be an absolute path'],
  [withSession({ name: 'other' }), '`sessions.work.name` must be the name it is filed under'],
  [
    withSession({ name: '../x' }),
    '`sessions.work.name` must be a session name: letters, digits, - and _, 32 at most',
  ],
  [
    withSession({ channels: [channel, { ...channel, id: null }] }),
    '`sessions.work.channels[1].id` must be text',
  ],
  [withSession({ channels: [{ ...channel, kind: 7 }] }), '`sessions.work.channels[0].kind` must be text'],
  [withSession({ multiplexer: 'zellij' }), '`sessions.work.multiplexer` must be tmux or screen'],
  [withSession({ skipPermissions: 'no' }), '`sessions.work.skipPermissions` must be true or false'],
  [withSession({ environment: { A: 1 } }), '`sessions.work.environment.A` must be text'],
  [withSession({ restart: { attempts: 0 } }), '`sessions.work.restart.attempts` must be greater than 0'],
  [withSession({ client: undefined }), '`sessions.work.client` must be text'],
  [
    { plugins: { a: { plugin: 'x', config: 'y', before: 'on' } } },
    '`plugins.a.before` must be enabled or disabled or absent',
  ],
  [{ trust: { a: { json: '/j' } } }, '`trust.a.folder` must be text'],
])('names the field that is wrong: %j', (value, text) => {
  expect(problem(value)).toBe(text)
})

test('a problem never repeats a value: it could be a secret', () => {
  const secret = fc.stringMatching(/^[A-Z]{12}$/)
  fc.assert(
    fc.property(
      secret,
      (value) => !(problem(withSession({ restart: value, cwd: value })) ?? '').includes(value),
    ),
  )
})

test('anything at all is settings or a problem', () => {
  fc.assert(fc.property(fc.anything(), (value) => void checkSettings(value)))
  fc.assert(fc.property(fc.anything(), (value) => void checkSettings({ sessions: value, plugins: value })))
})

test('a session may be called __proto__ by nobody', () => {
  expect(problem(JSON.parse('{"sessions":{"__proto__":{}}}'))).toContain('__proto__')
  expect(Object.hasOwn({}, 'name')).toBe(false)
})

test('keys of another release survive a change, at every level', () => {
  const raw = {
    ...settings,
    later: 1,
    sessions: {
      work: {
        ...work,
        later: 2,
        channels: [
          { id: 'server:x', later: 9 },
          { ...channel, later: 3 },
        ],
        restart: { ...work.restart, later: 4 },
      },
    },
  }
  const known = { ...settings, sessions: { work: { ...work, channels: [{ id: 'server:x' }, channel] } } }
  const next = {
    ...settings,
    sessions: { work: { ...work, cwd: '/new', environment: {} }, web: { ...work, name: 'web' } },
  }
  expect(keepUnknown(raw, known, next)).toEqual({
    ...next,
    later: 1,
    sessions: {
      work: {
        ...next.sessions.work,
        later: 2,
        channels: [{ ...channel, later: 3 }],
        restart: { ...work.restart, later: 4 },
      },
      web: next.sessions.web,
    },
  })
})

test('what was read as something else stays as it stands until somebody changes it', () => {
  const session = (kind: string, cwd: string) => ({ ...work, cwd, channels: [{ ...channel, kind }] })
  const raw = { ...settings, sessions: { work: session('slack', '/work') } }
  const known = checkSettings(raw) as Settings
  expect(known.sessions.work?.channels[0]?.kind).toBe('custom')
  const moved = { ...known, sessions: { work: { ...known.sessions.work, cwd: '/new' } } }
  expect(keepUnknown(raw, known, moved)).toEqual({
    ...settings,
    sessions: { work: session('slack', '/new') },
  })
  const changed = { ...known, sessions: { work: session('discord', '/work') } }
  expect(keepUnknown(raw, known, changed)).toEqual(changed)
})

test('what a change took away stays away', () => {
  const raw = { ...settings, sessions: { work: { ...work, later: 2 } } }
  expect(keepUnknown(raw, settings, { ...emptySettings, multiplexer: 'screen' })).toEqual({
    ...emptySettings,
    multiplexer: 'screen',
  })
})

test('without a change nothing changes, whatever the file holds', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (extra) => {
      const raw = { ...extra, ...settings }
      expect(keepUnknown(raw, checkSettings(raw), settings)).toEqual(raw)
    }),
  )
})
