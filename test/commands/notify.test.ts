import { expect, test } from 'vitest'
import { checkRecipient, greetAsSet } from '../../src/commands/notify.ts'
import type { Access } from '../../src/core/access.ts'
import { type Answer, no, yes } from '../../src/core/answer.ts'
import type { Delivery } from '../../src/core/notify/delivery.ts'
import type { Deps } from '../../src/deps.ts'
import { ExpectedError, exitStatus } from '../../src/errors.ts'
import { telling } from '../core/notify/watching.ts'

const access = (senders: readonly string[]): Answer<Access> =>
  yes({ policy: 'allowlist', senders, pending: [] })
const check = (found: Answer<Access>, pairs = ['notify.to=42']): void =>
  checkRecipient(telling(), pairs, { channels: { readAccess: () => found } } as unknown as Deps)

test('whoever may write to the bot may be told by it, and nobody else', () => {
  expect(() => check(access(['7', '42']))).not.toThrow()
  expect(() => check(access(['7']))).toThrow(/can't be 42: nobody of that id may write to @work_bot/)
  try {
    check(access(['7', '8']))
  } catch (error) {
    expect(error).toMatchObject({ status: 2, hint: '`channels access work` lists who may: 7, 8.' })
  }
  for (const nobody of [access([]), no('no such file')])
    expect(() => check(nobody)).toThrow(
      expect.objectContaining({ hint: '`channels pair work` lets somebody in.' }),
    )
})

test('what was set before is not looked at again for another setting', () => {
  expect(() => check(access([]), ['notify.quiet=22:00-08:00'])).not.toThrow()
})

const greet = async (
  delivery: Delivery,
  pairs: readonly string[] = ['notify.to=42'],
  to = telling().notify.to,
  disk: { readonly isFolder?: boolean; readonly fault?: Error } = {},
) => {
  const printed: string[] = []
  const said: string[] = []
  const sent: string[] = []
  const noted: string[] = []
  const status = await greetAsSet({ ...telling(), notify: { ...telling().notify, to } }, pairs, {
    tellPerson: async (_: unknown, text: string) => {
      sent.push(text)
      return delivery
    },
    folders: { session: () => ({ folder: 'folder', greeted: 'greeted' }) },
    files: {
      isFolder: (path: string) => path === 'folder' && (disk.isFolder ?? true),
      writeText: (path: string, text: string) => {
        if (disk.fault !== undefined) throw disk.fault
        noted.push(`${path}: ${text}`)
      },
    },
    output: { print: (line: string) => printed.push(line), say: (line: string) => said.push(line) },
  } as unknown as Deps)
  return { status, printed, said, sent, noted }
}

test('they are told so at once, and that they were is noted', async () => {
  const { status, printed, said, sent, noted } = await greet({ is: 'sent' })
  expect(status).toBe(0)
  expect(printed).toEqual(['A first message went to telegram:42: look whether it is there.'])
  expect(said).toEqual([])
  expect(sent).toEqual([expect.stringContaining('This is how I tell you when work is blocked')])
  expect(noted).toEqual([`greeted: ${telling().channels[0]?.id} 42\n`])
})

test('that it went out is said also where it can’t be noted, as on a full disk', async () => {
  const fault = new ExpectedError(exitStatus.cannotWrite, 'Can’t write greeted: no space.', 'Make room.')
  expect(await greet({ is: 'sent' }, undefined, undefined, { fault })).toMatchObject({
    status: 0,
    printed: [
      'A first message went to telegram:42: look whether it is there. For `doctor` that is not noted: Can’t write greeted: no space.',
    ],
  })
})

test('the folder of a session that was removed meanwhile does not come back', async () => {
  expect(await greet({ is: 'sent' }, undefined, undefined, { isFolder: false })).toMatchObject({
    ...{ status: 0, noted: [] },
    printed: ['A first message went to telegram:42: look whether it is there.'],
  })
})

test.each<[Delivery, RegExp]>([
  [
    { is: 'refused', detail: 'sendMessage answered 403' },
    /answered 403\. They have to write to the bot first/,
  ],
  [{ is: 'later', detail: 'sendMessage answered 429', afterMs: 6_200 }, /429\. Wait 7 s\./],
  [{ is: 'failed', detail: 'no answer' }, /no answer\. Look at the network\./],
])('it did not get there: %o', async (delivery, says) => {
  const { status, printed, said, noted } = await greet(delivery)
  expect(status).toBe(1)
  expect([...printed, ...noted]).toEqual([])
  expect(said[0]).toMatch(says)
  expect(said[0]).toMatch(/`channels set work notify\.to=telegram:42` then tries again\.$/)
})

test('it may have got there: whoever set it is to look', async () => {
  const { status, said, noted } = await greet({ is: 'unsure', detail: 'api did not answer within 5000 ms' })
  expect(status).toBe(1)
  expect(noted).toEqual([])
  expect(said).toEqual([
    'A first message to telegram:42 may have got there: api did not answer within 5000 ms. Look whether it is there; `channels set work notify.to=telegram:42` sends another one.',
  ])
})

test('nobody is greeted for another setting, and where nobody is told any more', async () => {
  expect(await greet({ is: 'sent' }, ['notify.command=x'])).toMatchObject({ status: 0, sent: [] })
  expect(await greet({ is: 'sent' }, ['notify.to='], null)).toMatchObject({ status: 0, sent: [] })
})
