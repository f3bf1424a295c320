import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { createProgram } from '../../src/program.ts'
import { readChapters, shellBlocks } from './quick-start.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const refuse = () => Promise.reject(new Error('no command is run here'))
const options = { basics: refuse, look: refuse, world: refuse, print: () => undefined }

const chapters = readChapters()
const whole = chapters.map(({ text }) => text).join('\n')

const inline = [...whole.matchAll(/`channels ([^`\n]+)`/g)].map(([, line = '']) => line)
const fenced = [...whole.matchAll(/^channels (.+)$/gm)].map(([, line = '']) => line)
const lines = [...new Set([...inline, ...fenced])].filter((line) => line !== '--version')

test.each(lines)('`channels %s` is right: it gets as far as the world', async (line) => {
  await expect(createProgram(options).run(line.split(' '))).rejects.toThrow('no command is run here')
})

test('each channel has its chapter', () => {
  const titles = chapters.map(({ title }) => title)
  expect(titles).toEqual([
    ...['What you need', 'Install', 'Telegram', 'Discord', 'fakechat'],
    ...['A plugin or a server of your own', 'iMessage', 'From now on'],
  ])
})

test('the quick start of README is this one, shortened', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, section = ''] = /^## Quick start with a real bot\n(.*?)^## /ms.exec(readme) ?? []
  const known = chapters.flatMap(({ blocks }) => blocks.flat())
  const said = shellBlocks(section).flatMap((block) => block.map((line) => line.replace(/\s+#.*/, '')))
  expect(said.length).toBeGreaterThan(2)
  expect(
    said.filter((line) => !known.includes(line) && !line.startsWith('channels setup telegram --')),
  ).toEqual([])
  expect(section).toContain('(docs/quick-start.md)')
})
