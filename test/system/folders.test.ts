import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolveFolders } from '../../src/system/folders.ts'
import { thrown } from './own.ts'

test('follows XDG without CHANNELS_HOME', () => {
  expect(resolveFolders({}, '/home/me')).toMatchObject({
    config: '/home/me/.config/channels',
    configFile: '/home/me/.config/channels/config.json',
    userConfig: {
      tmux: '/home/me/.config/channels/tmux.conf',
      screen: '/home/me/.config/channels/screenrc',
    },
    screens: '/home/me/.local/state/channels/terminals/screen',
    state: '/home/me/.local/state/channels',
    journal: '/home/me/.local/state/channels/events.jsonl',
    keeper: { record: '/home/me/.local/state/channels/keeper/keeper.json' },
  })
  const xdg = { XDG_CONFIG_HOME: '/etc/me/', XDG_STATE_HOME: '/var/me' }
  expect(resolveFolders(xdg, '/home/me')).toMatchObject({
    config: '/etc/me/channels',
    state: '/var/me/channels',
  })
})

test('ignores relative and empty XDG folders', () => {
  const env = { XDG_CONFIG_HOME: 'config', XDG_STATE_HOME: '', CHANNELS_HOME: '' }
  expect(resolveFolders(env, '/home/me')).toMatchObject({
    config: '/home/me/.config/channels',
    state: '/home/me/.local/state/channels',
  })
})

test('puts all under CHANNELS_HOME', () => {
  const folders = resolveFolders({ CHANNELS_HOME: '/srv/x/../c/', XDG_STATE_HOME: '/var' }, '/home/me')
  expect(folders.configFile).toBe('/srv/c/config.json')
  expect(folders.state).toBe('/srv/c/state')
  expect(folders.session('work')).toMatchObject({
    folder: '/srv/c/state/sessions/work',
    launch: '/srv/c/state/sessions/work/launch.sh',
    log: '/srv/c/state/sessions/work/launch.log',
    socket: '/srv/c/state/terminals/work',
  })
})

test('refuses a relative CHANNELS_HOME, and a home that is not known', () => {
  expect(thrown(() => resolveFolders({ CHANNELS_HOME: 'here' }, '/home/me'))).toMatchObject({ status: 2 })
  expect(thrown(() => resolveFolders({}, ''))).toMatchObject({ status: 2 })
})

test('a name that is none gets no paths', () => {
  for (const name of ['..', 'a/b', '', 'a.b', '-x'])
    expect(thrown(() => resolveFolders({}, '/home/me').session(name))).toMatchObject({ status: 3 })
})

test('a socket path over 100 bytes is hashed, below the home folder', () => {
  const home = `/${'h'.repeat(40)}`
  const env = { XDG_STATE_HOME: `/${'s'.repeat(74)}` }
  const folders = resolveFolders(env, home)
  const long = `${folders.state}/terminals/work`
  expect(long.length).toBeLessThan(100)
  expect(folders.session('work').socket).toBe(long)
  const longer = `${folders.state}/terminals/a-rather-long-name`
  const { socket } = folders.session('a-rather-long-name')
  expect(longer.length).toBeGreaterThan(100)
  expect(socket).toMatch(/^\/h{40}\/\.channels\/[0-9a-f]{16}$/)
  expect(folders.session('a-rather-long-nama').socket).not.toBe(socket)
  expect(folders.session('a-rather-long-name').socket).toBe(socket)
})

test('counts bytes, not characters', () => {
  const folders = resolveFolders({ CHANNELS_HOME: `/${'ü'.repeat(40)}` }, '/home/me')
  expect(folders.session('work').socket).toMatch(/^\/home\/me\/\.channels\/[0-9a-f]{16}$/)
})

test('78 when no path is short enough', () => {
  const error = thrown(() => resolveFolders({}, `/${'h'.repeat(90)}`))
  expect(error).toMatchObject({ status: 78 })
  expect(String(error)).toContain('longer than 100 bytes')
})

test('every path is absolute, short enough for a socket, and below a given folder', () => {
  const folder = fc.stringMatching(/^(\/[a-z]{1,12}){1,6}$/)
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/)
  fc.assert(
    fc.property(folder, fc.option(folder), name, (home, own, session) => {
      const folders = resolveFolders(own === null ? {} : { CHANNELS_HOME: own }, home)
      const paths = Object.values(folders.session(session))
      expect(Buffer.byteLength(folders.session(session).socket)).toBeLessThanOrEqual(100)
      for (const path of paths)
        expect(path.startsWith(`${own ?? home}/`) || path.startsWith(`${home}/.channels/`)).toBe(true)
      expect(new Set(paths).size).toBe(paths.length)
    }),
  )
})

test('screen’s sockets are elsewhere where their paths would be too long: it adds a pid and a name', () => {
  const folder = (length: number) => `/${'h'.repeat(length - 1)}`
  const screensBelow = (length: number) =>
    resolveFolders({ CHANNELS_HOME: folder(length) }, '/home/me').screens
  expect(screensBelow(39)).toBe(`${folder(39)}/state/terminals/screen`)
  for (const length of [40, 60])
    expect(screensBelow(length)).toMatch(/^\/home\/me\/\.channels\/[0-9a-f]{16}$/)
  expect(screensBelow(40)).not.toBe(screensBelow(41))
})
