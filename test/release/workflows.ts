import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

export type Step = {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

export type Job = {
  readonly 'timeout-minutes'?: number
  readonly permissions?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}

export type Workflow = {
  readonly file: string
  readonly text: string
  /** `on`, by event. */
  readonly events: readonly string[]
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, Job>>
  /** Of all jobs. */
  readonly steps: readonly Step[]
}

const folder = new URL('../../.github/workflows/', import.meta.url)

export const readWorkflows = (): readonly Workflow[] =>
  readdirSync(folder)
    .sort()
    .map((file) => readWorkflow(file, readFileSync(new URL(file, folder), 'utf8')))

/** Throws on what is no YAML, or names a key twice. */
export const readWorkflow = (file: string, text: string): Workflow => {
  const { on, permissions, jobs } = parse(text) as {
    readonly on: Readonly<Record<string, unknown>>
    readonly permissions?: unknown
    readonly jobs: Readonly<Record<string, Job>>
  }
  const steps = Object.values(jobs).flatMap((job) => job.steps)
  return { file, text, events: Object.keys(on), permissions, jobs, steps }
}

/** What a workflow does that may let a stranger in, or runs something else than was read; a sentence each. */
export const dangersIn = (workflow: Workflow): readonly string[] => [
  ...workflow.events
    .filter((event) => ['pull_request_target', 'workflow_run', 'issue_comment'].includes(event))
    .map((event) => `runs on ${event}, with rights, what a stranger wrote`),
  ...(JSON.stringify(workflow.permissions) === '{"contents":"read"}'
    ? []
    : ['may do more than read by default']),
  ...workflow.text.split('\n').flatMap((line) => {
    const used = /^\s*(?:- )?uses: (.*)$/.exec(line)?.[1]
    const isPinned = used === undefined || /^[\w.-]+\/[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(used)
    return isPinned ? [] : [`uses ${used}, which is not pinned by a commit with its version beside it`]
  }),
  ...workflow.steps.flatMap(({ run = '' }) =>
    // Put in before the shell reads it: what is in it is run.
    /\$\{\{/.test(run) ? [`puts an expression into a script: ${run}`] : [],
  ),
  ...workflow.steps
    .filter(
      ({ uses = '', with: given = {} }) =>
        uses.startsWith('actions/checkout@') && given['persist-credentials'] !== false,
    )
    .map(() => 'leaves a token in the checkout'),
  ...(/\$\{\{\s*secrets\./.test(workflow.text) ? ['hands out a secret'] : []),
  ...Object.entries(workflow.jobs).flatMap(([name, job]) => dangersInJob(name, job)),
]

/** Whoever may write runs no package, and nothing of a checkout. */
const dangersInJob = (
  name: string,
  { permissions = {}, steps, env = {}, ...job }: Job,
): readonly string[] => {
  const writes = Object.values(permissions).includes('write')
  const hasToken = [env, ...steps.map((step) => step.env ?? {})].some((each) =>
    Object.values(each).some((value) => value.includes('github.token')),
  )
  const foreign = steps.some(
    ({ uses = '', run = '' }) =>
      uses.startsWith('actions/checkout@') ||
      /\bnpm (ci|test|run|exec|install|pack)\b|\bnpx\b|\bnode\b/.test(run),
  )
  return [
    ...(foreign && (writes || hasToken) ? [`${name} runs code of packages where it may write`] : []),
    ...(job['timeout-minutes'] === undefined ? [`${name} may run for six hours`] : []),
  ]
}
