import { expect, test } from 'vitest'
import { changeEnvironment } from '../../../src/commands/setup/environment.ts'
import type { Channel } from '../../../src/core/channel.ts'
import type { Session } from '../../../src/core/session.ts'
import type { Deps, Environment } from '../../../src/deps.ts'
import { channel, session as known } from '../../core/evidence-builder.ts'

const discord: Channel = { ...channel().channel, id: 'plugin:discord@mine', kind: 'discord' }
const session: Session = { ...known, channels: [discord] }
const deps = {
  channels: { messengerOf: () => null },
  claude: {
    staysOut: () => false,
    sessionPaths: ({ environment }: { readonly environment: Environment }) => ({
      config: environment.CLAUDE_CONFIG_DIR ?? '/home/me/.claude',
      json: '',
    }),
  },
} as unknown as Deps

test.each<[name: string, hint: RegExp]>([
  ['DISCORD_STATE_DIR', /^`channels setup plugin:discord@mine --session work --state-dir <folder>`/],
  ['TELEGRAM_STATE_DIR', /^Leave it out\.$/],
  ['CLAUDE_CONFIG_DIR', /^`channels setup plugin:discord@mine --session work` sets it up there/],
])('%s is refused with what helps the channel that the session has', (name, hint) => {
  expect(() => changeEnvironment(session, name, '/elsewhere', deps)).toThrow(
    expect.objectContaining({ status: 2, hint: expect.stringMatching(hint) }),
  )
})
