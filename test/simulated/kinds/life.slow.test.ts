import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signal } from '../../sim/processes.ts'
import { untilNobody } from '../../sim/until.ts'
import { untilNamed } from '../../sim/watch.ts'
import { closeMachine, expectUp, live, type Machine, makeMachine, untilSession } from '../faults/kit.ts'
import { type Way, type WayName, ways } from './ways.ts'

// Telegram's life is told in test/simulated/life.
const kinds = ['discord', 'fakechat', 'pager', 'server:pager'] as const satisfies readonly WayName[]

describe.each(kinds)('a session with %s', (kind) => {
  let home: Machine
  let way: Way
  beforeAll(async () => {
    home = await makeMachine()
    way = await ways[kind](home, 'work')
    await expectUp(home, 'work', 0, 'work is live')
  })
  afterAll(() => closeMachine(home))

  const plugin = async (): Promise<number> => {
    const [channel] = (await untilSession(home, 'work', { state: 'live' })).channels
    expect(channel).toMatchObject({ id: way.channel, evidence: { poller: { ours: true } } })
    return channel?.evidence.poller?.pid ?? 0
  }

  test('is live and answers', async () => {
    expect(await plugin()).toBeGreaterThan(1)
    await way.echo('hello')
  })

  test('its plugin killed: named, and back by itself in the same conversation', async () => {
    const { client } = await untilSession(home, 'work', { state: 'live' })
    const pid = await plugin()
    const killedAt = Date.now()
    expect(signal(pid, 'SIGKILL')).toBe(true)
    await untilNamed(home, 'plugin-exited', killedAt)
    const after = await untilSession(home, 'work', { state: 'live', not: client?.pid ?? 0 })
    expect(after.client?.conversation).toBe(client?.conversation)
    await way.echo('still there?')
  })

  test('its client killed: back by itself, and nothing of the old one holds it up', async () => {
    const before = await live(home, 'work')
    expect(signal(before, 'SIGKILL')).toBe(true)
    await live(home, 'work', before)
    await way.echo('and now?')
  })

  test('down leaves nothing behind but the keeper', async () => {
    expect(await home.channels(['down', 'work'])).toMatchObject({ code: 0 })
    const left = () => home.processes().filter(({ env }) => env.CHANNELS_SESSION === 'work')
    await untilNobody('nothing of the session', left)
  })
})
