import { dayMs } from '../core/duration.ts'
import type { State } from '../core/reasons.ts'
import type { SessionReport } from '../core/report.ts'
import { rankOf } from '../core/state-rank.ts'
import type { Theme } from './theme.ts'

/** What stands for a time: the worst state that was seen in it; null where nobody looked. */
export type Cell = State | null

/** Lengths of a cell that people count in: from ten minutes to two hours. */
const counts = [144, 96, 72, 48, 36, 24, 12] as const

/** So many cells fit into that room; null: too few to tell anything. */
export const cellsIn = (columns: number): number | null => counts.find((count) => count <= columns) ?? null

export const cellMs = (count: number): number => dayMs / count

/**
 * The last day in so many cells, the present one last. They begin at round times, so that a picture changes only when one
 * is over. An outage of seconds still has its cell. Pure.
 */
export const cellsOf = (
  { history, state }: Pick<SessionReport, 'history' | 'state'>,
  now: number,
  count: number,
): readonly Cell[] => {
  const ms = cellMs(count)
  const start = (Math.floor(now / ms) + 1 - count) * ms
  const cells: Cell[] = Array.from({ length: count }, () => null)
  const mark = (at: number, to: number, seen: State): void => {
    const last = Math.min(count - 1, Math.max(at, to))
    for (let i = Math.max(0, at); i <= last; i += 1) {
      const worst = cells[i]
      if (worst == null || rankOf(seen) > rankOf(worst)) cells[i] = seen
    }
  }
  const cellAt = (at: number): number => Math.floor((at - start) / ms)
  for (const { from, to, state: seen } of history.spans) {
    const [begin, end] = [Date.parse(from), Date.parse(to)]
    // What ends where a cell begins is not in it.
    mark(cellAt(begin), cellAt(Math.max(begin, end - 1)), isState(seen) ? seen : 'unknown')
  }
  mark(count - 1, count - 1, state)
  return cells
}

/** Cells as text: each sign differs from the others without its colour, too. */
export const drawCells = (cells: readonly Cell[], unicode: boolean): string =>
  cells.map((cell) => signOf(cell, unicode)).join('')

/** A drawn strip in colours. */
export const paintCells = (drawn: string, unicode: boolean, theme: Theme): string =>
  drawn.replace(/(\S)\1*/gu, (same) => {
    const state = states.find((each) => signs[each][unicode ? 0 : 1] === same[0])
    return state === undefined ? same : theme.state(state, same)
  })

/** What the signs mean that are there; null where all is live. */
export const legendOf = (cells: readonly Cell[], unicode: boolean): string | null => {
  const there = [...states, null].filter((state) => cells.includes(state))
  if (there.every((state) => state === 'live')) return null
  return there
    .map((state) => (state === null ? 'blank nobody looked' : `${signOf(state, unicode)} ${state}`))
    .join(', ')
}

const signOf = (cell: Cell, unicode: boolean): string => (cell === null ? ' ' : signs[cell][unicode ? 0 : 1])

const signs: Readonly<Record<State, readonly [unicode: string, ascii: string]>> = {
  live: ['█', '='],
  starting: ['▂', '.'],
  recovering: ['▄', '~'],
  blocked: ['!', '!'],
  down: ['×', 'x'],
  unknown: ['?', '?'],
  stopped: ['·', '-'],
}

const states = Object.keys(signs).filter((state): state is State => Object.hasOwn(signs, state))

const isState = (state: string): state is State => Object.hasOwn(signs, state)
