import type { ModelFailure } from '../sim/model-api/server.ts'
import { until } from '../sim/until.ts'
import { transcriptRows } from '../sim/watch.ts'
import type { Fault } from './fault.ts'
import { channels, type Place, scene, wrapped } from './scene.ts'

const refusing = { where: 'both', when: 'live', heals: 'once mended' } as const

/** What the model API refuses: nothing of it is the channel's fault, and no message is answered. */
export const model: readonly Fault[] = [
  {
    ...refusing,
    name: 'login expired',
    says: 'login-expired',
    open: scene((place) => refusedBy(place, { status: 401, retry: false })),
  },
  {
    ...refusing,
    name: 'usage limit that fails at once',
    says: 'usage-limit',
    open: scene((place) => refusedBy(place, { status: 429, retry: false })),
  },
  {
    ...refusing,
    name: 'usage limit without the watchdog variable',
    says: 'usage-limit',
    where: 'simulation',
    open: scene(
      (place) => refusedBy(place, { status: 429 }),
      wrapped(() => ['unset CLAUDE_CODE_RETRY_WATCHDOG; export FAKE_CLAUDE_RETRY_MS=1']),
    ),
  },
]

/** Begins with the row of the transcript that shows it; mended as a person would who logged in or waited. */
const refusedBy = ({ home, ward }: Place, failure: ModelFailure) => {
  let stop: (() => void) | null = null
  return {
    break: () => {
      stop = home.model.fail(failure)
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
    mend: async () => {
      stop?.()
      await channels(home, ['restart', 'work'])
    },
  }
}
