import { faults } from './faults/table.ts'
import type { Recovery } from './recovery.ts'
import { seconds } from './tell.ts'

/** One line for each kind of fault: how often it was done, and how it was named and overcome, in seconds. */
export const tellRecoveries = (recoveries: readonly Recovery[]): string => {
  const rows = Object.entries(faults).flatMap(([kind, { named }]) => {
    const of = recoveries.filter(({ fault }) => fault.kind === kind)
    if (of.length === 0) return []
    const felt = of.filter(({ fault }) => fault.missed === null && fault.feltAt !== null)
    return [
      [
        kind,
        `${felt.length}/${of.length}`,
        named.length === 0 ? 'need not be' : spread(felt.map(({ namedMs }) => namedMs)),
        spread(felt.map(({ liveMs }) => liveMs)),
      ],
    ]
  })
  const head = ['fault', 'felt/planned', 'named: median, worst', 'live again: median, worst']
  return columns([head, ...rows])
}

const spread = (times: readonly (number | 'brief' | null)[]): string => {
  const known = times.filter((ms) => typeof ms === 'number').sort((a, b) => a - b)
  const never = times.filter((ms) => ms === null).length
  const brief = times.filter((ms) => ms === 'brief').length
  const worst = known.at(-1)
  const told =
    worst === undefined ? [] : [`${seconds(known[Math.floor(known.length / 2)] ?? worst)}, ${seconds(worst)}`]
  return (
    [
      ...told,
      ...(brief === 0 ? [] : [`${brief} too brief to be`]),
      ...(never === 0 ? [] : [`${never} never`]),
    ].join('; ') || '-'
  )
}

const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
}
