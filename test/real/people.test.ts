import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import { until } from '../sim/until.ts'
import { clients, delivered, isKeeping, transcriptRows, untilLive } from '../sim/watch.ts'
import { bringUp, expectAnswer, makeRealHome, sender } from './harness.ts'
import type { Person } from './person.ts'
import { runByHand } from './person.ts'
import { someClientVersions } from './versions.ts'

const ada = { from: 777, username: 'ada', firstName: 'Ada' }
const bob = { from: 778, username: 'bob', firstName: 'Bob' }

describe.each(someClientVersions)('a session of client %s', (version) => {
  let home: Home
  let person: Person | null = null
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
  })
  afterEach(async () => {
    await person?.close()
    person = null
  })
  afterAll(() => home?.close())

  test('lets people in by the code they tell, and out again', async () => {
    person = await runByHand(home, 'pair', 'work')
    await person.sees('Code (Enter alone if none came)')
    await person.answers('Code (Enter alone if none came)', await askedFor(home, ada))
    await person.presses('Let them in?', 'y', 'Enter')
    await person.sees('[ended with 0]')
    expect(await person.screen()).toContain('@ada (id 777, asked')
    expect(await person.screen()).toContain('Locked: nobody else can ask to be let in.')
    await answered(home, ada, 'ada is in')

    await say(home, 'access', 'work', 'policy', 'pairing')
    const code = await askedFor(home, bob)
    const wrong = await home.channels(['pair', 'work', code === '000000' ? '000001' : '000000'])
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Nobody was given') })
    expect(await say(home, 'pair', 'work', code)).toContain('@bob (id 778, asked')
    await answered(home, bob, 'bob is in')
    expect(await listed(home)).toEqual({ policy: 'pairing', senders: [sender, '777', '778'], waiting: [] })

    await say(home, 'access', 'work', 'remove', '778')
    const again = await askedFor(home, bob)
    expect((await listed(home)).waiting).toEqual([expect.objectContaining({ senderId: '778' })])
    await say(home, 'access', 'work', 'deny', again)
    await say(home, 'access', 'work', 'policy', 'allowlist')
    expect((await home.channels(['pair', 'work', again])).code).toBe(1)
    await say(home, 'access', 'work', 'remove', '777')
    home.bot.bot.push('ada is out', ada)
    await expectAnswer(home, 'after ada', 30_000)
    expect(delivered(home, 'ada is out')).toEqual([])
    expect(await listed(home)).toEqual({ policy: 'allowlist', senders: [sender], waiting: [] })
  })

  test('proves on request that a message arrives and an answer goes out, or says why not', async () => {
    person = await runByHand(home, 'setup', home.channel, '--check', '--session', 'work')
    await person.sees('Waiting for your message to arrive')
    home.bot.bot.push('is it you?')
    await person.sees('[ended with')
    expect(withoutQuestion(await person.screen())).toEqual([
      '✓ It arrived in the conversation, from tester: "is it you?"',
      '✓ The answer went out: "echo: is it you?"',
      '[ended with 0]',
    ])
    await person.close()

    const description = 'Forbidden: bot was blocked by the user'
    const heal = home.bot.fail({ method: 'sendMessage', how: 'refuse', status: 403, description })
    person = await runByHand(home, 'setup', home.channel, '--check', '--session', 'work')
    await person.sees('Waiting for your message to arrive')
    home.bot.bot.push('and now?')
    await person.sees('[ended with')
    heal()
    const [arrived, refused, ...more] = withoutQuestion(await person.screen())
    expect(arrived).toContain('"and now?"')
    expect(refused).toMatch(/^! The answer did not go out: .*bot was blocked by the user/)
    expect(more.at(-1)).toBe('[ended with 1]')
  })

  test('gets a new token in the midst of messages: the conversation goes on, and each of them reaches it', async () => {
    const { bot } = home.bot
    await expectAnswer(home, 'before the new token', 30_000)
    const before = await untilLive(home)
    const texts = Array.from({ length: 50 }, (_, i) => `message ${100 + i} of many`)
    const early = texts.slice(0, 14)
    await everyFewMoments(early, (text) => bot.push(text))
    const given = { input: `${bot.rotate()}\n`, timeoutMs: 90_000 }
    const swapped = home.channels(['token', 'work', '--token-stdin', '--timeout', '75s'], given)
    await everyFewMoments(texts.slice(14), (text) => bot.push(text))
    const outcome = await swapped
    expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
    expect(outcome.stdout).toContain('work is live with the new token.')
    const after = await untilLive(home, { not: before.client.pid })
    expect(after.client.conversation).toBe(before.client.conversation)

    const missing = (have: (text: string) => boolean) => texts.filter((text) => !have(text))
    const isAnswered = (text: string) => bot.sent().some((sent) => sent.text === `echo: ${text}`)
    // An answer on its way when BotFather took the old token away: Telegram refuses it, whoever sends it.
    const isRefused = (text: string) =>
      early.includes(text) &&
      home.bot.requests().some(({ status, params }) => status === 401 && params.text === `echo: ${text}`)
    const isDone = (text: string) => isAnswered(text) || isRefused(text)
    await until('all answers', () => missing(isDone).length === 0, 60_000).catch(() => undefined)
    const rows = transcriptRows(home).map((row) => JSON.stringify(row))
    expect(missing((text) => rows.some((row) => row.includes(text)))).toEqual([])
    expect(missing(isDone)).toEqual([])
    await expectAnswer(home, 'after the new token', 30_000)
  })

  test('gets one while its plugin keeps what waited until the client listens: each of them reaches it', async () => {
    const { bot } = home.bot
    await say(home, 'down', 'work')
    const texts = ['waited one', 'waited two', 'waited three']
    for (const text of texts) bot.push(text)
    const given = { input: `${bot.rotate('valid')}\n`, timeoutMs: 90_000 }
    await say(home, 'up', 'work', '--no-wait')
    await until('a plugin that keeps something', () => isKeeping(home), 20_000)
    const outcome = await home.channels(['token', 'work', '--token-stdin', '--timeout', '75s'], given)
    expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
    for (const text of texts) await bot.waitForSent((sent) => sent.text.includes(text), 30_000)
  })

  test('takes what was set at its next start', async () => {
    const before = await untilLive(home)
    expect(await say(home, 'set', 'work', 'model=haiku', 'permission-mode=plan')).toContain(
      'channels restart work',
    )
    expect(clients(home)[0]?.argv).not.toContain('haiku')
    await say(home, 'restart', 'work')
    const after = await untilLive(home)
    expect(after.client.conversation).toBe(before.client.conversation)
    const words = clients(home)[0]?.argv.join(' ')
    expect(words).toContain('--model haiku')
    expect(words).toContain('--permission-mode plan')
  })
})

/** A command that has to do what it is told; hands back what it said. */
const say = async (home: Home, ...words: readonly string[]): Promise<string> => {
  const outcome = await home.channels(words, { timeoutMs: 90_000 })
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
  return outcome.stdout
}

type Somebody = typeof ada

/** Somebody writes who is not let in; the code of the answer they get. */
const askedFor = async (home: Home, who: Somebody): Promise<string> => {
  const before = home.bot.bot.sent().length
  home.bot.bot.push('let me in', who)
  const isCode = ({ chatId, text }: { readonly chatId: string; readonly text: string }) =>
    chatId === String(who.from) && text.includes('access pair')
  const sent = await until('a code', () => home.bot.bot.sent().slice(before).find(isCode), 30_000)
  return /pair (\w+)/.exec(sent.text)?.[1] ?? ''
}

const answered = async (home: Home, who: Somebody, text: string): Promise<void> => {
  home.bot.bot.push(text, who)
  const isAnswer = (sent: { readonly chatId: string; readonly text: string }) =>
    sent.chatId === String(who.from) && sent.text === `echo: ${text}`
  await home.bot.bot.waitForSent(isAnswer, 30_000)
}

const listed = async (home: Home) => {
  const { policy, senders, waiting } = JSON.parse(await say(home, 'access', 'work', 'list', '--json')) as {
    readonly policy: string
    readonly senders: readonly string[]
    readonly waiting: readonly { readonly senderId: string }[]
  }
  return { policy, senders, waiting }
}

/** What the proof says after it has asked for a message. */
const withoutQuestion = (screen: string): readonly string[] => {
  const lines = screen.split('\n')
  return lines.slice(lines.findIndex((line) => line.includes('It arrived')))
}

/** One thing after the other, 300 ms apart. */
const everyFewMoments = async <T>(things: readonly T[], act: (thing: T) => void): Promise<void> => {
  for (const thing of things) {
    act(thing)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
