import { expect, test } from 'vitest'
import { no, yes } from '../../src/core/answer.ts'
import type { Effect } from '../../src/core/effect.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { type MachineState, newHealth, step } from '../../src/core/machine.ts'
import type { ReasonName } from '../../src/core/reasons.ts'
import type { Health } from '../../src/core/records.ts'
import {
  client,
  clientProcess,
  evidence,
  exitRecord,
  freeze,
  log,
  loop,
  minutes,
  noon,
  ownPoller,
  platform,
  run,
  seconds,
  sessionFile,
  thief,
  wanted,
  withChannel,
  withoutClient,
} from './evidence-builder.ts'

const dead = { poller: no('the process in bot.pid (4720) is gone') } as const
const doing = (
  activity: 'idle' | 'busy' | 'waiting' | 'shell' | 'unknown',
  waitingFor: string | null = null,
) => client({ file: sessionFile({ activity, waitingFor }) })
const noLoop = { loop: null, attached: 0, launchFailed: null } as const
const attached = { loop, attached: 1, launchFailed: null } as const
const end = (ended: ReasonName | 'asked' | 'stopped', fresh = false): Effect => ({
  do: 'end-client',
  process: clientProcess,
  run: 'run-1',
  ended,
  fresh,
  gently: false,
  hold: null,
})
const endAtRest = (ended: 'asked' | 'stopped'): Effect => ({ ...end(ended), gently: true }) as Effect
const waitForRest: Effect = { do: 'look-again', afterMs: 500 }
const endThief: Effect = { do: 'end-poller', process: thief.process }
const wake: Effect = { do: 'wake' }
const again: Effect = { do: 'look-again', afterMs: 250 }

const calm = (health: Partial<Health> = {}): MachineState => ({
  health: { ...newHealth(noon), ...health },
  suspicion: null,
})
/** Looks at the same evidence at these times after noon; the actions of the last look. */
const look = (seen: Evidence, times: readonly number[], state = calm()): readonly Effect[] =>
  times
    .reduce<{ state: MachineState; effects: readonly Effect[] }>(
      (known, ms) => step(freeze(known.state), freeze(seen), noon + ms),
      { state, effects: [] },
    )
    .effects.filter((effect) => effect.do !== 'journal')

const idleOrder = { generation: 2, when: 'idle' } as const
const blockedBy = (reason: 'bun-missing' | 'client-exited' | 'crash-loop' | 'stopped') =>
  run({ waiting: { reason, detail: null, until: noon + minutes } })
const multiplexer = [{ reason: 'multiplexer-missing', detail: 'no tmux' }] as const

test.each<[string, Evidence, readonly Effect[]]>([
  ['live', evidence(), []],
  ['nothing on record', evidence({ wanted: null }), []],
  // What is wanted comes before all healing.
  ['not wanted', evidence({ wanted: wanted({ want: false }) }), [end('stopped')]],
  [
    'not wanted, in a dialog',
    evidence({ wanted: wanted({ want: false }), client: doing('waiting') }),
    [end('stopped')],
  ],
  ['not wanted, nothing but its loop', withoutClient({ wanted: wanted({ want: false }) }), [wake]],
  ['not wanted, nothing there', withoutClient({ wanted: wanted({ want: false }), terminal: noLoop }), []],
  [
    'not wanted at the next idle, busy',
    evidence({ wanted: wanted({ want: false, when: 'idle', at: noon }), client: doing('busy') }),
    [waitForRest],
  ],
  [
    'not wanted at the next idle, idle',
    evidence({ wanted: wanted({ want: false, when: 'idle', at: noon }) }),
    [endAtRest('stopped')],
  ],
  ['asked for', evidence({ wanted: wanted({ generation: 2 }), client: doing('busy') }), [end('asked')]],
  ['asked for, no client', withoutClient({ wanted: wanted({ generation: 2 }) }), [wake]],
  [
    'asked for, and missing is what launch waits for',
    withoutClient({
      wanted: wanted({ generation: 2 }),
      run: blockedBy('bun-missing'),
      obstacles: [{ reason: 'bun-missing', detail: '' }],
    }),
    [],
  ],
  [
    'asked for, and launch has failed since',
    withoutClient({
      wanted: wanted({ generation: 2, at: noon - minutes }),
      terminal: { loop, attached: 0, launchFailed: { status: 70, at: noon - seconds } },
    }),
    [],
  ],
  [
    'asked for, and launch failed before',
    withoutClient({
      wanted: wanted({ generation: 2, at: noon - seconds }),
      terminal: { loop, attached: 0, launchFailed: { status: 70, at: noon - minutes } },
    }),
    [wake],
  ],
  [
    'asked for in a crash loop, and something is missing',
    withoutClient({
      wanted: wanted({ generation: 2 }),
      run: blockedBy('crash-loop'),
      obstacles: [{ reason: 'bun-missing', detail: '' }],
    }),
    [wake],
  ],
  [
    'asked for, no terminal',
    withoutClient({ wanted: wanted({ generation: 2 }), terminal: noLoop }),
    [{ do: 'start-terminal' }],
  ],
  [
    'asked for at the next idle, idle',
    evidence({ wanted: wanted({ ...idleOrder, at: noon }) }),
    [endAtRest('asked')],
  ],
  [
    'asked for at the next idle, busy',
    evidence({ wanted: wanted({ ...idleOrder, at: noon - 59_000 }), client: doing('busy') }),
    [waitForRest],
  ],
  [
    'a new token a minute ago, busy',
    evidence({ wanted: wanted({ ...idleOrder, by: 'token', at: noon - 60_000 }), client: doing('busy') }),
    [waitForRest],
  ],
  [
    'set up a minute ago, busy',
    evidence({ wanted: wanted({ ...idleOrder, by: 'setup', at: noon - 60_000 }), client: doing('busy') }),
    [waitForRest],
  ],
  [
    'a new token an hour ago, busy',
    evidence({ wanted: wanted({ ...idleOrder, by: 'token', at: noon - 3_600_000 }), client: doing('busy') }),
    [end('asked')],
  ],
  [
    'asked for a minute ago, busy',
    evidence({ wanted: wanted({ ...idleOrder, at: noon - 60_000 }), client: doing('busy') }),
    [end('asked')],
  ],
  [
    'asked for by a clock that was set back since, busy',
    evidence({ wanted: wanted({ ...idleOrder, at: noon + 60 * minutes }), client: doing('busy') }),
    [waitForRest],
  ],
  // The terminal.
  ['its terminal is gone', withoutClient({ terminal: noLoop }), [{ do: 'start-terminal' }]],
  ['its terminal is gone, the client lives', evidence({ terminal: noLoop }), [{ do: 'start-terminal' }]],
  ['no terminal to be had', withoutClient({ terminal: noLoop, obstacles: multiplexer }), []],
  // The loop.
  ['waits out its back-off', withoutClient({ run: blockedBy('client-exited') }), []],
  ['in a crash loop', withoutClient({ run: blockedBy('crash-loop') }), []],
  ['held back', withoutClient({ run: blockedBy('stopped') }), []],
  ['what it waited for is there', withoutClient({ run: blockedBy('bun-missing') }), [wake]],
  [
    'what it waits for is missing still',
    withoutClient({ run: blockedBy('bun-missing'), obstacles: [{ reason: 'bun-missing', detail: '' }] }),
    [],
  ],
  ['the client just ended', withoutClient({ run: run({ exits: [exitRecord()] }) }), []],
])('at a first look: %s', (_, seen, effects) => {
  expect(look(seen, [0])).toEqual(effects)
})

const deaf = withChannel(dead)
const failing = {
  log: { ...log, registeredAt: null, failed: { at: noon, why: 'unknown', text: 'x' } },
} as const
const asked = platform({ at: noon + 1 })
const tokenGone = {
  log: { ...log, registeredAt: null, failed: { at: noon, why: 'token-missing', text: 'x' } },
} as const
const notStarted = { log: null, ...dead } as const
const resumed = { run: run({ resumed: true }) }
const busyDeaf = withChannel(dead, { client: doing('busy') })
const waitingDeaf = withChannel(dead, { client: doing('waiting', 'permission prompt') })
const healedBefore = (reason: ReasonName, times: number): Partial<Health> => ({
  healed: Array.from({ length: times }, () => ({ reason, at: noon - minutes })),
})
/** A look every ten seconds, for so long. */
const everyTen = (ms: number) => Array.from({ length: ms / 10_000 + 1 }, (_, i) => i * 10_000)

test.each<[string, Evidence, readonly number[], readonly Effect[], Partial<Health>?]>([
  ['a first sample is only looked at again', deaf, [0], [again]],
  ['too soon after it', deaf, [0, 249], [again]],
  ['a second sample', deaf, [0, 250], [end('plugin-exited')]],
  ['a plugin that failed', withChannel({ ...failing, platform: asked }), [0, 250], [end('plugin-failed')]],
  ['the same, and its platform was not asked since', withChannel(failing), [0, 250], []],
  [
    'its platform was asked once, in vain',
    withChannel({ ...failing, platform: { ...asked, trouble: { since: noon, times: 1, detail: 'x' } } }),
    [0, 250, 15_000],
    [],
  ],
  ['nothing is heard of its platform', withChannel({ ...failing, platform: null }), [0, 250, 15_000], []],
  [
    'nothing is heard of it for long',
    withChannel({ ...failing, platform: null }),
    [0, 250, 20_000],
    [end('plugin-failed')],
  ],
  ['a shell runs in it', withChannel(dead, { client: doing('shell') }), [0, 250], []],
  ['a client without a session file', withChannel(dead, { client: client({ file: null }) }), [0, 250], []],
  ['busy', busyDeaf, everyTen(59 * minutes), []],
  ['busy for an hour', busyDeaf, everyTen(60 * minutes), [end('plugin-exited')]],
  ['busy, and the machine slept for two hours', busyDeaf, [0, 10_000, 120 * minutes], []],
  ['what it does is not known', withChannel(dead, { client: doing('unknown') }), everyTen(minutes), []],
  ['waits for a person, deaf', waitingDeaf, everyTen(29 * minutes), []],
  ['waits for half an hour, deaf', waitingDeaf, everyTen(30 * minutes), [end('plugin-exited')]],
  [
    'waits for an hour, somebody is attached',
    { ...waitingDeaf, terminal: attached },
    everyTen(60 * minutes),
    [],
  ],
  ['waits for an hour, and is well', evidence({ client: doing('waiting') }), everyTen(60 * minutes), []],
  [
    'a dialog for an hour',
    withChannel(notStarted, { client: client({ file: null, dialog: { name: 'trust-dialog', text: '' } }) }),
    everyTen(60 * minutes),
    [],
  ],
  [
    'an unknown dialog for an hour',
    withChannel(notStarted, { client: doing('waiting', 'dialog open') }),
    everyTen(60 * minutes),
    [],
  ],
  [
    'suspended for an hour',
    withChannel(dead, { client: client({ suspended: true }) }),
    everyTen(60 * minutes),
    [],
  ],
  [
    'the clock set back is not waited for',
    deaf,
    [0, -60 * minutes, -60 * minutes + 20 * seconds, -60 * minutes + 40 * seconds],
    [end('plugin-exited')],
  ],
  [
    'the clock set back while the plugin starts is no reason to end its client',
    withChannel(
      { log: { ...log, startedAt: noon + 60 * minutes, connectedAt: null, registeredAt: null }, ...dead },
      { run: run({ startedAt: noon + 60 * minutes }) },
    ),
    [0, 250, 2 * seconds, 30 * seconds],
    [],
  ],
  [
    'stolen from a run from before the clock was set back',
    withChannel({ poller: yes(thief) }, { run: run({ startedAt: noon + 60 * minutes }) }),
    [0, 250],
    [endThief, end('poller-stolen')],
  ],
  // A thief.
  ['stolen, at first sight', withChannel({ poller: yes(thief) }), [0], [again]],
  ['stolen, idle', withChannel({ poller: yes(thief) }), [0, 250], [endThief, end('poller-stolen')]],
  ['stolen, busy', withChannel({ poller: yes(thief) }, { client: doing('busy') }), [0, 250], [endThief]],
  [
    'stolen for the fourth time',
    withChannel({ poller: yes(thief) }),
    [0, 250],
    [],
    healedBefore('poller-stolen', 3),
  ],
  [
    'whose it is, is not known',
    withChannel({ poller: yes({ ...ownPoller, ours: 'unknown' }) }),
    everyTen(minutes),
    [],
  ],
  // Budgets.
  ['a fifth plugin that died', deaf, [0, 250], [end('plugin-exited')], healedBefore('plugin-exited', 4)],
  ['a sixth plugin that died', deaf, [0, 250], [], healedBefore('plugin-exited', 5)],
  [
    'a budget spent before the clock was set back',
    deaf,
    [0, 250],
    [end('plugin-exited')],
    { healed: Array.from({ length: 5 }, () => ({ reason: 'plugin-exited', at: noon + 60 * minutes })) },
  ],
  ['another reason’s budget', deaf, [0, 250], [end('plugin-exited')], healedBefore('plugin-failed', 3)],
  ['a fourth plugin that failed', withChannel(failing), [0, 250], [], healedBefore('plugin-failed', 3)],
  // What a person brought is there: that needs a new client, which may fail just the same.
  ['the token is there now', withChannel(tokenGone), [0, 250], [end('token-missing')]],
  [
    'the token is still missing',
    withChannel(tokenGone, { obstacles: [{ reason: 'token-missing', detail: '' }] }),
    everyTen(minutes),
    [],
  ],
  [
    'the token is there, and it fails a fourth time',
    withChannel(tokenGone),
    [0, 250],
    [],
    healedBefore('token-missing', 3),
  ],
  // Fresh.
  ['never started', withChannel(notStarted, resumed), [0, 250], [end('plugin-not-started')]],
  [
    'never started twice',
    withChannel(notStarted, resumed),
    [0, 250],
    [end('plugin-not-started', true)],
    healedBefore('plugin-not-started', 1),
  ],
  [
    'never started, and once before the clock was set back',
    withChannel(notStarted, resumed),
    [0, 250],
    [end('plugin-not-started')],
    { healed: [{ reason: 'plugin-not-started', at: noon + 60 * minutes }] },
  ],
  [
    'never started twice, new anyway',
    withChannel(notStarted),
    [0, 250],
    [end('plugin-not-started')],
    healedBefore('plugin-not-started', 1),
  ],
])('healing: %s', (_, seen, times, effects, health) => {
  const state = calm(health)
  expect(look({ ...seen, health: state.health }, times, state)).toEqual(effects)
})

test('an order given inside the session before the clock was set back waits a minute, and no longer', () => {
  const asked = wanted({ ...idleOrder, at: noon + 60 * minutes })
  const seen = evidence({ wanted: asked, client: doing('busy') })
  expect(look(seen, [0, 20 * seconds, 40 * seconds, 59 * seconds])).toEqual([waitForRest])
  expect(look(seen, [0, 20 * seconds, 40 * seconds, 60 * seconds])).toEqual([end('asked')])
  const given = evidence({ wanted: wanted({ ...idleOrder, at: noon }), client: doing('busy') })
  const back = -60 * minutes
  expect(look(given, [0, back, back + 30 * seconds])).toEqual([waitForRest])
  expect(look(given, [0, back, back + 30 * seconds, back + 60 * seconds])).toEqual([end('asked')])
  expect(look({ ...given, client: doing('idle') }, [0])).toEqual([endAtRest('asked')])
})

test('an order that waits for rest: a plugin that a killed keeper left held is let go on, or its client never rests', () => {
  const goOn: Effect = { do: 'continue-poller', process: ownPoller.process }
  const held = { poller: yes({ ...ownPoller, suspended: true }) }
  for (const order of [{ by: 'token' }, { want: false }] as const) {
    const asked = { wanted: wanted({ ...idleOrder, ...order, at: noon }), client: doing('busy') }
    expect(look(withChannel(held, asked), [0, 1_500, 2_500])).toEqual([waitForRest])
    expect(look(withChannel(held, asked), [0, 1_500, 3_000])).toEqual([waitForRest, goOn])
    expect(look(withChannel(held, { ...asked, client: doing('idle') }), [0])).toEqual([
      endAtRest('want' in order ? 'stopped' : 'asked'),
    ])
    expect(look(withChannel(dead, asked), [0, 3_000])).toEqual([waitForRest])
    const both = { ...asked, client: { ...doing('busy'), suspended: true } }
    expect(look(withChannel(held, both), [0, 3_000])).toEqual([waitForRest])
  }
})

test('an order that waits for rest: a thief is ended at once, within his budget, and the client not for him', () => {
  for (const order of [{ by: 'token' }, { by: 'setup' }, { want: false }] as const) {
    const asked = { wanted: wanted({ ...idleOrder, ...order, at: noon }), client: doing('busy') }
    const taken = withChannel({ poller: yes(thief) }, asked)
    expect(look(taken, [0])).toEqual([waitForRest])
    expect(look(taken, [0, 250])).toEqual([waitForRest, endThief])
    const held = withChannel({ poller: yes({ ...thief, suspended: true }) }, asked)
    expect(look(held, [0, 250])).toEqual([waitForRest, endThief])
    const spent = calm(healedBefore('poller-stolen', 3))
    expect(look({ ...taken, health: spent.health }, [0, 250], spent)).toEqual([waitForRest])
    expect(look({ ...taken, client: doing('idle') }, [0])).toEqual([
      endAtRest('want' in order ? 'stopped' : 'asked'),
    ])
    const suspended = { ...taken, client: { ...doing('busy'), suspended: true } }
    expect(look(suspended, [0, 250])).toEqual([waitForRest])
    const unread = { ...taken, client: doing('unknown') }
    expect(look(unread, [0, 250])).toEqual([waitForRest, endThief])
  }
  // Nobody can end him, and it has waited for a person for most of an hour: the order is what ends it.
  const asks = { wanted: wanted({ ...idleOrder, by: 'token', at: noon }), client: doing('waiting') } as const
  const looks = Array.from({ length: 70 }, (_, i) => i * 50 * seconds)
  for (const [i] of looks.entries())
    expect(
      look(withChannel({ poller: yes(thief) }, asks), looks.slice(0, i + 1)).filter(
        ({ do: what }) => what === 'end-client',
      ),
    ).toEqual([])
  const first = step(calm(), withChannel({ poller: yes(thief) }), noon)
  const order = { wanted: wanted({ ...idleOrder, by: 'token', at: noon }), client: doing('busy') }
  const { health } = step(first.state, withChannel({ poller: yes(thief) }, order), noon + 250).state
  expect(health.healed).toEqual([{ reason: 'poller-stolen', at: noon + 250 }])
  expect(health.tries).toEqual({})
})

test('another fault starts a suspicion of its own', () => {
  const first = step(calm(), deaf, noon)
  const second = step(first.state, withChannel(failing), noon + 2 * seconds)
  expect(second.effects.filter((effect) => effect.do !== 'journal')).toEqual([again])
  const recovered = step(first.state, evidence(), noon + 2 * seconds)
  expect(recovered.state.suspicion).toBeNull()
})

test('another run starts a suspicion of its own', () => {
  const first = step(calm(), deaf, noon)
  const next = step(first.state, { ...deaf, run: run({ run: 'run-2' }) }, noon + 2 * seconds)
  expect(next.effects).toContainEqual(again)
})

test('what is healed is journalled before it is done, and remembered', () => {
  const first = step(calm(), deaf, noon)
  const { effects, state } = step(first.state, deaf, noon + 250)
  expect(effects.map((effect) => effect.do)).toEqual(['journal', 'end-client'])
  expect(effects[0]).toMatchObject({ event: { type: 'healing', reason: 'plugin-exited' } })
  expect(state.health.healed).toEqual([{ reason: 'plugin-exited', at: noon + 250 }])
})

test('a thief that comes back counts, though the busy client is left alone', () => {
  const stolen = withChannel({ poller: yes(thief) }, { client: doing('busy') })
  let state = calm()
  const ended: number[] = []
  for (let ms = 0; ms < 9 * minutes; ms += 2 * seconds) {
    const next = step(freeze(state), { ...stolen, health: state.health }, noon + ms)
    if (next.effects.some((effect) => effect.do === 'end-poller')) ended.push(ms)
    state = next.state
    if (ended.length === 3) break
  }
  expect(ended).toHaveLength(3)
  expect(step(state, { ...stolen, health: state.health }, noon + 9 * minutes).verdict).toMatchObject({
    state: 'down',
    reason: 'poller-contested',
  })
})

test('a client of which no run is on record is for a person to end: nothing is started beside it', () => {
  const seen = evidence({ run: null, client: null, stray: { pid: 4900, start: '77' } })
  const { effects } = step(
    { health: newHealth(noon), suspicion: null },
    { ...seen, terminal: { ...seen.terminal, loop: null } },
    noon,
  )
  expect(effects.filter((effect) => effect.do !== 'journal')).toEqual([])
})
