import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Block, blocksOf, pages, root } from '../../docs/pages.ts'
import { until } from '../../sim/until.ts'
import { live, untilSession } from '../faults/kit.ts'
import { closeDesk, type Desk, openDesk, runScript } from './desk.ts'

// Every sh block of the manual, run as it stands by a shell that stops at the first failure, page by page from top to
// bottom. Those that are not say who does it or why nobody does, in an HTML comment above them.

const blocks = pages.flatMap(blocksOf).filter(({ language }) => language === 'sh')

/** Typed word for word at a terminal, with the questions answered. */
const quickStart = {
  file: 'test/simulated/release/quick-start.slow.test.ts',
  has: ({ page, heading }: Block) =>
    page === 'docs/quick-start.md' || (page === 'README.md' && heading === 'Quick start with a real bot'),
}
/** Of that chapter this one asks nothing. */
const asksNothing = ({ text }: Block): boolean => text.includes('--yes')

const here = blocks.filter(
  (block) =>
    block.remark === '' && (!quickStart.has(block) || (asksNothing(block) && block.page === 'README.md')),
)

test('a block that is not run here is run elsewhere, or says why nobody does', () => {
  for (const { page, heading, remark } of blocks.filter((block) => block.remark !== '')) {
    const [, file, why] = /^(?:run by (\S+)|not run: (.+))$/.exec(remark) ?? []
    expect(file ?? why, `${page}, ${heading}: ${remark}`).toMatch(/\S{3}/)
    if (file !== undefined) expect(existsSync(`${root}${file}`), file).toBe(true)
  }
  expect(readFileSync(`${root}.ci/run`, 'utf8')).toContain('npm run demo')
  if (blocks.some(({ page }) => page === 'docs/quick-start.md'))
    expect(readFileSync(`${root}${quickStart.file}`, 'utf8')).toContain('quick-start')
})

let desk: Desk
beforeAll(async () => {
  desk = await openDesk('nobody')
})
afterAll(() => closeDesk(desk))

/** What has to be so once a block has been run, beyond that it ended with 0; by a word in it. */
const outcomes: Readonly<Record<string, (desk: Desk) => Promise<unknown>>> = {
  'setup telegram': ({ home }) => live(home, 'site'),
  'tar -czf': async () => {
    conversation = await conversationOf(desk)
    expect(conversation).not.toBe('')
  },
  'tar -xzf': async ({ home }) => {
    await live(home, 'site')
    expect(await conversationOf(desk)).toBe(conversation)
  },
  'run --stop': async ({ home }) => {
    await until('no process of ours', () =>
      home.processes().every(({ argv }) => !argv.some((word) => word.includes('channels'))),
    )
    expect(existsSync(`${home.home}/.config/channels`)).toBe(false)
  },
}
let conversation = ''
const conversationOf = async ({ home }: Desk): Promise<string> =>
  (await untilSession(home, 'site', { state: 'live' })).client?.conversation ?? ''

test.each(here.map((block) => [block.page, block.heading, block.text] as const))(
  '%s, %s',
  async (_, __, text) => {
    const { code, stdout, stderr } = await runScript(
      desk,
      text.replaceAll(/setup (telegram)/g, `setup ${desk.home.channel}`),
    )
    expect(code, `${text}\n${stdout}${stderr}`).toBe(0)
    for (const [word, holds] of Object.entries(outcomes)) if (text.includes(word)) await holds(desk)
  },
)

test('enough of them are', () => expect(here.length).toBeGreaterThan(3))
