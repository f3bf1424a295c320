import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { screenConf } from '../../src/multiplexer/screen-conf.ts'
import {
  asShown,
  decodeHardcopy,
  parseScreenVersion,
  quoteForShell,
  type ScreenResult,
  screenArgument,
  screenRefusal,
  screenTrouble,
  screenWords,
  stuffArguments,
} from '../../src/multiplexer/screen-protocol.ts'

const ended: ScreenResult = { status: 1, stdout: '', stderr: '', timedOut: false, notFound: false }

test.each([
  ['No screen session found.\n', 'no-terminal', 'No screen session found'],
  [
    'There is no screen to be attached matching 7.web.\n',
    'no-terminal',
    'There is no screen to be attached matching 7.web',
  ],
  ["Directory '/s' must have mode 700.\r\n", 'other', "Directory '/s' must have mode 700"],
  ['Use: screen [-opts] [cmd [args]]\n or: screen -r\n', 'other', 'screen ended with 1'],
  ['', 'other', 'screen ended with 1'],
] as const)('takes %j for %s', (stdout, trouble, words) => {
  expect(screenTrouble({ ...ended, stdout })).toBe(trouble)
  expect(screenWords({ ...ended, stdout })).toBe(words)
  expect(screenRefusal({ ...ended, stdout }).is).toBe(trouble === 'no-terminal' ? 'no' : 'unknown')
})

test('what never ran, never answered or went well', () => {
  expect(screenTrouble({ ...ended, notFound: true })).toBe('not-installed')
  expect(screenTrouble({ ...ended, timedOut: true })).toBe('timeout')
  expect(screenTrouble({ ...ended, status: 0 })).toBeNull()
  expect(screenWords({ ...ended, timedOut: true })).toBe('screen did not answer in time')
})

test.each([
  ['Screen version 4.09.00 (GNU) 30-Jan-22\n', { is: 'yes', value: '4.9.0' }],
  ['Screen version 4.09.01 (GNU) 20-Aug-23\n', { is: 'yes', value: '4.9.1' }],
  ['Screen version 5.0.0 (build on 2024-08-28 20:14:35)\n', { is: 'yes', value: '5.0.0' }],
  ['Screen version 4.02.01 (GNU) 28-Apr-14\n', { is: 'yes', value: '4.2.1' }],
  [
    'Screen version 4.00.03 (FAU) 23-Oct-06\n',
    { is: 'no', detail: 'screen 4.0.3 is too old: 4.2 is needed' },
  ],
  ['Must be connected to a terminal.', { is: 'unknown' }],
  ['', { is: 'unknown' }],
] as const)('the version %j', (printed, answer) => {
  expect(parseScreenVersion(printed)).toMatchObject(answer)
})

test('an argument has nothing that screen would expand, and says every byte', () => {
  const said = (argument: string): string =>
    Buffer.from(
      argument.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
      'latin1',
    ).toString('utf8')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (whole) => {
      expect(screenArgument(whole)).toMatch(/^([\w./-]|\\\d{3})*$/)
      expect(said(screenArgument(whole))).toBe(whole)
      const pieces = stuffArguments(whole.repeat(50))
      expect(pieces.every((piece) => piece.length > 0 && piece.length <= 500)).toBe(true)
      // None begins within a character: each is text by itself.
      expect(pieces.map(said).join('')).toBe(whole.repeat(50))
    }),
  )
})

test('a word of a shell comes back as it was', () => {
  for (const word of ['', "it's", '$HOME `x` "\\', 'a\nb', '-n', '*'])
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${quoteForShell(word)}`], { encoding: 'utf8' })).toBe(
      word,
    )
})

test('a hardcopy is lines of text, whatever its bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = decodeHardcopy(Buffer.from(bytes))
      expect(text.split('\n')).toHaveLength([...bytes].filter((byte) => byte === 10).length + 1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the claim
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    }),
  )
  expect(decodeHardcopy(Buffer.from([0, 0, 2, 0x6f, 0xa0, 0xe9, 0x13]))).toBe(
    '\u2500\u2500\u2502o\u00a0\u00e9\u00b7',
  )
})

test('a text as it is read back: the low byte of each letter, a wide one once', () => {
  expect(asShown('say it, é')).toBe('say it, é')
  expect(asShown('❯ Ж')).toBe('o \u00b7')
  expect(asShown('漢')).toBe('"')
  expect(asShown('👍🏽')).toBe('Mý')
})

test('the configuration ends with what must hold, the user’s own in between', () => {
  const text = screenConf({ userConfig: '/c "$HOME"/^A\\screenrc', terminal: 'screen-256color' })
  const lines = text.split('\n')
  const source = lines.indexOf('source "/c \\"\\$HOME\\"/\\^A\\\\screenrc"')
  expect(source).toBeGreaterThan(lines.indexOf('term screen-256color'))
  for (const held of ['zombie', 'autodetach on', 'defnonblock on', 'defutf8 on', 'startup_message off'])
    expect(lines.indexOf(held), held).toBeGreaterThan(source)
  expect(screenConf({ userConfig: null, terminal: 'screen' })).not.toContain('source')
})
