/** How a figure is told: a ratio to a floor, mebibytes, per cent of one core, or seconds. */
export type Unit = 'x' | 'MiB' | '%' | 's'

export type Row = {
  readonly what: string
  readonly unit: Unit
  /** `measured`: it follows from what else is measured in the same run. Null: for information, there is none. */
  readonly budget: number | 'measured' | null
}

/** Everything `npm run bench` measures, in the order of the table: the budgets of design, section 10, and what idles. */
export const rows = {
  version: { what: 'channels --version', unit: 'x', budget: 1.25 },
  names: { what: 'a session name for a completion', unit: 'x', budget: 1.25 },
  status1: { what: 'channels status, 1 session', unit: 'x', budget: 1.6 },
  status20: { what: 'channels status, 20 sessions of all kinds, all live', unit: 'x', budget: 2.5 },
  status50: { what: 'channels status, 50 sessions, all live', unit: 'x', budget: 2.5 },
  status50stopped: { what: 'channels status, 50 sessions, 49 never started', unit: 'x', budget: 2.5 },
  keeperMemory1: { what: 'keeper after 2,000 looks, 1 session, memory', unit: 'x', budget: 1.4 },
  keeperMemory20: { what: 'keeper after 2,000 looks, 20 of all kinds, memory', unit: 'x', budget: 1.6 },
  keeperMemory50: { what: 'keeper after 2,000 looks, 50 sessions, memory', unit: 'x', budget: 1.6 },
  keeperCpu1: { what: 'keeper, 1 session, share of a core', unit: '%', budget: 0.3 },
  keeperCpu20: { what: 'keeper, 20 of all kinds, share of a core', unit: '%', budget: 3 },
  keeperCpu50: { what: 'keeper, 50 sessions, share of a core', unit: '%', budget: 3 },
  beside: { what: 'a session beside its client', unit: 'MiB', budget: 8 },
  waiting: { what: 'a session that waits', unit: 'MiB', budget: 8 },
  killed: { what: 'client killed -> channel live again', unit: 's', budget: 'measured' },
  pluginNamed: { what: 'plugin killed -> named in status', unit: 's', budget: 3 },
  pluginLive: { what: 'plugin killed -> live again, idle client', unit: 's', budget: 'measured' },
  up10: { what: 'up of 10 sessions', unit: 's', budget: 'measured' },
  idleMemory: { what: 'all of ours beside 1 idle session, memory', unit: 'MiB', budget: null },
  idleCpu: { what: 'all of ours beside 1 idle session, share of a core', unit: '%', budget: null },
} as const satisfies Readonly<Record<string, Row>>

export type RowName = keyof typeof rows
