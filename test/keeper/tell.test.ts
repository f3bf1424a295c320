import { expect, test } from 'vitest'
import { type Answer, no, unknown, yes } from '../../src/core/answer.ts'
import type { Delivery } from '../../src/core/notify/delivery.ts'
import type { Notice } from '../../src/core/notify/notice.ts'
import type { Outbox } from '../../src/core/notify/outbox.ts'
import { redact } from '../../src/core/redact.ts'
import type { Session } from '../../src/core/session.ts'
import type { World } from '../../src/deps.ts'
import { createTeller } from '../../src/keeper/tell.ts'
import type { Fed, FeedOptions } from '../../src/system/feed.ts'
import { minutes, noon, seconds } from '../core/evidence-builder.ts'
import { telling, toAda } from '../core/notify/watching.ts'

const token = '123456789:AAtest0000000000000000000000000000'
const notice = (event: Notice['event'], condition: string): Notice => ({
  ...{ event, state: 'blocked', reason: event === 'back' ? null : 'login-expired', about: null },
  ...{ at: noon, since: noon, gap: null, condition },
})
const blocked = notice('blocked', 'blocked login-expired')
const back = notice('back', 'well')

const held = <T>() => {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** A keeper's world whose messenger and commands answer as told; looks are a second apart. */
const keeperEnv = {
  LANG: 'de_DE.UTF-8',
  HOME: '/root',
  PATH: '/sbin',
  EDITOR: 'vi',
  TELEGRAM_BOT_TOKEN: token,
}
const open = (
  session: Session = telling(),
  senders: readonly string[] = ['42'],
  known: { readonly outbox: Outbox | null; readonly from?: number } = { outbox: null },
) => {
  const sent: string[] = []
  const ran: { readonly args: readonly string[]; readonly options: FeedOptions }[] = []
  const journal: string[] = []
  const start = known.from ?? noon
  let { outbox } = known
  let elapsed = 0
  let readToken: Answer<string> = yes(token)
  let answer: () => Promise<Delivery> = async () => ({ is: 'sent' })
  let fed: () => Promise<Fed> = async () => ({ status: 0, end: 'exited' })
  const sleep = async (ms: number): Promise<void> => {
    elapsed += ms
  }
  let aborted: Delivery | null = null
  const world = {
    env: keeperEnv,
    redact,
    clock: { elapsed: () => elapsed, now: () => start + elapsed, sleep },
    requestWith: (_: unknown, signal: AbortSignal) => signal,
    journal: {
      append: (_: string, { type, ...event }: object & { type: string }) =>
        void journal.push(
          `${type} ${Object.values(event)
            .filter((each) => each !== null)
            .join(' ')}`,
        ),
    },
    claude: { staysOut: (name: string) => name.endsWith('_BOT_TOKEN') },
    channels: {
      readToken: () => readToken,
      readAccess: () => yes({ policy: 'allowlist', senders, pending: [] }),
      messengerOf: () => ({
        apiRoot: () => 'https://api',
        notify: async (signal: AbortSignal, __: string, ___: string, { text }: { text: string }) => {
          sent.push(text.split('\n')[0] ?? '')
          const ended = held<Delivery>()
          signal.onabort = () => aborted !== null && ended.resolve(aborted)
          return Promise.race([answer(), ended.promise])
        },
      }),
    },
    feed: async (_: string, args: readonly string[], options: FeedOptions) => {
      ran.push({ args, options })
      return fed()
    },
  } as unknown as World
  const untold: Notice[] = []
  const teller = createTeller(world, (_, kept, gaveUp) => {
    outbox = kept
    untold.push(...gaveUp)
  })
  const settle = async () => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve()
  }
  return {
    ...{ sent, ran, journal, teller, settle },
    /** What must not count as told. */
    untold,
    /** What is written down of it. */
    outbox: () => outbox,
    answers: (next: Delivery | Promise<Delivery>) => {
      answer = async () => next
    },
    /** What becomes of a request that is ended. */
    whenAborted: (next: Delivery) => {
      aborted = next
    },
    tokenIs: (next: Answer<string>) => {
      readToken = next
    },
    ends: (next: Fed | Promise<Fed>) => {
      fed = async () => next
    },
    /** Looks for so long, once a second. */
    look: async (condition: string | null, notices: readonly Notice[] = [], forMs = 1_000) => {
      let said = notices
      for (const end = elapsed + forMs; elapsed < end; elapsed += 1_000) {
        teller.tell(session, { notices: said, condition }, outbox)
        said = []
        await settle()
      }
    },
  }
}

test('told once, and noted without words of what was seen', async () => {
  const keeper = open()
  await keeper.look(blocked.condition, [blocked], 10 * minutes)
  expect(keeper.sent).toEqual(['work is blocked: The login of the client has expired; it answers nothing.'])
  expect(keeper.journal).toEqual(['told blocked login-expired bot sent'])
  expect(keeper.ran).toEqual([])
})

test('a failing one is tried again, ever more seldom, as long as it is true; one fault is said in ten minutes', async () => {
  const keeper = open({ ...telling(), name: 'failing' })
  keeper.answers({ is: 'failed', detail: 'api: no answer' })
  await keeper.look(blocked.condition, [blocked], 9 * minutes)
  expect(keeper.sent.length).toBeGreaterThan(3)
  expect(keeper.sent.length).toBeLessThan(8)
  expect(keeper.journal).toEqual(['fault notification api: no answer'])
  keeper.answers({ is: 'sent' })
  await keeper.look(blocked.condition, [], 10 * minutes)
  expect(keeper.journal.at(-1)).toBe('told blocked login-expired bot sent')
})

test('what is over before it could be told is not told; that it is over is', async () => {
  const keeper = open({ ...telling(), name: 'over' })
  keeper.answers({ is: 'failed', detail: 'api: none' })
  await keeper.look(blocked.condition, [blocked])
  keeper.answers({ is: 'sent' })
  await keeper.look('well', [], minutes)
  await keeper.look('well', [back], minutes)
  expect(keeper.sent).toHaveLength(2)
  expect(keeper.journal.slice(1)).toEqual(['told blocked login-expired bot dropped', 'told back bot sent'])
})

test('nobody can tell for a while: what was to be told stays to be told', async () => {
  const keeper = open({ ...telling(), name: 'unknown' })
  keeper.answers({ is: 'failed', detail: 'api: void' })
  await keeper.look(blocked.condition, [blocked])
  await keeper.look(null, [], 5 * seconds)
  keeper.answers({ is: 'sent' })
  await keeper.look(blocked.condition, [], minutes)
  expect(keeper.journal.at(-1)).toBe('told blocked login-expired bot sent')
})

test('a platform that wants rest gets it; one that wants more than an hour is not waited for', async () => {
  const keeper = open({ ...telling(), name: 'rest' })
  keeper.answers({ is: 'later', detail: '429', afterMs: 90_000 })
  await keeper.look(blocked.condition, [blocked], 89 * seconds)
  expect(keeper.sent).toHaveLength(1)
  keeper.answers({ is: 'sent' })
  await keeper.look(blocked.condition, [], 5 * seconds)
  expect(keeper.sent).toHaveLength(2)
  keeper.answers({ is: 'later', detail: 'sendMessage answered 429', afterMs: 2 * 60 * minutes })
  await keeper.look(blocked.condition, [blocked], 5 * minutes)
  expect(keeper.sent).toHaveLength(3)
  expect(keeper.journal.at(-1)).toBe('told blocked login-expired bot refused sendMessage answered 429')
})

test.each([
  [30, 30],
  [120, 60],
  [Number.POSITIVE_INFINITY, 60],
])('a rest of %s minutes holds for what comes later too, an hour at most', async (asked, restMinutes) => {
  const keeper = open({ ...telling(), name: `resting-${asked}` })
  keeper.answers({ is: 'later', detail: '429', afterMs: asked * minutes })
  await keeper.look(blocked.condition, [blocked], minutes)
  keeper.answers({ is: 'sent' })
  await keeper.look('well', [], 5 * minutes)
  await keeper.look('well', [back], (restMinutes - 6) * minutes)
  expect(keeper.outbox()?.pending?.notBefore).toBe(noon + restMinutes * minutes)
  expect(keeper.sent).toHaveLength(1)
  await keeper.look('well', [], 5 * seconds)
  expect(keeper.sent[1]).toContain('is live again.')
  expect(keeper.sent).toHaveLength(2)
})

test('a rest is heeded that was asked for while a newer one came', async () => {
  const keeper = open({ ...telling(), name: 'rest-late' })
  const { promise, resolve } = held<Delivery>()
  keeper.answers(promise)
  await keeper.look(blocked.condition, [blocked])
  await keeper.look('well', [back])
  keeper.answers({ is: 'sent' })
  resolve({ is: 'later', detail: '429', afterMs: 10 * minutes })
  await keeper.look('well', [], 9 * minutes)
  expect(keeper.sent).toHaveLength(1)
  await keeper.look('well', [], 2 * minutes)
  expect(keeper.sent).toHaveLength(2)
})

test('one that is refused is not tried again until the next edge', async () => {
  const keeper = open()
  keeper.answers({ is: 'refused', detail: 'blocked by the user' })
  await keeper.look(blocked.condition, [blocked], 60 * minutes)
  expect(keeper.sent).toHaveLength(1)
  expect(keeper.journal).toEqual(['told blocked login-expired bot refused blocked by the user'])
  await keeper.look('well', [back])
  expect(keeper.sent).toHaveLength(2)
})

test('what may be there is not sent again', async () => {
  const keeper = open()
  keeper.answers({ is: 'unsure', detail: 'api did not answer within 5000 ms' })
  await keeper.look(blocked.condition, [blocked], 60 * minutes)
  expect(keeper.sent).toHaveLength(1)
  expect(keeper.journal).toEqual(['told blocked login-expired bot unsure api did not answer within 5000 ms'])
})

test('who may no longer write to the bot is told nothing more', async () => {
  const keeper = open(telling(), ['7'])
  await keeper.look(blocked.condition, [blocked])
  expect(keeper.sent).toEqual([])
  expect(keeper.journal).toEqual([
    'told blocked login-expired bot refused whom notify.to names may not write to the bot',
  ])
})

test('one message at a time: a newer one waits, and takes the place of what is late', async () => {
  const keeper = open()
  const { promise, resolve } = held<Delivery>()
  keeper.answers(promise)
  await keeper.look(blocked.condition, [blocked], 30 * seconds)
  await keeper.look('well', [back], 30 * seconds)
  expect(keeper.sent).toHaveLength(1)
  keeper.answers({ is: 'sent' })
  resolve({ is: 'failed', detail: 'late' })
  await keeper.look('well', [], 5 * seconds)
  expect(keeper.sent).toEqual([expect.stringContaining('is blocked'), 'work is live again.'])
})

test('what is dropped unsent must not count as told, unless a command was handed it', async () => {
  for (const command of [null, 'notify-me']) {
    const keeper = open(telling({ command }))
    keeper.answers({ is: 'failed', detail: 'api: no answer' })
    await keeper.look(blocked.condition, [blocked])
    expect(keeper.untold).toEqual([])
    await keeper.look('down down')
    expect(keeper.untold).toEqual(command === null ? [blocked] : [])
  }
})

test('what a newer one replaces unsent is noted as dropped, and must not count as told', async () => {
  const keeper = open()
  keeper.answers({ is: 'failed', detail: 'api: no answer' })
  await keeper.look(blocked.condition, [blocked])
  await keeper.look('well', [back])
  expect(keeper.journal.at(-1)).toBe('told blocked login-expired bot dropped')
  expect(keeper.untold).toEqual([blocked])
})

test.each<[Delivery, readonly Notice[]]>([
  [{ is: 'failed', detail: 'late' }, [blocked]],
  [{ is: 'unsure', detail: 'late' }, []],
  [{ is: 'sent' }, []],
])(
  'one under way that a newer one follows is dropped only where it was not sent: %o',
  async (late, untold) => {
    const keeper = open()
    const { promise, resolve } = held<Delivery>()
    keeper.answers(promise)
    await keeper.look(blocked.condition, [blocked])
    await keeper.look('well', [back])
    expect(keeper.journal).toEqual([])
    resolve(late)
    await keeper.look('well')
    expect(keeper.untold).toEqual(untold)
    expect(keeper.journal.some((each) => each.endsWith('dropped'))).toBe(untold.length > 0)
  },
)

test('the command gets each event as one line of JSON, no word of it in the command, nothing secret around it', async () => {
  const session = telling({ to: null, command: 'notify-me "$(touch x)"' })
  const environment = {
    PATH: '/bin',
    HOME: '/home/ada',
    ANTHROPIC_API_KEY: 'k',
    TELEGRAM_BOT_TOKEN: token,
    MY_TOKEN: 't',
    CLAUDE_CODE_OAUTH_TOKEN: 'o',
  }
  const keeper = open({ ...session, environment })
  await keeper.look(blocked.condition, [blocked])
  expect(keeper.ran).toHaveLength(1)
  expect(keeper.ran[0]?.args).toEqual(['-c', 'notify-me "$(touch x)"'])
  expect(keeper.ran[0]?.options.timeoutMs).toBe(10_000)
  expect(keeper.ran[0]?.options.env).toEqual({ PATH: '/bin', HOME: '/home/ada', LANG: 'de_DE.UTF-8' })
  const { input = '' } = keeper.ran[0]?.options ?? {}
  expect(JSON.parse(input)).toMatchObject({ version: 1, session: 'work', event: 'blocked' })
  expect(input.indexOf('\n')).toBe(input.length - 1)
  expect(keeper.journal).toEqual(['told blocked login-expired command sent'])
})

test.each<[string, Fed, string]>([
  ['fails', { status: 3, end: 'exited' }, 'it ended with 3'],
  ['is killed', { status: null, end: 'exited' }, 'it ended with a signal'],
  ['hangs', { status: null, end: 'timed out' }, 'it did not end within 10 s, and was ended'],
  ['outlives its session', { status: null, end: 'stopped' }, 'it was ended with the session or its keeper'],
  ['is not there', { status: null, end: 'not started' }, 'it could not be started'],
])('a command that %s is noted, and nothing else', async (_, fed, detail) => {
  const keeper = open(telling({ command: 'x' }))
  keeper.ends(fed)
  await keeper.look(blocked.condition, [blocked], 5 * minutes)
  expect(keeper.journal.toSorted()).toEqual([
    'told blocked login-expired bot sent',
    `told blocked login-expired command failed ${detail}`,
  ])
})

test('commands come one after the other, the bot meanwhile, and never more than a handful wait', async () => {
  const keeper = open(telling({ command: 'x' }))
  const { promise, resolve } = held<Fed>()
  keeper.ends(promise)
  for (let i = 0; i < 30; i += 1) await keeper.look(blocked.condition, [blocked])
  expect(keeper.ran).toHaveLength(1)
  expect(keeper.sent).toHaveLength(30)
  keeper.ends({ status: 0, end: 'exited' })
  resolve({ status: 0, end: 'exited' })
  await keeper.look(blocked.condition, [], 5 * seconds)
  expect(keeper.ran).toHaveLength(9)
})

test.each<[string, (keeper: ReturnType<typeof open>) => unknown]>([
  ['a session that is taken down', (keeper) => keeper.look('off')],
  ['one that is removed', ({ teller }) => teller.forget('work')],
  ['a keeper that leaves', ({ teller }) => teller.leave(0)],
])('the command of %s is ended, and what waits for it is not begun; what comes later is', async (_, end) => {
  const keeper = open(telling({ to: null, command: 'x' }))
  const { promise, resolve } = held<Fed>()
  keeper.ends(promise)
  await keeper.look(blocked.condition, [blocked])
  await keeper.look('well', [back])
  const [first] = keeper.ran
  expect(first?.options.signal.aborted).toBe(false)
  await end(keeper)
  expect(first?.options.signal.aborted).toBe(true)
  resolve({ status: null, end: 'stopped' })
  await keeper.look(null)
  expect(keeper.ran).toHaveLength(1)
  expect(keeper.journal).toEqual([
    'told back command dropped',
    'told blocked login-expired command failed it was ended with the session or its keeper',
  ])
  keeper.ends({ status: 0, end: 'exited' })
  await keeper.look(blocked.condition, [blocked])
  expect(keeper.ran.map(({ options }) => options.signal.aborted)).toEqual([true, false])
})

test('what a command that is over left behind is ended with the session, too', async () => {
  const keeper = open(telling({ to: null, command: 'x &' }))
  await keeper.look(blocked.condition, [blocked], 30 * seconds)
  expect(keeper.ran[0]?.options.signal.aborted).toBe(false)
  await keeper.look('off')
  expect(keeper.ran[0]?.options.signal.aborted).toBe(true)
})

/** The next keeper of the same session, so much later, with what is written down by then. */
const afterwards = (
  before: ReturnType<typeof open>,
  afterMs: number,
  session: Session = telling(),
): ReturnType<typeof open> => open(session, ['42'], { outbox: before.outbox(), from: noon + afterMs })

test('another keeper tells what could not be told, once it is seen to be so still, and only once', async () => {
  const first = open()
  first.answers({ is: 'failed', detail: 'api: refused' })
  await first.look(blocked.condition, [blocked], 20 * seconds)
  await first.teller.leave(500)
  const second = afterwards(first, 5 * minutes)
  await second.look(null, [], 10 * seconds)
  expect(second.sent).toEqual([])
  await second.look(blocked.condition, [], 10 * minutes)
  expect(second.sent).toHaveLength(1)
  expect(second.journal).toEqual(['told blocked login-expired bot sent'])
  expect(second.outbox()).toEqual({ pending: null, failed: null })
  const third = afterwards(second, 20 * minutes)
  await third.look(blocked.condition, [], 10 * minutes)
  expect(third.sent).toEqual([])
})

test('what is over once another keeper looks is not told', async () => {
  const first = open()
  first.answers({ is: 'failed', detail: 'api: refused' })
  await first.look(blocked.condition, [blocked])
  const second = afterwards(first, 8 * 60 * minutes)
  await second.look(null, [], 10 * seconds)
  await second.look('well', [], minutes)
  expect(second.sent).toEqual([])
  expect(second.journal).toEqual(['told blocked login-expired bot dropped'])
  expect(second.outbox()?.pending).toBeNull()
})

test('a rest that a platform asked for outlives the keeper', async () => {
  const first = open()
  first.answers({ is: 'later', detail: '429', afterMs: 30 * minutes })
  await first.look(blocked.condition, [blocked], minutes)
  const second = afterwards(first, 10 * minutes)
  await second.look(blocked.condition, [], 19 * minutes)
  expect(second.sent).toEqual([])
  await second.look(blocked.condition, [], 2 * minutes)
  expect(second.sent).toHaveLength(1)
})

test.each([
  ['its answer is never seen', (): Delivery | null => null],
  ['it is told after the keeper has left', (): Delivery | null => ({ is: 'sent' })],
])('what was being sent when a keeper ended is not sent again: %s', async (_, answer) => {
  const first = open()
  first.answers({ is: 'failed', detail: 'api: refused' })
  await first.look(blocked.condition, [blocked], 10 * seconds)
  expect(first.outbox()?.pending).toMatchObject({ tries: 1, notice: blocked })
  const { promise, resolve } = held<Delivery>()
  first.answers(promise)
  await first.look(blocked.condition, [], 10 * seconds)
  expect(first.sent).toHaveLength(2)
  expect(first.outbox()?.pending).toBeNull()
  await first.teller.leave(0)
  const last = answer()
  if (last !== null) resolve(last)
  await first.settle()
  const second = afterwards(first, minutes)
  await second.look(blocked.condition, [], 60 * minutes)
  expect(second.sent).toEqual([])
})

test('one that waits for another to be answered is kept', async () => {
  const first = open()
  first.answers(held<Delivery>().promise)
  await first.look(blocked.condition, [blocked])
  await first.look('well', [back])
  expect(first.outbox()?.pending).toMatchObject({ notice: back, tries: 0 })
  const second = afterwards(first, minutes)
  await second.look('well', [], minutes)
  expect(second.sent).toEqual(['work is live again.'])
})

test('a keeper that has left, or whose session is gone, writes nothing down any more', async () => {
  for (const end of [
    (keeper: ReturnType<typeof open>) => keeper.teller.leave(0),
    (keeper: ReturnType<typeof open>) => keeper.teller.forget('work'),
  ]) {
    const keeper = open({ ...telling(), name: 'work' })
    const { promise, resolve } = held<Delivery>()
    keeper.answers(promise)
    await keeper.look(blocked.condition, [blocked])
    const before = keeper.outbox()
    keeper.whenAborted({ is: 'failed', detail: 'api was not waited for' })
    await end(keeper)
    resolve({ is: 'failed', detail: 'api: gone' })
    await keeper.settle()
    expect(keeper.outbox()).toBe(before)
  }
})

test('a keeper that leaves waits a moment for what certainly fails', async () => {
  const keeper = open()
  const { promise, resolve } = held<Delivery>()
  keeper.answers(promise)
  await keeper.look(blocked.condition, [blocked])
  const left = keeper.teller.leave(60_000)
  resolve({ is: 'failed', detail: 'api: nobody listens' })
  await left
  expect(keeper.outbox()).toMatchObject({ pending: { notice: blocked }, failed: { refused: false } })
})

test.each<[Delivery, Notice | null]>([
  [{ is: 'failed', detail: 'api was not waited for' }, blocked],
  [{ is: 'unsure', detail: 'api was not waited for' }, null],
])(
  'what hangs as a keeper leaves is ended, and kept where it was certainly not told: %o',
  async (delivery, kept) => {
    const keeper = open()
    keeper.answers(held<Delivery>().promise)
    keeper.whenAborted(delivery)
    await keeper.look(blocked.condition, [blocked])
    await keeper.teller.leave(500)
    expect(keeper.outbox()?.pending?.notice ?? null).toEqual(kept)
    const second = afterwards(keeper, minutes)
    await second.look(blocked.condition, [], 10 * minutes)
    expect(second.sent).toHaveLength(kept === null ? 0 : 1)
  },
)

test('what last did not get there is known until something does', async () => {
  const keeper = open()
  keeper.answers({
    is: 'refused',
    detail: 'sendMessage answered 403: Forbidden: bot was blocked by the user',
  })
  await keeper.look(blocked.condition, [blocked], minutes)
  expect(keeper.outbox()).toEqual({
    pending: null,
    failed: {
      ...{ at: noon, to: toAda, refused: true, unsure: false },
      detail: 'sendMessage answered 403: Forbidden: bot was blocked by the user',
    },
  })
  keeper.answers({ is: 'unsure', detail: 'no answer' })
  await keeper.look('well', [back], minutes)
  expect(keeper.outbox()?.failed).toMatchObject({ refused: false, unsure: true, detail: 'no answer' })
  keeper.answers({ is: 'sent' })
  await keeper.look(blocked.condition, [blocked], minutes)
  expect(keeper.outbox()?.failed).toBeNull()
})

test('what could not be told by day is not told in quiet hours, but after them', async () => {
  const [hour, minute] = [new Date(noon).getHours(), new Date(noon).getMinutes()]
  const from = (hour * 60 + minute + 1) % (24 * 60)
  const keeper = open(telling({ quiet: { from, to: (from + 60) % (24 * 60) } }))
  keeper.answers({ is: 'failed', detail: 'api: quiet' })
  await keeper.look(blocked.condition, [blocked], 2 * minutes)
  const tried = keeper.sent.length
  keeper.answers({ is: 'sent' })
  await keeper.look(blocked.condition, [], 58 * minutes)
  expect(keeper.sent).toHaveLength(tried)
  await keeper.look(blocked.condition, [], 3 * minutes)
  expect(keeper.sent).toHaveLength(tried + 1)
})

test('nobody is told what waits once nobody is to be told', async () => {
  const keeper = open({ ...telling(), name: 'nobody' })
  keeper.answers({ is: 'failed', detail: 'api: nobody' })
  await keeper.look(blocked.condition, [blocked])
  const second = afterwards(keeper, minutes, { ...telling({ to: null }), name: 'nobody' })
  await second.look(null, [], minutes)
  expect(second.sent).toEqual([])
  expect(second.journal).toEqual(['told blocked login-expired bot dropped'])
  expect(second.outbox()?.pending).toBeNull()
})

test('a token that can’t be read now is read again', async () => {
  const keeper = open({ ...telling(), name: 'unreadable' })
  keeper.tokenIs(unknown('no rights'))
  await keeper.look(blocked.condition, [blocked], 5 * seconds)
  expect(keeper.journal).toEqual(['fault notification its token can’t be read'])
  keeper.tokenIs(yes(token))
  await keeper.look(blocked.condition, [], minutes)
  expect(keeper.journal.at(-1)).toBe('told blocked login-expired bot sent')
})

test('a bot without a token, and a session without that bot, tell nobody', async () => {
  const bare = open()
  bare.tokenIs(no('none there'))
  await bare.look(blocked.condition, [blocked])
  expect(bare.journal).toEqual(['told blocked login-expired bot refused the bot has no token'])
  const gone = open({ ...telling(), channels: [] })
  await gone.look(blocked.condition, [blocked])
  expect(gone.journal).toEqual([
    'told blocked login-expired bot refused the session has no such bot any more',
  ])
})
