import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Home } from './home.ts'

/** What is loaded into every Node of a home that is to be odd in this way. */
type Odd = 'clock' | 'slow'

const preload = (odd: Odd): string =>
  `--require=${fileURLToPath(new URL(`./preload/${odd}.cjs`, import.meta.url))}`

/** For the environment of such a home. */
export const oddNode = (odd: Odd): Readonly<Record<string, string>> => ({ NODE_OPTIONS: preload(odd) })

/** A line of shell that has what follows it be so, too. */
export const exportOdd = (odd: Odd): string => `export NODE_OPTIONS='${preload(odd)}'`

/** The Node that the home's loops start. */
export const putOddNode = ({ bin }: Home, odd: Odd): void =>
  put(join(bin, 'node'), exportOdd(odd), `exec '${process.execPath}' "$@"`)

/** The `date` that its loops ask. */
export const putOwnDate = ({ bin, root }: Home): void =>
  put(
    join(bin, 'date'),
    `read -r since by 2>/dev/null <'${join(root, 'clock')}' || exec /bin/date "$@"`,
    'exec /bin/date -d "@$(($(/bin/date +%s) + by / 1000))" "$@"',
  )

/** From now on each call about a file of the home takes so much longer. */
export const slowDown = ({ root }: Home, ms: number): void => writeFileSync(join(root, 'slow'), String(ms))

/** No Node of a home with a clock of its own begins any more, until what is handed back is called. */
export const fallAsleep = ({ root }: Pick<Home, 'root'>): (() => void) => {
  const file = join(root, 'asleep')
  writeFileSync(file, '')
  return () => rmSync(file)
}

export type ClockChange = {
  /** When by the real clock, in ms since 1970. */
  readonly at: number
  /** A time that was told by the home's clock, as the real one has it. */
  readonly toReal: (told: number) => number
}

/** Sets a home's clock forward, or back, by so many milliseconds. Once: a second time would take the first back. */
export const setClock = ({ root }: Home, byMs: number): ClockChange => {
  const file = join(root, 'clock')
  const at = Date.now()
  writeFileSync(`${file}.new`, `${at} ${byMs}\n`)
  renameSync(`${file}.new`, file)
  return {
    at,
    // No test lasts for hours: what is nearer to now is what was meant.
    toReal: (told) => (Math.abs(told - byMs - at) < Math.abs(told - at) ? told - byMs : told),
  }
}

const put = (file: string, ...lines: readonly string[]): void => {
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'))
  chmodSync(file, 0o755)
}
