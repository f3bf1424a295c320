import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { until, untilNobody } from '../../sim/until.ts'
import { delivered, isKeeping, journal, untilLive } from '../../sim/watch.ts'
import { openLive, sessionOf, succeeded, withoutKeeper } from '../life/rig.ts'

let home: Home
beforeAll(async () => {
  ;({ home } = await openLive('before the stops'))
})
afterAll(async () => {
  await home?.channels(['run', '--stop'])
  await home?.close()
})

const stop = async () => {
  succeeded(await home.channels(['run', '--stop']))
  await untilNobody('nothing of ours left', home.processes)
}
const start = async () => succeeded(await home.channels(['up', 'work', '--no-wait', '--no-listen']))
const unanswered = async () =>
  (await sessionOf(home)).gaps.reduce((sum, gap) => sum + (gap.unanswered ?? 0), 0)
/** An answer, or the word that there is none: the one thing that may not be is silence. */
const accountedFor = (text: string, before: number) =>
  until(
    () =>
      `an account of ${text}, delivered ${delivered(home, text).length} times: ${journal(home)
        .slice(-12)
        .map((entry) => JSON.stringify(entry))
        .join('\n')}`,
    async () => echoes(text) > 0 || (await unanswered()) > before,
    15_000,
  )
/** What was left unanswered Claude answers with the next message: not to be taken for the answer to the one after. */
const answerAll = async (unanswered: string) => {
  const next = `after ${unanswered}`
  home.bot.bot.push(next)
  await home.bot.bot.waitForSent(({ text }) => text === `echo: ${next}`)
}
const echoes = (text: string) => home.bot.bot.sent().filter((sent) => sent.text === `echo: ${text}`).length

test('stopped while the plugin keeps what it fetched: it is answered, or said to be unanswered', async () => {
  await stop()
  for (const text of ['kept once', 'kept twice']) {
    const before = await unanswered()
    home.bot.bot.push(text)
    await start()
    await until('the plugin to keep it', () => isKeeping(home))
    await stop()
    await start()
    await accountedFor(text, before)
    await untilLive(home)
    if (echoes(text) === 0) await answerAll(text)
    await stop()
  }
})

test('stopped right after a message was written: it is answered, or said to be unanswered', async () => {
  for (const afterMs of [0, 60, 200]) {
    await start()
    await untilLive(home)
    const text = `written ${afterMs} ms before the stop`
    const before = await unanswered()
    home.bot.bot.push(text)
    const pushedAt = Date.now()
    await until('a moment', () => Date.now() - pushedAt >= afterMs)
    await stop()
    await start()
    await accountedFor(text, before)
    await untilLive(home)
    if (echoes(text) === 0) await answerAll(text)
  }
  await withoutKeeper(home)
  expect((await untilLive(home)).remarks).toContain('keeper-missing')
})
