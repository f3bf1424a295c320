import { expect, test } from 'vitest'
import { emptyTranscript } from '../../src/core/client.ts'
import { withRetries } from '../../src/core/retrying.ts'
import { judge } from '../../src/core/verdict.ts'
import { client, evidence, noon, seconds } from './evidence-builder.ts'

const line = { cause: 'other', nextAt: noon + 9 * seconds, attempt: 5 } as const
const at = noon - 20 * seconds
const busy = { ...emptyTranscript, lastRowAt: at }

test('what the screen says stands for rows that are not written', () => {
  const { retrying } = withRetries(busy, line, noon) ?? emptyTranscript
  expect(retrying).toEqual({ since: at, at: noon, times: 5, status: null, nextAt: line.nextAt })
  const { state, reason, detail } = judge(
    evidence({ client: client({ transcript: withRetries(busy, line, noon), retry: line }) }),
    noon,
  )
  expect([state, reason]).toEqual(['recovering', 'model-failing'])
  expect(detail).toContain('asked 6 times since')
})

test('where rows are written, or no line is there, nothing is added', () => {
  const written = { ...busy, retrying: { since: at, at, times: 1, status: 529, nextAt: null } }
  expect(withRetries(written, line, noon)).toBe(written)
  expect(withRetries(busy, null, noon)).toBe(busy)
  expect(withRetries(null, line, noon)).toBeNull()
})
