import { expect, test } from 'vitest'
import { status } from '../../src/commands/status.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { redact } from '../../src/core/redact.ts'
import { emptySettings } from '../../src/core/settings.ts'
import { ExpectedError, exitStatus } from '../../src/errors.ts'
import { client, evidence, noon, session } from '../core/evidence-builder.ts'

const other = { ...session, name: 'other' }

/** Prints the status of the session and another one, whose evidence is what `observe` makes of it. */
const show = async (observe: () => Evidence, as: 'table' | 'json' | 'plain' = 'table', env = {}) => {
  const lines: string[] = []
  const prose: string[] = []
  const settings = { ...emptySettings, sessions: { work: session, other } }
  const code = await status([], as, {
    settings: { read: () => settings, update: async () => settings },
    observe: async ({ name }) => (name === 'other' ? { ...observe(), session: other } : evidence()),
    probe: async () => ({}),
    seeKeeper: () => null,
    clock: { now: () => noon, elapsed: () => 0, sleep: async () => undefined },
    redact,
    env,
    columns: () => null,
    cancelled: new AbortController().signal,
    output: {
      print: (line) => void lines.push(line),
      printAll: (all) => {
        lines.push(...all.map(([line]) => line))
        prose.push(...all.flatMap(([line, as]) => (as === 'prose' ? [line] : [])))
      },
      say: () => undefined,
      colour: () => false,
      terminal: () => false,
      interactive: () => false,
    },
  })
  return { code, lines, prose, text: lines.join('\n') }
}

test('a session whose records cannot be read hides no other one', async () => {
  const refuse = () => {
    throw new ExpectedError(exitStatus.noPermission, 'Cannot read run.json.', 'Look whose it is.')
  }
  const { code, text } = await show(refuse)
  expect(code).toBe(1)
  expect(text).toMatch(/^work +live/m)
  expect(text).toMatch(/^other +unknown/m)
  expect(text).toContain('Seen: Cannot read run.json.')
  const document = JSON.parse((await show(refuse, 'json')).text)
  expect(document).toMatchObject({ live: 1, total: 2, keeper: { pid: 4600 } })
})

test('a bug stays one', async () => {
  const bug = () => {
    throw new TypeError('a bug')
  }
  await expect(show(bug)).rejects.toThrow('a bug')
})

test('a dialog that nobody knows is shown as it stands, without a token', async () => {
  const text = 'Pick one:\n ❯ 1. Yes\n   2. 123456789:AAtest-made-up-token-0123456789abcdef\n'
  const seen = evidence({ client: client({ file: null, dialog: { name: 'unknown-dialog', text } }) })
  const shown = await show(() => seen)
  expect(shown.lines).toEqual(expect.arrayContaining(['  | Pick one:', '  |  ❯ 1. Yes']))
  expect(shown.text).not.toContain('AAtest')
  expect((await show(() => seen, 'json')).text).not.toContain('AAtest')
})

test('what is said of a session may be broken into lines; tables, dialogs and JSON never', async () => {
  const text = 'Pick one:\n ❯ 1. Yes\n'
  const dialog = { name: 'unknown-dialog', text } as const
  const seen = evidence({ keeper: null, client: client({ file: null, dialog }) })
  const { lines, prose } = await show(() => seen)
  expect(lines.filter((line) => /^(SESSION|work|other) {2}|^ {2}\| |^$/.test(line))).toHaveLength(6)
  expect(prose).toEqual(lines.filter((line) => /^(?:other: | {2}[^ |])/.test(line)))
  expect(prose).toContainEqual(expect.stringMatching(/^other: no keeper .*\[keeper-missing\]$/))
  expect((await show(() => seen, 'json')).prose).toEqual([])
})

test('plain is a line a session, also for who has everything read aloud; JSON stays JSON', async () => {
  const { lines, prose } = await show(() => evidence(), 'plain')
  expect(lines).toEqual([expect.stringMatching(/^work is live: /), expect.stringMatching(/^other is live: /)])
  expect(prose).toEqual(lines)
  expect((await show(() => evidence(), 'table', { ACCESSIBLE: '1' })).lines).toEqual(lines)
  expect((await show(() => evidence(), 'table', { ACCESSIBLE: '0' })).lines[0]).toMatch(/^SESSION/)
  expect(JSON.parse((await show(() => evidence(), 'json', { ACCESSIBLE: '1' })).text)).toMatchObject({
    total: 2,
  })
})
