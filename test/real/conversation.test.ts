import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientPaths } from '../../src/claude/paths.ts'
import { findTranscript } from '../../src/claude/transcript.ts'
import type { Home } from '../sim/home.ts'
import { signal } from '../sim/processes.ts'
import { typeLine } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { registrations, untilLive } from '../sim/watch.ts'
import { bringUp, calm, expectAnswer, kill, makeRealHome, withoutKeeper } from './harness.ts'
import { clientVersions } from './versions.ts'

describe.each(clientVersions)('the conversation of client %s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
  })
  afterAll(() => home?.close())

  test('follows the conversation wherever it moves', async () => {
    await calm(home)
    const first = await untilLive(home)
    const second = await clear(home, first.client.conversation)
    await expectAnswer(home, 'in the second conversation')
    kill(first.client.pid)
    const afterKill = await untilLive(home, { not: first.client.pid })
    expect(afterKill.client.conversation).toBe(second)

    const third = await clear(home, second)
    await expectAnswer(home, 'in the third conversation')
    signal(afterKill.client.pid, 'SIGTERM')
    const afterTerm = await untilLive(home, { not: afterKill.client.pid })
    expect(afterTerm.client.conversation).toBe(third)

    await typeLine(home, '/exit')
    const afterExit = await untilLive(home, { not: afterTerm.client.pid })
    expect(afterExit.client.conversation).toBe(third)

    const fourth = await clear(home, third)
    await expectAnswer(home, 'in the fourth conversation')
    await withoutKeeper(home)
    kill(afterExit.client.pid)
    const afterLast = await untilLive(home, { not: afterExit.client.pid, ms: 30_000 })
    expect(afterLast.client.conversation).toBe(fourth)
    expect((await home.channels(['up', 'work'])).code).toBe(0)
  })

  test('is back when it died during its first message, whatever is left of that', async () => {
    await calm(home)
    for (let round = 0; round < 3; round++) {
      expect((await home.channels(['restart', 'work', '--fresh'])).code).toBe(0)
      const { client } = await untilLive(home)
      home.bot.bot.push(`first words ${round}`)
      await until('its transcript', () => findTranscript(pathsOf(home), client.conversation ?? '') !== null)
      kill(client.pid)
      await untilLive(home, { not: client.pid, ms: 30_000 })
    }
    await expectAnswer(home, 'after the first words')
  })

  test('restarts once when Claude itself asks for it, and does not repeat the turn', async () => {
    await calm(home)
    const before = await untilLive(home)
    const starts = registrations(home).length
    const bin = new URL('../../bin/channels.js', import.meta.url).pathname
    home.bot.bot.push(`run: CHANNELS_HOME=${home.channelsHome} node ${bin} restart work`)
    const after = await untilLive(home, { not: before.client.pid, ms: 75_000 })
    expect(after.client.conversation).toBe(before.client.conversation)
    await expectAnswer(home, 'after the restart')
    expect(registrations(home)).toHaveLength(starts + 1)
    const asked = home.model
      .turns()
      .filter(({ turn }) => String(turn?.tool?.input.command).endsWith('restart work'))
    expect(asked).toHaveLength(1)
  })
})

const pathsOf = ({ home }: Home) => clientPaths({}, home, process.platform)

/** `/clear` at the terminal; the id of the conversation it began. */
const clear = async (home: Home, before: string | null): Promise<string> => {
  await typeLine(home, '/clear')
  return until('a new conversation', async () => {
    const conversation = (await home.status()).sessions[0]?.client?.conversation ?? null
    return conversation === before ? null : conversation
  })
}
