import { expect, test } from 'vitest'
import { describeFakechat } from '../../../src/commands/setup/fakechat.ts'
import type { SetupOptions } from '../../../src/commands/setup/options.ts'
import type { Session } from '../../../src/core/session.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Deps } from '../../../src/deps.ts'
import { channel, session } from '../../core/evidence-builder.ts'
import { askedOf, refusalOf } from './asked.ts'

const id = 'plugin:fakechat@claude-plugins-official'

/** A session with fakechat, at the port its variable says. */
const chat = (name: string, port?: string): Session => ({
  ...{ ...session, name },
  channels: [{ ...channel().channel, id, kind: 'fakechat', botId: null }],
  environment: port === undefined ? {} : { FAKECHAT_PORT: port },
})

type Facts = {
  readonly port?: string
  readonly env?: Readonly<Record<string, string>>
  readonly before?: Session
  readonly others?: readonly Session[]
  /** Ports on which something listens; null: the system does not say. */
  readonly taken?: readonly number[] | null
  readonly nobody?: boolean
}

const describe = async ({ port, env = {}, before, others = [], taken = [], nobody = false }: Facts) => {
  const sessions = [...others, ...(before === undefined ? [] : [before])]
  const { asked, said } = askedOf(id, { before: before ?? null })
  const options: AskedOptions = { ...asked.options, port: port ?? null }
  const deps = {
    env,
    settings: {
      read: () => ({
        ...emptySettings,
        sessions: Object.fromEntries(sessions.map((each) => [each.name, each])),
      }),
    },
    processes: { listens: (each: number) => (taken === null ? null : taken.includes(each)) },
  } as unknown as Deps
  const described = await describeFakechat({ ...asked, options, ...(nobody ? { ask: null } : {}) }, deps)
  return { described, said }
}
type AskedOptions = SetupOptions & { readonly exclusive: boolean }

const portFor = async (facts: Facts) => (await describe(facts)).described.environment.FAKECHAT_PORT
const many = Array.from({ length: 200 }, (_, i) => 8787 + i)

test.each<[what: string, facts: Facts, port: string]>([
  ['the first', {}, '8787'],
  ['the first that is free', { taken: [8787, 8788] }, '8789'],
  [
    'none that another session has, running or not',
    { others: [chat('home', '8787'), chat('x', '8789')] },
    '8788',
  ],
  ['nor the one it has without a word', { others: [chat('home')] }, '8788'],
  [
    'the ports of other kinds do not count',
    { others: [{ ...session, name: 'home', environment: { FAKECHAT_PORT: '8787' } }] },
    '8787',
  ],
  ['the flag', { port: '9001' }, '9001'],
  ['the flag before the variable', { port: '9001', env: { FAKECHAT_PORT: '9002' } }, '9001'],
  ['the variable', { env: { FAKECHAT_PORT: '9002' } }, '9002'],
  ['an empty variable is none', { env: { FAKECHAT_PORT: '' } }, '8787'],
  ['set up again its own, on which it listens', { before: chat('work', '9001'), taken: [9001] }, '9001'],
  ['its own before the variable', { before: chat('work', '9001'), env: { FAKECHAT_PORT: '9002' } }, '9001'],
  ['its own when it is said again', { before: chat('work', '9001'), port: '9001', taken: [9001] }, '9001'],
  ['another one when it is said', { before: chat('work', '9001'), port: '9003', taken: [9001] }, '9003'],
  [
    'another channel’s session has none of its own',
    { before: { ...session, environment: {} }, taken: [8787] },
    '8788',
  ],
  ['where nobody can tell what listens', { taken: null }, '8787'],
])('%s', async (_, facts, port) => {
  expect(await portFor(facts)).toBe(port)
})

test.each<[what: string, facts: Facts, status: number, message: string]>([
  [
    'taken by a program',
    { port: '9001', taken: [9001] },
    1,
    'Port 9001 is taken: another program listens there.',
  ],
  [
    'taken by the variable',
    { env: { FAKECHAT_PORT: '9001' }, taken: [9001] },
    1,
    'Port 9001 is taken: another',
  ],
  [
    'another session’s',
    { port: '9001', others: [chat('home', '9001')] },
    1,
    'Port 9001 is taken: session `home` has it.',
  ],
  ['none', { port: '0' }, 2, '"0" is no port.'],
  ['too high', { port: '65536' }, 2, '"65536" is no port.'],
  ['a word', { port: 'web' }, 2, '"web" is no port.'],
  ['another spelling', { port: '0x2329' }, 2, '"0x2329" is no port.'],
  ['an empty flag', { port: '' }, 2, '"" is no port.'],
  ['a variable that is none', { env: { FAKECHAT_PORT: '-1' } }, 2, '"-1" is no port.'],
  ['all are taken', { taken: many }, 1, 'No port from 8787 to 8986 is free.'],
])('refused: %s', async (_, facts, status, message) => {
  expect(await refusalOf(describe(facts))).toMatchObject({
    status,
    message: expect.stringContaining(message),
  })
})

test('what it is: a page, without token and list, and whoever opens it may write', async () => {
  const { described, said } = await describe({ port: '9001' })
  expect(described).toMatchObject({
    channel: { id, kind: 'fakechat', stateDir: '/state', account: 'http://localhost:9001', botId: null },
    ...{ token: null, takeOver: [], moveFrom: null },
  })
  expect(said).toEqual([
    '+ Its page: http://localhost:9001',
    expect.stringMatching(/^Whoever can open that page/),
  ])
  expect((await describe({ nobody: true })).said).toEqual([expect.stringMatching(/^Whoever can open/)])
})
