import type { Result } from './results.ts'
import { type RowName, rows, type Unit } from './rows.ts'

const head = ['', 'measured', 'budget', '', 'in detail'] as const

/** The table for a terminal: aligned columns, a row for everything that should have been measured. */
export const plainTable = (results: readonly Result[]): string => {
  const lines = [head, ...cells(results)]
  const widths = head.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 1 || i === 2 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The same table as Markdown. */
export const markdownTable = (results: readonly Result[]): string =>
  [head, ['---', '--:', '--:', '---', '---'], ...cells(results)]
    .map((line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')

const cells = (results: readonly Result[]): readonly (readonly string[])[] =>
  (Object.keys(rows) as readonly RowName[]).map((name) => {
    const { what, unit } = rows[name]
    // Of a test that was tried twice the last one counts.
    const result = results.findLast(({ row }) => row === name)
    if (result === undefined) return [what, '-', '-', 'not measured', '']
    const { measured, budget, detail } = result
    return [
      what,
      figure(measured, unit),
      budget === null ? '' : figure(budget, unit),
      verdict(result),
      detail,
    ]
  })

/** Said of what was measured, not of what was rounded for the table. */
const verdict = ({ measured, budget }: Result): string =>
  budget === null ? '' : measured <= budget ? 'ok' : 'OVER'

const figure = (value: number, unit: Unit): string => {
  if (unit === 'x') return `${value.toFixed(2)} x`
  if (unit === 'MiB') return `${value.toFixed(1)} MiB`
  return unit === '%' ? `${value.toFixed(2)} %` : `${value.toFixed(2)} s`
}
