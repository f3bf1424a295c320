import { expect, test } from 'vitest'
import { checkSenders } from '../../src/channels/access-file.ts'
import { access } from '../../src/commands/access.ts'
import { keptState } from '../../src/commands/kept-state.ts'
import { pair } from '../../src/commands/pair.ts'
import type { Channel } from '../../src/core/channel.ts'
import { emptySettings, type Settings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { channel, session } from '../core/evidence-builder.ts'
import { toAda } from '../core/notify/watching.ts'
import { entry, openBot } from './bot.ts'

const waiting = {
  dmPolicy: 'pairing',
  allowFrom: ['7'],
  pending: { a1b2c3: entry('71'), d4e5f6: entry('72'), aaaaaa: entry('../../x'), 123456: entry('73') },
}
const deny = (value: string, before: object = waiting) => {
  const { bot, deps, printed } = openBot({ ...before })
  return { bot, printed, done: access('work', { action: 'deny', value, channel: null, json: false }, deps) }
}

test.each([
  ['D4E5F6', 'd4e5f6', 'Denied: that code lets nobody in any more.'],
  ['72', 'd4e5f6', 'Denied: the code that 72 was given lets nobody in any more.'],
  ['../../x', 'aaaaaa', 'Denied: the code that ../../x was given lets nobody in any more.'],
  ['123456', '123456', 'Denied: that code lets nobody in any more.'],
])('deny takes a code, or the id that is shown: %s', async (value, code, says) => {
  const { bot, printed, done } = deny(value)
  expect(await done).toBe(0)
  const left = Object.entries(waiting.pending).filter(([each]) => each !== code)
  expect(bot.access).toEqual({ ...waiting, pending: Object.fromEntries(left) })
  expect(printed).toEqual([says])
})

/** Sessions whose `notify.to` names these, by the one bot; what is kept of that once somebody is removed. */
const afterRemoving = async (id: string, of: Readonly<Record<string, string | null>>) => {
  const { deps, printed } = openBot({ dmPolicy: 'allowlist', allowFrom: ['7', '8'], pending: {} })
  const sessions = Object.entries(of).map(([name, sender]) => {
    const to = sender === null ? null : { ...toAda, sender }
    return [name, { ...session, name, notify: { to, command: 'page', quiet: null } }] as const
  })
  let settings: Settings = { ...emptySettings, sessions: Object.fromEntries(sessions) }
  let written = 0
  const own: Deps['settings'] = {
    read: () => settings,
    update: async (change) => {
      written += 1
      settings = change(settings)
      return settings
    },
  }
  await access(
    'work',
    { action: 'remove', value: id, channel: null, json: false },
    { ...deps, settings: own },
  )
  const kept = Object.values(settings.sessions).map(({ notify: { to, command } }) => [to?.sender, command])
  return { kept, printed, written }
}

test('who is removed is told of no trouble any more, in whatever session, and that is said', async () => {
  const { kept, printed } = await afterRemoving('7', { work: '7', home: '7', other: '8', none: null })
  expect(kept.map(([sender]) => sender)).toEqual([undefined, undefined, '8', undefined])
  expect(kept.every(([, command]) => command === 'page')).toBe(true)
  expect(printed).toEqual([
    '7 is not heard any more, from the next message on.',
    ...['work', 'home'].map(
      (name) =>
        `  \`notify.to\` of \`${name}\` named them: nobody is told of trouble by a bot any more. \`channels set ${name} notify.to=<user id>\` names somebody else.`,
    ),
  ])
})

test('somebody else goes on being told, and nothing is written', async () => {
  const { kept, printed, written } = await afterRemoving('8', { work: '7' })
  expect(kept).toEqual([['7', 'page']])
  expect(printed).toHaveLength(1)
  expect(written).toBe(0)
})

test.each(['7', '720', 'abcdef', '', '__proto__'])('nobody waits as %j', async (value) => {
  const { bot, done } = deny(value)
  await expect(done).rejects.toMatchObject({ status: 1, message: 'Nobody waits with this code or id.' })
  expect(bot.access).toEqual(waiting)
})

test('the list names the command that takes an id', async () => {
  const { deps, printed } = openBot(waiting)
  await access('work', { action: 'list', value: null, channel: null, json: false }, deps)
  expect(printed).toContain('  waits: "Ada" (id 72, asked 5s ago)')
  expect(printed.at(-1)).toContain('`channels access work deny <id>`')
  expect(printed.join('\n')).not.toContain('d4e5f6')
})

const telegram: Channel = channel().channel
const discord: Channel = { ...telegram, id: 'plugin:discord@m', kind: 'discord' }
const imessage: Channel = { ...telegram, id: 'plugin:imessage@m', kind: 'imessage', account: null }

/** The same bot, in a session that has these channels. */
const withChannels = (before: object, ...channels: readonly Channel[]) => {
  const opened = openBot({ ...before })
  const sessions = { work: { ...session, channels } }
  const deps: Deps = {
    ...opened.deps,
    settings: { ...opened.deps.settings, read: () => ({ ...emptySettings, sessions }) },
  }
  return { ...opened, deps }
}
const nobody = { dmPolicy: 'allowlist', allowFrom: [], pending: {} }
const list = { action: 'list', value: null, json: false } as const

test('where two channels keep lists, the commands that are named say which', async () => {
  const { deps, printed } = withChannels(nobody, telegram, discord)
  await access('work', { ...list, channel: 'discord' }, deps)
  expect(printed.at(-1)).toContain('`channels pair work --channel discord` lets somebody in.')
  await expect(
    access('work', { ...list, action: 'remove', value: '9', channel: 'discord' }, deps),
  ).rejects.toMatchObject({ hint: '`channels access work --channel discord` lists them.' })
  await expect(pair('work', 'ffffff', 'discord', deps)).rejects.toMatchObject({
    hint: expect.stringMatching(/^[^`]*`channels access work policy pairing --channel discord`[^`]*$/),
  })
})

test('of iMessage the owner is always heard, and nobody is let in by a code', async () => {
  const { deps, printed } = withChannels(nobody, imessage)
  const others = '`channels access work allow <number or address>` lets others in.'
  await access('work', { ...list, channel: null }, deps)
  expect(printed).toEqual([
    'work (iMessage): only those who were let in are heard [allowlist]',
    `  You may always write to it from your own account; ${others}`,
  ])
  for (const code of [undefined, 'a1b2c3'])
    await expect(pair('work', code, null, deps)).rejects.toMatchObject({
      status: 1,
      message: 'No channel of `work` gives out codes.',
      hint: expect.stringContaining(others),
    })
  expect(keptState(imessage)).toEqual([
    `  Its access list stays in ${imessage.stateDir}; --purge removes it, too.`,
  ])
  expect(keptState(telegram)[0]).toContain("The bot's token and access list stay in")
})

test('of iMessage a number is let in', async () => {
  const { bot, deps, printed } = withChannels(nobody, imessage)
  const allow = { action: 'allow', value: '+15551234567', channel: null, json: false } as const
  await access('work', allow, { ...deps, channels: { ...deps.channels, checkSenders } })
  expect(bot.access).toMatchObject({ allowFrom: ['+15551234567'] })
  expect(printed).toEqual(['+15551234567 may write to work now.'])
})
