import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { clients, isKeeping } from '../../sim/watch.ts'
import {
  closeMachine,
  expectEcho,
  expectUp,
  live,
  type Machine,
  makeMachine,
  sessionIn,
  setUp,
  type Ward,
} from '../faults/kit.ts'
import { settle, starts } from './load.ts'
import { begin, expectNothingLost, patient, tokenIn } from './rig.ts'

// What `channels token` says and does when the swap has to wait, or is not to be.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const token = ({ name }: Pick<Ward, 'name'>, given: string, ...more: readonly string[]) =>
  home.channels(['token', name, '--token-stdin', ...more], {
    input: `${given}\n`,
    timeoutMs: 120_000,
  })

/** What a refusal must leave as it is: what we wrote, and what the plugin reads. */
const files = ({ name, stateDir }: Ward): readonly string[] =>
  [
    join(home.channelsHome, 'config.json'),
    join(home.state, 'sessions', name, 'wanted.json'),
    join(stateDir, '.env'),
    join(stateDir, 'access.json'),
  ].map((file) => readFileSync(file, 'utf8'))

test('refused: not a byte is different, and the client goes on', patient, async () => {
  const ward = await setUp(home, 'proof')
  const other = await setUp(home, 'other')
  const stranger = home.bot.addBot()
  const hooked = home.bot.addBot()
  hooked.setWebhook('https://example.org/hook')
  await expectUp(home, 'proof', 0, 'proof is live')
  const client = await live(home, 'proof')
  const before = files(ward)
  const refusals = [
    ['not a token', 2, /no Telegram bot token: it holds a space/],
    ['', 2, /token/],
    [`${ward.bot.id}:AAtest_never_given_out_by_anybody_0000`, 1, /refuse|401/i],
    [stranger.token, 2, /is the token of .*--yes/s],
    [other.bot.token, 1, /Session `other` has this bot already/],
    [hooked.token, 1, /webhook is set on it/],
  ] as const
  for (const [given, code, says] of refusals) {
    const refused = await token(ward, given)
    expect(refused, refused.stderr).toMatchObject({ code, stdout: '' })
    expect(refused.stderr).toMatch(says)
    expect(refused.stderr).not.toMatch(/\n {4}at /)
  }
  const hookedAnyway = await token(ward, hooked.token, '--yes')
  expect(hookedAnyway).toMatchObject({ code: 1, stdout: '' })
  const stop = home.bot.fail({ how: 'reset', method: 'getMe' })
  const unreachable = await token(ward, ward.bot.rotate('valid'))
  stop()
  expect(unreachable).toMatchObject({ code: 69, stdout: '' })
  expect(files(ward)).toEqual(before)
  expect(await live(home, 'proof')).toBe(client)
  expect(starts(home, 'proof')).toBe(1)
  await expectEcho(ward, 'still there')
})

test(
  'another bot, with --yes: the session answers as that bot, in the same conversation',
  patient,
  async () => {
    const ward = await setUp(home, 'moved')
    await expectUp(home, 'moved', 0, 'moved is live')
    await expectEcho(ward, 'as the first')
    const conversation = () => clients(home).find(({ env }) => env.CHANNELS_SESSION === 'moved')?.argv
    const before = conversation()
    const bot = home.bot.addBot()
    const changed = await token(ward, bot.token, '--yes')
    expect(changed, changed.stderr).toMatchObject({ code: 0 })
    expect(changed.stdout).toContain('moved is live with the new token.')
    await expectEcho({ ...ward, bot }, 'as the second')
    expect(before?.[before.indexOf('--session-id') + 1]).toBe(
      conversation()?.[(conversation()?.indexOf('--resume') ?? 0) + 1],
    )
    expect(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')).toContain(`@${bot.username}`)
  },
)

test.concurrent('a session that does not run takes the token at its next start', patient, async () => {
  const ward = await setUp(home, 'asleep')
  const given = ward.bot.rotate()
  const stored = await token(ward, given)
  expect(stored, stored.stderr).toMatchObject({ code: 0 })
  expect(stored.stdout).toBe(
    'asleep does not run; it takes the new token at its next start: `channels up asleep`.\n',
  )
  expect(tokenIn(ward)).toBe(given)
  expect(starts(home, 'asleep')).toBe(0)
  await expectUp(home, 'asleep', 0, 'asleep is live')
  await expectEcho(ward, 'with the new one')
  expect((await home.channels(['down', 'asleep'])).code).toBe(0)
  const again = ward.bot.rotate()
  expect((await token(ward, again)).stdout).toContain('asleep does not run')
  expect(starts(home, 'asleep')).toBe(1)
  await expectUp(home, 'asleep', 0, 'asleep is live')
  await expectEcho(ward, 'with the newest')
})

test.concurrent(
  'Claude works for longer than one waits: said, and swapped in once it is idle',
  patient,
  async () => {
    const rotation = await begin(home, 'busy')
    const { ward, load, client } = rotation
    const gate = join(home.root, 'finished')
    ward.bot.push(`run: while ! [ -e '${gate}' ]; do sleep 0.1; done; echo finished`)
    await until('a busy client', () => home.processes().some(({ argv }) => argv.join(' ').includes(gate)))
    const given = ward.bot.rotate('valid')
    const written = load.texts().length
    const waited = await token(ward, given, '--timeout', '2s')
    expect(waited, waited.stderr).toMatchObject({ code: 1 })
    expect(waited.stdout).toBe(
      'The token is stored, and busy takes it as soon as Claude is idle, within the hour.\n  `channels restart busy` does it now, and interrupts what Claude is doing.\n',
    )
    expect(tokenIn(ward)).toBe(given)
    expect(sessionIn(await home.status(), 'busy').client?.pid).toBe(client)
    expect(load.texts().length).toBeGreaterThan(written)
    writeFileSync(gate, '')
    await ward.bot.waitForSent(({ text }) => text.includes('finished'), 20_000)
    await until('the swap', () => starts(home, 'busy') > rotation.started, 60_000)
    const account = await expectNothingLost(rotation, [1])
    expect(account.unanswered).toEqual([])
  },
)

test.concurrent(
  'while the plugin keeps what waited until its client listens: nothing is lost',
  patient,
  async () => {
    const ward = await setUp(home, 'eager')
    await expectUp(home, 'eager', 0, 'eager is live')
    const { client } = sessionIn(await home.status(), 'eager')
    expect((await home.channels(['down', 'eager'])).code).toBe(0)
    const texts = [1, 2, 3, 4, 5].map((n) => `eager ${n}`)
    for (const text of texts) ward.bot.push(text)
    const given = ward.bot.rotate('valid')
    const started = starts(home, 'eager')
    expect((await home.channels(['up', 'eager', '--no-wait'])).code).toBe(0)
    await until('a plugin that keeps something', () => isKeeping(home, 'eager'))
    const swapped = await token(ward, given)
    expect(swapped, swapped.stdout + swapped.stderr).toMatchObject({ code: 0 })
    expect(starts(home, 'eager')).toBe(started + 2)
    expect(await settle(home, ward.bot, client?.conversation ?? '', texts)).toMatchObject({
      lost: [],
      twice: [],
      unanswered: [],
    })
  },
)

test.concurrent('two at once: one of the tokens stays, nothing is lost', patient, async () => {
  const rotation = await begin(home, 'twice')
  const given = [rotation.ward.bot.rotate('valid'), rotation.ward.bot.rotate('valid')]
  const both = await Promise.all(given.map((each) => token(rotation.ward, each)))
  for (const each of both) expect(each, each.stdout + each.stderr).toMatchObject({ code: 0 })
  expect(given).toContain(tokenIn(rotation.ward))
  const account = await expectNothingLost(rotation, [1, 2])
  expect(account.unanswered).toEqual([])
})
