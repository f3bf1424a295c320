import { expect, test, vi } from 'vitest'
import { isReason, type Reason, type ReasonName, reasons, remedyFor } from '../../src/core/reasons.ts'
import { exitStatus } from '../../src/errors.ts'
import { createProgram } from '../../src/program.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const refuse = () => Promise.reject(new Error('no command is run here'))
const program = createProgram({
  basics: refuse,
  look: refuse,
  world: refuse,
  print: () => undefined,
}).whole()
const commands = new Map(program.commands.map((command) => [command.name(), command]))
const all = Object.entries<Reason>(reasons) as [ReasonName, Reason][]

const fieldNames = [
  'state',
  'evidence',
  'withinS',
  'healing',
  'budget',
  'tell',
  'sentence',
  'remedy',
  'whose',
  'status',
  'seenOn',
]

test.each(all)('%s has every field, and nothing else', (_, reason) => {
  expect(Object.keys(reason).sort()).toEqual([...fieldNames].sort())
  for (const text of [reason.evidence, reason.sentence, reason.remedy, reason.seenOn])
    expect(text.trim()).toMatch(/\S{3}/)
  expect(reason.withinS).toBeGreaterThan(0)
  expect(Object.values(exitStatus)).toContain(reason.status)
  expect(reason.status).not.toBe(exitStatus.done)
})

test.each(all)('%s is said in whole sentences', (_, { sentence, remedy }) => {
  expect(sentence).toMatch(/^[A-Z].*\.$/)
  expect(remedy).toMatch(/^[A-Z`].*[.)]$/)
  expect(remedy.replaceAll(/<(session|plugin|channel)>/g, '')).not.toMatch(/<\w+>/)
})

// The groups of the catalogue (design, section 6).
test.each(all)(
  '%s: its state, its healing and whose it is go together',
  (_, { state, healing, budget, whose, tell }) => {
    expect(['recovering', 'blocked', 'down', 'unknown']).toContain(state)
    if (state === 'blocked') expect(tell).toBe('person')
    if (state === 'blocked') expect(['look', 'park']).toContain(healing)
    if (state === 'blocked' || state === 'down') expect(whose).not.toBe('nobody')
    if (state === 'recovering') expect(healing).not.toBe('look')
    if (state === 'unknown') expect(healing).toBe('look')
    // Whatever ends a client has a limit.
    if (healing === 'resume' || healing === 'park' || healing === 'continue') expect(budget).not.toBeNull()
  },
)

/** Every `channels …` between backticks. */
const named = ({ remedy }: Reason): readonly string[] =>
  [...remedy.matchAll(/`channels ([^`]+)`/g)].map(([, rest]) => rest ?? '')

test.each(all.flatMap(([name, reason]) => named(reason).map((line) => [name, line] as const)))(
  'the remedy of %s is a command there is: channels %s',
  (_, line) => {
    const [name = '', ...words] = line.split(' ')
    const command = commands.get(name)
    expect([...commands.keys()]).toContain(name)
    const known = command?.options.flatMap(({ long, short }) => [long, short]) ?? []
    for (const option of words.filter((word) => word.startsWith('-'))) expect(known).toContain(option)
  },
)

test('options that a remedy names beside its command exist somewhere', () => {
  const known = program.commands.flatMap((command) => command.options.map(({ long }) => long))
  const loose = all.flatMap(([, { remedy }]) =>
    [...remedy.replace(/`[^`]*`|\([^)]*\)/g, '').matchAll(/(?<=\s)--[a-z-]+/g)].map(([option]) => option),
  )
  expect(loose.length).toBeGreaterThan(0)
  for (const option of loose) expect(known).toContain(option)
})

test('a remedy that is a command’s names one', () => {
  const silent = all.filter(([, reason]) => reason.whose === 'command' && named(reason).length === 0)
  expect(silent.map(([name]) => name)).toEqual([])
})

test('a remedy is filled in', () => {
  const telegram = { id: 'plugin:telegram@m', kind: 'telegram' } as const
  expect(remedyFor('plugin-missing', 'work', telegram)).toBe(
    'Run `claude plugin install telegram@m`, then `channels up work`.',
  )
  for (const [name] of all)
    expect(remedyFor(name, 'work', telegram)).not.toMatch(/<(session|plugin|channel)>|--channel/)
})

test('a remedy is about the channel that it is for', () => {
  const telegram = { id: 'plugin:telegram@m', kind: 'telegram' } as const
  const discord = { id: 'plugin:discord@m', kind: 'discord' } as const
  const imessage = { id: 'plugin:imessage@m', kind: 'imessage' } as const
  const both = [telegram, discord]
  for (const name of ['no-server', 'trust-dialog'] as const)
    expect(remedyFor(name, 'work', discord, both)).toContain(
      '`channels setup plugin:discord@m --session work',
    )
  expect(remedyFor('token-missing', 'work', discord, both)).toBe(
    'Run `channels token work --channel discord` with the token of its bot.',
  )
  // The other one has no token.
  expect(remedyFor('token-missing', 'work', discord, [discord, imessage])).toContain('`channels token work`')
})

test.each([
  ['crash-loop', true],
  ['crash', false],
  ['', false],
  ['constructor', false],
  ['__proto__', false],
])('%j is a reason: %s', (name, is) => {
  expect(isReason(name)).toBe(is)
})
