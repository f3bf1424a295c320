import { expect, test } from 'vitest'
import { mend } from '../../../src/commands/doctor/mend.ts'
import type { Fix } from '../../../src/core/doctor/fix.ts'
import type { CheckResult } from '../../../src/core/doctor/result.ts'
import type { Session } from '../../../src/core/session.ts'
import type { Deps } from '../../../src/deps.ts'
import { session } from '../../core/evidence-builder.ts'

const key = 'telegram@claude-plugins-official'
const disable: Fix = { do: 'disable-plugin', session: 'work', key }
const leftOver: Fix = { do: 'end-left-over', session: 'work', process: { pid: 4720, start: '1' } }

const offering = (fix: Fix): readonly CheckResult[] => [
  {
    ...{ check: 'enabled', session: 'work', channel: null, is: 'warning', reason: null },
    ...{ found: '', remedy: '', needs: [], fixes: [fix] },
  },
]

/** What is asked of the outside, in turn; `whileWaiting` is what others do before the lock is had. */
const machine = (more: { whileWaiting?: () => Session | null; ended?: boolean } = {}) => {
  const done: string[] = []
  const said: string[] = []
  let present: Session | null = session
  let enabled = true
  const deps = {
    output: { say: (line: string) => said.push(line) },
    folders: { configFile: '/config.json' },
    settings: { read: () => ({ sessions: present === null ? {} : { work: present } }) },
    withLock: async (path: string, action: () => unknown) => {
      done.push(`lock ${path}`)
      if (more.whileWaiting !== undefined) present = more.whileWaiting()
      const found = await action()
      done.push('unlock')
      return found
    },
    endProcess: async () => more.ended ?? true,
    claude: {
      sessionPaths: () => ({}),
      whereNow: () => '/opt/node/v24/bin/claude',
      pluginEnabled: () => enabled,
      setPluginEnabled: async (...[, client, , plugin, on]: readonly unknown[]) => {
        enabled = on === true
        done.push(`${client} ${on === true ? 'enable' : 'disable'} ${plugin}`)
      },
    },
  } as unknown as Deps
  return { done, said, deps }
}

test('a plugin is disabled under the lock of setup, by the client where it is now', async () => {
  const { deps, done } = machine()
  expect(await mend(offering(disable), deps)).toEqual([expect.stringContaining(`disable ${key}`)])
  expect(done).toEqual(['lock /config.json.plugins', `/opt/node/v24/bin/claude disable ${key}`, 'unlock'])
  // By somebody else meanwhile.
  expect(await mend(offering(disable), deps)).toEqual([])
})

test.each<[what: string, now: Session | null]>([
  ['removed', null],
  ['set up as a shared one', { ...session, exclusive: false }],
  ['set up with another plugin', { ...session, channels: [] }],
])('of a session that was %s while others had the lock nothing is disabled', async (_, now) => {
  const { deps, done, said } = machine({ whileWaiting: () => now })
  expect(await mend(offering(disable), deps)).toEqual([])
  expect(done).toEqual(['lock /config.json.plugins', 'unlock'])
  expect(said.at(-1)).toContain('nothing was done')
})

test('what could not be ended is not said to be done', async () => {
  const { deps, said } = machine({ ended: false })
  expect(await mend(offering(leftOver), deps)).toEqual([])
  expect(said.at(-1)).toContain('kill -9 4720')
  expect(await mend(offering(leftOver), machine().deps)).toHaveLength(1)
})
