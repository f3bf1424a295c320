import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Home } from '../../sim/home.ts'
import { addMarketplace, type WardOptions } from '../../sim/ward.ts'
import { type Way, type WayName, ways } from './ways.ts'

/** A session with one channel or several, and each of them as the person at its other end has it. */
export type Mixed = { readonly name: string; readonly ways: readonly Way[] }

/** Sets up twenty sessions of all kinds, for two configurations of the client; each in a folder of its own. */
export const setUpMixed = async (home: Home): Promise<readonly Mixed[]> => {
  const config = await makeConfig(home)
  const other: WardOptions = { env: { CLAUDE_CONFIG_DIR: config }, config }
  const all: Mixed[] = []
  for (const [i, kinds] of crowd.entries()) {
    const name = `s${i + 1}`
    const own: Way[] = []
    // Of five kinds in turns every third has the other one: that, too, has one of each.
    for (const kind of kinds) own.push(await ways[kind](home, name, i % 3 === 1 ? other : {}))
    all.push({ name, ways: own })
  }
  return all
}

const alone = [['telegram'], ['discord'], ['fakechat'], ['pager'], ['server:pager']] as const

const crowd: readonly (readonly WayName[])[] = [
  ...Array.from({ length: 3 }, () => alone).flat(),
  ['telegram'],
  ['discord'],
  ['telegram', 'fakechat'],
  ['telegram', 'discord'],
  ['discord', 'telegram', 'fakechat'],
]

/** Another CLAUDE_CONFIG_DIR of the same person. */
const makeConfig = async (home: Home): Promise<string> => {
  const config = join(home.root, 'config')
  mkdirSync(config)
  cpSync(join(home.home, '.claude.json'), join(config, '.claude.json'))
  cpSync(join(home.home, '.claude', 'settings.json'), join(config, 'settings.json'))
  await addMarketplace(home, { CLAUDE_CONFIG_DIR: config })
  return config
}
