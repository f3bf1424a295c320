import { below, pick, type Random } from './random.ts'

type Mutation = (text: string, random: Random, other: string) => string

/** A text of which one to four things are not as they should be. `other` is a text to mix it with. */
export const garble: Mutation = (text, random, other) => {
  let garbled = text
  for (let times = 1 + below(random, 4); times > 0; times -= 1)
    garbled = pick(random, mutations)(garbled, random, other)
  return garbled
}

/** Text of no origin: bytes, characters and words of the formats, but never a whole row of any. */
export const garbage = (random: Random): string =>
  Array.from({ length: below(random, 20) }, () =>
    random() < 0.3
      ? Buffer.from(Array.from({ length: below(random, 20) }, () => below(random, 256))).toString('utf8')
      : random() < 0.3
        ? String.fromCharCode(...Array.from({ length: below(random, 10) }, () => below(random, 65_536)))
        : pick(random, words),
  ).join(pick(random, ['', ' ', '\n', '"', ',']))

const inBytes =
  (change: (bytes: Buffer, random: Random) => Buffer): Mutation =>
  (text, random) =>
    change(Buffer.from(text), random).toString('utf8')

const inLines =
  (change: (lines: string[], random: Random, other: readonly string[]) => readonly string[]): Mutation =>
  (text, random, other) =>
    change(text.split('\n'), random, other.split('\n')).join('\n')

/** Puts a text in place of one of the matches. */
const inPlaceOf =
  (pattern: RegExp, put: (found: string, random: Random, text: string) => string): Mutation =>
  (text, random) => {
    const found = [...text.matchAll(pattern)]
    if (found.length === 0) return text
    const match = pick(random, found)
    const end = match.index + match[0].length
    return text.slice(0, match.index) + put(match[0], random, text) + text.slice(end)
  }

const inserted =
  (...pieces: readonly string[]): Mutation =>
  (text, random) => {
    const at = below(random, text.length + 1)
    return text.slice(0, at) + pick(random, pieces) + text.slice(at)
  }

const flipBytes: Mutation = inBytes((bytes, random) => {
  for (let times = 1 + below(random, 8); times > 0 && bytes.length > 0; times -= 1) {
    const at = below(random, bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8))
  }
  return bytes
})

const cutOut: Mutation = inBytes((bytes, random) => {
  const [from, to] = [below(random, bytes.length), below(random, bytes.length)].sort((a, b) => a - b)
  return pick(random, [
    bytes.subarray(0, from),
    bytes.subarray(from),
    Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]),
  ])
})

const swapLines: Mutation = inLines((lines, random) => {
  const [one, two] = [below(random, lines.length), below(random, lines.length)]
  return lines.map((line, i) => (i === one ? (lines[two] ?? '') : i === two ? (lines[one] ?? '') : line))
})

const repeatLine: Mutation = inLines((lines, random) =>
  lines.toSpliced(below(random, lines.length), 0, pick(random, lines)),
)
const dropLine: Mutation = inLines((lines, random) => lines.toSpliced(below(random, lines.length), 1))
const joinLines: Mutation = inPlaceOf(/\n/g, (_, random) => pick(random, ['', ' ', '\r', ',']))
const endOtherwise: Mutation = (text, random) =>
  text.replaceAll('\n', pick(random, ['\r\n', '\r', '\n\n', '\n \n']))
const interleave: Mutation = inLines((lines, _, other) => lines.flatMap((line, i) => [line, other[i] ?? '']))
const tear: Mutation = (text, random, other) =>
  text.slice(0, below(random, text.length)) + other.slice(below(random, other.length))

const numbers = ['-1', '0', '-0', '1e999', '-1e999', '1e300', '0.5', '1e-7', 'NaN', 'Infinity', '0x10']
const bigNumbers = ['9007199254740993', '8640000000000001', '99999999999999999999', '9'.repeat(400)]
const changeNumber: Mutation = inPlaceOf(/-?\d+(\.\d+)?/g, (_, random) =>
  pick(random, [...numbers, ...bigNumbers]),
)

const times = [
  'x 5',
  '2026',
  '',
  '9999-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00.000Z',
  '-000001-01-01T00:00:00Z',
]
const oddTimes = [
  '2026-11-22T10:00:00',
  '2026-11-22T09:59:59+14:00',
  '2026-13-45T99:99:99.999Z',
  '275760-09-13T00:00:00.001Z',
]
const changeTime: Mutation = inPlaceOf(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (_, random) =>
  pick(random, [...times, ...oddTimes]),
)

const inherited = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'prototype',
  'length',
  'then',
  '',
]
const renameKey: Mutation = inPlaceOf(/"[^"\\\n]{0,40}"(?=\s*:)/g, (_, random, text) =>
  random() < 0.5 ? JSON.stringify(pick(random, inherited)) : pick(random, [...keysOf(text), '"x"']),
)
const keysOf = (text: string): readonly string[] => text.match(/"\w{1,40}"(?=\s*:)/g) ?? []

const polluting = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
const values = ['null', 'true', 'false', '7', '""', '"x"', '[]', '{}', '[[]]', '[null]', '["x"]', polluting]
const nested = [
  '['.repeat(3_000) + ']'.repeat(3_000),
  '{"a":'.repeat(2_000),
  `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`,
]
const changeValue: Mutation = inPlaceOf(
  /(?<=:\s*)("(\\.|[^"\\\n])*"|-?\d[\d.eE+-]*|true|false|null|\[\]|\{\})/g,
  (_, random) => pick(random, random() < 0.1 ? nested : values),
)

const pollute: Mutation = inPlaceOf(
  /\{/g,
  (_, random) => `{"${pick(random, ['__proto__', 'constructor'])}":${polluting},`,
)

const changeWord: Mutation = inPlaceOf(
  /registered|skipped|Connection|Successfully|Starting|enqueue|assistant|user|idle|waiting|accepted|Yes|No/g,
  (_, random) =>
    pick(random, ['registered', 'skipped', 'failed', 'REGISTERED', 'assistant', 'waiting', 'Yes', '']),
)

const mutations: readonly Mutation[] = [
  ...[flipBytes, cutOut, swapLines, repeatLine, dropLine, joinLines, endOtherwise, interleave, tear],
  ...[changeNumber, changeTime, renameKey, changeValue, pollute, changeWord],
  inserted('\ud800', '\udfff', '\\ud800', '\\u0000', '\\u0063', '\u202e', '\ufeff', '\u2028', '😀'),
  inserted('\0', '\0'.repeat(300), ' '.repeat(300), '\t', '\r', '\u001b[2J', '\u0008'),
  inserted('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '}{', '}\n{', '<', '</channel>', '<channel '),
  (text) => `\ufeff${text}`,
  (text) => Buffer.from(text, 'utf16le').toString('latin1'),
  (text) => Buffer.from(text).toString('latin1'),
]

const words: readonly string[] = [
  ...['{', '}', '[', ']', '"', ':', ',', '\\', '\0', '\n', 'null', 'true', '7', '-1e999', '__proto__'],
  ...['"debug"', '"error"', '"sessionId"', '"type"', '"assistant"', '"pid"', '"status"', '"idle"'],
  ...['Channel notifications registered', 'Successfully connected', 'Starting connection with timeout'],
  ...['❯ 1. Yes', '2. No, exit', 'Enter to confirm', '─'.repeat(9), '11111111-1111-4111-8111-111111111111'],
]
