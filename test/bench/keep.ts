import { expect } from 'vitest'
import { addResult } from './results.ts'
import { type RowName, rows } from './rows.ts'

type Fixed = { [Name in RowName]: (typeof rows)[Name]['budget'] extends 'measured' ? never : Name }[RowName]

/** Takes note of a figure and holds it against the budget of its row; the test goes on, and fails at its end. */
export const keep = (row: Fixed, measured: number, detail: string): void =>
  hold(row, measured, rows[row].budget, detail)

/** The same where the budget follows from what was measured. */
export const keepWithin = (
  row: Exclude<RowName, Fixed>,
  measured: number,
  budget: number,
  detail: string,
): void => hold(row, measured, budget, detail)

const hold = (row: RowName, measured: number, budget: number | null, detail: string): void => {
  const { what } = rows[row]
  // Neither NaN nor Infinity is a figure, and NaN is within no budget and over none.
  expect(Number.isFinite(measured), `${what}: ${measured}`).toBe(true)
  addResult({ row, measured, budget, detail })
  if (budget !== null) expect.soft(measured, what).toBeLessThanOrEqual(budget)
}
