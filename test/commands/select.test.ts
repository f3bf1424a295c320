import { expect, test } from 'vitest'
import { ofChannel, selectSession, selectSessions } from '../../src/commands/select.ts'
import { type Channel, channelKind } from '../../src/core/channel.ts'
import { keepsList, kinds } from '../../src/core/kinds.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings } from '../../src/core/settings.ts'
import { channel, session } from '../core/evidence-builder.ts'

const having = (...ids: readonly string[]): Session => ({
  ...session,
  channels: ids.map((id): Channel => ({ ...channel().channel, id, kind: channelKind(id) })),
})
const [telegram, discord, chat, pager] = [
  'plugin:telegram@m',
  'plugin:discord@m',
  'plugin:fakechat@m',
  'server:pager',
]
const hasToken = ({ kind }: Channel) => kinds[kind].tokenVariable !== null
const anything = () => true
const meant = (of: Session, named: string | null, fits: (channel: Channel) => boolean) =>
  ofChannel(of, named, fits, 'has a token').channels.map(({ id }) => id)

test.each<
  [
    what: string,
    ids: readonly string[],
    named: string | null,
    fits: (channel: Channel) => boolean,
    found: string,
  ]
>([
  ['the only one', [telegram], null, hasToken, telegram],
  ['the only one that fits', [chat, discord, pager], null, hasToken, discord],
  ['one by its kind', [telegram, discord], 'discord', hasToken, discord],
  ['one by its id', [telegram, discord], telegram, hasToken, telegram],
  ['an own one by its id', [pager, telegram], pager, anything, pager],
  ['named though it is the only one', [telegram], 'telegram', hasToken, telegram],
])('%s', (_, ids, named, fits, found) => {
  const of = having(...ids)
  expect(meant(of, named, fits)).toEqual([found])
  // All else of the session stays.
  expect(ofChannel(of, named, fits, '')).toEqual({
    ...of,
    channels: of.channels.filter(({ id }) => id === found),
  })
})

test.each<
  [what: string, ids: readonly string[], named: string | null, status: number, message: string, hint: string]
>([
  ['none that fits', [chat, pager], null, 1, 'No channel of `work` has a token.', 'channels list --json'],
  [
    'none that fits, though named',
    [chat],
    'fakechat',
    1,
    'No channel of `work` has a token.',
    'channels list',
  ],
  [
    'several, none named',
    [telegram, discord, pager],
    null,
    2,
    '`work` has several channels: telegram and discord.',
    'Say which: --channel telegram or --channel discord.',
  ],
  [
    'one named that does not fit',
    [telegram, chat],
    'fakechat',
    2,
    '`work` has no channel "fakechat" that has a token; it has telegram.',
    'Say which: --channel telegram.',
  ],
  [
    'one named that it has not',
    [telegram],
    'discord',
    2,
    '`work` has no channel "discord"',
    'Say which: --channel telegram.',
  ],
  ['an empty name', [telegram, discord], '', 2, '`work` has no channel ""', '--channel'],
])('refused: %s', (_, ids, named, status, message, hint) => {
  expect(() => meant(having(...ids), named, hasToken)).toThrow(
    expect.objectContaining({
      ...{ name: 'ExpectedError', status },
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    }),
  )
})

test('own channels are named whole: there may be several of that kind', () => {
  expect(() => meant(having(pager, telegram), null, anything)).toThrow(
    expect.objectContaining({ hint: 'Say which: --channel server:pager or --channel telegram.' }),
  )
})

test('a kind that several channels have says nothing, an id does', () => {
  const two = having(pager, 'server:other', telegram)
  expect(() => meant(two, 'custom', anything)).toThrow(
    expect.objectContaining({
      status: 2,
      message: '`work` has several channels: server:pager and server:other.',
      hint: 'Say which: --channel server:pager or --channel server:other.',
    }),
  )
  expect(meant(two, 'server:other', anything)).toEqual(['server:other'])
  expect(meant(having(pager, telegram), 'custom', anything)).toEqual([pager])
})

test('which kinds keep a list of who may write', () => {
  const keeping = having(telegram, discord, 'plugin:imessage@m', chat, pager).channels.filter(keepsList)
  expect(keeping.map(({ kind }) => kind)).toEqual(['telegram', 'discord', 'imessage'])
})

const settings = {
  read: () => emptyPlus('site', 'notes'),
  update: () => Promise.reject(new Error('read only')),
}
const emptyPlus = (...names: readonly string[]) => ({
  ...emptySettings,
  sessions: Object.fromEntries(names.map((name) => [name, { ...session, name }])),
})

test.each([
  ['sit', 'No session named `sit`. Did you mean `site`?'],
  ['ntoes', 'No session named `ntoes`. Did you mean `notes`?'],
  ['telegram', 'No session named `telegram`.'],
  ['__proto__', 'No session named `__proto__`.'],
])('%s is no session: 3, with the nearest there is', (name, message) => {
  for (const select of [
    () => selectSession(name, { settings }),
    () => selectSessions(['site', name], { settings }),
  ])
    expect(select).toThrow(expect.objectContaining({ status: 3, message }))
})
