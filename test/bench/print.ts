import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { forgetResults, readResults } from './results.ts'
import { markdownTable, plainTable } from './table.ts'

/** Where the table is left to be copied from. */
const markdownFile = fileURLToPath(new URL('../.build/bench.md', import.meta.url))

/** For vitest's `globalSetup`: begins with no results, and prints those of all files once they have ended. */
export default function setup(): () => void {
  forgetResults()
  return () => {
    const results = readResults()
    const about = `${machine()}\n${note}`
    writeFileSync(markdownFile, `${markdownTable(results)}\n\n${about}\n`)
    console.log(`\n${plainTable(results)}\n\n${about}\n`)
  }
}

const machine = (): string =>
  [
    `${availableParallelism()} cores`,
    `Node ${process.version.slice(1)}`,
    execFileSync('tmux', ['-V'], { encoding: 'utf8' }).trim(),
    `NODE_EXTRA_CA_CERTS ${process.env.NODE_EXTRA_CA_CERTS === undefined ? 'not set' : 'set, and left out of commands and floors'}`,
    new Date().toISOString().slice(0, 10),
  ].join(', ')

const note =
  'x: times a Node that does nothing (`node -e 0`, or one that idles), measured in the same run. Client and plugin are the stand-ins.'
