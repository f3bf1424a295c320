import type { ModelFailure } from '../sim/model-api/server.ts'
import { until } from '../sim/until.ts'
import { transcriptRows } from '../sim/watch.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { channels, type Place, scene, wrapped } from './scene.ts'

const refusing = { where: 'both', when: 'live', heals: 'once mended' } as const

/** What the model API refuses: nothing of it is the channel's fault, and no message is answered. */
export const model: readonly Fault[] = [
  {
    ...refusing,
    name: 'login expired',
    says: 'login-expired',
    passes: ['client-exited'],
    open: scene((place) => refusedBy(place, { status: 401, retry: false })),
  },
  {
    ...refusing,
    name: 'login expired, the client tries again',
    says: 'login-expired',
    passes: ['model-failing', 'client-exited'],
    open: scene((place) => retriedAfter(place, { status: 401 })),
  },
  {
    ...refusing,
    name: 'usage limit that fails at once',
    says: 'usage-limit',
    passes: ['client-exited'],
    open: scene((place) => refusedBy(place, { status: 429, retry: false })),
  },
  {
    ...refusing,
    name: 'usage limit with the watchdog variable',
    says: 'usage-limit',
    passes: ['model-failing'],
    open: scene((place) => retriedAfter(place, { status: 429 })),
  },
  {
    ...refusing,
    name: 'usage limit without the watchdog variable',
    says: 'usage-limit',
    passes: ['model-failing', 'client-exited'],
    where: 'simulation',
    open: scene(
      (place) => refusedBy(place, { status: 429 }),
      wrapped(() => ['unset CLAUDE_CODE_RETRY_WATCHDOG; export FAKE_CLAUDE_RETRY_MS=1']),
    ),
  },
  {
    ...refusing,
    name: 'model overloaded, the client tries again',
    says: 'model-failing',
    open: scene((place) => retriedAfter(place, { status: 529 })),
  },
  {
    ...refusing,
    name: 'model answers with an error',
    says: 'model-failing',
    open: scene((place) => failingWith(place, { status: 500, retry: false })),
  },
]

/** Begins with the row of the transcript that shows it; mended as a person would who logged in or waited. */
const refusedBy = (place: Place, failure: ModelFailure) => {
  const failing = failingWith(place, failure)
  return {
    ...failing,
    mend: () => {
      failing.stop()
      return channels(place.home, ['up', 'work'])
    },
  }
}

/** The next message that is answered ends it. */
const failingWith = ({ home, ward }: Place, failure: ModelFailure) => {
  const { fail, stop } = failures(home)
  return {
    stop,
    break: () => {
      fail(failure)
      ward.bot.push('a message that is refused')
      return until(
        'the failure in the transcript',
        () => {
          const row = transcriptRows(home).findLast(({ isApiErrorMessage }) => isApiErrorMessage === true)
          return row === undefined ? null : Date.parse(String(row.timestamp))
        },
        60_000,
      )
    },
    mend: () => {
      stop()
      ward.bot.push('one that is answered')
    },
  }
}

/** Begins when it asks for the second time; over once it is answered. */
const retriedAfter = ({ home, ward }: Place, failure: ModelFailure) => {
  const { fail, stop } = failures(home)
  return {
    break: () => {
      const before = home.model.turns().length
      fail(failure)
      ward.bot.push('a message that is refused')
      return until('the client to try again', () => home.model.turns()[before + 1]?.at, 30_000)
    },
    mend: stop,
  }
}

const failures = ({ model: api }: Machine) => {
  let end: (() => void) | null = null
  const fail = (failure: ModelFailure) => {
    end = api.fail(failure)
  }
  return { fail, stop: () => end?.() }
}
