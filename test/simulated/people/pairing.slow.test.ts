import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { closeMachine, type Machine, type Ward } from '../faults/kit.ts'
import { filesBelow } from '../faults/secrets.ts'
import { atTerminal } from '../setup/keys.ts'
import { ada, beginEachAfterSetup, openSite } from './site.ts'
import {
  approvedFiles,
  askForCode,
  changeAccessJson,
  expectDeaf,
  mallory,
  pendingEntry,
  readAccessJson,
} from './visitors.ts'

// Nobody gets in without the code being given by the person at the desk; here as an argument.

let home: Machine
let site: Ward
beforeAll(async () => {
  ;({ home, site } = await openSite())
})
afterAll(() => closeMachine(home))
beginEachAfterSetup(() => site)

const open = (policy = 'pairing') => changeAccessJson(site, (before) => ({ ...before, dmPolicy: policy }))
const pair = (...args: readonly string[]) => home.channels(['pair', ...args])
const allowed = () => readAccessJson(site).allowFrom
const atDesk = (args: readonly string[] = ['pair', 'site']) => atTerminal(home, args)

test('by argument: who typed the code gets in and is told so, the others stay outside', async () => {
  open()
  const codes = await Promise.all([askForCode(site.bot, ada), askForCode(site.bot, mallory)])
  const done = await pair('site', codes[0].toUpperCase())
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toMatch(/^"Ada" @ada \(id 71, asked \d+s ago\) may write to @test_\d+_bot now\./)
  expect(done.stdout).toMatch(/access site remove 71.*\n.*Others can still ask.*access site policy allowlist/)
  expect(allowed()).toEqual(['4242', '71'])
  expect(Object.keys(readAccessJson(site).pending)).toEqual([codes[1]])
  await site.bot.waitForSent(({ chatId, text }) => chatId === '71' && text.startsWith('Paired!'))
  await until('the told approval', () => approvedFiles(site).length === 0)
  await expectDeaf(site.bot, ada, mallory)
  // Once is all a code is good for; with one session its name may be left out.
  expect(await pair(codes[0])).toMatchObject({ code: 1, stdout: '' })
  expect(await pair(codes[1])).toMatchObject({ code: 0 })
  expect(allowed()).toEqual(['4242', '71', '666'])
})

test('codes that nobody has, or that are none, let nobody in', async () => {
  open()
  const code = await askForCode(site.bot, mallory)
  const before = readFileSync(join(site.stateDir, 'access.json'), 'utf8')
  const unknown = ['abcdef', '000000', code.slice(1) + (code[0] === '0' ? '1' : '0')].map((typed) => ({
    typed,
    code: 1,
    says: /^channels: Nobody was given this code, or it was used already\.\n {2}Type the code/,
  }))
  const noCodes = ['', ' ', '*', '[0-9a-f]*', `${code}0`, '__proto__', '../../x', `$(echo ${code})`].map(
    (typed) => ({ typed, code: 2, says: /^channels: ".*" is no code\.\n {2}A code has six characters/ }),
  )
  await Promise.all(
    [...unknown, ...noCodes].map(async ({ typed, code: status, says }) => {
      const refused = await pair('site', typed)
      expect({ typed, ...refused }).toMatchObject({ typed, code: status, stdout: '' })
      expect(refused.stderr).toMatch(says)
    }),
  )
  const missing = await pair('site')
  expect(missing).toMatchObject({ code: 2, stdout: '' })
  expect(missing.stderr).toMatch(/Which code did the bot answer with\?\n {2}.*channels pair site <code>/)
  expect(await pair('nobody', code)).toMatchObject({ code: 3 })
  expect(readFileSync(join(site.stateDir, 'access.json'), 'utf8')).toBe(before)
  expect(approvedFiles(site)).toEqual([])
})

test('a sender with the characters of a path, an entry of no code: refused, no file made anywhere', async () => {
  const wrong = {
    aaaaaa: '../../x',
    aaaaab: 'a/b',
    aaaaac: '',
    aaaaad: '..',
    aaaaae: '7\n8',
    aaaaaf: '__proto__',
  }
  const entries = Object.entries(wrong).map(([code, sender]) => [code, pendingEntry(sender)] as const)
  const chat = ['aaabaa', pendingEntry('71', '../71')] as const
  const old = ['aaabab', { ...pendingEntry('71'), expiresAt: Date.now() - 1 }] as const
  const timeless = ['aaabac', { ...pendingEntry('71'), expiresAt: undefined }] as const
  const text = JSON.stringify({
    ...readAccessJson(site),
    dmPolicy: 'pairing',
    pending: Object.fromEntries([...entries, chat, old, timeless, ['PROTO', pendingEntry('71')]]),
  }).replace('"PROTO"', '"__proto__"')
  changeAccessJson(site, () => JSON.parse(text))
  const before = filesBelow(home.root)
  const held = readFileSync(join(site.stateDir, 'access.json'), 'utf8')
  expect(held).toContain('"__proto__":{')
  const refused = await Promise.all([...Object.keys(wrong), chat[0]].map((code) => pair('site', code)))
  for (const { code, stderr } of refused) {
    expect(code).toBe(1)
    expect(stderr).toMatch(/belongs to a sender whose id can be nobody’s; it was left alone/)
  }
  for (const code of [old[0], timeless[0]]) {
    const late = await pair('site', code)
    expect(late).toMatchObject({ code: 1 })
    expect(late.stderr).toMatch(/too old: codes live an hour\.\n {2}Write to the bot again/)
  }
  expect((await pair('site', '__proto__')).code).toBe(2)
  expect(readFileSync(join(site.stateDir, 'access.json'), 'utf8')).toBe(held)
  const made = filesBelow(home.root).filter((file) => !before.includes(file))
  expect(made.filter((file) => /approved|\/x$|\/b$|channels\//.test(file))).toEqual([])
  const desk = await atDesk()
  await desk.answers(/Code \(Enter alone/, 'aaaaaa')
  await desk.sees(/sender whose id can be nobody’s/)
  await desk.answers(/Code \(Enter alone/, '', 'C-c')
  await desk.ends(130)
  expect(allowed()).toEqual(['4242'])
  expect(approvedFiles(site)).toEqual([])
})
