import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { examples } from '../../src/help/examples.ts'
import { createProgram } from '../../src/program.ts'
import { manPage } from './man-page.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const refuse = () => Promise.reject(new Error('no command is run here'))
const program = createProgram({ basics: refuse, look: refuse, world: refuse, print: () => undefined }).whole()
const file = fileURLToPath(new URL('../../man/channels.1', import.meta.url))
const hasGroff = process.env.CI !== undefined || spawnSync('groff', ['--version']).error === undefined

test('man/channels.1 is what the grammar says: `npm run docs` writes it', async () => {
  await expect(manPage(program)).toMatchFileSnapshot(file)
})

test('it has every command, every option and every example', () => {
  const page = manPage(program).replaceAll('\\-', '-')
  for (const command of program.commands) {
    expect(page).toMatch(new RegExp(`^\\.B channels ${command.name()}\\b`, 'm'))
    for (const option of command.createHelp().visibleOptions(command))
      if (option.long !== '--help') expect(page).toContain(`.B ${option.flags}\n`)
  }
  const shown = Object.values(examples).flat().length
  expect(page.match(/^\$ /gm)).toHaveLength(shown)
})

test.runIf(hasGroff)('groff reads it without a warning, and shows it', () => {
  const { status, stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-cbou', file], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('channels access site allow 123456789')
  expect(stdout).toContain('  $ eval "$(channels completion bash)"')
  for (const title of ['NAME', 'SYNOPSIS', 'COMMANDS', 'EXIT STATUS', 'ENVIRONMENT', 'FILES', 'SEE ALSO'])
    expect(stdout).toMatch(new RegExp(`^${title}$`, 'm'))
})

test('it ships', () => {
  const json = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(json).toMatchObject({
    man: ['./man/channels.1'],
    files: expect.arrayContaining(['man', 'completions']),
  })
})
