import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isDevelopmentChannel } from '../../src/claude/approved.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Whether a channel is one for development where `~/.claude.json` is this; undefined: there is none. */
const isFor = (id: string, json: unknown): boolean => {
  const paths = clientPaths({}, temporaryFolder(), 'linux')
  if (json !== undefined) writeFileSync(paths.json, typeof json === 'string' ? json : JSON.stringify(json))
  return isDevelopmentChannel(paths, id)
}

const listing = (...tengu_harbor_ledger: readonly unknown[]) => ({
  cachedGrowthBookFeatures: { tengu_harbor: true, tengu_harbor_ledger },
})
const pager = { marketplace: 'mine', plugin: 'pager' }

test.each<[what: string, id: string, json: unknown, development: boolean]>([
  ['an official one, whatever the list', 'plugin:telegram@claude-plugins-official', listing(), false],
  ['an official one, no list', 'plugin:discord@claude-plugins-official', undefined, false],
  ['a bare server, whatever the list', 'server:pager', listing(pager, { plugin: 'server:pager' }), true],
  ['one that is listed', 'plugin:pager@mine', listing({ marketplace: 'x', plugin: 'y' }, pager), false],
  ['one of another marketplace', 'plugin:pager@other', listing(pager), true],
  ['another one of that marketplace', 'plugin:telegram@mine', listing(pager), true],
  ['an empty list', 'plugin:pager@mine', listing(), true],
  ['no file', 'plugin:pager@mine', undefined, true],
  ['a broken file', 'plugin:pager@mine', '{"cachedGrowthBookFeatures":', true],
  [
    'a list that is none',
    'plugin:pager@mine',
    { cachedGrowthBookFeatures: { tengu_harbor_ledger: pager } },
    true,
  ],
  ['entries that are none', 'plugin:pager@mine', listing(null, 'pager', [pager], 7), true],
  ['no channel at all', 'pager', listing(pager), true],
])('%s', (_, id, json, development) => {
  expect(isFor(id, json)).toBe(development)
})
