import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { sessionSettings } from '../../src/core/session-setting.ts'
import { createProgram } from '../../src/program.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const page = readFileSync(new URL('../../docs/channels.md', import.meta.url), 'utf8')
const refuse = () => Promise.reject(new Error('no command is run here'))
const options = { basics: refuse, look: refuse, world: refuse, print: () => undefined }
const names = createProgram(options)
  .whole()
  .commands.map((command) => command.name())

/** Every `channels …` between backticks. */
const lines = [...new Set([...page.matchAll(/`channels ([^`]+)`/g)].map(([, line]) => line ?? ''))]

test.each(lines)('`channels %s` is right: it gets as far as the world', async (line) => {
  await expect(createProgram(options).run(line.split(' '))).rejects.toThrow('no command is run here')
})

test('what is wrong is found', async () => {
  for (const line of ['frobnicate site', 'up --soon', 'attach one two'])
    await expect(createProgram(options).run(line.split(' '))).rejects.toMatchObject({ status: 2 })
})

test.each(lines.flatMap((line) => (line.startsWith('set ') ? line.split(' ').slice(2) : [])))(
  '`%s` is something to set',
  (pair) => {
    const [key = '', value = ''] = pair.split('=')
    expect(key.startsWith('env.') || Object.hasOwn(sessionSettings, key)).toBe(true)
    expect(pair).toContain('=')
    expect(value.includes(' ')).toBe(false)
  },
)

/** The rows of each section's table. */
const sections = page
  .split('\n## ')
  .slice(1)
  .map((text) => {
    const [title = '', ...rest] = text.split('\n')
    return { title, rows: rest.filter((line) => line.startsWith('| ')).slice(2) }
  })

test('each kind of channel has a section, and each row a step, a command and what that does', () => {
  expect(sections.map(({ title }) => title)).toEqual([
    'Every channel',
    'Telegram',
    'Discord',
    'iMessage',
    'fakechat',
    'Own channels',
    'Organization',
  ])
  for (const { rows } of sections) {
    expect(rows.length).toBeGreaterThan(2)
    for (const row of rows) {
      const [step = '', command = '', what = '', ...more] = row.slice(2, -2).split(' | ')
      expect(more, row).toEqual([])
      expect(step.trim(), row).toMatch(/\S{3}/)
      expect(command, row).toMatch(/^`channels [^`]+`$/)
      expect(what.trim(), row).toMatch(/\S{3}/)
    }
  }
})

test('every command that a person has for a session is on the page', () => {
  const others = ['completion', 'list', 'run', 'launch', 'remove', 'down', 'restart']
  const said = new Set(lines.map((line) => line.split(' ')[0]))
  expect(names.filter((name) => !others.includes(name) && !said.has(name))).toEqual([])
})
