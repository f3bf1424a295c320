import { expect, test } from 'vitest'
import { awaitSwap, reportSwap } from '../../src/commands/swap-client.ts'
import type { Activity } from '../../src/core/client.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import type { Wanted } from '../../src/core/records.ts'
import type { Deps } from '../../src/deps.ts'
import {
  channel,
  client,
  discordChannel,
  evidence,
  log,
  minutes,
  noon,
  platform,
  run,
  seconds,
  session,
  sessionFile,
  wanted,
  withoutClient,
} from '../core/evidence-builder.ts'

const asked = wanted({ by: 'setup', generation: 2, when: 'idle', at: noon })
const waiting = 'Waiting until Claude is idle, then starting work anew'

/** What is seen, from so many milliseconds after the order on. */
type Scene = readonly [fromMs: number, seen: Partial<Evidence>]

/** Waits as the commands do, by a clock that is moved by its own sleeping, and reports. */
const play = async (scenes: readonly Scene[], { timeoutMs = 10 * minutes, mine = asked as Wanted } = {}) => {
  let now = 0
  let carriedOut = 0
  const said: string[] = []
  const printed: string[] = []
  const deps = {
    clock: {
      now: () => noon + now,
      elapsed: () => now,
      sleep: async (ms: number) => {
        now += ms
        if (now > 60 * minutes) throw new Error('waits for ever')
      },
    },
    observe: async (): Promise<Evidence> => {
      const scene = scenes.findLast(([from]) => now >= from)?.[1]
      return evidence({ wanted: mine, ...scene, at: noon + now })
    },
    probe: async () => ({}),
    carryOut: async () => {
      carriedOut += 1
    },
    cancelled: new AbortController().signal,
    output: {
      say: (line: string) => said.push(line),
      print: (line: string) => printed.push(line),
    },
  } as unknown as Deps
  const swap = await awaitSwap(session, { wanted: mine, timeoutMs, waiting }, deps)
  const status = reportSwap(
    session,
    swap,
    { what: 'It is set up', live: 'work is live again.', next: '`channels setup` then tries it.' },
    deps,
  )
  return { swap, status, said, printed: printed.join('\n'), tookMs: now, carriedOut }
}

const doing = (activity: Activity, waitingFor: string | null = null) => ({
  client: client({ file: sessionFile({ activity, waitingFor }) }),
})
/** The new client, started that late. */
const fresh = (startedMs: number, generation = 2) => {
  const at = noon + startedMs
  const registered = { ...log, startedAt: at, connectedAt: at, registeredAt: at }
  return {
    run: run({ generation, startedAt: at }),
    channels: [channel({ log: registered, platform: platform({ at }) })],
  }
}
const ended = { client: null, channels: withoutClient().channels }
/** The new client, whose second channel's plugin ended before it said a word. */
const halfDeaf = (startedMs: number): Partial<Evidence> => ({
  ...fresh(startedMs),
  channels: [
    ...fresh(startedMs).channels,
    channel({
      channel: discordChannel,
      log: {
        ...log,
        registeredAt: null,
        connectedAt: null,
        failed: { at: noon + startedMs, why: 'connection-closed', text: 'Connection closed' },
      },
    }),
  ],
})

test('one that rests is swapped, and live', async () => {
  const { status, printed, carriedOut, said } = await play([
    [0, {}],
    [seconds, ended],
    [2 * seconds, fresh(1_500)],
  ])
  expect([status, printed]).toEqual([0, 'work is live again.'])
  expect(carriedOut).toBeGreaterThan(0)
  expect(said).toEqual(['Starting work anew …'])
})

test('a new client whose plugin fails is given a minute, and then its cause is named', async () => {
  const { status, printed, tookMs } = await play([
    [0, {}],
    [3 * seconds, ended],
    [5 * seconds, halfDeaf(4_000)],
  ])
  expect([status, tookMs]).toEqual([1, 63 * seconds])
  expect(printed).toContain('work is recovering: ')
  expect(printed).toContain('[plugin-failed]')
  expect(printed).not.toContain('takes it')
})

test('the minute begins when the new client does, also where that was late', async () => {
  const { printed, tookMs } = await play(
    [
      [0, doing('busy')],
      [10 * minutes - 1_000, ended],
      [10 * minutes, halfDeaf(10 * minutes)],
    ],
    { timeoutMs: 10 * minutes },
  )
  expect(tookMs).toBe(11 * minutes - 1_000)
  expect(printed).toContain('[plugin-failed]')
})

test('no client comes in the place of the one that was ended: that is said, with the status it has', async () => {
  const { status, printed, tookMs } = await play([
    [0, {}],
    [
      seconds,
      {
        ...ended,
        terminal: { ...evidence().terminal, launchFailed: { status: 70, at: noon + seconds } },
      },
    ],
  ])
  expect([status, tookMs]).toEqual([1, 61 * seconds])
  expect(printed).toContain('[launch-failed]')
})

test('a look that misses the client for a moment begins nothing', async () => {
  const blink: readonly Scene[] = [
    [0, doing('busy')],
    [seconds, ended],
    [1_100, doing('busy')],
  ]
  const { swap, tookMs } = await play(blink, { timeoutMs: 2 * minutes })
  expect([swap, tookMs]).toEqual([{ is: 'pending', over: 'work' }, 2 * minutes])
  expect((await play([...blink, [minutes, halfDeaf(minutes)]])).tookMs).toBe(2 * minutes)
})

test('at work all the time: it is taken later, and what is left to do is said', async () => {
  const { status, printed, tookMs, said } = await play([[0, doing('busy')]])
  expect([status, tookMs, said]).toEqual([1, 10 * minutes, []])
  expect(printed).toBe(
    'It is set up, and work takes it as soon as Claude is idle, within the hour.\n' +
      '  `channels restart work` does it now, and interrupts what Claude is doing.\n' +
      '  `channels setup` then tries it.',
  )
})

const attachLine = 'Waiting for you at `channels attach work`: Claude asks for a permission and waits …'

test('what waits for a person is said once, and waited for', async () => {
  const { status, said } = await play([
    [0, doing('busy')],
    [seconds, doing('waiting', 'permission prompt')],
    [5 * minutes, doing('busy')],
    [6 * minutes, {}],
    [6 * minutes + seconds, fresh(6 * minutes)],
  ])
  expect(status).toBe(0)
  expect(said).toEqual([attachLine, `${waiting} …`, 'Starting work anew …'])
})

test('a prompt that is answered at once is not', async () => {
  const { said } = await play([
    [0, doing('waiting', 'permission prompt')],
    [seconds, doing('busy')],
    [2 * seconds, fresh(seconds)],
  ])
  expect(said).toEqual(['Starting work anew …'])
})

test.each<[what: string, seen: Partial<Evidence>, reason: string]>([
  ['a permission prompt', doing('waiting', 'permission prompt'), 'permission-prompt'],
  ['a question', doing('waiting', 'input needed'), 'question'],
  [
    'a dialog of its start',
    { client: client({ file: null, dialog: { name: 'trust-dialog', text: '' } }) },
    'trust-dialog',
  ],
  ['what suspended it', { client: client({ suspended: true }) }, 'client-stopped'],
])('at %s when time is up: named, with what helps', async (_, seen, reason) => {
  const { status, printed, said } = await play([[0, seen]])
  expect([status, said.length]).toEqual([1, 1])
  expect(said[0]).toContain('`channels attach work`')
  expect(printed).toContain(`[${reason}]`)
  expect(printed).toContain('It is set up, and work takes it once that is over and Claude is idle')
})

test('a command that Claude left running may never end: it is not waited for', async () => {
  const { status, printed, tookMs } = await play([[0, doing('shell')]])
  expect([status, tookMs]).toEqual([1, 10 * seconds])
  expect(printed).toContain('as soon as a command is over that Claude left running in the background')
  expect(printed).toContain('`channels restart work` does it now, and ends that command.')
  expect(printed).toContain('`channels setup` then tries it.')
})

test('one that is over soon is', async () => {
  const { status } = await play([
    [0, doing('shell')],
    [9 * seconds, doing('busy')],
    [12 * seconds, doing('shell')],
    [21 * seconds, {}],
    [22 * seconds, fresh(21 * seconds)],
  ])
  expect(status).toBe(0)
})

test.each<[what: string, newer: Partial<Wanted>]>([
  ['`channels restart`', { by: 'restart', generation: 3 }],
  ['`channels restart --fresh`', { by: 'restart', generation: 3, fresh: true }],
  ['`channels up`, which carries it out at once', { by: 'up', generation: 2 }],
  ['`channels token`', { by: 'token', generation: 3, when: 'idle' }],
])('%s meanwhile brings what was asked for', async (_, newer) => {
  const ordered = { wanted: wanted({ at: noon + seconds, ...newer }) }
  const { status, printed } = await play([
    [0, doing('busy')],
    [seconds, { ...ordered, ...doing('busy') }],
    [2 * seconds, { ...ordered, ...ended }],
    [3 * seconds, { ...ordered, ...fresh(2_500, newer.generation) }],
  ])
  expect([status, printed]).toEqual([0, 'work is live again.'])
})

test('the one it is asked for again counts, not the one before that', async () => {
  const ordered = { wanted: wanted({ by: 'restart', generation: 3, at: noon + 1_500 }) }
  const { tookMs } = await play([
    [0, {}],
    [1_500, { ...ordered, ...fresh(seconds) }],
    [5 * seconds, { ...ordered, ...fresh(4 * seconds, 3) }],
  ])
  expect(tookMs).toBe(5 * seconds)
})

test.each<[what: string, newer: Partial<Wanted>, conversation: string | null]>([
  ['`channels down`', { by: 'down', want: false }, null],
  ['a restart in another conversation', { by: 'restart', generation: 3 }, 'that one'],
])('%s meanwhile does not', async (_, newer, conversation) => {
  const ordered = { wanted: wanted({ generation: 2, at: noon + seconds, ...newer }) }
  const mine = { ...asked, conversation }
  const scenes: readonly Scene[] = [
    [0, doing('busy')],
    [seconds, { ...ordered, ...doing('busy') }],
  ]
  await expect(play(scenes, { mine })).rejects.toMatchObject({
    status: 1,
    message: expect.stringContaining('Something newer was asked of `work` meanwhile'),
  })
})
