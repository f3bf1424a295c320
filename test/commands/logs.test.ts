import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type LogsOptions, logs } from '../../src/commands/logs.ts'
import { emptySettings } from '../../src/core/settings.ts'
import { createJournal } from '../../src/system/journal.ts'
import { createTail } from '../../src/system/tail.ts'
import { noon, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const plain: LogsOptions = { follow: false, last: 100, since: null, sources: ['keeper'], json: false }

const reader = () => {
  let at = noon
  const journal = createJournal(join(ownFolder(), 'journal.jsonl'), { now: () => at++ })
  const settings = { ...emptySettings, sessions: { work: session } }
  const show = async (options: Partial<LogsOptions>) => {
    const lines: string[] = []
    await logs(
      'work',
      { ...plain, ...options },
      {
        settings: { read: () => settings, update: async () => settings },
        output: {
          print: (line) => void lines.push(line),
          printAll: () => undefined,
          say: () => undefined,
          colour: () => false,
          terminal: () => false,
          interactive: () => false,
        },
        cancelled: new AbortController().signal,
        clock: { now: () => noon, elapsed: () => 0, sleep: async () => undefined },
        journal,
        createTail,
        channelLog: () => async () => [],
        screen: async () => '',
        keepCode: () => undefined,
      },
    )
    return lines
  }
  return { journal, show }
}

test('the newest lines are shown of a journal longer than one read', async () => {
  const { journal, show } = reader()
  const detail = 'x'.repeat(1_000_000)
  for (let i = 0; i < 5; i += 1) journal.append('work', { type: 'fault', what: `${i}`, detail })
  journal.append('work', { type: 'fault', what: 'newest', detail: 'here' })
  expect((await show({ last: 1 }))[0]).toContain('newest')
})

test('no lines when none are asked for', async () => {
  const { journal, show } = reader()
  for (const what of ['one', 'two']) journal.append('work', { type: 'fault', what, detail: '' })
  expect(await show({ last: 0 })).toEqual([])
  expect((await show({ last: 1 })).join()).toContain('two')
  expect((await show({ last: 9 })).length).toBe(2)
})
