import { expect, test } from 'vitest'
import { checkMac, describeImessage } from '../../../src/commands/setup/imessage.ts'
import { type Answer, no, unknown, yes } from '../../../src/core/answer.ts'
import type { Deps } from '../../../src/deps.ts'
import { askedOf, refusalOf } from './asked.ts'

const id = 'plugin:imessage@claude-plugins-official'

const describe = async (platform: string, seen: Answer<true>, nobody = false) => {
  const { asked, said } = askedOf(id)
  const looked: string[] = []
  const readable = async (file: string) => {
    looked.push(file)
    return seen
  }
  const refused = await refusalOf(
    describeImessage({ ...asked, ...(nobody ? { ask: null } : {}) }, {
      platform,
      readable,
    } as unknown as Deps),
  )
  return { looked, said, refused }
}

test('no Mac: 69, and what works here; any other kind works anywhere', () => {
  const { platform } = { platform: 'linux' as const }
  expect(() => checkMac('imessage', { platform })).toThrow(
    expect.objectContaining({
      status: 69,
      message: expect.stringContaining('macOS only'),
      hint: expect.stringContaining('`telegram`, `discord` and `fakechat`'),
    }),
  )
  checkMac('imessage', { platform: 'darwin' })
  checkMac('fakechat', { platform })
})

test.each([no('Operation not permitted'), unknown('no answer within 10 s')])(
  'a Mac where its terminal may not read the messages, or nobody can tell: 77',
  async (seen) => {
    const { looked, refused } = await describe('darwin', seen)
    expect(looked).toEqual(['/home/me/Library/Messages/chat.db'])
    expect(refused).toMatchObject({
      status: 77,
      message: expect.stringContaining(
        `/home/me/Library/Messages/chat.db can't be read from a terminal of a session: ${seen.is === 'yes' ? '' : seen.detail}.`,
      ),
      hint: expect.stringMatching(/Full Disk Access.*run the same command again/),
    })
  },
)

test('a Mac where it may: described, and who may write', async () => {
  const { asked } = askedOf(id)
  const deps = { platform: 'darwin', readable: async () => yes(true) } as unknown as Deps
  expect(await describeImessage(asked, deps)).toMatchObject({
    channel: { id, kind: 'imessage', stateDir: '/state', account: null, botId: null, development: false },
    ...{ token: null, environment: {} },
  })
  expect((await describe('darwin', yes(true))).said).toEqual([
    '+ The database of Messages can be read',
    expect.stringMatching(/from your own account; `channels access`/),
  ])
  expect((await describe('darwin', yes(true), true)).said).toHaveLength(1)
})
