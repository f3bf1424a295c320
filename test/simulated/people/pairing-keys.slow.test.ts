import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sender } from '../../sim/bot-api/bot.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, expectUp, type Machine, type Ward } from '../faults/kit.ts'
import { atTerminal } from '../setup/keys.ts'
import { ada, beginEachAfterSetup, openSite } from './site.ts'
import {
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

// Nobody gets in without the code typed by the person at the desk; here by keys, in the wizard and `channels pair`.

const owner: Sender = { from: 4242 }
const bob: Sender = { from: 72, firstName: 'Bob', username: 'bob' }

let home: Machine
let site: Ward
beforeAll(async () => {
  ;({ home, site } = await openSite())
})
afterAll(() => closeMachine(home))
beginEachAfterSetup(() => site)

const open = (policy = 'pairing') => changeAccessJson(site, (before) => ({ ...before, dmPolicy: policy }))
const allowed = () => readAccessJson(site).allowFrom
const atDesk = (args: readonly string[] = ['pair', 'site']) => atTerminal(home, args)

test('strangers in all three places: seen and denied in the wizard, whose person gets in alone', async () => {
  changeAccessJson(site, (before) => ({ ...before, dmPolicy: 'pairing', allowFrom: [] }))
  const codes = await Promise.all(strangers.map((each) => askForCode(site.bot, each)))
  const desk = await atTerminal(home, ['setup', home.channel, '--session', 'site'])
  await desk.answers(/`site` is set up already/)
  await desk.sees(/Let yourself in/)
  const before = site.bot.sent().length
  site.bot.push('let me in', ada)
  await until('the message to be taken', () => site.bot.pending() === 0)
  await desk.answers(/Code \(Enter alone if none came\)/)
  await desk.sees(/Codes were given to 3:/)
  await desk.answers(/Deny them all/)
  const waiting = await desk.text()
  for (const who of [
    /"Mallory" @mallory \(id 666, asked/,
    /"Eve" @eve \(id 667/,
    /"Trent .*" @trent \(id 668/,
  ])
    expect(waiting).toMatch(who)
  await desk.sees(/Denied\. Now write to the bot once more/)
  expect(
    site.bot
      .sent()
      .slice(before)
      .filter(({ chatId }) => chatId === '71'),
  ).toEqual([])
  const code = await askForCode(site.bot, ada)
  await desk.answers(/Code \(Enter alone/, codes[0])
  await desk.sees(/Nobody was given this code/)
  await desk.answers(/Code \(Enter alone/, 'no thanks')
  await desk.corrects(/A code has six characters, such as a1b2c3\./, `/telegram:access pair ${code}`)
  await desk.sees(/That is "Ada" @ada \(id 71/)
  await desk.answers(/Let them in\?/)
  await desk.sees(/Not let in\./)
  expect(allowed()).toEqual([])
  await desk.answers(/Code \(Enter alone/, code)
  await desk.answers(/Let them in\?/, 'y')
  await desk.sees(/Locked: nobody else can ask/)
  await desk.answers(/tell 71 when site is blocked/)
  await desk.sees(/The proof/)
  const shown = await desk.text()
  for (const each of codes.slice(1)) expect(shown).not.toContain(each)
  expect(readAccessJson(site)).toMatchObject({ dmPolicy: 'allowlist', allowFrom: ['71'], pending: {} })
  await expectDeaf(site.bot, ada, ...strangers)
  await desk.sees(/It arrived in the conversation, from ada: "message \d+"/)
  await desk.sees(/The answer went out: "echo: message \d+"/)
  await desk.ends(0)
})

test('two at once: who has the code that was typed gets in, the other goes on waiting', async () => {
  const desk = await atDesk()
  await desk.sees(/Code \(Enter alone/)
  // Locked before, open while it asks.
  expect(readAccessJson(site)).toMatchObject({ dmPolicy: 'pairing', allowFrom: ['4242'] })
  const [adas, bobs] = await Promise.all([askForCode(site.bot, ada), askForCode(site.bot, bob)])
  await desk.press(...bobs, 'Enter')
  await desk.sees(/That is "Bob" @bob \(id 72/)
  await desk.answers(/Let them in\?/, 'y')
  await desk.ends(0)
  const { dmPolicy, allowFrom, pending } = readAccessJson(site)
  expect({ dmPolicy, allowFrom, codes: Object.keys(pending) }).toEqual({
    dmPolicy: 'allowlist',
    allowFrom: ['4242', '72'],
    codes: [adas],
  })
  await site.bot.waitForSent(({ chatId, text }) => chatId === '72' && text.startsWith('Paired!'))
  await expectDeaf(site.bot, bob, ada)
})

test('closed by another `pair` that ended: opened again at Enter, and the code that comes then counts', async () => {
  // Whoever opened the bot closes it: that has to be the first one.
  const one = await atDesk()
  await one.sees(/Code \(Enter alone/)
  const other = await atDesk()
  await other.sees(/Code \(Enter alone/)
  await one.press('C-c')
  await one.ends(130)
  expect(readAccessJson(site).dmPolicy).toBe('allowlist')
  await other.press('Enter')
  await other.sees(
    /Something else closed the bot meanwhile.*It is open again\. Write to @test_\d+_bot once more/,
  )
  const code = await askForCode(site.bot, ada)
  await other.answers(/Code \(Enter alone/, code)
  await other.answers(/Let them in\?/, 'y')
  await other.ends(0)
  expect(readAccessJson(site)).toMatchObject({
    dmPolicy: 'allowlist',
    allowFrom: ['4242', '71'],
    pending: {},
  })
})

test('a code that gets old, or changes hands, while it is asked: nobody gets in', async () => {
  const desk = await atDesk()
  await desk.sees(/Code \(Enter alone/)
  const code = await askForCode(site.bot, ada)
  await desk.press(...code, 'Enter')
  await desk.sees(/Let them in\?/)
  changeAccessJson(site, (before) => ({
    ...before,
    pending: { [code]: { ...pendingEntry('71'), expiresAt: Date.now() - 1 } },
  }))
  await desk.press('y', 'Enter')
  await desk.sees(/This code is too old: codes live an hour/)
  changeAccessJson(site, (before) => ({ ...before, pending: { [code]: pendingEntry('71') } }))
  await desk.answers(/Code \(Enter alone/, code)
  await desk.sees(/Let them in\?/)
  changeAccessJson(site, (before) => ({ ...before, pending: { [code]: pendingEntry('666') } }))
  await desk.press('y', 'Enter')
  await desk.sees(/Nobody was given this code|\[ended/)
  expect(allowed()).toEqual(['4242'])
  await desk.press('C-c')
  await desk.ends(130)
  expect(allowed()).toEqual(['4242'])
  expect(readAccessJson(site).dmPolicy).toBe('allowlist')
  await expectDeaf(site.bot, owner, ada, mallory)
})

test.each(['allowlist', 'pairing'])(
  'cancelled at the last question: nobody is in, and the policy is %s as before',
  async (policy) => {
    open(policy)
    const desk = await atDesk()
    await desk.sees(/Code \(Enter alone/)
    const code = await askForCode(site.bot, ada)
    await desk.press(...code, 'Enter')
    await desk.answers(/Let them in\?/, '', policy === 'pairing' ? 'Escape' : 'C-c')
    await desk.ends(130)
    expect(readAccessJson(site)).toMatchObject({ dmPolicy: policy, allowFrom: ['4242'] })
    expect(approvedFiles(site)).toEqual([])
  },
)

test('a bot that is disabled is not opened for the time it asks', async () => {
  open('disabled')
  const desk = await atDesk()
  const said = await desk.ends(1)
  expect(said).toMatch(
    /Nobody was let in: @test_\d+_bot hears nobody .*channels access site policy allowlist/,
  )
  expect(said).not.toContain('Code (Enter alone')
  expect(readAccessJson(site)).toMatchObject({ dmPolicy: 'disabled', allowFrom: ['4242'] })
})

test('a session that is down gives out no codes, one that came up just now does', async () => {
  await home.channels(['down', 'site'])
  const desk = await atDesk()
  const said = await desk.ends(1)
  expect(said).toMatch(/The bot gives out codes only while it is live\. .*channels up site/)
  await expectUp(home, 'site', 0, 'is live')
  const again = await atDesk()
  await again.answers(/Code \(Enter alone|\[ended/)
  await again.sees(/Nobody's message has arrived yet/)
  await again.press('C-c')
  await again.ends(130)
  await expectHeard(site.bot, owner)
})
