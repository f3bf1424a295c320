import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keeperCommand } from '../../src/service/command.ts'
import { plainStart } from './starts.ts'

test('a service starts the keeper within the memory budget, as the loop in a terminal does', () => {
  const loop = readFileSync(new URL('../../src/keeper/keeper-loop.sh', import.meta.url), 'utf8')
  const flags = keeperCommand(plainStart).slice(1, -2)
  expect(flags.length).toBeGreaterThan(3)
  expect(loop.replace(/\\\n\s*/g, '')).toContain(`"$node" ${flags.join(' ')} "$script" run `)
})
