import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tmuxConf } from '../../src/multiplexer/tmux-conf.ts'
import {
  parseLoopPane,
  parseTmuxVersion,
  pieces,
  quoteForTmux,
  type TmuxResult,
  tmuxArgument,
  tmuxTrouble,
  tmuxWords,
} from '../../src/multiplexer/tmux-protocol.ts'

const ended: TmuxResult = { status: 1, stdout: '', stderr: '', timedOut: false, notFound: false }

test.each([
  ['duplicate session: web', 'duplicate'],
  ['no server running on /s/web', 'no-terminal'],
  ["can't find session: web", 'no-terminal'],
  ["can't find pane: %3", 'no-terminal'],
  ['error connecting to /s/web (No such file or directory)', 'no-terminal'],
  ['error connecting to /s/web (Connection refused)', 'no-terminal'],
  ['error connecting to /s/web (Permission denied)', 'no-permission'],
  ['error creating /s/web (No space left on device)', 'cannot-write'],
  ['server exited unexpectedly', 'server-went'],
  ['lost server', 'server-went'],
  ['something of tmux 9', 'other'],
  ['', 'other'],
])('takes %s for %s', (stderr, trouble) => {
  expect(tmuxTrouble({ ...ended, stderr: `${stderr}\n` })).toBe(trouble)
  expect(tmuxWords({ ...ended, stderr: `${stderr}\n` })).toBe(stderr || 'tmux ended with 1')
})

test('finds our pane among others, and none in garbage', () => {
  expect(parseLoopPane('%1 12 2 \n%0 7 2 loop\n')).toEqual({ id: '%0', pid: 7, attached: 2 })
  expect(parseLoopPane('%1 12 2 \n')).toBeNull()
  fc.assert(fc.property(fc.string(), (text) => void parseLoopPane(text)))
  fc.assert(
    fc.property(fc.nat({ max: 18 }), (length) => {
      expect(parseLoopPane('%0 4711 2 loop\n%1 1 1 loop'.slice(0, length))).toEqual(
        length < 14 ? null : { id: '%0', pid: 4711, attached: 2 },
      )
    }),
  )
})

test('reads the version', () => {
  expect(parseTmuxVersion('tmux 3.3a\n')).toEqual({ is: 'yes', value: '3.3a' })
  expect(parseTmuxVersion('tmux next-3.6\n')).toEqual({ is: 'yes', value: 'next-3.6' })
  expect(parseTmuxVersion('').is).toBe('unknown')
  fc.assert(fc.property(fc.string(), (text) => void parseTmuxVersion(text)))
})

test('cuts text without losing any of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 9 }), (text, length) => {
      const cut = pieces(text, length)
      expect(cut.join('')).toBe(text)
      for (const piece of cut) expect([...piece].length).toBeLessThanOrEqual(length)
    }),
  )
})

test('keeps a semicolon at the end of an argument', () => {
  expect(['a;', ';', 'a;b', 'a\\;', ''].map(tmuxArgument)).toEqual(['a\\;', '\\;', 'a;b', 'a\\\\;', ''])
  expect(quoteForTmux("it's")).toBe(`'it'"'"'s'`)
})

test('says what must hold after what the user says, and names no path to a shell', () => {
  const conf = {
    session: 'web',
    attachedFile: '/a b/$(x)',
    userConfig: '/c [1]/tmux.conf',
    terminal: 'tmux-256color',
  }
  const lines = tmuxConf(conf).split('\n')
  const at = (text: string) => lines.findIndex((line) => line.includes(text))
  expect(at('set -g default-terminal')).toBeLessThan(at('source-file'))
  for (const must of [
    'remain-on-exit off',
    'destroy-unattached off',
    'exit-empty on',
    'exit-unattached off',
    'set-hook',
  ])
    expect(at(must)).toBeGreaterThan(at('source-file'))
  expect(lines).toContain("source-file -q '/c \\[1\\]/tmux.conf'")
  expect(lines.filter((line) => line.includes('/a b/'))).toEqual([
    "set-environment -g CHANNELS_ATTACHED '/a b/$(x)'",
  ])
  expect(tmuxConf({ ...conf, userConfig: null })).not.toContain('source-file')
})
