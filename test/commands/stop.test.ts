import { expect, test } from 'vitest'
import { stop, tellTakenDown } from '../../src/commands/stop.ts'
import type { Stopped, TakenDown } from '../../src/core/take-down.ts'
import type { Deps } from '../../src/deps.ts'

const session = (is: TakenDown['is'], wanted = true): TakenDown => ({
  ...{ session: 'work', is, wanted, left: is === 'left' ? 'its client (process 9) will not end' : null },
})

const run = async (found: Stopped, env: Record<string, string> = {}) => {
  const lines: string[] = []
  let stops = 0
  const code = await stop({
    env,
    stop: async () => {
      stops += 1
      return found
    },
    output: { print: (line: string) => void lines.push(line) },
  } as unknown as Deps)
  return { code, stops, text: lines.join('\n') }
}

test.each<[string, Stopped, number, string]>([
  ['nothing runs', { keeper: 'none', sessions: [] }, 0, 'Nothing runs: no session, and no keeper.'],
  [
    'nothing runs of what is set up',
    { keeper: 'none', sessions: [session('was-not-running')] },
    0,
    'Nothing runs: no session, and no keeper.',
  ],
  [
    'all of it',
    { keeper: 'left', sessions: [session('down'), session('was-not-running')] },
    0,
    'work is down, and still wanted: the next keeper brings it back.\nThe keeper has left.',
  ],
  ['what nobody wanted', { keeper: 'none', sessions: [session('down', false)] }, 0, 'work is stopped.'],
  ['only a keeper', { keeper: 'left', sessions: [] }, 0, 'The keeper has left.'],
])('%s', async (_, found, code, text) => {
  expect(await run(found)).toEqual({ code, stops: 1, text })
})

test('what will not end is named, and the status says so', async () => {
  const { code, text } = await run({ keeper: 'left', sessions: [session('left')] })
  expect(code).toBe(1)
  expect(text).toContain('work could not be taken down: its client (process 9) will not end.')
  expect(text).toContain('`channels down work`')
  expect(
    tellTakenDown([session('down')], { output: { print: () => undefined } as unknown as Deps['output'] }),
  ).toBe(0)
})

test.each([
  ['the unit is stopped', { SERVICE_RESULT: 'success', MAINPID: '12', INVOCATION_ID: 'a' }, 1],
  ['its keeper was killed', { SERVICE_RESULT: 'signal', INVOCATION_ID: 'a' }, 0],
  ['its keeper left for another one', { SERVICE_RESULT: 'success', INVOCATION_ID: 'a' }, 0],
  ['a person runs it in a service of theirs', { INVOCATION_ID: 'a' }, 1],
  ['a person runs it', {}, 1],
])('run by systemd or not: %s', async (_, env, stops) => {
  expect(await run({ keeper: 'left', sessions: [session('down')] }, env)).toMatchObject({ code: 0, stops })
})
