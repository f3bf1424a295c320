import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { checkPermissionMode } from '../../src/claude/arguments.ts'
import { grammarClaims, withChoices } from './claims.ts'
import { readBash } from './read-bash.ts'
import { readFish, readValued } from './read-fish.ts'
import { readZsh } from './read-zsh.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const grammar = grammarClaims()
const files = [
  ['completions/channels.bash', readBash],
  ['completions/_channels', readZsh],
  ['completions/channels.fish', readFish],
] as const
const textOf = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

/** What a file lacks of the grammar, and what it has beyond it. */
const drift = (file: string, claims: readonly string[]): readonly string[] => {
  const closed = withChoices(grammar)
  // Where the grammar leaves a value open a file may have words for it.
  const isOpen = (text: string) =>
    / for (--.*)$/.test(text) && !closed.has(/ for (--.*)$/.exec(text)?.[1] ?? '')
  return [
    ...[...new Set(grammar)].filter((each) => !claims.includes(each)).map((each) => `${file} lacks ${each}`),
    ...[...new Set(claims)]
      .filter((each) => !grammar.includes(each) && !isOpen(each))
      .map((each) => `${file} has ${each}, and the grammar has not`),
  ]
}

test('the grammar is walked whole', () => {
  expect(grammar.length).toBeGreaterThan(150)
  expect(grammar).toEqual(
    expect.arrayContaining([
      'the command status',
      'the command service install',
      '--json of status',
      '-n of logs',
      'that --cwd of setup takes a value',
      'live for --probe of status',
      'keeper for --source of logs',
      'telegram as what setup is about',
      'allow as what access is about',
      'the sessions for up',
      'restart.update of set',
    ]),
  )
  for (const hidden of ['launch', '--in-terminal', '--every'])
    expect(grammar.filter((each) => each.includes(hidden))).toEqual([])
})

test.each(files)('%s offers what the grammar has, and nothing else', (file, read) => {
  expect(drift(file, read(textOf(file)))).toEqual([])
})

test('completions/channels.fish knows which options take a value', () => {
  const takes = grammar.flatMap((each) => /^that (\S+) of .* takes a value$/.exec(each)?.[1] ?? [])
  expect([...readValued(textOf('completions/channels.fish'))].sort()).toEqual([...new Set(takes)].sort())
})

/** How each file says it, and what is found once it does not. */
const tampered = [
  ['--watch of status', / --watch(?= --plain)/, /^ +'--watch\[.*\n/m, /^complete.*-l watch .*\n/m],
  ['--no-listen of up', / --no-listen/, /^ +'--no-listen\[.*\n/m, /^complete.*-l no-listen .*\n/m],
  ['the command attach', / attach(?= )/, /^ +'attach:.*\n/m, /^complete.* __channels_start -a attach .*\n/m],
  ['ready for --probe of status', / ready(?=')/, / ready(?=\))/, / ready(?=')/],
  ['restart.window of set', / restart\.window=/, /^ +'restart\.window:.*\n/m, /^ +restart\.window= .*\n/m],
  [
    'the sessions for down',
    / 'down '\* \|/,
    /(?<= down\)\n.*\n) .*\n/,
    /^complete.*__channels_at down' .*\n/m,
  ],
  ['policy as what access is about', / policy(?=')/, / policy(?=\))/, / policy(?=')/],
] as const

test.each(tampered)('%s: where it is missing that is said', (what, ...patterns) => {
  files.forEach(([file, read], i) => {
    const text = textOf(file)
    const changed = text.replace(patterns[i] ?? '', '')
    expect(changed).not.toBe(text)
    expect(drift(file, read(changed)).filter((each) => !each.endsWith('behind help'))).toEqual([
      `${file} lacks ${what}`,
    ])
  })
})

test.each(files)('%s: an option of one command does not count for another', (file, read) => {
  const changed = textOf(file).replace(/--purge|-l purge/, file.endsWith('fish') ? '-l fresh' : '--fresh')
  expect(drift(file, read(changed))).toEqual([
    `${file} lacks --purge of remove`,
    `${file} has --fresh of remove, and the grammar has not`,
  ])
})

test.each(files)('%s offers permission modes that the client has', (file) => {
  const modes = [...textOf(file).matchAll(/\b(default(?: [a-zA-Z]+)+)/g)].flatMap(([, list = '']) =>
    list.split(' '),
  )
  expect(modes.length).toBeGreaterThan(5)
  for (const mode of modes) expect(() => checkPermissionMode(mode)).not.toThrow()
})

test.each(files)('%s goes through `channels completion` as it is', (file) => {
  // What is printed keeps no control character but the end of a line.
  expect(textOf(file)).toMatch(/^[ -~\n]*[^\n]\n$/)
})
