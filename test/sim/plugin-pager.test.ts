import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildStandIns } from './build.ts'
import { pagerOf } from './pager.ts'
import { openPluginLab, type PluginLab } from './plugin/rig.ts'
import { until } from './until.ts'

let lab: PluginLab
beforeAll(async () => {
  await buildStandIns()
})
beforeEach(() => {
  lab = openPluginLab('pager', { CHANNELS_SESSION: 'work' })
})
afterEach(() => lab.close())

test('files are messages, one taken once, and answers are files', async () => {
  const pager = pagerOf(lab, 'work')
  pager.say('before it was there')
  const { hello, rpc, seen } = lab.start()
  expect(await hello).toMatchObject({ capabilities: { experimental: { 'claude/channel': {} } } })
  pager.say('and after')
  await until('both', () => seen().length === 2)
  expect(seen().map(({ params }) => params.content)).toEqual(['before it was there', 'and after'])
  expect(seen()[0]?.params.meta).toMatchObject({ chat_id: 'pager', user: 'pager' })
  await rpc.request('tools/call', { name: 'reply', arguments: { chat_id: 'pager', text: 'here' } })
  expect(await pager.waitForAnswer((text) => text === 'here')).toBe('here')
  expect([pager.answers(), pager.pending()]).toEqual([['here'], 0])
})

test('a file still being written is left alone, another session has another folder', async () => {
  const [ours, other] = [pagerOf(lab, 'work'), pagerOf(lab, 'other')]
  const half = join(lab.home, 'pager', 'work', 'in', '.half')
  writeFileSync(half, 'ha')
  other.say('not for us')
  const { hello, seen } = lab.start()
  await hello
  ours.say('for us')
  await until('the message', () => seen().length > 0)
  expect(seen().map(({ params }) => params.content)).toEqual(['for us'])
  expect([existsSync(half), other.pending()]).toEqual([true, 1])
})

test('one process, called as it is written, below the folder of the session; it ends with its client', async () => {
  const { hello, child } = lab.start()
  await hello
  expect(lab.pids()).toEqual([child.pid])
  const words = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0')
  expect(words.at(-2)).toBe(join(lab.home, 'market', 'pager', 'server.ts'))
  child.stdin.end()
  await until('its end', () => lab.pids().length === 0)
})
