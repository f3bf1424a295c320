import { readFileSync, statSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Deps } from '../../../src/deps.ts'
import { keeperFlags } from '../../bench/keeper.ts'
import { type Played, playManager, script } from './played.ts'

const install = { do: 'install', yes: true, boot: true } as const
const uninstall = { do: 'uninstall', yes: true } as const
const status = { do: 'status', json: false } as const
const unit = 'systemd/user/channels.service'

let played: Played
beforeEach(() => {
  played = playManager('systemd')
})
afterEach(() => played.close())

const wanted = { settings: { read: () => ({ sessions: { work: {} } }) } } as unknown as Partial<Deps>

test('install shows what it writes and runs, does that, and says when it starts', async () => {
  const outcome = await played.service(install)
  expect(outcome).toMatchObject({
    status: 0,
    stdout:
      'channels.service is installed; its keeper (pid 101) looks after all sessions.\nIt starts at boot.\n',
  })
  const told = [
    'systemctl --user daemon-reload',
    'systemctl --user enable channels.service',
    'systemctl --user reset-failed channels.service',
    'systemctl --user start channels.service',
    'loginctl enable-linger me',
  ]
  expect(played.told()).toEqual(told)
  const text = readFileSync(played.path(unit), 'utf8')
  const shown = [
    `Write  ${played.path(unit)}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
    ...told.map((line) => `Run    ${line}`),
  ]
  expect(outcome.stderr).toBe(`${shown.join('\n')}\n\n`)
  expect(text).toContain(`\nExecStart=/usr/bin/node ${keeperFlags.join(' ')} ${script} run\n`)
  expect(text).toContain('\nEnvironment="CHANNELS_HOME=/home/me/own"\n')
  // The client's folder goes last, what is made for tests lies in /tmp and will not be there.
  expect(text).toContain('\nEnvironment="PATH=/usr/bin:/bin:/opt/client:/usr/local/bin"\n')
  // A proxy's password may stand in it.
  expect(statSync(played.path(unit)).mode & 0o777).toBe(0o600)
})

test('installed again it has the next keeper take over, and stops nothing', async () => {
  await played.service(install)
  played.told()
  expect(await played.service(install)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('(pid 102)'),
  })
  expect(played.told()).toEqual([
    'systemctl --user daemon-reload',
    'systemctl --user enable channels.service',
    'systemctl --user kill --kill-who=main --signal=SIGTERM channels.service',
  ])
})

test.each([install, uninstall])(
  '$do asks; without anybody to ask it names --yes and does nothing',
  async (order) => {
    if (order.do === 'uninstall') await played.service(install)
    played.told()
    const outcome = await played.service({ ...order, yes: false })
    expect(outcome).toMatchObject({ status: 2, stdout: '' })
    expect(outcome.error?.hint).toContain(`channels service ${order.do} --yes`)
    expect(outcome.stderr).toContain('systemctl --user daemon-reload')
    expect(played.told()).toEqual([])
    expect(played.has(unit)).toBe(order.do === 'uninstall')
  },
)

test.each([true, false])('the answer counts: %s', async (answer) => {
  const questions: unknown[] = []
  const ask = async () => ({
    confirm: async (question: unknown) => {
      questions.push(question)
      return answer
    },
  })
  const asking = { ask, output: { interactive: () => true } } as unknown as Partial<Deps>
  const outcome = await played.service({ ...install, yes: false }, asking)
  expect(questions).toHaveLength(1)
  expect(outcome.status).toBe(answer ? 0 : 130)
  expect(played.has(unit)).toBe(answer)
})

test('lingering that is refused is said, with the command; and left alone where it is not asked for, or there', async () => {
  played.put('fails/enable-linger', 'Could not enable linger: Access denied\n')
  const refused = await played.service(install)
  expect(refused).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('It starts when you log in, and ends with your last logout.'),
  })
  expect(refused.stderr).toContain(
    'It could not be made to start at boot: `loginctl enable-linger me` ended with 1 (Could not enable linger: Access denied)\n`sudo loginctl enable-linger me` does it.\n',
  )
  played.told()
  const without = await played.service({ ...install, boot: false })
  expect(without.stderr).toContain('`loginctl enable-linger me` has it start at boot, too.')
  played.put('linger', 'Linger=yes\n')
  expect((await played.service(install)).stdout).toContain('It starts at boot.')
  expect(played.told().filter((line) => line.startsWith('loginctl'))).toEqual([])
})

test.each([
  [
    '/home/me/.npm/_npx/0a1b/node_modules/claude-channels/bin/channels.js',
    'the cache of npx',
    'npm install -g',
  ],
  ['/tmp/channels/bin/channels.js', 'a folder for temporary files', 'npm link'],
  ['/home/me/"channels"/bin/channels.js', 'quote', 'a folder without one'],
])('nothing is installed that starts %s', async (path, why, instead) => {
  const program = { node: process.execPath, script: path } as Deps['program']
  const { status, error } = await played.service(install, { program })
  expect(status).toBe(1)
  expect(error?.message).toContain(why)
  expect(error?.hint).toContain(instead)
  expect(played.told()).toEqual([])
})

test('a unit of that name that is not ours is left as it is', async () => {
  played.put(unit, '[Service]\nExecStart=/usr/bin/true\n')
  for (const order of [install, uninstall]) {
    const { status, error } = await played.service(order)
    expect(status).toBe(1)
    expect(error?.message).toContain('was not written by `channels service install`')
  }
  expect(played.told()).toEqual([])
  expect(await played.service(status)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('was not written by `channels service install`.\n'),
  })
})

test('a keeper that runs in the foreground would not make way: it is named before anything is written', async () => {
  played.put('keeper', '77\n')
  const { status, error } = await played.service(install)
  expect(status).toBe(1)
  expect(error?.message).toContain('a keeper runs in the foreground (pid 77)')
  expect(error?.hint).toContain('`kill 77`')
  expect(played.told()).toEqual([])
})

test('what looks after the sessions of another CHANNELS_HOME is neither replaced nor removed, but named', async () => {
  await played.service(install)
  const before = readFileSync(played.path(unit), 'utf8')
  played.told()
  const keeperEnvironment = () => ({ HOME: '/home/me', CHANNELS_HOME: '/home/me/trial' })
  for (const order of [install, uninstall]) {
    const { status, error } = await played.service(order, { keeperEnvironment })
    expect(status).toBe(1)
    expect(error?.message).toContain(
      'looks after other sessions than those here, with CHANNELS_HOME=/home/me/own.',
    )
  }
  expect(await played.service(status, { keeperEnvironment })).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('it is started with CHANNELS_HOME=/home/me/own.'),
  })
  expect(played.told()).toEqual([])
  expect(readFileSync(played.path(unit), 'utf8')).toBe(before)
})

test('a step that fails ends it; nothing further is done', async () => {
  played.put('fails/daemon-reload', 'Failed to reload daemon: no space\n')
  const { status, error } = await played.service(install)
  expect(status).toBe(1)
  expect(error?.message).toContain(
    '`systemctl --user daemon-reload` ended with 1 (Failed to reload daemon: no space)',
  )
  expect(played.told()).toEqual(['systemctl --user daemon-reload'])
})

test('installed, and no keeper comes up: that is said, with where to look', async () => {
  // One that runs already, so that the new one is never the one that counts.
  const another = { clock: quick(), seeKeeper: () => null } as unknown as Partial<Deps>
  const { status, error } = await played.service(install, another)
  expect(status).toBe(1)
  expect(error?.message).toBe(
    'channels.service is installed, but no keeper of its came up: active (running).',
  )
  expect(error?.hint).toContain('journalctl --user -u channels.service')
})

test('uninstall lets the sessions be, leaves nothing, and has a keeper in a terminal take over', async () => {
  await played.service(install)
  const text = readFileSync(played.path(unit), 'utf8')
  played.told()
  const asked: string[] = []
  const ensureKeeper = async () => {
    asked.push(`with the unit's keeper ${played.has('pid') ? 'there' : 'gone'}`)
    return 'started' as const
  }
  const outcome = await played.service(uninstall, { ...wanted, ensureKeeper })
  expect(outcome).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^channels\.service is uninstalled\.\nThe sessions go on; /),
    stderr: expect.stringContaining('`loginctl disable-linger` ends it.'),
  })
  expect(outcome.stderr).not.toContain(text.slice(0, 50))
  expect(outcome.stderr).toContain('the same without ExecStop, so that stopping it touches no session')
  expect(asked).toEqual(["with the unit's keeper gone"])
  expect(played.told()).toEqual([
    'systemctl --user daemon-reload',
    'systemctl --user disable channels.service',
    'systemctl --user stop channels.service',
    'systemctl --user daemon-reload',
    'systemctl --user reset-failed channels.service',
  ])
  expect(played.has(unit) || played.has('enabled') || played.has('pid')).toBe(false)
})

test('where no session is wanted nobody needs a keeper', async () => {
  await played.service(install)
  const outcome = await played.service(uninstall)
  expect(outcome).toMatchObject({ status: 0, stdout: 'channels.service is uninstalled.\n' })
})

test('nothing installed: there is nothing to take back', async () => {
  expect(await played.service(uninstall)).toMatchObject({
    status: 0,
    stdout: 'Nothing is installed.\n',
    stderr: '',
  })
  expect(played.told()).toEqual([])
})

test('a unit whose file somebody removed while it runs is stopped without ending what is in its group', async () => {
  await played.service(install)
  played.take(unit)
  played.told()
  expect(await played.service(uninstall)).toMatchObject({ status: 0 })
  expect(played.told().slice(0, 3)).toEqual([
    'systemctl --user daemon-reload',
    'systemctl --user disable channels.service',
    'systemctl --user stop channels.service',
  ])
})

const quick = () => {
  let elapsed = 0
  return {
    now: () => 0,
    elapsed: () => elapsed,
    sleep: async () => {
      elapsed += 10_000
    },
  }
}
