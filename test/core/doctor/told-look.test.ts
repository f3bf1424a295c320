import { expect, test } from 'vitest'
import { yes } from '../../../src/core/answer.ts'
import { examineSession } from '../../../src/core/doctor/examine.ts'
import type { SessionFacts } from '../../../src/core/doctor/facts.ts'
import { newHealth } from '../../../src/core/machine.ts'
import type { Outbox } from '../../../src/core/notify/outbox.ts'
import type { NotifySettings } from '../../../src/core/session.ts'
import { channel, evidence, minutes, noon } from '../evidence-builder.ts'
import { telling, toAda } from '../notify/watching.ts'
import { sessionFacts } from './facts-builder.ts'

const refused = {
  ...{ at: noon - minutes, to: toAda, refused: true, unsure: false },
  detail: 'sendMessage answered 403: Forbidden: bot was blocked by the user',
} as const

const looked = (
  {
    outbox = null,
    notify = {},
    senders = ['42'],
  }: {
    readonly outbox?: Outbox | null
    readonly notify?: Partial<NotifySettings>
    readonly senders?: readonly string[]
  },
  facts: Partial<SessionFacts> = {},
) => {
  const session = telling(notify)
  const access = yes({ policy: 'allowlist' as const, senders, pending: [] })
  const seen = evidence({
    ...{ session, channels: [channel({ access })] },
    health: { ...newHealth(noon), outbox },
  })
  const results = examineSession(sessionFacts({ session, evidence: seen, ...facts }))
  return results.find(({ check }) => check === 'told')
}

test('it is no check of a session that tells nobody by a bot, and all is well where the last message got there', () => {
  expect(looked({ notify: { to: null } })).toBeUndefined()
  expect(looked({})).toMatchObject({ is: 'ok', found: 'telegram:42' })
  expect(looked({ outbox: { pending: null, failed: null } })).toMatchObject({ is: 'ok' })
})

test('a message that was refused fails it, with when, why, and what helps', () => {
  expect(looked({ outbox: { pending: null, failed: refused } })).toMatchObject({
    is: 'failed',
    found:
      'what was to be told to telegram:42 at 2026-11-22T09:59:00.000Z did not get there: sendMessage answered 403: Forbidden: bot was blocked by the user',
    remedy: expect.stringMatching(
      /^They have to write to the bot, .* `channels set work notify\.to=telegram:42` then tries it\.$/,
    ),
  })
})

test('one that no network took is a warning: it is tried again only where it still waits', () => {
  const failed = { ...refused, refused: false, detail: 'sendMessage: no route' }
  const notice = {
    ...({ event: 'blocked', state: 'blocked', reason: 'login-expired', about: null } as const),
    ...{ at: noon, since: noon, gap: null, condition: 'blocked login-expired' },
  }
  const remedyOf = (outbox: Outbox) => {
    const found = looked({ outbox })
    expect(found?.is).toBe('warning')
    return found !== undefined && 'remedy' in found ? found.remedy : null
  }
  expect(remedyOf({ pending: { notice, tries: 1, notBefore: noon }, failed })).toMatch(
    /^Look at the network: it is tried again as long as it is so\. `channels set/,
  )
  expect(remedyOf({ pending: null, failed })).toMatch(/^Look at the network\. `channels set/)
})

test('one that nobody knows of whether it got there is a warning that says so', () => {
  const failed = { ...refused, refused: false, unsure: true, detail: 'sendMessage answered 504' }
  expect(looked({ outbox: { pending: null, failed } })).toMatchObject({
    is: 'warning',
    found: expect.stringContaining('may not have got there: sendMessage answered 504'),
  })
})

test('what was before somebody else was named, or before a first message got there, is over', () => {
  const outbox = { pending: null, failed: refused }
  expect(looked({ outbox, notify: { to: { ...toAda, sender: '7' } }, senders: ['7'] })).toMatchObject({
    is: 'ok',
  })
  expect(looked({ outbox }, { greetedAt: noon })).toMatchObject({ is: 'ok' })
  expect(looked({ outbox }, { greetedAt: noon - 2 * minutes })).toMatchObject({ is: 'failed' })
})

test.each([
  ['may not write to the bot any more', { senders: ['7'] }, /who may not write to @work_bot any more/],
  [
    'is of a bot that is gone',
    { notify: { to: { channel: 'plugin:discord@x', sender: '42' } } },
    /is plugin:discord@x:42, and the session has no such bot/,
  ],
])('whoever %s can’t be told', (_, seen, says) => {
  expect(looked(seen)).toMatchObject({
    ...{ is: 'failed', found: expect.stringMatching(says) },
    remedy: expect.stringContaining('channels set work notify.to='),
  })
})
