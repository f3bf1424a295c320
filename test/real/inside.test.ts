import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { bringUp, makeRealHome } from './harness.ts'
import { someClientVersions } from './versions.ts'

// Whoever may write to the bot can have Claude run anything it may: not what decides who may write.
describe.each(someClientVersions)('%s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
  })
  afterAll(() => home?.close())

  const runs = async (command: string): Promise<string> => {
    const { bot } = home.bot
    const before = bot.sent().length
    bot.push(`run: ${command}`)
    return (await bot.waitForSent((sent) => bot.sent().indexOf(sent) >= before, 30_000)).text
  }
  const access = () =>
    readFileSync(join(home.home, '.claude', 'channels', 'telegram-work', 'access.json'), 'utf8')

  test('Claude is denied them, and refused where it gets round the rule', async () => {
    const before = access()
    const node = `${process.execPath} ${cli}`
    expect(await runs(`${node} access work allow 999`)).toMatch(/denied/i)
    expect(await runs(`cd / && ${node} pair work a1b2c3`)).toMatch(/denied/i)
    // Both versions put in what a plain variable holds before they judge; not what a command prints.
    const roundabout = `v=$(printf acc; printf ess); ${node} $v work`
    expect(await runs(`${roundabout} allow 999 2>&1`)).toMatch(/is not for Claude/)
    expect(await runs(`${roundabout} list 2>&1`)).toContain('may write')
    expect(await runs(`${node} remove work --purge --yes`)).toMatch(/denied/i)
    expect(await runs(`r=$(printf rem; printf ove); ${node} $r work --purge --yes 2>&1`)).toMatch(
      /is not for Claude/,
    )
    expect(access()).toBe(before)
  })
})
