import { expect, test } from 'vitest'
import { chooseWarning } from '../../../src/commands/setup/development.ts'
import type { DialogSettings, Session } from '../../../src/core/session.ts'
import type { Ask } from '../../../src/deps.ts'
import { channel, session } from '../../core/evidence-builder.ts'
import { refusalOf } from './asked.ts'

type Answer = DialogSettings['development']
const id = 'server:pager'

/** A session that was set up with that answer. */
const setUp = (development: Answer, of = id): Session => ({
  ...session,
  channels: [{ ...channel().channel, id: of }],
  dialogs: { ...session.dialogs, development },
})

/** The answer; what was offered first, null where nothing was asked; what was said. */
const choose = async (said: Answer | null, before: Session | null, picks: Answer | 'nobody' | null) => {
  const lines: string[] = []
  let offered: unknown = null
  const ask = {
    choose: async ({ initial }: { readonly initial: Answer }) => {
      offered = initial
      return picks ?? initial
    },
  } as unknown as Ask
  const say = (line: string) => void lines.push(line)
  const tell = { say, done: say, warn: say, title: say, link: say } as unknown as Ask
  const answer = await chooseWarning(id, { development: said }, before, picks === 'nobody' ? null : ask, tell)
  return { answer, offered, lines }
}

test.each<
  [
    what: string,
    said: Answer | null,
    before: Session | null,
    picks: Answer | 'nobody' | null,
    answer: Answer,
    offered: Answer | null,
  ]
>([
  ['as said, and nobody is asked', 'accept', null, null, 'accept', null],
  ['as said, though it was otherwise', 'ask', setUp('accept'), null, 'ask', null],
  ['Enter agrees to nothing', null, null, null, 'ask', 'ask'],
  ['the person agrees', null, null, 'accept', 'accept', 'ask'],
  ['set up again, Enter leaves it', null, setUp('accept'), null, 'accept', 'accept'],
  [
    'what was agreed of another channel is not of this one',
    null,
    setUp('accept', 'server:other'),
    null,
    'ask',
    'ask',
  ],
  ['with nobody there as it was', null, setUp('accept'), 'nobody', 'accept', null],
  ['with nobody there as said', 'ask', null, 'nobody', 'ask', null],
])('%s', async (_, said, before, picks, answer, offered) => {
  expect(await choose(said, before, picks)).toMatchObject({ answer, offered })
})

test('the risk is told whatever the answer, and before it', async () => {
  for (const [said, picks] of [
    ['accept', 'nobody'],
    [null, 'accept'],
  ] as const) {
    const { lines } = await choose(said, null, picks)
    expect(lines).toEqual([
      '`server:pager` is not on the list of channels that Anthropic approved.',
      expect.stringContaining('Claude does with it what it may do on this machine'),
    ])
  }
})

test.each([null, setUp('accept', 'server:other')])(
  'with nobody there and nothing said it is not agreed to',
  async (before) => {
    expect(await refusalOf(choose(null, before, 'nobody'))).toMatchObject({
      status: 2,
      hint: expect.stringMatching(/--development accept.*--development ask/),
    })
  },
)
