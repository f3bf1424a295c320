import { expect, test } from 'vitest'
import { describeFinding } from '../../src/commands/describe.ts'
import { because } from '../../src/core/finding.ts'
import { judge } from '../../src/core/verdict.ts'
import { discordChannel, noon, serverChannel, session, withChannels } from '../core/evidence-builder.ts'

const channels = [serverChannel, ...session.channels, discordChannel]
const work = { ...session, channels }

test.each([
  ['token-missing', 'Run `channels token work --channel discord` with the token of its bot.'],
  ['plugin-missing', 'Run `claude plugin install discord@claude-plugins-official`, then `channels up work`.'],
] as const)('%s of the last of three channels names that one', (reason, remedy) => {
  const obstacles = [{ reason, detail: 'not there', channel: discordChannel.id }]
  expect(describeFinding(work, judge(withChannels(channels, { obstacles }), noon)).slice(1)).toEqual([
    '  Seen: discord: not there',
    `  ${remedy}`,
  ])
})

test('so does what somebody else has of it', () => {
  const found = { ...because('token-in-use', 'another program polls'), about: discordChannel.id }
  expect(describeFinding(work, found).at(-1)).toContain('`channels token work --channel discord`')
})
