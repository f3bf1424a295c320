import { expect, test } from 'vitest'
import { checkNotify, greetNamed, notifyOf, offerNotify } from '../../../src/commands/setup/notify.ts'
import type { SetupOptions } from '../../../src/commands/setup/options.ts'
import type { Tell } from '../../../src/commands/setup/questions.ts'
import { yes } from '../../../src/core/answer.ts'
import type { Delivery } from '../../../src/core/notify/delivery.ts'
import type { Session } from '../../../src/core/session.ts'
import { emptySettings, type Settings } from '../../../src/core/settings.ts'
import type { Ask, Deps } from '../../../src/deps.ts'
import { serverChannel, session } from '../../core/evidence-builder.ts'
import { telling, toAda } from '../../core/notify/watching.ts'
import { flags } from './flags.ts'

const channel = session.channels[0] ?? serverChannel
const other = { channel: channel.id, sender: '7' }

test.each<[string, Partial<SetupOptions>, Session | null, Session['notify']['to']]>([
  ['nothing said: nobody', { allow: ['42'] }, null, null],
  ['the one who is let in', { notify: true, allow: ['42'] }, null, toAda],
  ['one of two is not chosen', { notify: true, allow: ['42', '43'] }, null, null],
  ['nothing said: as before', { allow: ['42'] }, telling({ to: other }), other],
  ['said anew', { notify: true, allow: ['42'] }, telling({ to: other }), toAda],
  ['no more', { notify: false, allow: ['42'] }, telling({ to: other }), null],
])('by flags, %s', (_, said, before, to) => {
  const quiet = { from: 1_320, to: 480 }
  const former = before === null ? null : { ...before, notify: { ...before.notify, quiet } }
  expect(notifyOf({ ...flags, ...said }, channel, former)).toEqual({
    to,
    command: null,
    quiet: former === null ? null : quiet,
  })
})

test('--notify means one person, and a bot', () => {
  const check = (said: Partial<SetupOptions>, kind: 'telegram' | 'fakechat', asks: boolean) => () =>
    checkNotify({ ...flags, ...said }, { kind }, asks)
  expect(check({ notify: true, allow: ['42'] }, 'telegram', false)).not.toThrow()
  expect(check({ notify: true }, 'telegram', true)).not.toThrow()
  expect(check({ notify: null }, 'fakechat', false)).not.toThrow()
  expect(check({ notify: true }, 'telegram', false)).toThrow(/Whom shall the bot tell/)
  expect(check({ notify: true, allow: ['1', '2'] }, 'telegram', false)).toThrow(/Whom shall the bot tell/)
  expect(check({ notify: true, allow: ['1'] }, 'fakechat', true)).toThrow(/needs a bot/)
})

/** A wizard where these may write and somebody answers so; what was asked, said, sent and kept. */
const open = (
  senders: readonly string[],
  {
    agrees = true,
    delivery = { is: 'sent' },
    before = session,
  }: { agrees?: boolean; delivery?: Delivery; before?: Session } = {},
) => {
  let settings: Settings = { ...emptySettings, sessions: { work: before } }
  const [asked, said, sent]: [string[], string[], string[]] = [[], [], []]
  const ask = {
    ...{ say: (text: string) => said.push(text), done: (text: string) => said.push(`+ ${text}`) },
    warn: (text: string) => said.push(`! ${text}`),
    wait: async (_: string, action: () => Promise<unknown>) => action(),
    confirm: async ({ message }: { message: string }) => {
      asked.push(message)
      return agrees
    },
  } as unknown as Ask & Tell
  const deps = {
    settings: {
      read: () => settings,
      update: async (change: (settings: Settings) => Settings) => {
        settings = change(settings)
      },
    },
    channels: { readAccess: () => yes({ policy: 'allowlist', senders, pending: [] }) },
    folders: { session: () => ({ folder: 'folder', greeted: 'greeted' }) },
    files: { isFolder: () => true, writeText: () => undefined },
    tellPerson: async (_: Session, text: string) => {
      sent.push(text)
      return delivery
    },
  } as unknown as Deps
  const offer = (said: Partial<SetupOptions> = {}) =>
    offerNotify({ session: before, channel }, { ...flags, ...said }, ask, deps)
  const named = (said: Partial<SetupOptions>) =>
    greetNamed({ session: before }, { ...flags, ...said }, ask, deps)
  return { offer, named, asked, said, sent, to: () => settings.sessions.work?.notify.to }
}

test('whoever was let in is offered to be told, and told so', async () => {
  const wizard = open(['42'])
  await wizard.offer()
  expect(wizard.asked).toEqual(['Shall @work_bot tell 42 when work is blocked, gave up or is down?'])
  expect(wizard.to()).toEqual(toAda)
  expect(wizard.sent).toHaveLength(1)
  expect(wizard.said).toEqual(['+ A first message went to telegram:42: look whether it is there.'])
})

test('not asked where a flag says it; not where somebody is told already, or nobody is in', async () => {
  const agreed = open(['42'])
  await agreed.offer({ notify: true })
  expect(agreed).toMatchObject({ asked: [], sent: [expect.any(String)] })
  for (const [wizard, said] of [
    [open(['42']), { notify: false }],
    [open([]), {}],
    [open(['42'], { before: telling({ to: other }) }), {}],
  ] as const) {
    await wizard.offer(said)
    expect(wizard).toMatchObject({ asked: [], said: [], sent: [] })
  }
})

test('declined, nobody is told', async () => {
  const wizard = open(['42'], { agrees: false })
  await wizard.offer()
  expect(wizard).toMatchObject({ sent: [], said: [] })
  expect(wizard.to()).toBeNull()
})

test('of several it is said how one is chosen', async () => {
  const wizard = open(['42', '43'])
  await wizard.offer()
  expect(wizard.asked).toEqual([])
  expect(wizard.said[0]).toContain('`channels set work notify.to=<user id>`')
})

test('a first message that does not get there is a warning, and the choice is kept', async () => {
  const wizard = open(['42'], { delivery: { is: 'refused', detail: 'chat not found' } })
  await wizard.offer()
  expect(wizard.said[0]).toMatch(/^! A first message to telegram:42 did not get there: chat not found\./)
  expect(wizard.to()).toEqual(toAda)
})

test('by flags, the one who is named is told so once the session is set up', async () => {
  const wizard = open(['42'], { before: telling() })
  await wizard.named({ notify: true, allow: ['42'] })
  expect(wizard.sent).toHaveLength(1)
  const former = open(['42'], { before: telling() })
  await former.named({ allow: ['42'] })
  expect(former.sent).toEqual([])
})
