import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { folderGoneStatus, launchScript } from '../../src/claude/launch-script.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Prints its folder, arguments and environment as JSON. */
const printer = `#!${process.execPath}
process.stdout.write(JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), env: process.env }))
`

const setUp = () => {
  const folder = temporaryFolder()
  const client = join(folder, "the 'client' $(x)")
  const cwd = join(folder, '-a "folder" `x`')
  mkdirSync(cwd)
  writeFileSync(client, printer, { mode: 0o755 })
  return { folder, client, cwd, file: join(folder, 'launch.sh'), pidFile: join(folder, "client's pid") }
}

const execute = (shell: string, file: string, env: Readonly<Record<string, string>>) =>
  JSON.parse(execFileSync(shell, [file], { env: { PATH: '/usr/bin:/bin', ...env }, encoding: 'utf8' }))

const shells = ['dash', 'bash', 'sh']

const nasty = [
  '',
  ' ',
  "it's",
  '"quoted"',
  '$(touch x)',
  '`id`',
  '$HOME',
  'two\nlines\n',
  'back\\slash\\',
  '*',
  '~',
  '-n',
  '--',
  '!x',
  'ä☃',
  '\t',
  "'",
  "''",
  '#',
  ';',
  '&',
]

test.each(shells)('%s hands arguments and variables over as they are', (shell) => {
  const { client, cwd, file, pidFile } = setUp()
  const env = Object.fromEntries(nasty.map((value, i) => [`V${i}`, value]))
  writeFileSync(file, launchScript({ client, args: nasty, env, cwd, pidFile }))
  const seen = execute(shell, file, {})
  expect(seen.args).toEqual(nasty)
  expect(seen.cwd).toBe(cwd)
  expect(seen.env).toMatchObject(env)
})

test.each(shells)(
  '%s forgets what the terminal was started with, but for TERM, locale and time zone',
  (shell) => {
    const { client, cwd, file, pidFile } = setUp()
    writeFileSync(
      file,
      launchScript({ client, args: [], env: { PATH: '/bin', HOME: '/home/me' }, cwd, pidFile }),
    )
    const inherited = {
      TMUX: '/s,1,0',
      TMUX_PANE: '%1',
      STY: '1.x',
      CLAUDECODE: '1',
      CLAUDE_CODE_MESSAGING_TOKEN: 'secret',
      TELEGRAM_BOT_TOKEN: '123456789:AAtest',
      HOME: '/else',
      LINES_OF_TEXT: 'a\nPATH=/evil\nTERM=evil\nb',
      'not-a-name': 'x',
      TERM: 'screen-256color',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'C.UTF-8',
      TZ: 'Europe/Berlin',
    }
    const { env } = execute(shell, file, inherited)
    expect(env).toMatchObject({
      PATH: '/bin',
      HOME: '/home/me',
      TERM: 'screen-256color',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'C.UTF-8',
      TZ: 'Europe/Berlin',
    })
    const shellsOwn = ['_', 'PWD', 'OLDPWD', 'SHLVL', 'not-a-name']
    expect(
      Object.keys(env)
        .filter((name) => !shellsOwn.includes(name))
        .sort(),
    ).toEqual(['HOME', 'LANG', 'LC_ALL', 'PATH', 'TERM', 'TZ'])
  },
)

test.each(shells)('%s ends with a status of its own when the folder is gone', (shell) => {
  const { client, folder, file, pidFile } = setUp()
  writeFileSync(file, launchScript({ client, args: [], env: {}, cwd: join(folder, 'gone'), pidFile }))
  expect(() => execFileSync(shell, [file], { stdio: 'pipe' })).toThrow(
    expect.objectContaining({ status: folderGoneStatus }),
  )
})

test('the script becomes the client, no shell stays between, and its pid is written down', () => {
  const { folder, cwd, file, pidFile } = setUp()
  const client = join(folder, 'pid')
  writeFileSync(client, '#!/bin/sh\necho $$ $PPID\n', { mode: 0o755 })
  writeFileSync(file, launchScript({ client, args: [], env: {}, cwd, pidFile }))
  const [own, parent] = execFileSync('sh', [file], { encoding: 'utf8' }).trim().split(' ')
  expect(Number(parent)).toBe(process.pid)
  expect(readFileSync(pidFile, 'utf8')).toBe(`${own}\n`)
})

test.each(shells)('%s starts the client when the pid can not be written', (shell) => {
  const { client, cwd, folder, file } = setUp()
  writeFileSync(
    file,
    launchScript({ client, args: ['a'], env: {}, cwd, pidFile: join(folder, 'gone', 'pid') }),
  )
  expect(execute(shell, file, {}).args).toEqual(['a'])
})

test.each(['', '1A', 'A-B', 'A=B', 'A B', 'A\nB', 'A;rm', 'Ä'])('%j is no variable name', (name) => {
  expect(() =>
    launchScript({ client: '/c', args: [], env: { [name]: 'x' }, cwd: '/', pidFile: '/p' }),
  ).toThrow('Not a variable name')
})

test('a NUL is refused', () => {
  expect(() => launchScript({ client: '/c', args: ['a\0b'], env: {}, cwd: '/', pidFile: '/p' })).toThrow(
    'NUL',
  )
})

test('whatever the words are, dash gets them back', () => {
  const { client, cwd, file, pidFile } = setUp()
  const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (args) => {
      writeFileSync(file, launchScript({ client, args, env: { WORDS: args.join('|') }, cwd, pidFile }))
      const seen = execute('dash', file, {})
      expect(seen.args).toEqual(args)
      expect(seen.env.WORDS).toBe(args.join('|'))
    }),
    { numRuns: 25 },
  )
})
