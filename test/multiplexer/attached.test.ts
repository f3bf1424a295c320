import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { attachArguments, readAttached, socketsIn } from '../../src/multiplexer/attached.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attached-'))
  mkdirSync(join(folder, 'screens'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const place = () => ({
  session: 'web',
  screens: join(folder, 'screens'),
  attachedFile: join(folder, 'attached'),
})
const nobody = { calledWith: () => [] }

test('what tmux’s hooks write is read word for word, and garbage says nothing', () => {
  const read = () => readAttached(nobody)('tmux', place())
  expect(read()).toBe(0)
  writeFileSync(place().attachedFile, '4712\n')
  expect(read()).toBe(4712)
  for (const text of ['', '\0\0', '-1', '0x10', '1e9', '12kB', '9'.repeat(400), ' 7', '7.5', 'NaN']) {
    writeFileSync(place().attachedFile, text)
    expect(read(), text).toBe(0)
  }
})

test('screen’s socket says that somebody is attached, the processes how many', () => {
  const called = (...comms: readonly string[]) =>
    readAttached({
      calledWith: (text) => {
        expect(text).toBe('-U -x 4711.web')
        return comms.map((comm, at) => ({ pid: at + 2, start: '1', ppid: 1, state: 'S', comm }))
      },
    })('screen', place())
  expect(called()).toBe(0)
  const socket = join(folder, 'screens', '4711.web')
  writeFileSync(socket, '', { mode: 0o600 })
  expect(called('screen')).toBe(0)
  chmodSync(socket, 0o700)
  expect(called('screen', 'screen', 'sh')).toBe(2)
  // By `screen -r`, say.
  expect(called()).toBe(1)
})

test('only the sockets of that session are its own', () => {
  const { screens } = place()
  for (const name of [
    '12.web',
    '7.web2',
    '07.web',
    'web',
    '8.a.web',
    'x.web',
    '9.web.lock',
    '99999999999.web',
  ])
    writeFileSync(join(screens, name), '')
  expect(socketsIn(screens, 'web').map(({ pid }) => pid)).toEqual([12])
  expect(socketsIn(join(folder, 'none'), 'web')).toEqual([])
  expect(attachArguments({ name: '12.web' })).toBe('-U -x 12.web')
})
