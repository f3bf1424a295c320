import { expect, test } from 'vitest'
import {
  type Draft,
  emptyDraft,
  offerDraft,
  readDraft,
  writeDraft,
} from '../../../src/commands/setup/draft.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Ask, Deps } from '../../../src/deps.ts'
import { noon, session } from '../../core/evidence-builder.ts'

const telegram = 'plugin:telegram@claude-plugins-official'
const answered: Draft = { ...emptyDraft(telegram, noon), cwd: '/site', session: 'work' }

/** What a later setup finds of these answers; `isThere`: the settings know the session. */
const found = (draft: Draft, isThere: boolean, channel = telegram): Draft | null => {
  let text: string | null = null
  const deps = {
    folders: { state: '/state' },
    clock: { now: () => noon },
    files: {
      makeFolder: () => undefined,
      readText: () => text,
      writeText: (_: string, written: string) => {
        text = written
      },
    },
    settings: { read: () => ({ ...emptySettings, sessions: isThere ? { work: session } : {} }) },
  } as unknown as Deps
  writeDraft(draft, deps)
  return readDraft(channel, deps)
}

test('answers are found again, by the same channel only', () => {
  expect(found(answered, false)).toEqual(answered)
  expect(found(answered, false, 'plugin:telegram@elsewhere')).toBeNull()
})

test('what is set up goes on', () => {
  expect(found({ ...answered, applied: true }, true)).toEqual({ ...answered, applied: true })
})

test('set up, and removed since: they are answers only, and offered as that', async () => {
  const left = found({ ...answered, applied: true }, false)
  expect(left).toEqual(answered)
  const hints: unknown[] = []
  const choose: Ask['choose'] = async ({ options: [first] }) => {
    hints.push(first?.hint)
    return 'on' as never
  }
  await offerDraft(left ?? answered, { choose } as unknown as Ask, {} as unknown as Deps)
  expect(hints).toEqual(['answers so far are kept'])
})
