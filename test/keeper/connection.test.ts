import { expect, test } from 'vitest'
import { yes } from '../../src/core/answer.ts'
import type { ChannelKind } from '../../src/core/channel.ts'
import { newHealth } from '../../src/core/machine.ts'
import type { Health } from '../../src/core/records.ts'
import type { World } from '../../src/deps.ts'
import { createConnectionFinder, isUnseen } from '../../src/keeper/connection.ts'
import { channel, noon, ownPoller, seconds } from '../core/evidence-builder.ts'

/** In which seconds the sockets of a plugin are looked at, asked for it every second, and what is said last. */
const looksAt = (
  kind: ChannelKind,
  lastsS: number,
  has: (second: number) => boolean,
  startOf: (second: number) => string = () => '300',
) => {
  let second = 0
  const looks: number[] = []
  const processes = {
    connected: () => {
      looks.push(second)
      return has(second)
    },
  }
  const clock = { elapsed: () => second * seconds }
  const find = createConnectionFinder({ processes, clock } as unknown as World)
  let said = ''
  for (; second < lastsS; second += 1)
    said = find('work', kind, yes({ ...ownPoller, process: { pid: 4720, start: startOf(second) } }))
  return { looks, said }
}

test('the first connection of a plugin that hears by nothing else is looked for each second, for half a minute', () => {
  expect(looksAt('discord', 4, (second) => second >= 3)).toEqual({ looks: [0, 1, 2, 3], said: 'yes' })
  const never = looksAt('discord', 61, () => false)
  expect(never.looks).toEqual([...Array.from({ length: 30 }, (_, i) => i), 39, 49, 59])
  // Another process begins anew.
  expect(
    looksAt(
      'discord',
      42,
      () => false,
      (second) => (second < 40 ? '1' : '2'),
    ).looks,
  ).toContain(41)
})

test('one that has a connection is looked at each half a minute, one that has lost it, or Telegram’s, each ten seconds', () => {
  expect(looksAt('discord', 61, () => true).looks).toEqual([0, 30, 60])
  expect(looksAt('discord', 60, (second) => second < 20).looks).toEqual([0, 30, 40, 50])
  expect(looksAt('telegram', 31, () => false).looks).toEqual([0, 10, 20, 30])
  expect(looksAt('custom', 31, () => false)).toEqual({ looks: [], said: 'unknown' })
})

test('who looks once looks for what no keeper has seen yet of this very process', () => {
  const discord = { ...channel().channel, id: 'plugin:discord@m', kind: 'discord' } as const
  const record = { ...ownPoller.process, run: 'run-1', connected: true, silentSince: null }
  const known = (change: Partial<typeof record>): Health => ({
    ...newHealth(noon),
    pollers: { [discord.id]: { ...record, ...change } },
  })
  const unseen = (health: Health | null) => isUnseen(discord, yes(ownPoller), health)
  expect([unseen(null), unseen(newHealth(noon)), unseen(known({ connected: false }))]).toEqual([
    true,
    true,
    true,
  ])
  expect([unseen(known({ start: 'another' })), unseen(known({}))]).toEqual([true, false])
  expect(isUnseen(channel().channel, yes(ownPoller), null)).toBe(false)
})
