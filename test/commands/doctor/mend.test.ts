import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mend } from '../../../src/commands/doctor/mend.ts'
import type { Fix } from '../../../src/core/doctor/fix.ts'
import type { CheckResult } from '../../../src/core/doctor/result.ts'
import type { Session } from '../../../src/core/session.ts'
import type { Deps } from '../../../src/deps.ts'
import { files } from '../../../src/system/files.ts'
import { session } from '../../core/evidence-builder.ts'
import { ownFolder } from '../../system/own.ts'

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

/** A file that was found open, and what became of its mode. */
const opened = (path: string, look: Partial<NonNullable<ReturnType<typeof files.look>>> = {}) => {
  const said: string[] = []
  const deps = {
    output: { say: (line: string) => said.push(line) },
    files: {
      ...files,
      look: (each: string) => {
        const found = files.look(each)
        return found === null ? null : { ...found, ...look }
      },
    },
  } as unknown as Deps
  return { said, close: () => mend(offering({ do: 'close-mode', path, mode: 0o600 }), deps) }
}
const modeOf = (path: string) => files.look(path)?.mode.toString(8)

test('a mode is closed, and nothing that was closed is opened by it', async () => {
  const path = join(ownFolder(), 'file')
  writeFileSync(path, '')
  chmodSync(path, 0o444)
  expect(await opened(path).close()).toEqual([`chmod 600 ${path}`])
  expect(modeOf(path)).toBe('400')
})

test('no mode is changed through a link that was put there, or further up, since it was looked at', async () => {
  const folder = ownFolder()
  const victim = join(folder, 'else', 'file')
  mkdirSync(join(folder, 'else'))
  writeFileSync(victim, '')
  chmodSync(victim, 0o644)
  symlinkSync(victim, join(folder, 'file'))
  symlinkSync(join(folder, 'else'), join(folder, 'up'))
  for (const path of [join(folder, 'file'), join(folder, 'up', 'file'), join(folder, 'gone')]) {
    const { said, close } = opened(path)
    expect(await close()).toEqual([])
    expect(said.at(-1)).toContain('nothing was done')
  }
  expect(modeOf(victim)).toBe('644')
  expect(() => files.setMode(join(folder, 'file'), 0o600)).toThrow('ELOOP')
  expect(modeOf(victim)).toBe('644')
})

test('what belongs to another user by now is not tried: what helps is said', async () => {
  const path = join(ownFolder(), 'a file')
  writeFileSync(path, '')
  const { said, close } = opened(path, { own: false })
  expect(await close()).toEqual([])
  expect(said.at(-1)).toContain(`\`sudo chown "$(id -un)" '${path}'\``)
})
