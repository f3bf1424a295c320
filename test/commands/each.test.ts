import { expect, test } from 'vitest'
import { eachSession } from '../../src/commands/each.ts'
import type { Session } from '../../src/core/session.ts'
import { cancelled, type ExitStatus, ExpectedError } from '../../src/errors.ts'
import { session } from '../core/evidence-builder.ts'

const named = (...names: readonly string[]): readonly Session[] => names.map((name) => ({ ...session, name }))

const run = async (
  sessions: readonly Session[],
  one: (name: string) => Promise<ExitStatus>,
  atOnce = sessions.length,
) => {
  const said: string[] = []
  const output = {
    print: () => undefined,
    printAll: () => undefined,
    say: (line: string) => void said.push(line),
    colour: () => false,
    terminal: () => false,
    interactive: () => false,
  }
  const status = await eachSession(sessions, ({ name }) => one(name), { output, atOnce })
  return { status, said }
}
const refuse = () => {
  throw new ExpectedError(77, 'Cannot write run.json.', 'Look whose it is.')
}

test('one that fails keeps no other from its turn, and is said', async () => {
  const done: string[] = []
  const { status, said } = await run(named('a', 'b', 'c'), async (name) => {
    if (name === 'b') refuse()
    done.push(name)
    return 0
  })
  expect(done).toEqual(['a', 'c'])
  expect(status).toBe(77)
  expect(said).toEqual(['b: Cannot write run.json.', '  Look whose it is.'])
})

test('a single one that fails, a cancelled one and a bug are thrown', async () => {
  await expect(run(named('a'), async () => refuse())).rejects.toMatchObject({ status: 77 })
  await expect(run(named('a', 'b'), () => Promise.reject(cancelled('')))).rejects.toMatchObject({
    status: 130,
  })
  await expect(run(named('a', 'b'), () => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug')
})

test('the first status that is not 0 counts, in the order of the sessions', async () => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const { status } = await run(named('a', 'b'), async (name) => {
    if (name === 'a') await wait(5)
    return name === 'a' ? 69 : 1
  })
  expect(status).toBe(69)
})

test('never more at once than asked', async () => {
  let now = 0
  let most = 0
  await run(
    named('a', 'b', 'c', 'd', 'e'),
    async () => {
      now += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setTimeout(resolve, 1))
      now -= 1
      return 0
    },
    2,
  )
  expect(most).toBe(2)
})
