import { describe, expect, test } from 'vitest'
import { closeMachine, type Machine } from '../simulated/faults/kit.ts'
import { openHome, world } from './home.ts'
import { playFault } from './play-fault.ts'
import { addResult, type Result, readResults } from './results.ts'
import { faults, terminalFaults } from './rows.ts'
import { unprovoked } from './table.ts'

// Each row in a home of its own, some at a time. What was said of it and when is printed at the end.
describe.concurrent(world, () => {
  const rows = process.env.CHANNELS_FAULTS_OF === 'terminal' ? terminalFaults : faults
  for (const fault of rows.filter(({ where }) => world === 'simulation' || where === 'both'))
    test(fault.name, async () => {
      const home = await openHome(fault)
      try {
        const result = await playFault(fault, home)
        addResult(result)
        expect(result.wrong, await accountOf(home, result)).toBeNull()
      } finally {
        await closeMachine(home)
      }
    })
})

/** For the message of a failed row: what was found, and what was noted meanwhile. */
const accountOf = async (home: Machine, result: Result): Promise<string> =>
  result.wrong === null
    ? ''
    : `${JSON.stringify(result)}\n${(await home.channels(['logs', '-n', '40'])).stdout}`

// Of a part of the table nobody can say that.
test.runIf(world === 'simulation' && process.env.CHANNELS_FAULTS_SOME === undefined)(
  'every reason of the catalogue was named',
  () => expect(unprovoked(readResults())).toEqual([]),
)
