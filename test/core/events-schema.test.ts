import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { explainLogLine } from '../../src/claude/mcp-log-words.ts'
import { channelReader, terminalReader } from '../../src/commands/log-sources.ts'
import { yes } from '../../src/core/answer.ts'
import { iso } from '../../src/core/duration.ts'
import type { Event } from '../../src/core/events.ts'
import { eventRows } from './event-rows.ts'
import { noon, session } from './evidence-builder.ts'

const schema = JSON.parse(readFileSync(new URL('../../docs/events.schema.json', import.meta.url), 'utf8'))
const fits = new Ajv2020({ allErrors: true, strictTypes: false, allowUnionTypes: true }).compile(schema)
const faults = (document: object): unknown[] =>
  fits(JSON.parse(JSON.stringify(document))) ? [] : (fits.errors ?? [])

const printed = (event: object) => ({ at: iso(noon), source: 'keeper', session: 'work', ...event })
// Which types there are the compiler sees to: test/core/event-rows.ts has to have each.
const events: readonly Event[] = Object.values(eventRows).flatMap((rows) => rows.map(([event]) => event))

test.each(events)('%o is as the schema says, and no less', (event) => {
  expect(faults(printed(event))).toEqual([])
  for (const field of Object.keys(event).filter((key) => key !== 'type')) {
    const { [field]: _, ...lacking } = printed(event) as Record<string, unknown>
    expect(faults(lacking), `without ${field}`).not.toEqual([])
    expect(faults({ ...printed(event), [field]: { a: 1 } }), `${field} of another type`).not.toEqual([])
  }
})

test('what the client logs and what stands in the terminal is typed too', async () => {
  const explained = explainLogLine('Channel notifications registered')
  const channelLog = () => async () => [
    { at: noon, channel: 'server:x', text: 'Channel notifications registered', explained },
    { at: noon, channel: 'server:x', text: 'Server stderr: hello', explained: null },
  ]
  const clock = { now: () => noon, elapsed: () => 0, sleep: async () => undefined }
  const output = {
    print: () => undefined,
    printAll: () => undefined,
    say: () => undefined,
    colour: () => false,
    terminal: () => false,
    interactive: () => false,
  }
  const wanted = { last: 9, since: null }
  const logged = await channelReader(session, wanted, { channelLog })()
  const shown = await terminalReader(session, { clock, output, screen: async () => yes('a\nb') })()
  for (const { source, entry } of [...logged, ...shown])
    expect(faults({ ...printed(entry), source })).toEqual([])
  expect([...logged, ...shown].map(({ entry }) => entry.type)).toEqual([
    ...['log-line', 'log-line', 'screen-line', 'screen-line'],
  ])
})

test('the schema has no type that nothing writes, and of each type every field', () => {
  const known = new Map<string, Set<string>>(
    events.map(({ type, ...event }) => [type, new Set(Object.keys(event))]),
  )
  const listed = schema.allOf.map((each: { if: { properties: { type: { const: string } } } }) =>
    String(each.if.properties.type.const),
  )
  expect(new Set(listed)).toEqual(new Set([...known.keys(), 'log-line', 'screen-line']))
  for (const [type, keys] of known) expect(new Set(Object.keys(schema.$defs[type].properties))).toEqual(keys)
})

test('a type of a later release, and a later field, are no fault', () => {
  expect(faults(printed({ type: 'parked', why: 'x' }))).toEqual([])
  expect(faults(printed({ type: 'left', by: 'person', later: true }))).toEqual([])
  expect(faults(printed({ type: 7 }))).not.toEqual([])
})
