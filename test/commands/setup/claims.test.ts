import { expect, test } from 'vitest'
import { checkClaims } from '../../../src/commands/setup/claims.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { Session } from '../../../src/core/session.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import { channel, session } from '../../core/evidence-builder.ts'

const files = { realPath: (path: string) => path } as Parameters<typeof checkClaims>[2]['files']
const usual = '/home/me/.claude/channels/discord'
const discord: Channel = {
  ...channel().channel,
  ...{ id: 'plugin:discord@claude-plugins-official', kind: 'discord', stateDir: usual, botId: '42' },
}
const named = (name: string, own: Partial<Channel>, environment = {}): Session => ({
  ...{ ...session, name, environment },
  channels: [{ ...discord, ...own }],
})
const check = (mine: Session, other: Session) => () =>
  checkClaims(mine, { ...emptySettings, sessions: { [other.name]: other } }, { files })

test('a folder that holds another bot’s state is taken; the guessed one of an own server holds none', () => {
  const mine = named('mine', {})
  expect(check(mine, named('other', { botId: '43' }))).toThrow('Session `other` keeps its bot')
  const server = { id: 'server:discord', kind: 'custom', botId: null } as const
  expect(check(mine, named('other', server))).not.toThrow()
  expect(check(named('mine', server), named('other', {}))).not.toThrow()
})

test('a port is refused in the words of the question for one', () => {
  const page = { id: 'plugin:fakechat@claude-plugins-official', kind: 'fakechat', botId: null } as const
  const at = (name: string, port: string) => named(name, page, { FAKECHAT_PORT: port })
  expect(check(at('mine', '9001'), at('other', '9001'))).toThrow(
    'Port 9001 is taken: session `other` has it.',
  )
  expect(check(at('mine', '9001'), at('other', '9002'))).not.toThrow()
})
