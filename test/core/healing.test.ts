import { expect, test } from 'vitest'
import { isAnsweredFor } from '../../src/core/agreed-answer.ts'
import { no, yes } from '../../src/core/answer.ts'
import type { Effect } from '../../src/core/effect.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { type MachineState, newHealth, step } from '../../src/core/machine.ts'
import type { ReasonName } from '../../src/core/reasons.ts'
import type { Health } from '../../src/core/records.ts'
import type { DialogSettings } from '../../src/core/session.ts'
import {
  client,
  clientProcess,
  evidence,
  loop,
  minutes,
  noon,
  ownPoller,
  platform,
  run,
  seconds,
  session,
  sessionFile,
  thief,
  withChannel,
} from './evidence-builder.ts'

/** What is done within some looks, so far apart. */
const acts = (
  seen: Evidence,
  looks: readonly number[] = [0, 1, 2, 3, 4, 5],
  health: Partial<Health> = {},
) => {
  let state: MachineState = { health: { ...newHealth(noon), ...health }, suspicion: null }
  return looks.flatMap((second) => {
    const next = step(state, seen, noon + second * seconds)
    state = next.state
    return next.effects.filter(({ do: what }) => what !== 'journal' && what !== 'look-again')
  })
}

const suspended = withChannel({ poller: yes({ ...ownPoller, suspended: true }) })
const goOn: Effect = { do: 'continue-poller', process: ownPoller.process }

test('a suspended plugin goes on after three seconds, three times at the most', () => {
  expect(acts(suspended, [0, 1, 2])).toEqual([])
  expect(acts(suspended, [0, 1, 2, 3])).toEqual([goOn])
  expect(acts(suspended, [0, 2, 4, 6, 8, 10, 12])).toEqual([goOn, goOn, goOn])
})

test('a suspended thief is ended like any other, and nobody else’s process is touched', () => {
  const stolen = withChannel({ poller: yes({ ...thief, suspended: true }) })
  expect(acts(stolen, [0, 1])).toContainEqual({ do: 'end-poller', process: thief.process })
  expect(acts(withChannel({ poller: yes({ ...ownPoller, ours: 'unknown', suspended: true }) }))).toEqual([])
})

const end = (ended: 'not-draining' | 'client-replaced', gently: boolean): Effect => ({
  ...{ do: 'end-client', process: clientProcess, run: 'run-1', ended, fresh: false },
  ...{ gently, hold: null },
})

test('a plugin that fetches nothing: its client is resumed when idle', () => {
  const deaf = platform({ at: noon, pending: 2, pendingSince: noon - 31 * seconds })
  expect(acts(withChannel({ platform: deaf }), [0, 1])).toEqual([end('not-draining', false)])
  const busy = client({ file: sessionFile({ activity: 'busy' }) })
  expect(acts(withChannel({ platform: deaf }, { client: busy }), [0, 1, 60, 120])).toEqual([])
})

const replaced = (activity: 'idle' | 'busy' | 'waiting', change: Partial<Evidence> = {}) =>
  evidence({ client: client({ replaced: true, file: sessionFile({ activity }) }), ...change })

test('a client whose file was replaced is started anew at rest, and only once the file is there', () => {
  expect(acts(replaced('idle'), [0, 1])).toEqual([end('client-replaced', true)])
  expect(acts(replaced('busy'), [0, 1, 59 * 60, 61 * 60])).toEqual([])
  const missing = { obstacles: [{ reason: 'client-missing', detail: '/usr/bin/claude' }] } as const
  expect(acts(replaced('idle', missing))).toEqual([])
})

const asks = (
  dialog: 'resume-dialog' | 'development-dialog',
  dialogs: DialogSettings,
  change: Partial<Evidence> = {},
) =>
  evidence({
    session: { ...session, dialogs },
    run: run({ resumed: true }),
    client: client({ file: null, dialog: { name: dialog, text: 'private' } }),
    ...change,
  })
const agreed: DialogSettings = { resume: 'full', development: 'accept' }
const nothing: DialogSettings = { resume: 'ask', development: 'ask' }

test.each<[string, Evidence, readonly Effect[]]>([
  [
    'a picker',
    asks('resume-dialog', agreed),
    [{ do: 'answer-dialog', dialog: 'resume-dialog', answer: 'full' }],
  ],
  [
    'development channels',
    asks('development-dialog', agreed),
    [{ do: 'answer-dialog', dialog: 'development-dialog', answer: 'accept' }],
  ],
  ['a picker nobody agreed to', asks('resume-dialog', nothing), []],
  ['development channels nobody agreed to', asks('development-dialog', nothing), []],
  [
    'a picker that no restart of ours raised',
    asks('resume-dialog', agreed, { run: run({ resumed: false }) }),
    [],
  ],
  [
    'a picker behind which it answers (2.1.330)',
    asks('resume-dialog', agreed, {
      client: client({
        file: sessionFile({ activity: 'waiting', waitingFor: 'dialog open' }),
        dialog: { name: 'resume-dialog', text: 'private' },
      }),
    }),
    [{ do: 'answer-dialog', dialog: 'resume-dialog', answer: 'full' }],
  ],
])('an answer for %s', (_, seen, effects) => {
  expect(acts(seen, [0, 1])).toEqual(effects)
})

test('what is answered for the person: with a keeper, what was agreed to, while it is affordable', () => {
  const accepted = asks('development-dialog', agreed)
  const healed = [3, 2, 1].map((ago) => ({ reason: 'development-dialog' as const, at: noon - ago * minutes }))
  const after = (times: number) => ({
    ...accepted,
    health: { ...newHealth(noon), healed: healed.slice(3 - times) },
  })
  const answered = (seen: Evidence, reason: ReasonName | null = 'development-dialog') =>
    isAnsweredFor(reason, seen, noon)
  expect(answered(accepted)).toBe(true)
  expect(answered(after(2))).toBe(true)
  expect(answered(after(3))).toBe(false)
  // Of starts before this one: four restarts in ten minutes are no reason to leave the fourth at its dialog.
  const startedAt = noon - 90 * seconds
  expect(answered({ ...after(3), run: run({ resumed: true, startedAt }) })).toBe(true)
  expect(answered({ ...accepted, keeper: null })).toBe(false)
  expect(answered(asks('development-dialog', nothing))).toBe(false)
  expect(answered(accepted, null)).toBe(false)
  expect(answered(accepted, 'trust-dialog')).toBe(false)
  // The screen shows another one by now.
  expect(answered(accepted, 'resume-dialog')).toBe(false)
  expect(answered(asks('resume-dialog', agreed), 'resume-dialog')).toBe(true)
  expect(answered(asks('resume-dialog', agreed, { run: run({ resumed: false }) }), 'resume-dialog')).toBe(
    false,
  )
})

test('no more than three answers in ten minutes', () => {
  expect(acts(asks('resume-dialog', agreed), [0, 1, 2, 3, 4, 5, 6])).toHaveLength(3)
  const healed = Array.from({ length: 3 }, () => ({
    reason: 'resume-dialog' as const,
    at: noon - 9 * minutes,
  }))
  expect(acts(asks('resume-dialog', agreed), [0, 1, 2], { healed })).toEqual([])
})

test('a fresh conversation names the one before', () => {
  const silent = withChannel(
    { log: null, poller: { is: 'no', detail: 'there is no bot.pid' } },
    {
      run: run({ resumed: true, startedAt: noon - 20 * seconds }),
      terminal: { loop, attached: 0, launchFailed: null },
    },
  )
  const healed = [{ reason: 'plugin-not-started' as const, at: noon - minutes }]
  const first = step({ health: { ...newHealth(noon), healed }, suspicion: null }, silent, noon)
  const { effects } = step(first.state, silent, noon + seconds)
  expect(effects).toContainEqual(expect.objectContaining({ do: 'end-client', fresh: true }))
  expect(JSON.stringify(effects)).toContain('--conversation 11111111-1111-4111-8111-111111111111')
})

const askedAt = (statusUpdatedAt: number | null) =>
  client({ file: sessionFile({ activity: 'waiting', waitingFor: 'permission prompt', statusUpdatedAt }) })
const waiting = askedAt(null)

test.each<[string, Partial<Evidence>]>([
  ['at work', { client: client({ file: sessionFile({ activity: 'busy' }) }) }],
  ['while somebody was attached', { client: waiting, terminal: { loop, attached: 1, launchFailed: null } }],
])('deaf %s, then waiting for a person with nobody there: half an hour from then on', (_, before) => {
  expect(endsAt((minute) => (minute < 35 ? before : { client: waiting }))).toEqual([65])
})

test('asked again between two looks, it has asked that for half an hour only when the client says so', () => {
  expect(endsAt((minute) => ({ client: askedAt(noon + (minute < 25 ? 0 : 25 * minutes)) }))).toEqual([55])
  // A client that does not say it: for as long as it has been seen to wait.
  expect(endsAt(() => ({ client: waiting }))[0]).toBe(30)
})

/** In which minutes a deaf client is ended, looked at once a minute. */
const endsAt = (seen: (minute: number) => Partial<Evidence>): readonly number[] => {
  let state: MachineState = { health: newHealth(noon), suspicion: null }
  return Array.from({ length: 66 }, (_, minute) => {
    const now = withChannel({ poller: no('the process in bot.pid is gone') }, seen(minute))
    const next = step(state, now, noon + minute * minutes)
    state = next.state
    return next.effects.some((effect) => effect.do === 'end-client') ? [minute] : []
  }).flat()
}
