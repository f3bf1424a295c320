import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Report } from '../../../src/core/report.ts'
import { patience, within } from '../../patience.ts'
import { signal } from '../../sim/processes.ts'
import { until, untilNobody } from '../../sim/until.ts'
import { clients, journal } from '../../sim/watch.ts'
import { closeMachine, live, type Machine, makeMachine, sessionIn } from '../faults/kit.ts'
import { type Mixed, setUpMixed } from '../kinds/mixed.ts'

/** Twenty sessions of all kinds under one keeper: one test goes on where the last ended. */
let home: Machine
let crowd: readonly Mixed[]
let keeper: number | undefined
let liveAt: number
beforeAll(async () => {
  home = await makeMachine()
  crowd = await setUpMixed(home)
}, 300_000 * patience)
afterAll(() => closeMachine(home))

test(
  'up of all at once: each is live, with all of its channels, and one keeper looks after them',
  within(240_000),
  async () => {
    const up = await home.channels(['up'], { timeoutMs: 200_000 })
    expect(up, up.stdout + up.stderr).toMatchObject({ code: 0 })
    // The command has asked for itself; on a busy machine the keeper's first answer of a platform may be still to come.
    const report = await untilLive(crowd)
    expect(report.sessions.map(({ name, state }) => [name, state])).toEqual(
      crowd.map(({ name }) => [name, 'live']),
    )
    const channels = report.sessions.flatMap((session) => session.channels)
    expect(channels.map(({ id, state }) => [id, state])).toEqual(
      crowd.flatMap(({ ways }) => ways.map(({ channel }) => [channel, 'live'])),
    )
    expect(clients(home)).toHaveLength(crowd.length)
    liveAt = Date.now()
    keeper = report.keeper?.pid
    expect(keeper).toBeGreaterThan(1)
  },
)

test('each answers, on every channel it has', () => expectAnswers(crowd, 'hello'), 120_000 * patience)

test('down of one touches no other', within(180_000), async () => {
  const others = crowd.filter(({ name }) => name !== last)
  const before = await processesOf(others)
  expect(await home.channels(['down', last])).toMatchObject({ code: 0 })
  await untilNobody('nothing of it', () =>
    home.processes().filter(({ env }) => env.CHANNELS_SESSION === last),
  )
  expect(await processesOf(others)).toEqual(before)
  await expectAnswers(others, 'still there?')
})

test.each(['s1', 's2', 's3', 's4', 's5', 's19'])(
  'the client of %s killed: it alone starts again',
  async (name) => {
    const others = crowd.filter((each) => each.name !== name && each.name !== last)
    const before = await processesOf(others)
    const started = startsOf(others)
    const client = await live(home, name)
    expect(signal(client, 'SIGKILL')).toBe(true)
    await live(home, name, client)
    expect(await processesOf(others)).toEqual(before)
    expect(startsOf(others)).toBe(started)
    await expectAnswers(
      crowd.filter((each) => each.name === name),
      'and now?',
    )
  },
  60_000 * patience,
)

test('a bot that has a page beside it is asked about each minute and no more often', async () => {
  // Its client was left alone: nobody else asks.
  const account = sessionIn(await home.status(), 's18').channels[0]?.account
  const bot = home.bot.bots().find(({ username }) => account === `@${username}`)
  const asked = home.bot
    .requests()
    .filter(({ at, bot: id, method }) => at > liveAt && method === 'getMe' && id === bot?.id)
  expect(bot).toBeDefined()
  expect(asked.length).toBeLessThanOrEqual(1 + (Date.now() - liveAt) / 60_000)
})

test('it was one keeper all the time, and all answer in the end', within(120_000), async () => {
  await expectAnswers(
    crowd.filter(({ name }) => name !== last),
    'all of you?',
  )
  expect((await home.status()).keeper?.pid).toBe(keeper)
  expect(journal(home).filter((entry) => entry.type === 'keeper' && entry.what === 'started')).toHaveLength(1)
})

/** Three channels at once are told to end. */
const last = 's20'

const expectAnswers = async (sessions: readonly Mixed[], text: string): Promise<void> => {
  const all = sessions.flatMap(({ ways }) => ways)
  const done = await Promise.allSettled(
    all.map(({ name, channel, echo }) => echo(`${text} ${name} ${channel}`)),
  )
  expect(done.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))).toEqual([])
}

/** The processes of these sessions' clients and plugins, once all of them are live. */
const processesOf = async (sessions: readonly Mixed[]): Promise<readonly string[]> => {
  const report = await untilLive(sessions)
  return sessions.flatMap(({ name }) => {
    const { client, channels } = sessionIn(report, name)
    const plugins = channels.map(({ id, evidence }) => `${name}, ${id}: ${evidence.poller?.pid}`)
    return [`${name}: ${client?.pid}`, ...plugins]
  })
}

const untilLive = (sessions: readonly Mixed[]): Promise<Report> => {
  let states: readonly string[] = []
  return until(
    () => `all to be live: ${states.join(', ')}`,
    async () => {
      const report = await home.status()
      states = sessions.map(({ name }) => `${name} ${sessionIn(report, name).state}`)
      return states.every((state) => state.endsWith(' live')) ? report : null
    },
    30_000,
  )
}

const startsOf = (sessions: readonly Mixed[]): number =>
  journal(home).filter(
    (entry) => entry.type === 'client-started' && sessions.some(({ name }) => name === entry.session),
  ).length
