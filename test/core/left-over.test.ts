import { expect, test } from 'vitest'
import { emptyTranscript, newTurn } from '../../src/core/client.ts'
import { leftOver } from '../../src/core/left-over.ts'
import { exitRecord, minutes, noon, run, seconds } from './evidence-builder.ts'

const begun = run({ startedAt: noon })
const turn = (...messages: readonly number[]) => newTurn(messages[0] ?? noon, messages)
const promised = { messages: 1, until: noon + minutes, brokenAt: null }
const goesOn = (broken: number | null) =>
  run({
    startedAt: noon,
    interrupted: true,
    exits: [exitRecord({ run: 'run-0', promised: { ...promised, brokenAt: broken } })],
  })

test.each([
  ['nothing', begun, {}, { waiting: 0, working: 0 }],
  ['its own turn', begun, { turn: turn(noon + 1, noon + 2) }, { waiting: 0, working: 2 }],
  ['a turn of a client before it', begun, { turn: turn(noon - 1) }, { waiting: 0, working: 0 }],
  [
    'a turn of the one before it, which it went on with, however long that was',
    goesOn(null),
    { turn: turn(noon - 40 * minutes) },
    { waiting: 0, working: 1 },
  ],
  [
    'one that it came too late for, said already',
    goesOn(noon),
    { turn: turn(noon - 40 * minutes) },
    { waiting: 0, working: 0 },
  ],
  [
    'what waited in its memory',
    begun,
    {
      waiting: [
        { at: noon - 1, key: 'a' },
        { at: noon + 1, key: 'b' },
      ],
    },
    { waiting: 1, working: 0 },
  ],
])('left over: %s', (_, of, transcript, left) => {
  expect(leftOver({ ...emptyTranscript, ...transcript }, of, true)).toMatchObject(left)
})

test('a turn that is not begun is gone on with by no client', () => {
  const begunTurn = { ...turn(noon), begun: true }
  const left = (of: object, takesUp: boolean) => leftOver({ ...emptyTranscript, ...of }, begun, takesUp)
  expect(left({ turn: begunTurn }, true)).toMatchObject({ working: 1, takesUp: true })
  expect(left({ turn: turn(noon) }, true)).toMatchObject({ working: 1, takesUp: false })
  expect(left({ turn: begunTurn }, false)).toMatchObject({ working: 1, takesUp: false })
  expect(left({}, true)).toMatchObject({ working: 0, takesUp: false })
})

test('it is gone on with for a quarter of an hour from the last row on', () => {
  const until = (change: object) => leftOver({ ...emptyTranscript, ...change }, begun, true).takenUpUntil
  expect(until({ turn: turn(noon), lastRowAt: noon })).toBe(noon + 15 * minutes)
  expect(until({ turn: turn(noon, noon + 9 * seconds), lastRowAt: noon })).toBe(
    noon + 9 * seconds + 15 * minutes,
  )
  expect(until({ turn: turn(noon), lastRowAt: noon + minutes })).toBe(noon + 16 * minutes)
})
