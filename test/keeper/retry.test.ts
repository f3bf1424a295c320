import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readRetryLine, retriesUnwritten } from '../../src/claude/retry-line.ts'
import { yes } from '../../src/core/answer.ts'
import { emptyTranscript, newTurn, type SessionFile, type Transcript } from '../../src/core/client.ts'
import { createRetryReader } from '../../src/keeper/retry.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { noon, seconds, session, sessionFile } from '../core/evidence-builder.ts'

const screen = readFileSync(new URL('../claude/screens/overloaded-2.1.260.txt', import.meta.url), 'utf8')

/** A reader beside a terminal that shows this, whose looks are counted. */
const open = () => {
  let now = noon
  let looks = 0
  const capture = async () => {
    looks += 1
    return yes(screen)
  }
  const world = {
    clock: { now: () => now },
    folders: resolveFolders({ CHANNELS_HOME: '/nowhere' }, '/nowhere'),
    multiplexer: async () => ({ capture }),
    claude: { readRetryLine, retriesUnwritten },
  }
  const read = createRetryReader(world as unknown as Parameters<typeof createRetryReader>[0])
  return {
    looks: () => looks,
    at: (ms: number, transcript: Transcript | null, file: SessionFile | null) => {
      now = noon + ms
      return read(session, transcript, file)
    },
  }
}

const atWork: Transcript = { ...emptyTranscript, turn: newTurn(noon, [noon]), lastRowAt: noon }
const busy = (version: string) => sessionFile({ version, activity: 'busy' })

test('a client that writes no retries down: its screen is looked at once nothing has come for ten seconds', async () => {
  const { at, looks } = open()
  expect(await at(9 * seconds, atWork, busy('2.1.260'))).toBeNull()
  expect(looks()).toBe(0)
  expect(await at(10 * seconds, atWork, busy('2.1.260'))).toEqual({
    cause: 'other',
    nextAt: noon + 11 * seconds,
    attempt: 4,
  })
  // Not in every look of the keeper.
  await at(12 * seconds, atWork, busy('2.1.260'))
  expect(looks()).toBe(1)
  await at(20 * seconds, atWork, busy('2.1.260'))
  expect(looks()).toBe(2)
})

test.each([
  ['it writes each try', atWork, busy('2.1.160')],
  ['it writes each request', atWork, busy('2.1.300')],
  ['it is idle', atWork, sessionFile({ version: '2.1.260', activity: 'idle' })],
  ['no turn is under way', emptyTranscript, busy('2.1.260')],
  ['rows come', { ...atWork, lastRowAt: noon + 55 * seconds }, busy('2.1.260')],
  ['it has no transcript', null, busy('2.1.260')],
  ['it has no session file', atWork, null],
] as const)('its screen is left alone where %s', async (_, transcript, file) => {
  const { at, looks } = open()
  expect(await at(60 * seconds, transcript, file)).toBeNull()
  expect(looks()).toBe(0)
})
