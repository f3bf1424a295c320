import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareVersions } from '../../src/claude/version.ts'
import { takesUpFrom } from '../../src/core/left-over.ts'
import type { Home } from '../sim/home.ts'
import type { TurnRequest } from '../sim/model-api/request.ts'
import { blocksOf } from '../sim/model-api/request.ts'
import { respond } from '../sim/model-api/respond.ts'
import { until } from '../sim/until.ts'
import { delivered, transcriptRows, untilLive } from '../sim/watch.ts'
import { bringUp, calm, expectAnswer, kill, makeRealHome } from './harness.ts'
import { clientVersions } from './versions.ts'

/** Longer than the client lives. */
const foreverMs = 120_000

describe.each(clientVersions)('what client %s was at when it was killed', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
    // With the first message of a conversation the client writes down more than with those after it.
    await expectAnswer(home, 'the first one')
  })
  afterAll(() => home?.close())

  test.each([
    { at: 'no step yet', message: 'alpha', afterResults: 0, isBegun: false },
    { at: 'what a tool had printed', message: 'run: echo beta', afterResults: 1, isBegun: true },
  ])('at $at: gone on with, or said to be unanswered', async ({ message, afterResults, isBegun }) => {
    await calm(home)
    const before = await untilLive(home)
    const held = holdModel(home, message, afterResults)
    home.bot.bot.push(message)
    await until('the model to be asked', () => held.asked() && delivered(home, message).length > 0)
    const continued = continuations(home)
    kill(before.client.pid)
    held.release()
    await untilLive(home, { not: before.client.pid })
    const goesOn = isBegun && compareVersions(version, takesUpFrom) >= 0
    const gap = await until('the gap to end', async () => {
      const last = (await home.status()).sessions[0]?.gaps.at(-1)
      return last?.to === null ? null : last
    })
    expect(gap).toMatchObject({ reason: 'client-exited', unanswered: goesOn ? 0 : 1 })
    await until('the client to rest', async () => (await untilLive(home)).client.activity === 'idle')
    expect(continuations(home) - continued).toBe(goesOn ? 1 : 0)
  })
})

/** How often a client wrote that it goes on with the turn of the one before it (seen on 2.1.260, 2.1.300, 2.1.330). */
const continuations = (home: Home): number =>
  transcriptRows(home).filter(
    ({ type, message }) =>
      type === 'user' && JSON.stringify(message).includes('Continue from where you left off.'),
  ).length

/** The model keeps what is asked after that many results of tools since the message to itself, until it is released. */
const holdModel = (home: Home, message: string, afterResults: number) => {
  let asked = false
  let isHeld = true
  home.model.setResponder((request) => {
    if (!isHeld || resultsSince(request, message) !== afterResults) return respond(request)
    asked = true
    return { ...respond(request), afterMs: foreverMs }
  })
  return {
    asked: () => asked,
    release: () => {
      isHeld = false
    },
  }
}

/** Null where the model is not asked of that message. */
const resultsSince = ({ tools = [], messages = [] }: TurnRequest, text: string): number | null => {
  const at = messages.findIndex(
    ({ role, content }) => role === 'user' && JSON.stringify(content).includes(text),
  )
  if (at === -1 || tools.length === 0) return null
  return messages
    .slice(at)
    .flatMap(blocksOf)
    .filter(({ type }) => type === 'tool_result').length
}
