import { expect, test } from 'vitest'
import { messengerOf } from '../../../src/channels/messenger.ts'
import { whichToken } from '../../../src/commands/setup/token.ts'
import type { Ask, Deps } from '../../../src/deps.ts'
import { platform } from '../../core/evidence-builder.ts'

const messenger = messengerOf('telegram')
if (messenger === null) throw new Error('no Telegram')
const place = {
  name: 'work',
  stateDir: '/state',
  usualDir: '/state',
  channel: 'plugin:x@y',
  config: '/c',
  messenger,
}
const known = '123456789:AA'

/** What the list says of the token that lies there, by what Telegram answered about it. */
const labelOf = async (answer: Parameters<typeof platform>[0]): Promise<string | undefined> => {
  let label: string | undefined
  const ask = {
    wait: (_: string, action: () => unknown) => action(),
    choose: async ({ options }: Parameters<Ask['choose']>[0]) => {
      label = options[0]?.label
      return options[0]?.value
    },
  } as unknown as Ask
  const deps = {
    env: {},
    clock: { now: () => 0 },
    files: { readText: () => '' },
    requestWith: () => undefined,
    channels: {
      meantToken: () => known,
      envFaults: () => [],
    },
  } as unknown as Deps
  const asked = {
    ...messenger,
    apiRoot: () => '',
    tokenFault: () => null,
    probe: async () => platform(answer),
  }
  expect(await whichToken({ ...place, messenger: asked }, ask, deps)).toBe(known)
  return label
}

test.each([
  ['accepted', { token: 'accepted', account: '@work_bot' }, '@work_bot'],
  ['accepted, of a bot without a name', { token: 'accepted', account: null }, 'a bot without a name'],
  ['refused', { token: 'rejected', account: null }, 'a token that Telegram does not take'],
  [
    'not asked about',
    { token: 'unknown', account: null, detail: 'no route to host' },
    'a token that Telegram could not be asked about',
  ],
] as const)('a token that lies there already: %s', async (_, answer, label) =>
  expect(await labelOf(answer)).toBe(label),
)
