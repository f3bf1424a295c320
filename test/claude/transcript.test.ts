import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientPaths } from '../../src/claude/paths.ts'
import { findTranscript, foldTranscript, isResumable } from '../../src/claude/transcript.ts'
import { emptyTranscript } from '../../src/core/client.ts'
import { temporaryFolder } from './temporary-folder.ts'

const at = (second: number) => Date.parse('2026-11-22T12:54:00.000Z') + second * 1000
const row = (second: number, fields: object) =>
  JSON.stringify({ timestamp: new Date(at(second)).toISOString(), sessionId: 's', ...fields })
const fold = (...lines: readonly string[]) => lines.reduce(foldTranscript, emptyTranscript)

const enqueue = (second: number) =>
  row(second, {
    type: 'queue-operation',
    operation: 'enqueue',
    content: '<channel source="plugin:telegram:telegram">x</channel>',
  })
const dequeue = (second: number) => row(second, { type: 'queue-operation', operation: 'dequeue' })
const delivered = (second: number) =>
  row(second, {
    type: 'user',
    isMeta: true,
    message: { role: 'user', content: '<channel source="plugin:telegram:telegram" chat_id="42">x</channel>' },
    origin: { kind: 'channel', server: 'plugin:telegram:telegram' },
  })
const answer = (second: number) =>
  row(second, { type: 'assistant', message: { model: 'claude-opus-5-5', content: [] } })
const failure = (second: number, status: number, error: string) =>
  row(second, {
    type: 'assistant',
    isApiErrorMessage: true,
    apiErrorStatus: status,
    error,
    message: { model: '<synthetic>', content: [] },
  })

test('three messages, two of them while the client was busy, as 2.1.330 wrote them', () => {
  const busy = fold(enqueue(14), dequeue(14), delivered(14), enqueue(15), enqueue(17))
  expect(busy).toEqual({ ...emptyTranscript, delivered: 1, lastDeliveredAt: at(14), queued: 2 })
  expect(
    [dequeue(20), dequeue(20), delivered(20), delivered(20), answer(21)].reduce(foldTranscript, busy),
  ).toEqual({
    ...emptyTranscript,
    delivered: 3,
    lastDeliveredAt: at(20),
    lastAssistantAt: at(21),
  })
})

test('what leaves the queue otherwise is not waiting either, and it never gets below empty', () => {
  const left = (operation: string) => row(1, { type: 'queue-operation', operation })
  expect(fold(enqueue(1), enqueue(1), left('popAll')).queued).toBe(1)
  expect(fold(enqueue(1), left('remove'), left('remove'), enqueue(2)).queued).toBe(1)
  expect(fold(enqueue(1), left('something new')).queued).toBe(1)
})

test.each([
  [401, 'authentication_failed'],
  [429, 'rate_limit'],
])('an API failure %s stands until an answer succeeds', (status, error) => {
  const failed = fold(answer(1), failure(2, status, error))
  expect(failed).toMatchObject({ lastAssistantAt: at(1), apiFailure: { at: at(2), status, error } })
  expect(
    foldTranscript(failed, row(3, { type: 'assistant', message: { model: '<synthetic>' } })).apiFailure,
  ).not.toBeNull()
  expect(foldTranscript(failed, answer(3)).apiFailure).toBeNull()
})

test('what a person typed is no delivery', () => {
  expect(
    fold(
      row(1, { type: 'user', origin: { kind: 'human' }, message: {} }),
      row(2, { type: 'user', message: {} }),
    ),
  ).toEqual(emptyTranscript)
})

test('cut, garbled and future lines change nothing', () => {
  const texts = [delivered(1), answer(1), enqueue(1), failure(1, 429, 'x')]
  const cut = fc
    .tuple(fc.constantFrom(...texts), fc.nat(300))
    .filter(([text, length]) => length < text.length)
    .map(([text, length]) => text.slice(0, length))
  fc.assert(
    fc.property(fc.oneof(cut, fc.string(), fc.json({ maxDepth: 1 })), (line) => {
      expect(fold(line)).toEqual(emptyTranscript)
    }),
  )
  expect(fold('{"type":"assistant"}', '{"type":"a-new-thing"}', 'null')).toEqual(emptyTranscript)
})

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
