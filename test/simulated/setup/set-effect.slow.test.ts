import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Session } from '../../../src/core/session.ts'
import { clients } from '../../sim/watch.ts'
import { closeMachine, expectEcho, expectUp, live, unhurried } from '../faults/kit.ts'
import { makeWork, type Work } from './work.ts'

// What `set` changed is what the next client gets, and the trust goes with the folder.

let home: Work['home']
let work: Work['work']
let trap: Work['trap']
let set: Work['set']
let stored: Work['stored']
beforeAll(async () => {
  ;({ home, work, trap, set, stored } = await makeWork())
})
afterAll(() => closeMachine(home))
beforeEach(() => expect(existsSync(trap)).toBe(false))

/** Sets them, and nothing else of the session is different. */
const expectSet = async (pairs: readonly string[], change: Partial<Session>): Promise<void> => {
  const before = stored()
  const done = await set(...pairs)
  expect(done, done.stderr).toMatchObject({ code: 0 })
  expect(done.stderr).toMatch(/^( {2}In another folder it begins a conversation of its own.*\n)?$/)
  expect(done.stdout).toMatch(/^work is changed\./)
  expect(stored()).toEqual({ ...before, ...change })
}

const isTrusted = (folder: string): boolean => {
  const { projects } = JSON.parse(readFileSync(join(home.home, '.claude.json'), 'utf8')) as {
    projects: Record<string, { hasTrustDialogAccepted?: boolean }>
  }
  return projects[folder]?.hasTrustDialogAccepted === true
}

test('another folder: trust recorded for it and taken back for the former; the environment of this shell', async () => {
  const odd = join(home.root, "it's $(touch executed)")
  mkdirSync(odd)
  const link = join(home.root, 'link')
  symlinkSync(odd, link)
  expect(isTrusted(work.cwd)).toBe(true)
  await expectSet([`folder=${link}`, '--trust'], { cwd: realpathSync(odd), trustRecorded: true })
  rmSync(link)
  expect([isTrusted(odd), isTrusted(work.cwd)]).toEqual([true, false])
  await expectUp(home, 'work', 0, 'is live')
  const pid = await live(home, 'work')
  expect(clients(home).find((each) => each.pid === pid)?.env.PWD ?? odd).toBe(odd)
  expect(realpathSync(`/proc/${pid}/cwd`)).toBe(odd)
  // Words that a shell would take apart arrive as they are, once there is a new client, and not before.
  const value = `it's "quoted" $(touch ${trap})`
  const words = ['--allowedTools', value]
  const changed = await set(`arguments=${JSON.stringify(words)}`, 'model=opus', `env.MY_VALUE=${value}`)
  expect(changed.stdout).toBe('work is changed. `channels restart work` puts it into effect.\n')
  expect((await set('restart.attempts=4')).stdout).toBe('work is changed.\n')
  expect(
    clients(home)
      .find((each) => each.pid === pid)
      ?.argv.join(' '),
  ).not.toContain('opus')
  const exported = {
    NO_PROXY: 'example.org',
    TELEGRAM_BOT_TOKEN: '123456789:AAtest_exported_in_this_shell_0000001',
  }
  const here = await home.channels(['set', 'work', 'environment=here'], { env: exported })
  expect(here).toMatchObject({ code: 0 })
  expect(stored().environment).toEqual({ ...omit(stored().environment), NO_PROXY: 'example.org' })
  await set(`env.MY_VALUE=${value}`, 'permission-mode=acceptEdits')
  const restarted = await home.channels(['restart', 'work', ...unhurried])
  expect(restarted, restarted.stdout + restarted.stderr).toMatchObject({ code: 0 })
  const next = await live(home, 'work', pid)
  const { argv, env } = clients(home).find((each) => each.pid === next) ?? nothing
  for (const pair of [words, ['--model', 'opus'], ['--permission-mode', 'acceptEdits']])
    expect(argv[argv.indexOf(pair[0] ?? '') + 1]).toBe(pair[1])
  expect(env).toMatchObject({ MY_VALUE: value, NO_PROXY: 'example.org' })
  expect(env).not.toHaveProperty('TELEGRAM_BOT_TOKEN')
  expect((await home.status()).sessions[0]).toMatchObject({ state: 'live', cwd: odd })
  await expectEcho(work, 'from the other folder')
  await expectSet([`folder=${work.cwd}`, '--trust'], { cwd: work.cwd, trustRecorded: true })
  expect([isTrusted(odd), isTrusted(work.cwd)]).toEqual([false, true])
  const back = await home.channels(['restart', 'work', ...unhurried])
  expect(back, back.stdout + back.stderr).toMatchObject({ code: 0 })
  await expectEcho(work, 'and back')
  expect(existsSync(trap) || existsSync(join(home.project, 'executed'))).toBe(false)
})

const nothing = { argv: [] as readonly string[], env: {} }

const omit = ({ NO_PROXY: _, ...others }: Readonly<Record<string, string>>) => others
