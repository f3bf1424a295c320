import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientPaths } from '../../src/claude/paths.ts'
import { parseSessionFile, readSessionFile } from '../../src/claude/session-file.ts'
import { createProcesses } from '../../src/system/processes.ts'
import type { Ps } from '../../src/system/processes-macos.ts'
import { temporaryFolder } from './temporary-folder.ts'

// As the two versions wrote them, but for names and tokens.
const oldest =
  '{"pid":19556,"sessionId":"4655a154-752e-4653-ad22-6eaf63a71bde","cwd":"/home/me/w","startedAt":1795351624656,"procStart":"167250","version":"2.1.139","peerProtocol":1,"kind":"interactive","entrypoint":"cli","status":"waiting","updatedAt":1795351711143,"waitingFor":"approve Bash"}'
const newest =
  '{"pid":19512,"sessionId":"5816c872-abf9-4b9f-b822-fb6d9c1f90c6","cwd":"/home/me/w","startedAt":1795351624156,"procStart":"167229","version":"2.1.330","kind":"interactive","name":"w-a0","status":"idle","updatedAt":1795351727159,"statusUpdatedAt":1795351727158}'

test('2.1.139', () => {
  expect(parseSessionFile(oldest)).toEqual({
    pid: 19556,
    procStart: '167250',
    conversation: '4655a154-752e-4653-ad22-6eaf63a71bde',
    cwd: '/home/me/w',
    version: '2.1.139',
    activity: 'waiting',
    waitingFor: 'approve Bash',
    statusUpdatedAt: 1795351711143,
  })
})

test('2.1.330', () => {
  expect(parseSessionFile(newest)).toMatchObject({
    pid: 19512,
    activity: 'idle',
    waitingFor: null,
    statusUpdatedAt: 1795351727158,
  })
})

test.each([
  ['{"pid":1,"status":"dreaming"}', 'unknown'],
  ['{"pid":1}', 'unknown'],
  ['{"pid":1,"status":"shell"}', 'shell'],
  ['{"pid":1,"status":"busy"}', 'busy'],
])('%s', (text, activity) => expect(parseSessionFile(text)?.activity).toBe(activity))

test.each(['', '{', 'null', '[]', '7', '{"pid":"7"}', '{"pid":0}', '{"pid":1.5}', oldest.slice(0, 60)])(
  'none: %s',
  (text) => expect(parseSessionFile(text)).toBeNull(),
)

test('parsing never throws', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseSessionFile(text)))
})

test('a file is believed only for the process that wrote it', () => {
  const home = temporaryFolder()
  const paths = clientPaths({}, home, 'linux')
  expect(readSessionFile(paths, { pid: 19512, start: '167229' })).toBeNull()
  const folder = join(paths.config, 'sessions')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, '19512.json'), newest)
  writeFileSync(join(folder, '19512.87cc643f.key'), '{"peerToken":"x"}')
  writeFileSync(join(folder, '19556.json'), oldest)
  writeFileSync(join(folder, '7.json'), '{"pid":7')
  writeFileSync(join(folder, '8.json'), newest)
  expect(readSessionFile(paths, { pid: 19512, start: '167229' })?.version).toBe('2.1.330')
  expect(readSessionFile(paths, { pid: 19512, start: '999' })).toBeNull()
  expect(readSessionFile(paths, { pid: 8, start: '167229' })).toBeNull()
  expect(readSessionFile(paths, { pid: 7, start: '167229' })).toBeNull()
  expect(readSessionFile(paths, { pid: 19556, start: parseSessionFile(oldest)?.procStart ?? '' })?.pid).toBe(
    19556,
  )
})

const leave = (pid: number, procStart: string) => {
  const paths = clientPaths({}, temporaryFolder(), 'darwin')
  mkdirSync(join(paths.config, 'sessions'), { recursive: true })
  writeFileSync(join(paths.config, 'sessions', `${pid}.json`), JSON.stringify({ pid, procStart }))
  return paths
}

// What `ps -o lstart=` prints on macOS, filled up to the width of its column; the client trims it.
test.each(['Mon Nov  2 09:05:08 2026    ', 'Sun Nov 22 09:05:08 2026    '])('macOS: %s', (lstart) => {
  const ps = () => `  502   501 S+   ${lstart} /Users/me/.local/bin/claude\n`
  const found = createProcesses('darwin', { ps }).find(502)
  const paths = leave(502, lstart.trim())
  expect(found && readSessionFile(paths, found)?.pid).toBe(502)
  expect(readSessionFile(paths, { pid: 502, start: 'Sun Nov 22 09:05:09 2026' })).toBeNull()
})

test('macOS: whatever time zone and language the person has', () => {
  const ps: Ps = (_program, _args, { LC_ALL, TZ }) => {
    const date = LC_ALL === 'C' ? 'Sun Nov 22' : 'So 22 Nov'
    const time = TZ === 'UTC' ? '09:05:08' : '14:50:08'
    return `  502   501 S+   ${date} ${time} 2026     /Users/me/.local/bin/claude\n`
  }
  const found = createProcesses('darwin', { ps }).find(502)
  expect(found && readSessionFile(leave(502, 'Sun Nov 22 09:05:08 2026'), found)?.pid).toBe(502)
})
