import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Sender } from '../../sim/bot-api/bot.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, expectUp, type Machine, makeMachine, setUp, type Ward } from '../faults/kit.ts'
import {
  type AccessJson,
  approvedFiles,
  askForCode,
  changeAccessJson,
  expectDeaf,
  expectHeard,
  mallory,
  pendingEntry,
  readAccessJson,
  strangers,
} from './visitors.ts'

// Who may write, seen and changed while the plugin runs: it goes by the file from the next message on.

const owner: Sender = { from: 4242 }
const ada: Sender = { from: 71, firstName: 'Ada', username: 'ada' }

let home: Machine
let site: Ward
beforeAll(async () => {
  home = await makeMachine()
  site = await setUp(home, 'site')
  await expectUp(home, 'site', 0, 'is live')
})
afterAll(() => closeMachine(home))

/** What no command here knows stays, whatever is changed. */
const more = { groups: { '-5': { allowFrom: ['1'] } }, mentionPatterns: ['@site'], future: { a: [1] } }
beforeEach(() =>
  changeAccessJson(site, () => ({ dmPolicy: 'allowlist', allowFrom: ['4242'], pending: {}, ...more })),
)

const access = (...args: readonly string[]) => home.channels(['access', 'site', ...args])
const file = () => join(site.stateDir, 'access.json')

const expectDone = async (
  args: readonly string[],
  says: RegExp,
  after: Partial<AccessJson>,
): Promise<void> => {
  const before = readAccessJson(site)
  const done = await access(...args)
  expect(done, done.stderr).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toMatch(says)
  expect(readAccessJson(site)).toEqual({ ...before, ...after })
}

const expectRefusedHere = async (
  ...wrong: readonly (readonly [args: readonly string[], code: number, says: RegExp])[]
): Promise<void> => {
  const before = readFileSync(file(), 'utf8')
  await Promise.all(
    wrong.map(async ([args, code, says]) => {
      const refused = await access(...args)
      expect({ args, ...refused }).toMatchObject({ args, code, stdout: '' })
      expect(refused.stderr).toMatch(says)
      expect(refused.stderr).toMatch(/^channels: \S.+\n {2}\S.+\n$/)
    }),
  )
  expect(readFileSync(file(), 'utf8')).toBe(before)
  expect(approvedFiles(site)).toEqual([])
}

test('the list: who may write and who waits, by name, without a code; --json for programs', async () => {
  changeAccessJson(site, (before) => ({ ...before, dmPolicy: 'pairing', allowFrom: ['4242', '99'] }))
  const codes = await Promise.all(strangers.map((each) => askForCode(site.bot, each)))
  await expectHeard(site.bot, owner)
  for (const args of [[], ['list']]) {
    const { code, stdout, stderr } = await access(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.split('\n')
    expect(lines.slice(0, 3)).toEqual([
      `site (@${site.bot.username}): who is not let in yet gets a code [pairing]`,
      '  may write: "Test" @tester (id 4242)',
      '  may write: somebody (id 99)',
    ])
    expect(lines.slice(3, 6).sort()).toEqual([
      expect.stringMatching(/^ {2}waits: "Eve" @eve \(id 667, asked \d+s ago\)$/),
      expect.stringMatching(/^ {2}waits: "Mallory" @mallory \(id 666, asked \d+s ago\)$/),
      expect.stringMatching(/^ {2}waits: "Trent .*" @trent \(id 668, asked \d+s ago\)$/),
    ])
    expect(lines.slice(6)).toEqual([
      '  `channels pair site <code>` lets in whoever tells you their code.',
      "  `channels access site deny <id>` takes somebody's code away.",
      '',
    ])
    for (const each of codes) expect(stdout).not.toContain(each)
    // A name is what anybody likes: no escape sequence, no line break of theirs.
    for (const trick of ['\u001b', '\u202e']) expect(stdout).not.toContain(trick)
  }
  const { stdout } = await access('--json')
  const waiting = strangers.map(({ from }) => ({ senderId: String(from), createdAt: expect.any(Number) }))
  expect(JSON.parse(stdout)).toEqual({
    session: 'site',
    account: `@${site.bot.username}`,
    policy: 'pairing',
    senders: ['4242', '99'],
    waiting: expect.arrayContaining(waiting),
  })
  for (const each of codes) expect(stdout).not.toContain(each)
})

test('allow and remove: heard, and not heard any more, from the next message on', async () => {
  await expectDeaf(site.bot, owner, ada)
  await expectDone(['allow', '71'], /^71 may write to @test_\d+_bot now\.\n$/, { allowFrom: ['4242', '71'] })
  await expectHeard(site.bot, ada)
  await expectDone(['allow', '71'], /may write/, { allowFrom: ['4242', '71'] })
  await expectDone(['remove', '71'], /^71 is not heard any more, from the next message on\.\n$/, {
    allowFrom: ['4242'],
  })
  await expectDeaf(site.bot, owner, ada)
  await expectDone(['remove', '4242'], /Nobody may write to it; `channels pair site`/, { allowFrom: [] })
  expect((await access()).stdout).toMatch(/\[allowlist\]\n {2}Nobody may write to it/)
})

test('deny: that code lets nobody in; policy: who is heard, who gets a code', async () => {
  await expectDone(['policy', 'pairing'], /^site: who is not let in yet gets a code \[pairing\]\n$/, {
    dmPolicy: 'pairing',
  })
  const code = await askForCode(site.bot, ada)
  const other = await askForCode(site.bot, mallory)
  const { pending } = readAccessJson(site)
  const left = Object.fromEntries(Object.entries(pending).filter(([each]) => each === other))
  await expectDone(['deny', code.toUpperCase()], /^Denied: that code lets nobody in any more\.\n$/, {
    pending: left,
  })
  expect(await home.channels(['pair', 'site', code])).toMatchObject({ code: 1, stdout: '' })
  await expectDone(['policy', 'disabled'], /nobody is heard \[disabled\]/, { dmPolicy: 'disabled' })
  const sent = site.bot.sent().length
  site.bot.push('anybody there', owner)
  await until('the message to be taken', () => site.bot.pending() === 0)
  await expectDone(['policy', 'allowlist'], /only those who were let in are heard/, { dmPolicy: 'allowlist' })
  await expectDeaf(site.bot, owner, ada)
  expect(
    site.bot
      .sent()
      .slice(sent)
      .map(({ text }) => text),
  ).not.toContain('echo: anybody there')
})

test('what can not be: refused, and the file stays', async () => {
  changeAccessJson(site, (before) => ({ ...before, pending: { abcdef: pendingEntry('../../x') } }))
  const noId = /named by a number, and this is none\.\n.*@userinfobot/
  await expectRefusedHere(
    [['allow', 'tester'], 2, noId],
    [['allow', '@ada'], 2, noId],
    [['allow', ''], 2, noId],
    [['allow', '../../x'], 2, noId],
    [['allow', '-71'], 2, /./],
    [['allow', '$(touch x)'], 2, noId],
    [['allow', '9'.repeat(21)], 2, noId],
    [['allow'], 2, /Which id\?/],
    [['remove'], 2, /Which id\?\n.*channels access site/],
    [['remove', '71'], 1, /"71" is not among those who may write to `site`/],
    [['remove', '__proto__'], 1, /is not among those/],
    [['deny'], 2, /Which code, or whose id\?/],
    [['deny', 'a1b2c3'], 1, /Nobody waits with this code or id\.\n.*shows who waits/],
    [['deny', '__proto__'], 1, /Nobody waits/],
    [['policy'], 2, /Which policy\?\n.*pairing\|allowlist\|disabled/],
    [['policy', 'open'], 2, /There is no policy "open"/],
    [['policy', 'constructor'], 2, /There is no policy/],
    [['frobnicate'], 2, /can't "frobnicate"\.\n.*list, allow <id>/],
    [['toString'], 2, /can't "toString"/],
    [['list', 'all'], 2, /`list` takes nothing more/],
    [['allow', '71', '--json'], 2, /--json goes with `list` only/],
    [['list', 'x', 'y'], 2, /./],
  )
  expect(await home.channels(['access', 'nobody'])).toMatchObject({ code: 3, stdout: '' })
  // What is no sender's lets nobody in, and can be taken out.
  expect((await access()).stdout).toMatch(/waits: .*\(id \.\.\/\.\.\/x/)
  await expectDone(['deny', 'abcdef'], /Denied/, { pending: {} })
})

test('a file that is broken: 78, left alone; none at all: an empty one', async () => {
  try {
    for (const text of ['{ "dmPolicy":', '[]', '""', '']) {
      writeFileSync(file(), text)
      await expectRefusedHere(
        [
          [],
          78,
          /Who may write to `site` can't be told: the access\.json in .* is broken\.\n.*move it aside/,
        ],
        [['--json'], 78, /can't be told/],
        [['allow', '71'], 78, /can't be read or is not valid JSON; it was left as it is/],
        [['remove', '4242'], 78, /can't be told/],
        [['deny', 'abcdef'], 78, /can't be told/],
        [['policy', 'pairing'], 78, /left as it is/],
      )
    }
    rmSync(file())
    expect((await access()).stdout).toMatch(/gets a code \[pairing\]\n {2}Nobody may write to it/)
    expect(await access('allow', '71')).toMatchObject({ code: 0 })
    expect(readAccessJson(site)).toEqual({ dmPolicy: 'pairing', allowFrom: ['71'], groups: {}, pending: {} })
    writeFileSync(file(), JSON.stringify({ dmPolicy: 'later', allowFrom: [71, { id: 1 }], pending: [] }))
    expect((await access()).stdout).toMatch(
      /a policy this release does not know \[unknown\]\n {2}may write: .*71/,
    )
    await expectDone(['allow', '4242'], /may write/, { allowFrom: ['71', { id: 1 }, '4242'] as string[] })
    await expectDone(['remove', '71'], /not heard/, { allowFrom: [{ id: 1 }, '4242'] as unknown as string[] })
  } finally {
    writeFileSync(file(), '{}', { mode: 0o600 })
  }
})
