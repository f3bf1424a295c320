import { expect, test } from 'vitest'
import { emptyTranscript } from '../../src/core/client.ts'
import type { Effect } from '../../src/core/effect.ts'
import type { Evidence, LoginEvidence } from '../../src/core/evidence.ts'
import { type MachineState, newHealth, step } from '../../src/core/machine.ts'
import type { Parked } from '../../src/core/records.ts'
import {
  client,
  clientProcess,
  evidence,
  loop,
  minutes,
  noon,
  run,
  seconds,
  sessionFile,
  wanted,
  withoutClient,
} from './evidence-builder.ts'

const hours = 60 * minutes
const attached = { loop, attached: 1, launchFailed: null } as const
const refused = (status: number, resetsAt: number | null = null, activity: 'idle' | 'busy' = 'idle') =>
  evidence({
    client: client({
      file: sessionFile({ activity }),
      transcript: {
        ...emptyTranscript,
        apiFailure: { at: noon - seconds, status, error: 'x', resetsAt },
      },
    }),
    login: { credentialsAt: noon - 10 * hours, checked: loginChecked },
  })
const loginChecked = { at: noon - seconds, is: 'yes', credentialsAt: noon - 10 * hours } as const

/** Two looks, a second apart: what costs work is done at the second. */
const acts = (seen: Evidence, parked: Parked | null = null) => {
  const state: MachineState = { health: { ...newHealth(noon), parked }, suspicion: null }
  const first = step(state, seen, noon)
  const second = step(first.state, seen, noon + seconds)
  return { health: second.state.health, effects: [...doings(first.effects), ...doings(second.effects)] }
}
const doings = (effects: readonly Effect[]) =>
  effects.filter(({ do: what }) => what !== 'journal' && what !== 'look-again')
const end = (reason: 'login-expired' | 'usage-limit', until: number, at = noon + seconds): Effect => ({
  ...{ do: 'end-client', process: clientProcess, run: 'run-1', ended: reason, fresh: false, gently: true },
  hold: { reason, until, at },
})

test('a refused login: ended at rest, kept ended, and known with its credentials', () => {
  const until = noon + seconds + 6 * hours
  const { effects, health } = acts(refused(401))
  expect(effects).toEqual([end('login-expired', until)])
  expect(health.parked).toEqual({
    ...{ run: 'run-1', reason: 'login-expired', at: noon + seconds, until, tries: 1 },
    credentialsAt: noon - 10 * hours,
  })
})

test('credentials that came between the refusal and the parking are new ones', () => {
  const seen = { ...refused(401), login: checked('yes', noon, noon - 500) }
  expect(acts({ ...seen, login: { credentialsAt: noon - 500, checked: null } }).health.parked).toBeNull()
  const health = { ...newHealth(noon), parked: { ...parked, credentialsAt: null } }
  const state: MachineState = { health, suspicion: null }
  expect(doings(step(state, kept(checked('yes', noon, noon - 500)), noon).effects)).toEqual([release])
  const { parked: now } = acts({ ...refused(401), login: checked('no', noon, noon - 500) }).health
  expect(now).toMatchObject({ credentialsAt: null })
})

test.each([
  ['until it ends, where the error says so', noon + 3 * hours, null, noon + 3 * hours + 15 * seconds],
  ['half an hour', null, null, noon + seconds + 30 * minutes],
  ['twice as long the second time', null, 1, noon + seconds + 60 * minutes],
  ['never longer than five hours', null, 9, noon + seconds + 5 * hours],
  ['a moment, where it ends just now', noon - 5 * seconds, null, noon + 10 * seconds],
])('a limit is waited for %s', (_, resetsAt, tries, until) => {
  const before = tries === null ? null : { ...parked, reason: 'usage-limit' as const, tries }
  expect(acts(refused(429, resetsAt), before).effects).toEqual([end('usage-limit', until)])
})

const parked: Parked = {
  ...{ run: 'run-1', reason: 'login-expired', at: noon - hours, until: noon + 5 * hours, tries: 1 },
  credentialsAt: noon - 10 * hours,
}

test.each([
  ['somebody is attached', { ...refused(401), terminal: attached }],
  ['it is at work', refused(401, null, 'busy')],
  ['it was another failure', refused(500)],
])('nobody is thrown out: %s', (_, seen) => {
  expect(acts(seen).effects).toEqual([])
})

test('six times an hour at the most', () => {
  const healed = Array.from({ length: 6 }, (_, i) => ({
    reason: 'login-expired' as const,
    at: noon - i * minutes,
  }))
  const state: MachineState = { health: { ...newHealth(noon), healed: healed.reverse() }, suspicion: null }
  const first = step(state, refused(401), noon)
  expect(doings(step(first.state, refused(401), noon + seconds).effects)).toEqual([])
})

const hold = (login: LoginEvidence | null, until = noon + 5 * hours): Pick<Evidence, 'orders' | 'login'> => ({
  orders: {
    ...{ format: 1, run: 'run-1', ended: 'login-expired', fresh: false },
    hold: { reason: 'login-expired', until },
  },
  login,
})
const kept = (login: LoginEvidence | null, until = noon + 5 * hours): Evidence =>
  withoutClient({
    run: run({ waiting: { reason: 'login-expired', detail: null, until } }),
    ...hold(login, until),
  })
const old = noon - 10 * hours
const release: Effect = {
  do: 'release',
  why: 'logged-in',
  orders: { format: 1, run: 'run-1', ended: 'login-expired', hold: null, fresh: false },
}
const check: Effect = { do: 'check-login' }
const checked = (is: 'yes' | 'no' | 'unknown', at: number, credentialsAt: number | null): LoginEvidence => ({
  credentialsAt,
  checked: { at, is, credentialsAt },
})

test.each<[string, LoginEvidence | null, number, readonly Effect[]]>([
  ['nothing is known', null, 1, []],
  ['nothing changed, asked just now', checked('yes', noon - minutes, old), 1, []],
  ['nothing changed, asked long ago', checked('yes', noon - 11 * minutes, old), 1, [check]],
  [
    'the credentials changed and nobody asked about them',
    { credentialsAt: noon - seconds, checked: { at: noon - minutes, is: 'yes', credentialsAt: old } },
    1,
    [check],
  ],
  [
    'they changed, and it was asked of others a moment ago',
    { credentialsAt: noon - seconds, checked: { at: noon - 5 * seconds, is: 'yes', credentialsAt: old } },
    1,
    [],
  ],
  ['they changed, and are good', checked('yes', noon, noon - seconds), 1, [release]],
  ['they changed, and are not', checked('no', noon, noon - seconds), 1, []],
  [
    'they changed, and the client did not say',
    checked('unknown', noon - 2 * minutes, noon - seconds),
    1,
    [check],
  ],
  ['they are gone', checked('no', noon, null), 1, []],
  ['good, after many tries: an hour is long enough', checked('yes', noon, noon - seconds), 9, [release]],
])('a session kept ended for its login: %s', (_, login, tries, effects) => {
  const state: MachineState = {
    health: { ...newHealth(noon), parked: { ...parked, tries } },
    suspicion: null,
  }
  expect(doings(step(state, kept(login), noon).effects)).toEqual(effects)
})

test('a client that lives although it was to be ended is not called kept: nobody is asked for it, nothing let go on', () => {
  const state: MachineState = { health: { ...newHealth(noon), parked }, suspicion: null }
  for (const login of [checked('yes', noon, noon - seconds), checked('yes', noon - 11 * minutes, old)])
    expect(doings(step(state, { ...evidence(), ...hold(login) }, noon).effects)).toEqual([])
})

test('each try in vain makes the next one wait', () => {
  const again = { ...parked, at: noon - 2 * minutes, tries: 3 }
  const state: MachineState = { health: { ...newHealth(noon), parked: again }, suspicion: null }
  const seen = kept(checked('yes', noon, noon - seconds))
  expect(doings(step(state, seen, noon).effects)).toEqual([])
  expect(doings(step(state, seen, noon + 2 * minutes).effects)).toEqual([release])
})

test('once its time is over, the loop is hurried like any other', () => {
  const state: MachineState = { health: { ...newHealth(noon), parked }, suspicion: null }
  expect(doings(step(state, kept(null, noon - seconds), noon).effects)).toEqual([{ do: 'wake' }])
})

test('`up` is obeyed at once', () => {
  const asked = { ...kept(checked('yes', noon, old)), wanted: wanted({ generation: 2 }) }
  expect(
    doings(step({ health: { ...newHealth(noon), parked }, suspicion: null }, asked, noon).effects),
  ).toEqual([{ do: 'wake' }])
})

test('an answer of the model, or a stop, ends the count of tries', () => {
  const answered = evidence({ client: client({ transcript: { ...emptyTranscript, lastAssistantAt: noon } }) })
  expect(acts(answered, parked).health.parked).toBeNull()
  expect(acts(evidence(), parked).health.parked).toEqual(parked)
  expect(acts(withoutClient({ wanted: wanted({ want: false }) }), parked).health.parked).toBeNull()
})
