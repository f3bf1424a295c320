import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Health } from '../../../src/core/records.ts'
import { readExamination } from '../../sim/doctor-schema.ts'
import { setClock } from '../../sim/odd-node.ts'
import { readProcess, signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import { foldersOf, journal } from '../../sim/watch.ts'
import { closeMachine, expectEcho, expectUp, live, type Machine, type Ward } from '../faults/kit.ts'
import { nextNotice, notices, openMachine, setAttempts } from './rig.ts'

// A keeper that makes way for another one: what it could not tell is told, once, and its commands end with it.

let home: Machine
let ward: Ward
let next: Promise<unknown> | null = null
beforeAll(async () => {
  ;({ home, ward } = await openMachine())
  await expectUp(home, 'work', 0, 'is live')
  await expectEcho(ward, 'hello')
  const set = await home.channels(['set', 'work', 'notify.to=4242', 'notify.command=sleep 601 & sleep 602'])
  expect(set, set.stderr).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await home?.channels(['run', '--stop'])
  await next
  await closeMachine(home)
})

const outbox = (): Health['outbox'] => {
  const health = JSON.parse(readFileSync(foldersOf(home, 'work').health, 'utf8')) as Health
  return health.outbox
}
const sleepers = (): number =>
  home.processes().filter(({ argv }) => argv.some((word) => /^60[12]$/.test(word))).length
const told = () => journal(home).flatMap((entry) => (entry.type === 'told' ? [entry] : []))

test('what no API took is told by the next keeper; the command of the first one is gone with it', async () => {
  const client = await live(home, 'work')
  const before = notices(ward).length
  const heal = home.bot.fail({
    method: 'sendMessage',
    how: 'refuse',
    status: 502,
    description: 'Bad Gateway',
  })
  setAttempts(home, 'work', 1)
  setClock(home, 61_000)
  signal(client, 'SIGKILL')
  await until(
    'a notice that waits, and a command',
    () => outbox()?.pending != null && sleepers() === 2,
    20_000,
  )
  expect(outbox()).toMatchObject({ pending: { tries: 1 }, failed: { refused: false } })
  const former = (await home.status()).keeper?.pid ?? 0
  next = home.channels(['run'])
  await until('the first keeper to be gone', () => readProcess(former) === null, 20_000)
  expect(sleepers()).toBe(0)
  expect(told()).toMatchObject([
    { by: 'command', outcome: 'failed', detail: 'it was ended with the session or its keeper' },
  ])
  heal()
  expect(await nextNotice(ward, before, 60_000)).toMatch(/^work gave up for now/)
  await until('it to be written down', () => outbox()?.pending === null && outbox()?.failed === null)
  expect(told().slice(1)).toMatchObject([{ by: 'bot', event: 'gave-up', outcome: 'sent' }])
})

const whoIsTold = async () => {
  const { checks } = readExamination(await home.channels(['doctor', 'work', '--json']))
  return checks.find(({ check }) => check === 'told')
}

test('that a person blocked the bot is said by doctor, until a first message gets there again', async () => {
  expect(await whoIsTold()).toMatchObject({ state: 'ok' })
  const description = 'Forbidden: bot was blocked by the user'
  const heal = home.bot.fail({ method: 'sendMessage', how: 'refuse', status: 403, description })
  await expectUp(home, 'work', 0, 'is live')
  await until('a notice that is refused', () => outbox()?.failed?.refused === true, 30_000)
  expect(await whoIsTold()).toMatchObject({
    ...{ state: 'failed', found: expect.stringContaining(description) },
    remedy: expect.stringContaining('`channels set work notify.to=telegram:4242`'),
  })
  heal()
  expect(await home.channels(['set', 'work', 'notify.to=telegram:4242'])).toMatchObject({ code: 0 })
  expect(await whoIsTold()).toMatchObject({ state: 'ok', found: 'telegram:4242' })
})
