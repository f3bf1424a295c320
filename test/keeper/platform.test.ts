import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'
import { yes } from '../../src/core/answer.ts'
import { probePlatforms } from '../../src/keeper/platform.ts'
import { terminalEnvironment } from '../../src/keeper/terminal.ts'
import { systemClock } from '../../src/system/clock.ts'
import { platform, session } from '../core/evidence-builder.ts'

const telegram = messengerOf('telegram')
if (telegram === null) throw new Error('no Telegram')

test("the platform is asked by the session's proxy and authorities, else by the keeper's", async () => {
  const asked: unknown[] = []
  const env = { HTTPS_PROXY: 'http://keeper:1', NO_PROXY: 'here' }
  const answers = await probePlatforms(
    {
      env,
      clock: systemClock,
      requestWith: (named) => {
        asked.push(named)
        return async () => ({ status: 200, body: '' })
      },
      channels: {
        messengerOf: () => ({ ...telegram, probe: async () => platform() }),
        readToken: () => yes('123456789:AAtest'),
      },
    },
    { ...session, environment: { HTTPS_PROXY: 'http://own:2', NODE_EXTRA_CA_CERTS: '/own.pem' } },
  )
  expect(Object.keys(answers)).toEqual(session.channels.map(({ id }) => id))
  expect(asked).toEqual([{ HTTPS_PROXY: 'http://own:2', NO_PROXY: 'here', NODE_EXTRA_CA_CERTS: '/own.pem' }])
})

test('a terminal is started with every variable that names a proxy', () => {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
    name,
    name.toLowerCase(),
  ])
  const env = Object.fromEntries([...names, 'OTHER'].map((name) => [name, 'set']))
  const kept = terminalEnvironment({ env, home: '/home/me', folders: { state: '/state' } })
  for (const name of names) expect(kept[name]).toBe('set')
  expect(kept).not.toHaveProperty('OTHER')
})
