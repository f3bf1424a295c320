import { installClients } from '../real/install.ts'
import { realClients, world } from './home.ts'
import { forgetResults, readResults } from './results.ts'
import { plainTable, unprovoked } from './table.ts'

/** For vitest's `globalSetup`: begins with no results, and prints the table once all rows have ended. */
export default async function setup(): Promise<() => void> {
  if (world === 'real') await installClients(Object.values(realClients))
  forgetResults()
  return () => {
    const results = readResults()
    const missing = unprovoked(results)
    console.log(`\n${plainTable(results)}\n\n${client}`)
    if (world === 'simulation')
      console.log(`Reasons not provoked: ${missing.length === 0 ? 'none' : missing.join(', ')}\n`)
  }
}

const client =
  world === 'real'
    ? `Client ${realClients.usual}, unmodified.`
    : 'Client, plugin, model and Bot API are the stand-ins.'
