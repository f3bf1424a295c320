import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ReasonName, reasons } from '../../../src/core/reasons.ts'
import { readExamination } from '../../sim/doctor-schema.ts'
import { signal } from '../../sim/processes.ts'
import { leaveKeys } from '../../sim/terminals.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, expectUp, live, type Machine, makeMachine, setUp, type Ward } from '../faults/kit.ts'
import { atTerminal } from '../setup/keys.ts'

// Where a remedy is a command, it is typed as it is printed, at a terminal, and the check that failed passes.

let home: Machine
let ward: Ward
beforeEach(async () => {
  home = await makeMachine()
  ward = await setUp(home, 'work')
})
afterEach(() => closeMachine(home))

const bringUp = () => expectUp(home, 'work', 0, 'is live')
const examine = async () => readExamination(await home.channels(['doctor', 'work', '--json']))
const failing = async () => (await examine()).checks.filter(({ state }) => state === 'failed')

/** What the failed check prints as its remedy: the words of its first command of ours. */
const remedyOf = async (reason: ReasonName): Promise<readonly string[]> => {
  const failed = await until(reason, async () => {
    const all = await failing()
    return all.length === 1 && all[0]?.reason === reason ? all[0] : null
  })
  const [, command = ''] = /`channels ([^`]+)`/.exec(failed.remedy ?? '') ?? []
  expect(command).toMatch(/\bwork\b/)
  return command.split(' ')
}

const expectMended = async () => {
  expect(await failing()).toEqual([])
  const [session] = (await home.status()).sessions
  // What nobody wanted is not started by what mends it.
  if (session?.wanted) await live(home, 'work')
}

/** As if nobody had ever said that the folder is trusted. */
const distrust = (): void => {
  const file = join(home.home, '.claude.json')
  const json = JSON.parse(readFileSync(file, 'utf8')) as { projects: Record<string, object> }
  delete json.projects[ward.cwd]
  writeFileSync(file, JSON.stringify(json))
}

type Desk = Awaited<ReturnType<typeof atTerminal>>
type Row = {
  readonly reason: ReasonName
  readonly break: () => unknown
  /** What a person answers on the way. */
  readonly answer?: (desk: Desk) => Promise<unknown>
}

const rows: readonly Row[] = [
  {
    reason: 'token-missing',
    break: () => rmSync(join(ward.stateDir, '.env')),
    answer: (desk) => desk.answers(/token/i, ward.bot.token),
  },
  {
    reason: 'token-rejected',
    break: async () => {
      await bringUp()
      ward.bot.revoke()
    },
    answer: (desk) => desk.answers(/token/i, ward.bot.rotate()),
  },
  {
    reason: 'trust-dialog',
    break: distrust,
    answer: async (desk) => {
      await desk.answers(/set up already/)
      await desk.answers(/tell 4242 when work is blocked/, 'n')
      await desk.sees(/The proof/, 30_000)
      ward.bot.push('the proof')
    },
  },
  {
    reason: 'taken-down',
    break: async () => {
      await bringUp()
      await home.channels(['run', '--stop'])
    },
  },
  {
    reason: 'records-lost',
    break: async () => {
      await bringUp()
      rmSync(home.state, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  },
  {
    reason: 'client-stopped',
    break: async () => {
      await bringUp()
      signal(await live(home, 'work'), 'SIGSTOP')
    },
    answer: async (desk) => {
      await until('somebody attached', async () => (await home.status()).sessions[0]?.terminal.attached === 1)
      await desk.press(...leaveKeys)
    },
  },
]

test('each reason whose remedy is a command has a row', () => {
  const commands = Object.entries(reasons).filter(([, { whose }]) => whose === 'command')
  expect(rows.map(({ reason }) => reason).toSorted()).toEqual(commands.map(([name]) => name).toSorted())
})

describe('typed as printed', () => {
  test.each(rows)('$reason', async ({ reason, break: spoil, answer }) => {
    await spoil()
    const desk = await atTerminal(home, await remedyOf(reason))
    await answer?.(desk)
    await desk.ends(0, 60_000)
    await expectMended()
  })
})
