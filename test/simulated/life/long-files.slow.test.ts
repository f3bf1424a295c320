import type { ChildProcess } from 'node:child_process'
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isResumable } from '../../../src/claude/transcript.ts'
import { keeperFlags } from '../../bench/keeper.ts'
import { endChild, ms, startNode, withoutCertificates } from '../../bench/measure.ts'
import { within } from '../../patience.ts'
import { cli } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { until } from '../../sim/until.ts'
import { delivered, journal, registrations, untilLive } from '../../sim/watch.ts'
import { channels, expectAnswer, openSession, ownFile, succeeded, withoutKeeper } from './rig.ts'

/** A transcript of 500 MB and an MCP log of 200 MB, as months of use make them: one test goes on where the last ended. */
let home: Home
let log: string
let transcript: string
let conversation: string
beforeAll(async () => {
  home = await openSession()
  await channels(home, 'up')
  await untilLive(home)
  await expectAnswer(home, 'first')
  await withoutKeeper(home)
  ;({ file: log = '', conversation = '' } = registrations(home)[0] ?? {})
  transcript = join(home.home, '.claude', 'projects', folderOf(home.project), `${conversation}.jsonl`)
  expect(delivered(home, 'first')).toHaveLength(1)
  expect(existsSync(transcript)).toBe(true)
})
afterAll(() => home?.close())

const mib = 1024 * 1024

test(
  'a keeper that starts beside them looks within a second, and holds hardly more than an idle Node',
  within(120_000),
  async () => {
    const idle = startNode(['-e', 'setInterval(()=>{},1e6)'], withoutCertificates(home.env))
    const small = await firstLook()
    grow(log, 200, logRow)
    grow(transcript, 500, transcriptRow)
    const first = await firstLook()
    const again = await firstLook()
    const idleMib = peak(idle)
    await endChild(idle)
    console.log(
      `first look after ${ms(small.ms)} with short files, ${ms(first.ms)} and ${ms(again.ms)} with long ones; peak ${small.mib.toFixed(1)}, ${first.mib.toFixed(1)}, ${again.mib.toFixed(1)} MiB; idle Node ${idleMib.toFixed(1)} MiB`,
    )
    // Others who slow the machine down make a look longer, and none shorter: the best of some counts. Where a look at
    // short files takes most of a second already, long ones may add half to it.
    const best = [first.ms, again.ms]
    const most = Math.max(1_000, 1.5 * small.ms)
    while (Math.min(...best) >= most && best.length < 5) best.push((await firstLook()).ms)
    expect(Math.min(...best)).toBeLessThan(most)
    expect(Math.max(first.mib, again.mib)).toBeLessThan(1.4 * idleMib)
    await untilLive(home)
  },
)

test('what comes in one go, or is garbage, fills no keeper', within(180_000), async () => {
  const keeper = startKeeper()
  try {
    await untilLive(home)
    const before = peak(keeper)
    const says: Record<string, string> = {}
    const peaks: number[] = []
    for (const [what, write] of [...bursts, ...hostile]) {
      write(transcript, transcriptRow)
      write(log, logRow)
      const seen = journal(home).length
      // The keeper reads both before it says what it makes of the end of the log.
      appendFileSync(log, `\n${logRow('Channel notifications skipped: channels not enabled by org policy')}`)
      const began = performance.now()
      await until(`the keeper to have read ${what}`, () => saw(seen, 'org-policy'), 30_000)
      peaks.push(peak(keeper))
      says[what] = `${ms(performance.now() - began)}, ${peak(keeper).toFixed(1)} MiB`
      const turned = journal(home).length
      appendFileSync(log, logRow('Channel notifications registered'))
      await until('the channel to be live again', () => saw(turned, null), 30_000)
      expect(keeper.exitCode).toBeNull()
    }
    console.log(`peak before ${before.toFixed(1)} MiB; ${JSON.stringify(says, null, 2)}`)
    expect(peaks[bursts.length - 1]).toBeLessThan(before + 20)
    expect(peaks.at(-1)).toBeLessThan(before + 100)
  } finally {
    await endChild(keeper)
  }
})

test('the last lines of the log are shown at once, in little memory', async () => {
  const env = { NODE_OPTIONS: '--max-old-space-size=32 --max-semi-space-size=1' }
  const logs = async (source: string) =>
    succeeded(await home.channels(['logs', 'work', '-n', '9', '--source', source], { env }))
  const shown = await logs('channel')
  expect(shown.stdout.trim().split('\n').length).toBeLessThanOrEqual(9)
  expect(shown.stdout).toContain('Channel notifications registered')
  // Lines without end have to be passed over, so some times as long as a short log takes: the best of some, since what
  // else the machine does makes each longer. To read all of it would take dozens of times as long.
  const long = [shown.ms]
  const short = [(await logs('keeper')).ms]
  const isAtOnce = () => Math.min(...long) < 8 * Math.min(...short)
  while (!isAtOnce() && long.length < 5) {
    long.push((await logs('channel')).ms)
    short.push((await logs('keeper')).ms)
  }
  console.log(`channels logs: ${long.map(ms).join(', ')}; of a short log ${short.map(ms).join(', ')}`)
  expect(isAtOnce()).toBe(true)
})

test('whether a conversation can be resumed is told by the beginning of its transcript', () => {
  const took = (act: () => unknown): number => {
    const before = performance.now()
    act()
    return performance.now() - before
  }
  expect(isResumable(transcript)).toBe(true)
  const beginning = took(() => isResumable(transcript))
  const whole = took(() => readFileSync(transcript))
  console.log(`isResumable: ${ms(beginning)}; reading all of it: ${ms(whole)}`)
  expect(beginning).toBeLessThan(whole / 3)
})

const folderOf = (path: string): string => path.replace(/[^A-Za-z0-9]/g, '-')

type Row = (text: string) => string

const stamp = () => ({ timestamp: new Date().toISOString(), sessionId: conversation, cwd: home.project })
const logRow: Row = (debug) => `${JSON.stringify({ debug, ...stamp() })}\n`
const transcriptRow: Row = (text) =>
  `${JSON.stringify({ type: 'assistant', ...stamp(), message: { model: 'claude-opus-5-5', content: [{ type: 'text', text }] } })}\n`

/** Lines of all lengths, letters of more than a byte among them. */
const grow = (file: string, size: number, row: Row): void => {
  const texts = Array.from(
    { length: 2_000 },
    (_, i) => `Tool 'x' completed: ${'é漢 "\n'.repeat((i * i) % 300)}`,
  )
  const block = Buffer.from(texts.map(row).join(''))
  write(file, size, block)
}

const write = (file: string, size: number, block: Buffer): void => {
  const to = openSync(file, 'a')
  for (let written = 0; written < size * mib; ) written += writeSync(to, block)
  closeSync(to)
}

const bursts: readonly (readonly [string, (file: string, row: Row) => void])[] = [
  ['50 MiB of rows', (file, row) => grow(file, 50, row)],
  ['10 MiB of empty lines', (file) => write(file, 10, Buffer.alloc(mib, '\n'))],
  ['a line of 100 MiB', (file) => write(file, 100, Buffer.alloc(mib, 'x'))],
  // Two bytes a letter.
  ['a row of 0.9 MiB', (file, row) => appendFileSync(file, row(`漢${'x\n'.repeat(330_000)}`))],
  [
    '20 MiB of rows that each name another conversation',
    (file) => {
      for (let i = 0; i < 20; i += 1) appendFileSync(file, strangers(i))
    },
  ],
  ['50 MiB of NULs', (file) => write(file, 50, Buffer.alloc(mib))],
]

/** Made up to fill memory; the keeper's may grow, and has to last. */
const hostile: typeof bursts = [
  ['a row of empty objects', (file) => appendFileSync(file, `{"timestamp":[${'{},'.repeat(330_000)}{}]}\n`)],
  [
    'a row without end of nesting',
    (file) => appendFileSync(file, `{"message":${'[{"a":'.repeat(160_000)}}\n`),
  ],
]

const strangers = (part: number): string =>
  Array.from({ length: 8_000 }, (_, i) => logRow('Tool').replace(conversation, `${part}-${i}`)).join('')

const saw = (from: number, reason: string | null): boolean =>
  journal(home)
    .slice(from)
    .some((entry) => entry.type === 'state' && entry.reason === reason)

const startKeeper = (): ChildProcess => startNode([...keeperFlags, cli, 'run', '--every', '50'], home.env)

/** From the start of a keeper to the record of what it saw first, and what it held at most until it had looked often. */
const firstLook = async (): Promise<{ readonly ms: number; readonly mib: number }> => {
  rmSync(ownFile(home, 'health.json'), { force: true })
  const began = performance.now()
  const keeper = startKeeper()
  try {
    await until('the first look', () => existsSync(ownFile(home, 'health.json')))
    const took = performance.now() - began
    await until('the platform to have been asked', () =>
      readFileSync(ownFile(home, 'health.json'), 'utf8').includes('"accepted"'),
    )
    return { ms: took, mib: peak(keeper) }
  } finally {
    await endChild(keeper)
  }
}

/** The most a process held so far, in MiB. */
const peak = ({ pid }: ChildProcess): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024
