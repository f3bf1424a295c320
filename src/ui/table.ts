import { widthOf } from './width.ts'

/**
 * Lines of a table, two spaces between columns, the last one as long as it is. Widths are counted before `paint`
 * colours a cell.
 */
export const table = (
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: number, column: number) => string = (cell) => cell,
): readonly string[] => {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...rows.map((row) => widthOf(row[i] ?? ''))),
  )
  return rows.map((row, y) =>
    row
      .map(
        (cell, x) =>
          paint(cell, y, x) + ' '.repeat(x === row.length - 1 ? 0 : (widths[x] ?? 0) - widthOf(cell)),
      )
      .join('  ')
      .trimEnd(),
  )
}
