import type { ProcessId, ProcessInfo } from '../../src/core/process.ts'
import type { About, Processes } from '../../src/system/processes.ts'

/** One process of a made-up machine. */
export type Node = {
  readonly pid: number
  readonly ppid: number
  readonly start?: string
  readonly state?: string
  readonly command?: readonly string[]
  /** Null: not for us to see. */
  readonly env?: Readonly<Record<string, string>> | null
}

/** The processes of such a machine, as they are by then; a client is what is called `claude`. */
export const processesOf = (nodes: () => readonly Node[]): Partial<Processes> => {
  const all = () => nodes().map(infoOf)
  const nodeOf = ({ pid }: ProcessId) => nodes().find((each) => each.pid === pid)
  const find = (pid: number) => all().find((each) => each.pid === pid) ?? null
  const environment = (id: ProcessId) => {
    const { env } = nodeOf(id) ?? {}
    return env === undefined ? {} : env
  }
  const ancestors = (pid: number): readonly ProcessInfo[] => {
    const above = find(find(pid)?.ppid ?? 0)
    return above === null ? [] : [above, ...ancestors(above.pid)]
  }
  return {
    all,
    find,
    ancestors,
    environment,
    children: (pid) => all().filter(({ ppid }) => ppid === pid),
    command: (id) => nodeOf(id)?.command ?? [],
    ask: <Answer>(id: ProcessId, questions: (about: About) => Answer) =>
      questions({
        command: () => nodeOf(id)?.command ?? [],
        executable: () => ({ path: `/bin/${nodeOf(id)?.command?.[0] ?? 'x'}`, deleted: false }),
        variables: () => environment(id),
      }),
  }
}

const infoOf = ({ pid, ppid, start = `at ${pid}`, state = 'S', command = [] }: Node): ProcessInfo => ({
  ...{ pid, ppid, start, state },
  comm: command[0] ?? 'x',
})
