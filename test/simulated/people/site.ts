import { afterEach, beforeEach } from 'vitest'
import type { Sender } from '../../sim/bot-api/bot.ts'
import { until } from '../../sim/until.ts'
import { expectUp, live, type Machine, makeMachine, setUp, type Ward } from '../faults/kit.ts'
import { approvedFiles, changeAccessJson } from './visitors.ts'

export const ada: Sender = { from: 71, firstName: 'Ada', username: 'ada' }

/** A machine with a live session called site, into which 4242 was let. */
export const openSite = async (): Promise<{ readonly home: Machine; readonly site: Ward }> => {
  const home = await makeMachine()
  const site = await setUp(home, 'site')
  await expectUp(home, 'site', 0, 'is live')
  await live(home, 'site')
  return { home, site }
}

/** Before each test it is as after a setup: one is let in, nobody waits, nobody can ask. */
export const beginEachAfterSetup = (site: () => Ward): void => {
  beforeEach(() =>
    changeAccessJson(site(), (before) => ({
      ...before,
      dmPolicy: 'allowlist',
      allowFrom: ['4242'],
      pending: {},
    })),
  )
  afterEach(() => until('told approvals', () => approvedFiles(site()).length === 0))
}
