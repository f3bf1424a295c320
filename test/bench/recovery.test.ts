import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import { openTerminal } from '../sim/terminal.ts'
import { until } from '../sim/until.ts'
import { journal, type LiveSession, registrations, untilLive } from '../sim/watch.ts'
import { allowCrashes, channels, expectAnswer, ownFile, send, sessionOf } from '../simulated/life/rig.ts'
import { keep, keepWithin } from './keep.ts'
import { median } from './measure.ts'
import { openPlace } from './place.ts'

/** How long nobody listens after something died; the client's own time to resume is measured beside it. */
let home: Home
const times = 5
const resumes: number[] = []
beforeAll(async () => {
  home = await openPlace()
  // Killed on purpose, so often would be a crash loop.
  allowCrashes(home)
  await channels(home, 'up')
  // Only a conversation in which somebody said something can be resumed.
  await expectAnswer(home, 'before the kills')
})
afterAll(() => home?.close())

test('the client alone resumes its conversation', async () => {
  await channels(home, 'down')
  for (let i = 0; i < times; i++) resumes.push(await resumeByHand(i))
  await channels(home, 'up')
}, 90_000)

test('the client killed', async () => {
  const back: number[] = []
  const seen: number[] = []
  for (let i = 0; i < times; i++) {
    const found = await afterKill(({ client }) => client.pid)
    back.push(found.registered)
    seen.push(found.live)
    expect((await sessionOf(home)).restarts).toMatchObject({ streak: 1, last: { reason: 'client-exited' } })
    // What a person asks for ends the streak, so that the next crash is a first one again.
    await channels(home, 'restart')
  }
  keepWithin(
    'killed',
    median(back),
    median(resumes) + 0.5,
    `${beside(back)}; status says so after ${s(median(seen))}`,
  )
}, 120_000)

test('the plugin killed', async () => {
  const [named, said, back]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < 3; i++) {
    const found = await afterKill(({ channels: [channel] }) => channel?.evidence.poller?.pid, untilNamed)
    named.push(found.between)
    back.push(found.registered)
    const entry = journal(home).find(
      (each) => each.type === 'state' && each.at >= found.at && each.reason === 'plugin-exited',
    )
    said.push(((entry?.at ?? Number.NaN) - found.at) / 1_000)
  }
  keep(
    'pluginNamed',
    Math.max(...named),
    `the slowest of ${named.length}; the keeper noted it after ${said.map(s).join(', ')}`,
  )
  keepWithin('pluginLive', median(back), median(resumes) + 3, beside(back))
}, 120_000)

type Recovery = {
  readonly at: number
  /** All in seconds since the kill: until the channel registered, until `status` said that it is live. */
  readonly registered: number
  readonly live: number
  readonly between: number
}

/** Kills a process of the live session and waits for the next client's channel, by its log: looking costs nothing. */
const afterKill = async (
  choose: (session: LiveSession) => number | undefined,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<Recovery> => {
  const before = await untilLive(home)
  // Else it takes what comes now for what it saw before, and journals nothing.
  await until('the keeper to have seen it live', () => {
    const last = journal(home).findLast((entry) => entry.type === 'state')
    return last?.type === 'state' && last.to === 'live'
  })
  const starts = registrations(home).length
  const at = send(choose(before))
  await meanwhile()
  const between = (Date.now() - at) / 1_000
  const next = await until('another start', () => registrations(home)[starts], 20_000)
  await untilLive(home, { not: before.client.pid })
  return { at, between, registered: (next.at - at) / 1_000, live: (Date.now() - at) / 1_000 }
}

const untilNamed = () =>
  until('status to name it', async () => (await sessionOf(home)).channels[0]?.reason === 'plugin-exited')

/**
 * From exec to the channel's registration, in seconds, of a client that the loop's own script starts without the loop:
 * in a plain terminal, without the marks by which the keeper would know it for ours.
 */
const resumeByHand = async (i: number): Promise<number> => {
  const [script, began] = [join(home.root, `by-hand-${i}.sh`), join(home.root, `began-${i}`)]
  const lines = readFileSync(ownFile(home, 'resume.sh'), 'utf8')
    .split('\n')
    .filter((line) => !/^export CHANNELS_|^printf /.test(line))
  expect(lines.filter((line) => /^exec .*'--resume'/.test(line))).toHaveLength(1)
  const timed = lines.flatMap((line) =>
    line.startsWith('exec ') ? [`date +%s%3N >'${began}'`, line] : [line],
  )
  writeFileSync(script, timed.join('\n'))
  const starts = registrations(home).length
  const terminal = await openTerminal(home, `by-hand-${i}`, home.project, `/bin/sh '${script}'`)
  try {
    const { at } = await until(
      'the channel of a client started by hand',
      () => registrations(home)[starts],
      20_000,
    )
    return (at - Number(readFileSync(began, 'utf8'))) / 1_000
  } finally {
    await terminal.press('C-c')
    await terminal.press('C-c')
    await terminal.close()
  }
}

const beside = (taken: readonly number[]): string =>
  `${taken.map(s).join(', ')}; the client alone resumes in ${s(median(resumes))}`
const s = (seconds: number): string => `${seconds.toFixed(2)} s`
