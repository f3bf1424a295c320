import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { sessionSettings } from '../../src/core/session-setting.ts'
import { createProgram } from '../../src/program.ts'
import { type CommandLine, inlineCommandsOf, isMention, programsOf, typedCommandsOf } from './commands.ts'
import { inlineOf, pages, root } from './pages.ts'
import { linesOf, partsOf } from './shell-words.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const reached = new Error('no command is run here')
const refuse = () => Promise.reject(reached)
const options = { basics: refuse, look: refuse, world: refuse, print: () => undefined }
const names = createProgram(options)
  .whole()
  .commands.map((command) => command.name())

/** Null where the grammar takes it: then it gets as far as the world, or prints help. */
const faultOf = async (line: CommandLine): Promise<string | null> => {
  const [name = ''] = line.words
  if (names.includes(name) && isMention(line)) return null
  try {
    await createProgram(options).run(line.words)
    return line.words.some((word) => ['--help', '--version'].includes(word)) ? null : 'does nothing'
  } catch (error) {
    return error === reached ? null : String(error)
  }
}

const all = pages.flatMap((page) => [...inlineCommandsOf(page), ...typedCommandsOf(page)])

test('every `channels …` of the manual is taken by the grammar', async () => {
  const faults: string[] = []
  for (const line of all) {
    const fault = await faultOf(line)
    if (fault !== null) faults.push(`${line.page}: channels ${line.words.join(' ')}: ${fault}`)
  }
  expect(faults).toEqual([])
  expect(all.length).toBeGreaterThan(150)
})

test('every `channels set` sets something that there is, to something it may be', () => {
  const pairs = all
    .filter(({ words }) => words[0] === 'set')
    .flatMap(({ page, words }) =>
      words.slice(2).flatMap((word) => (word.startsWith('--') ? [] : [{ page, word }])),
    )
  const others = /^(env\.[A-Z_]+|folder|client|bun|environment)=/
  expect(pairs.length).toBeGreaterThan(5)
  expect(
    pairs.filter(
      ({ word }) =>
        !others.test(word) &&
        !(word.includes('=') && Object.hasOwn(sessionSettings, word.split('=')[0] ?? '')),
    ),
  ).toEqual([])
})

test('every `npm run` of the manual names a script', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    scripts: Readonly<Record<string, string>>
  }
  const said = pages.flatMap((page) => [
    ...inlineOf(page).flatMap((code) => (code.startsWith('npm ') ? partsOf(code) : [])),
    ...programsOf(page),
  ])
  const run = said.flatMap(([program, verb = '', name]) =>
    program !== 'npm' ? [] : verb === 'run' ? [name ?? ''] : verb === 'test' ? ['test'] : [],
  )
  expect(run.length).toBeGreaterThan(8)
  expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

/** What else the manual has people type into a shell. */
const programs = [
  ...[
    'channels',
    'npm',
    'node',
    'git',
    'cd',
    'mkdir',
    'rm',
    'tar',
    'claude',
    'bun',
    'tmux',
    'docker',
    'kubectl',
  ],
]

test('other programs in the blocks are ones that we mean', () => {
  const said = pages.flatMap((page) => programsOf(page).map(([program = '']) => `${page.path}: ${program}`))
  expect(said.filter((each) => !programs.includes(each.split(': ')[1] ?? ''))).toEqual([])
})

test('what is wrong is found', async () => {
  for (const words of ['frobnicate site', 'up --soon', 'attach one two', 'status --probe dead', 'send site'])
    expect(await faultOf({ page: '', words: words.split(' ') })).not.toBeNull()
  const page = { path: 'x.md', text: 'Say `channels status --probe live|ready`, `channels up <nobody>`.' }
  expect(() => inlineCommandsOf(page)).toThrow('what is <nobody>')
  expect(inlineCommandsOf({ ...page, text: page.text.replace(/, .*/, '') })).toMatchObject([
    { words: ['status', '--probe', 'live'] },
    { words: ['status', '--probe', 'ready'] },
  ])
  expect(linesOf('a \\\n  b\n# no\n\nc').flatMap(partsOf)).toEqual([['a', 'b'], ['c']])
  expect(partsOf(`a "b c" 'd e' # no`)).toEqual([['a', 'b c', 'd e']])
  expect(partsOf('a && b|c')).toEqual([['a'], ['b'], ['c']])
})
