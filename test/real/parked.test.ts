import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import { openTerminal } from '../sim/terminal.ts'
import { leaveKeys } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { clients, delivered, journal, pollers, sockets, untilLive } from '../sim/watch.ts'
import { bringUp, expectAnswer, makeRealHome } from './harness.ts'
import { type ClientVersion, newestClientVersion } from './versions.ts'

const homes: Home[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) await home.close()
})

/** A live session whose next message is refused: 401, at once. Hands back what ends that. */
const refused = async (version: ClientVersion) => {
  const home = await makeRealHome({ version })
  homes.push(home)
  await bringUp(home)
  await expectAnswer(home, 'while the login is good')
  // Once it has answered it asks once more, which would be refused before anybody looked.
  await named(home, 'the end of its turn', ({ client }) => client?.activity === 'idle')
  return { home, mend: home.model.fail({ status: 401, retry: false }) }
}

const named = (home: Home, what: string, fits: (session: Session) => boolean) =>
  until(
    what,
    async () => {
      const [session] = (await home.status()).sessions
      return session !== undefined && fits(session) ? session : null
    },
    30_000,
  )
type Session = Awaited<ReturnType<Home['status']>>['sessions'][number]

describe.each(newestClientVersion)('refused at the model API, client %s', (version) => {
  test('a login that expired: ended to wait, and messages sent meanwhile are answered once it is back', async () => {
    const { home, mend } = await refused(version)
    const before = await untilLive(home)
    home.bot.bot.push('the one that is refused')
    const parked = await named(
      home,
      'the session kept ended',
      ({ reason, client, restarts }) =>
        reason === 'login-expired' && client === null && restarts.nextAt !== null,
    )
    expect(parked).toMatchObject({ state: 'blocked', wanted: true, terminal: { running: true } })
    expect(pollers(home)).toEqual([])

    const texts = ['first while it waits', 'second while it waits']
    for (const text of texts) home.bot.bot.push(text)
    // As `claude auth login` leaves it; the client in this home is signed in by key all the while.
    mend()
    writeFileSync(join(home.home, '.claude', '.credentials.json'), '{}', { mode: 0o600 })
    const after = await untilLive(home, { not: before.client.pid, ms: 60_000 })
    expect(after.client.conversation).toBe(before.client.conversation)
    for (const text of texts) await home.bot.bot.waitForSent((sent) => sent.text.includes(text), 30_000)
    await until('both in the transcript', () => texts.every((text) => delivered(home, text).length > 0))
    for (const text of texts) expect(delivered(home, text)).toHaveLength(1)

    const { gaps } = await named(home, 'the end of the gap', ({ gaps: [gap] }) => gap?.to != null)
    expect(gaps).toMatchObject([{ reason: 'login-expired', unanswered: 1, waited: 2, maybeLost: true }])
    expect(journal(home).filter(({ type }) => type === 'gap')).toHaveLength(1)
    expect((await home.channels(['status'])).stdout).toContain('had reached Claude and stay unanswered')
  })

  test('who is attached is not thrown out', async () => {
    const { home } = await refused(version)
    const { client } = await untilLive(home)
    const { session } = sockets(home)
    const visit = await openTerminal(home, 'visit', home.project, `tmux -S ${session} attach`)
    await named(home, 'somebody attached', ({ terminal }) => terminal.attached === 1)
    home.bot.bot.push('the one that is refused')
    await named(home, 'the reason', ({ reason }) => reason === 'login-expired')
    await until('its name in the journal', () =>
      journal(home).find((entry) => 'reason' in entry && entry.reason === 'login-expired'),
    )
    // Two looks of the keeper and more: at the second it would have ended the client.
    const seenAt = Date.now()
    await until('some looks of the keeper', () => {
      expect(clients(home).map(({ pid }) => pid)).toEqual([client.pid])
      return Date.now() - seenAt > 6_000
    })
    await visit.press(...leaveKeys)
    await named(
      home,
      'the session kept ended',
      ({ reason, client: now }) => reason === 'login-expired' && now === null,
    )
    await visit.close()
  })
})
