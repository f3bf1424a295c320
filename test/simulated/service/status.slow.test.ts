import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Played, playManager, script } from './played.ts'

const unit = 'systemd/user/channels.service'

let played: Played
beforeEach(() => {
  played = playManager('systemd')
})
afterEach(() => played.close())

const install = () => played.service({ do: 'install', yes: true, boot: true })
const status = () => played.service({ do: 'status', json: false })
const json = async (): Promise<Record<string, unknown>> =>
  JSON.parse((await played.service({ do: 'status', json: true })).stdout)

test('nothing installed: 3, and the command', async () => {
  const { status: code, stdout } = await status()
  expect(code).toBe(3)
  expect(stdout).toContain('`channels service install`')
  expect(await json()).toMatchObject({
    version: 1,
    kind: 'systemd',
    installed: false,
    problems: [],
    pid: null,
  })
})

test('as it should be: 0, with what there is to know', async () => {
  await install()
  played.told()
  expect(await status()).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /^file {5}.+\nenabled {2}yes, starts at boot\nactive {3}yes: active \(running\), pid 101, for 1m\nruns {5}\S+node .* run\n$/,
    ),
  })
  expect(await json()).toMatchObject({
    installed: true,
    enabled: true,
    active: true,
    pid: 101,
    since: '1970-01-01T00:00:01.000Z',
    startsAt: 'boot',
    problems: [],
  })
  // It only asks.
  expect(played.told()).toEqual([])
})

test.each([
  ['Linger=no', 'login; at boot, too, after `loginctl enable-linger me`'],
  ['', 'login (whether at boot could not be told; at boot, too, after `loginctl enable-linger me`)'],
])('with %j of lingering it starts at %s, which is no fault', async (linger, when) => {
  await install()
  played.put('linger', linger)
  expect(await status()).toMatchObject({ status: 0, stdout: expect.stringContaining(`starts at ${when}\n`) })
})

test('logind says of a user it never met that it does not linger', async () => {
  await install()
  played.put('fails/show-user', 'User ID 1000 is not logged in or lingering\n')
  expect(await json()).toMatchObject({ startsAt: 'login' })
})

test('a unit that names what is gone, is not enabled, and whose keeper ended: 1, each with what helps', async () => {
  await install()
  const before = readFileSync(played.path(unit), 'utf8')
  expect(before).toContain(script)
  played.put(unit, before.replaceAll(script, '/usr/lib/former/bin/channels.js'))
  played.take('enabled')
  played.take('pid')
  played.put('inactive', 'failed\n')
  const { status: code, stdout } = await status()
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /\nenabled {2}no\nactive {3}no: failed \(exit-code\)\nruns .*\/usr\/lib\/former\/bin\/channels.js run\n/,
  )
  for (const said of [
    'It names a script that is gone: /usr/lib/former/bin/channels.js.\n  `channels service install` writes it anew',
    'It is not enabled: it does not start by itself.\n  `channels service install` enables it.',
    'It does not run: failed (exit-code).\n  `systemctl --user start channels.service` starts it; `journalctl',
  ])
    expect(stdout).toContain(said)
  expect((await json()).problems).toHaveLength(3)
})
