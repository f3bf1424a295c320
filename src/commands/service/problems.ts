import type { KeeperRecord } from '../../core/records.ts'
import type { ServiceState } from '../../deps.ts'

export type Problem = { readonly problem: string; readonly remedy: string }

export type ServiceFacts = {
  readonly state: ServiceState
  /** What would be started if it were installed now, and by which release. */
  readonly expected: readonly string[]
  readonly version: string
  readonly keeper: KeeperRecord | null
  readonly logs: string
  readonly start: string
  /** Real path of what is there; null where nothing is. */
  readonly realPath: (path: string) => string | null
}

/** What is not as it should be about a service that is installed. */
export const problemsOf = (facts: ServiceFacts): readonly Problem[] => [
  ...commandProblems(facts),
  ...activityProblems(facts),
]

const again = '`channels service install` writes it anew; no session is touched.'

const commandProblems = ({ state: { command }, expected, realPath }: ServiceFacts): readonly Problem[] => {
  const [node = '', script = ''] = programsOf(command)
  const [thisNode = '', thisScript = ''] = programsOf(expected)
  const named = [
    { what: 'node', named: node, present: thisNode },
    { what: 'script', named: script, present: thisScript },
  ].flatMap(({ what, named, present }) => {
    if (named === '') return []
    const real = realPath(named)
    if (real === null) return [{ problem: `It names a ${what} that is gone: ${named}`, remedy: again }]
    return real === realPath(present)
      ? []
      : [{ problem: `It names another ${what} than this: ${named}, and not ${present}`, remedy: again }]
  })
  if (named.length > 0) return named
  return sameOtherwise(command, expected)
    ? []
    : [{ problem: 'It was written by another release, or changed by hand', remedy: again }]
}

/** Node is the first word, and the script stands right before `run`. */
const programsOf = (command: readonly string[]): readonly string[] =>
  command.length < 3 || command.at(-1) !== 'run' ? [] : [command[0] ?? '', command.at(-2) ?? '']

const sameOtherwise = (command: readonly string[], expected: readonly string[]): boolean =>
  JSON.stringify(command.slice(1, -2)) === JSON.stringify(expected.slice(1, -2)) &&
  command.at(-1) === expected.at(-1)

const activityProblems = ({ state, keeper, version, logs, start }: ServiceFacts): readonly Problem[] => [
  ...(state.enabled
    ? []
    : [
        {
          problem: 'It is not enabled: it does not start by itself',
          remedy: '`channels service install` enables it.',
        },
      ]),
  ...(state.active
    ? keeperProblems(state, keeper, version)
    : [
        {
          problem: `It does not run: ${state.activity}`,
          remedy: `\`${start}\` starts it; \`${logs}\` shows why it ended.`,
        },
      ]),
]

const keeperProblems = (
  state: ServiceState,
  keeper: KeeperRecord | null,
  version: string,
): readonly Problem[] => {
  if (keeper === null || keeper.pid !== state.pid)
    return [
      {
        problem:
          keeper === null
            ? 'Its keeper does not keep anything yet'
            : `Another keeper looks after the sessions (pid ${keeper.pid}), not that of the service`,
        remedy: 'Look again in a moment; `channels logs --source keeper` shows what it does.',
      },
    ]
  return keeper.version === version
    ? []
    : [
        {
          problem: `Its keeper is still of ${keeper.version}, and this is ${version}`,
          remedy: '`channels service install` has the new one take over; no session is touched.',
        },
      ]
}
