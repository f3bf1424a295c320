import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foldExchanges } from '../../src/claude/exchanges.ts'
import { clientPaths } from '../../src/claude/paths.ts'
import { findTranscript } from '../../src/claude/transcript.ts'
import type { Session } from '../../src/core/session.ts'
import { createProofReader } from '../../src/keeper/proof.ts'
import { createTail } from '../../src/system/tail.ts'
import {
  client,
  evidence,
  firstConversation,
  noon,
  run,
  seconds,
  session,
  sessionFile,
} from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const second = '22222222-2222-4222-8222-222222222222'

const rig = () => {
  const home = ownFolder()
  const folder = join(home, '.claude', 'projects', '-home-me-site')
  mkdirSync(folder, { recursive: true })
  const paths = clientPaths({}, home, 'linux')
  const world = { createTail, claude: { findTranscript, foldExchanges, sessionPaths: () => paths } }
  const file = (conversation: string) => join(folder, `${conversation}.jsonl`)
  return { read: createProofReader(world), file }
}

const row = (at: number, fields: object): string =>
  `${JSON.stringify({ timestamp: new Date(at).toISOString(), ...fields })}\n`
const message = (at: number, text: string, source = 'plugin:telegram:telegram'): string =>
  row(at, {
    type: 'user',
    uuid: text,
    origin: { kind: 'channel' },
    message: {
      content: `<channel source="${source}" chat_id="42" user="me">\n${text}\n</channel>`,
    },
  })
const call = (at: number, text: string, server = 'plugin_telegram_telegram'): string =>
  row(at, {
    type: 'assistant',
    message: {
      content: [
        {
          type: 'tool_use',
          id: text,
          name: `mcp__${server}__reply`,
          input: { chat_id: '42', text },
        },
      ],
    },
  })
const result = (at: number, id: string): string =>
  row(at, { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: id, content: 'sent' }] } })

/** Live in a conversation. */
const within = (conversation: string) => evidence({ client: client({ file: sessionFile({ conversation }) }) })

test('a message is there as soon as its row is, and its answer as that comes along', () => {
  const { read, file } = rig()
  const now = within(firstConversation)
  expect(read(session, now, noon)).toEqual([])
  writeFileSync(file(firstConversation), message(noon + seconds, 'hello'))
  expect(read(session, now, noon)).toEqual([
    { at: noon + seconds, text: 'hello', user: 'me', chatId: '42', answer: null },
  ])
  appendFileSync(file(firstConversation), call(noon + 2 * seconds, 'hi'))
  expect(read(session, now, noon)[0]?.answer).toEqual({ text: 'hi', state: 'sending', detail: null })
  // A row that is still being written.
  const sent = result(noon + 3 * seconds, 'hi')
  appendFileSync(file(firstConversation), sent.slice(0, 30))
  expect(read(session, now, noon)[0]?.answer?.state).toBe('sending')
  appendFileSync(file(firstConversation), sent.slice(30))
  expect(read(session, now, noon)[0]?.answer?.state).toBe('sent')
})

test('what came before the time that was named does not count, even where it is answered later', () => {
  const { read, file } = rig()
  writeFileSync(
    file(firstConversation),
    message(noon - seconds, 'before') + message(noon, 'at that time') + message(noon + 1, 'after'),
  )
  expect(read(session, within(firstConversation), noon).map(({ text }) => text)).toEqual([
    'at that time',
    'after',
  ])
  // Each call names its own time.
  expect(read(session, within(firstConversation), 0)).toHaveLength(3)
})

test('it goes to the new transcript when the conversation moves, and knows another session from this one', () => {
  const { read, file } = rig()
  writeFileSync(file(firstConversation), message(noon, 'old'))
  writeFileSync(file(second), message(noon, 'new'))
  expect(read(session, within(firstConversation), noon).map(({ text }) => text)).toEqual(['old'])
  expect(read(session, within(second), noon).map(({ text }) => text)).toEqual(['new'])
  expect(
    read({ ...session, name: 'other' }, within(firstConversation), noon).map(({ text }) => text),
  ).toEqual(['old'])
  expect(read(session, within(second), noon).map(({ text }) => text)).toEqual(['new'])
})

test('without a session file it is the conversation the run was started with; without a run there is none', () => {
  const { read, file } = rig()
  writeFileSync(file(second), message(noon, 'hello'))
  const started = evidence({ run: run({ conversation: second }), client: null })
  expect(read(session, started, noon)).toHaveLength(1)
  expect(read(session, evidence({ run: null, client: null }), noon)).toEqual([])
})

test('what was read stays, however much comes after it', () => {
  const { read, file } = rig()
  writeFileSync(file(firstConversation), message(noon, 'first'))
  expect(read(session, within(firstConversation), noon)).toHaveLength(1)
  appendFileSync(file(firstConversation), row(noon, { type: 'x', text: 'x'.repeat(300_000) }))
  expect(read(session, within(firstConversation), noon)).toHaveLength(1)
})

test('of a long transcript the end is read', () => {
  const { read, file } = rig()
  writeFileSync(
    file(firstConversation),
    message(noon, 'long ago') + row(noon, { type: 'x', text: 'x'.repeat(300_000) }) + message(noon, 'now'),
  )
  expect(read(session, within(firstConversation), noon).map(({ text }) => text)).toEqual(['now'])
})

const [telegram] = session.channels
const only = (id: string, server: string | null = null): Session => ({
  ...session,
  channels: [{ ...(telegram ?? fault()), id, server }],
})
const fault = (): never => {
  throw new Error('a session without a channel')
}

test.each<[what: string, asked: Session, source: string, tool: string]>([
  [
    'a plugin',
    only('plugin:discord@claude-plugins-official'),
    'plugin:discord:discord',
    'plugin_discord_discord',
  ],
  [
    'one whose server has another name',
    only('plugin:pager@own', 'my.beeper'),
    'plugin:pager:my.beeper',
    'plugin_pager_my_beeper',
  ],
  ['a bare server', only('server:pager.v2'), 'pager.v2', 'pager_v2'],
])('only what came by the channel that is asked for counts: %s', (_, asked, source, tool) => {
  const { read, file } = rig()
  const now = within(firstConversation)
  const place = file(firstConversation)
  writeFileSync(
    place,
    message(noon, 'by telegram') + call(noon + 1, 'answered there') + result(noon + 2, 'answered there'),
  )
  expect(read(asked, now, noon)).toEqual([])
  appendFileSync(place, message(noon + 3, 'here', source) + call(noon + 4, 'answered over there'))
  expect(read(asked, now, noon)).toMatchObject([{ text: 'here', answer: null }])
  appendFileSync(place, call(noon + 5, 'answered here', tool))
  expect(read(asked, now, noon)).toMatchObject([{ text: 'here', answer: { text: 'answered here' } }])
  const both = { ...session, channels: [...session.channels, ...asked.channels] }
  expect(read(both, now, noon)).toHaveLength(2)
})

test.each(['2.1.139', '2.1.330'])(
  'as %s wrote it, the channel of a message is the one its server is of',
  (version) => {
    const { read, file } = rig()
    const golden = new URL(`../claude/transcripts/answered-${version}.jsonl`, import.meta.url)
    writeFileSync(file(firstConversation), readFileSync(golden))
    const now = within(firstConversation)
    expect(read(session, now, 0).filter(({ answer }) => answer?.state === 'sent')).toHaveLength(3)
    expect(read(only('plugin:discord@claude-plugins-official'), now, 0)).toEqual([])
  },
)
