import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFakechat } from '../sim/fakechat.ts'
import type { Home } from '../sim/home.ts'
import { freePort } from '../sim/other-wards.ts'
import { readProcess } from '../sim/processes.ts'
import { until, untilNobody } from '../sim/until.ts'
import { clients, pollers, untilKept, untilLive, untilNamed } from '../sim/watch.ts'
import { untilSession } from '../simulated/faults/kit.ts'
import { openWizard } from '../simulated/wizard/rig.ts'
import { allowCrashes, calm, kill, makeRealHome } from './harness.ts'
import { someClientVersions } from './versions.ts'

describe.each(someClientVersions)('fakechat with client %s', (version) => {
  let home: Home
  let port: number
  beforeAll(async () => {
    home = await makeRealHome({ version })
    port = await freePort()
  })
  afterAll(() => home?.close())

  const address = () => `http://127.0.0.1:${port}`
  const echo = async (text: string): Promise<void> => {
    const page = await openFakechat(address())
    page.say(text)
    await page.waitForAnswer((shown) => shown.text === `echo: ${text}`, 20_000).finally(page.close)
  }
  const plugin = async (): Promise<number> => {
    const [channel] = (await untilLive(home)).channels
    expect(channel?.evidence.poller).toMatchObject({ ours: true })
    return channel?.evidence.poller?.pid ?? 0
  }

  test('goes by keys from nothing to a message that was answered', async () => {
    const args = ['setup', home.channelOf('fakechat'), '--port', String(port)]
    const wizard = await openWizard(home, { args, rows: 60 })
    try {
      await wizard.answer('Which folder shall Claude work in?', home.project, 'C-u')
      await wizard.answer('Do you trust what is in', 'y')
      await wizard.answer('Name of the session', 'work', 'C-u')
      await wizard.answer('What may Claude do without asking?')
      await wizard.answer('Set it up like this?', 'y')
      const asks = async () => (await wizard.screen()).includes('Waiting for your message to arrive')
      await until('the wait for a message', asks, 60_000)
      await echo('hi there')
      expect(await wizard.ended(40_000)).toBe(0)
      expect(await wizard.all('joined')).toContain('✓ The answer went out: "echo: hi there"')
      expect(await wizard.disorder()).toEqual([])
    } catch (cause) {
      throw new Error(`not to the end:\n${await wizard.all()}`, { cause })
    } finally {
      await wizard.close()
    }
    allowCrashes(home)
    const { channels } = await untilLive(home)
    expect(channels).toMatchObject([{ kind: 'fakechat', account: `http://localhost:${port}` }])
  })

  test('its plugin killed: named within 3 s, and live again', async () => {
    const before = await untilLive(home)
    const pid = await plugin()
    expect(pollers(home).map((each) => each.pid)).toContain(pid)
    await untilKept(home)
    const at = kill(pid)
    expect((await untilNamed(home, 'plugin-exited', at)) - at).toBeLessThan(3_000)
    const after = await untilLive(home, { not: before.client.pid, ms: 30_000 })
    expect(after.client.conversation).toBe(before.client.conversation)
    await echo('still there?')
  })

  test('its client killed: live again, although the plugin outlives it and holds the port', async () => {
    await calm(home)
    const { client } = await untilLive(home)
    const former = await plugin()
    kill(client.pid)
    expect(readProcess(former)).not.toBeNull()
    const after = await untilLive(home, { not: client.pid, ms: 30_000 })
    expect(after.client.conversation).toBe(client.conversation)
    expect(readProcess(former)).toBeNull()
    await echo('and now?')
  })

  test('down leaves nothing, and nobody on the port', async () => {
    expect(await home.channels(['down', 'work'])).toMatchObject({ code: 0 })
    const left = () => home.processes().filter(({ env }) => env.CHANNELS_SESSION === 'work')
    await untilNobody('nothing of the session', left)
    await expect(openFakechat(address())).rejects.toThrow('ECONNREFUSED')
  })

  test('a port that another program has is named before a client is started; freed, it is live by itself', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    try {
      await until('the port taken', () => other.listening)
      const up = await home.channels(['up', 'work'])
      expect(up.code, up.stdout + up.stderr).not.toBe(0)
      expect(up.stdout + up.stderr).toContain('port-taken')
      await untilSession(home, 'work', { state: 'blocked', reason: 'port-taken' })
      expect(clients(home)).toEqual([])
    } finally {
      other.close()
    }
    await untilLive(home, { ms: 30_000 })
    await echo('free again')
  })
})
