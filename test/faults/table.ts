import { type ReasonName, reasons } from '../../src/core/reasons.ts'
import type { Result } from './results.ts'

const head = ['fault', 'said', 'after', 'bound', 'back after', '', ''] as const

/** The table for a terminal. */
export const plainTable = (results: readonly Result[]): string => {
  const lines = [head, ...results.map(cells)]
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i >= 2 && i <= 4 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The reasons of the catalogue that no row had said. */
export const unprovoked = (results: readonly Result[]): readonly ReasonName[] => {
  const provoked = new Set(results.flatMap(({ expected, namedS }) => (namedS === null ? [] : [expected])))
  return (Object.keys(reasons) as readonly ReasonName[]).filter((name) => !provoked.has(name))
}

const cells = (result: Result): readonly string[] => [
  result.name,
  result.said.join(', ') || 'nothing',
  seconds(result.namedS, 1),
  seconds(result.withinS, 0),
  seconds(result.backS, 1),
  result.wrong === null ? 'ok' : 'WRONG',
  result.wrong ?? '',
]

const seconds = (value: number | null, digits: number): string =>
  value === null ? '-' : `${value.toFixed(digits)} s`
