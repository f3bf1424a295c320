import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clientPaths } from '../../src/claude/paths.ts'
import { findTranscript, isResumable } from '../../src/claude/transcript.ts'
import { temporaryFolder } from './temporary-folder.ts'

const at = (second: number) => Date.parse('2026-11-22T12:54:00.000Z') + second * 1000
const row = (second: number, fields: object) =>
  JSON.stringify({ timestamp: new Date(at(second)).toISOString(), sessionId: 's', ...fields })
const enqueue = (second: number) =>
  row(second, { type: 'queue-operation', operation: 'enqueue', content: '<channel source="x">x</channel>' })
const dequeue = (second: number) => row(second, { type: 'queue-operation', operation: 'dequeue' })
const delivered = (second: number) =>
  row(second, {
    type: 'user',
    isMeta: true,
    message: { role: 'user', content: '<channel source="x">x</channel>' },
  })
const answer = (second: number) => row(second, { type: 'assistant', message: { model: 'claude-opus-5-5' } })

test('a transcript is found by its id in whatever folder', () => {
  const paths = clientPaths({}, temporaryFolder(), 'linux')
  const id = '74789351-f505-44ad-9233-884b3b256d7c'
  expect(findTranscript(paths, id)).toBeNull()
  const folder = join(paths.config, 'projects', 'any-name-at-all')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(paths.config, 'projects', 'stray'), '')
  writeFileSync(join(folder, `${id}.jsonl`), '')
  expect(findTranscript(paths, id)).toBe(join(folder, `${id}.jsonl`))
  expect(findTranscript(paths, id.replace('7', '8'))).toBeNull()
})

test('where it should be is looked first, and nowhere else if that is all that is asked', () => {
  const paths = clientPaths({}, temporaryFolder(), 'linux')
  const id = '74789351-f505-44ad-9233-884b3b256d7c'
  const make = (folder: string) => {
    mkdirSync(join(paths.config, 'projects', folder), { recursive: true })
    writeFileSync(join(paths.config, 'projects', folder, `${id}.jsonl`), '')
    return join(paths.config, 'projects', folder, `${id}.jsonl`)
  }
  const elsewhere = make('-another')
  expect(findTranscript(paths, id, { cwd: '/home/me/site', only: true })).toBeNull()
  expect(findTranscript(paths, id, { cwd: '/home/me/site' })).toBe(elsewhere)
  const usual = make('-home-me-site')
  expect(findTranscript(paths, id, { cwd: '/home/me/site', only: true })).toBe(usual)
  expect(findTranscript(paths, id, { cwd: '/home/me/site' })).toBe(usual)
})

test.each(['', '..', '../../x', '*', 'not-a-uuid'])('%s is no conversation', (id) => {
  expect(findTranscript(clientPaths({}, '/home/me', 'linux'), id)).toBeNull()
})

test.each([
  ['a message', [row(1, { type: 'mode' }), delivered(2)], true],
  ['an answer', [answer(1)], true],
  ['a message behind much else', [row(1, { type: 'blob', text: 'x'.repeat(300_000) }), delivered(2)], true],
  ['a last message without its line end', [row(1, { type: 'mode' }), `${delivered(2)}\0`], true],
  ['nothing', [], false],
  ['what the client notes by itself', [row(1, { type: 'mode' }), enqueue(2), dequeue(3)], false],
  ['a message that is only spoken of', [row(1, { type: 'blob', text: '"type":"user"' })], false],
  ['a message that was cut', [enqueue(1), `${delivered(2).slice(0, 90)}\0`], false],
])('a transcript with %s can be resumed, or not', (_, lines, resumable) => {
  const file = join(temporaryFolder(), 'transcript.jsonl')
  writeFileSync(file, lines.map((line) => (line.endsWith('\0') ? line.slice(0, -1) : `${line}\n`)).join(''))
  expect(isResumable(file)).toBe(resumable)
})

test('a row without an end is not read for ever', () => {
  const file = join(temporaryFolder(), 'transcript.jsonl')
  writeFileSync(file, 'x'.repeat(9 * 1024 * 1024))
  expect(isResumable(file)).toBe(true)
})
