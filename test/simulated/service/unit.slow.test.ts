import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Home } from '../../sim/home.ts'
import { untilLive } from '../../sim/watch.ts'
import { expectAnswer, openSession, succeeded } from '../life/rig.ts'
import { bootManager, type Manager, whyNoManager } from './manager.ts'

let home: Home
let manager: Manager
beforeAll(async () => {
  home = await openSession()
  manager = await bootManager(home)
})
afterAll(async () => {
  await manager?.close()
  await home?.close()
})

test('x', async () => {
  expect(await whyNoManager()).toBe(null)
  const i = await manager.channels(['service', 'install', '--yes'])
  console.log(i)
  console.log(await manager.channels(['service', 'status']))
  console.log((await manager.run(['systemctl', '--user', 'status', 'channels'])).stdout)
  succeeded(await manager.channels(['up', 'work']))
  console.log(await untilLive(manager.home))
  await expectAnswer(manager.home, 'hi')
  console.log((await manager.run(['systemctl', '--user', 'status', 'channels'])).stdout)
  console.log(await manager.channels(['service', 'status', '--json']))
  console.log(await manager.channels(['service', 'uninstall', '--yes']))
  console.log(await manager.channels(['service', 'status']))
  console.log((await manager.home.status()).keeper)
})
