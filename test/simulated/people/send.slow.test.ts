import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { patience } from '../../patience.ts'
import { cli, type Outcome, runProgram } from '../../sim/cli.ts'
import { openTerminal } from '../../sim/terminal.ts'
import { leaveKeys, press, screen, typeText } from '../../sim/terminals.ts'
import { tested } from '../../sim/tested.ts'
import { until } from '../../sim/until.ts'
import { journal, transcriptRows } from '../../sim/watch.ts'
import { closeMachine, expectUp, live, type Machine, makeMachine, setUp, type Ward } from '../faults/kit.ts'

let home: Machine
let ward: Ward
beforeAll(async () => {
  home = await makeMachine()
  ward = await setUp(home, 'site')
  await expectUp(home, 'site', 0, 'site is live')
  await live(home, 'site')
})
afterAll(() => closeMachine(home))

const send = (...words: readonly string[]): Promise<Outcome> => home.channels(['send', 'site', ...words])

/** What was said at the terminal, by the transcript. */
const said = (): readonly unknown[] =>
  transcriptRows(home)
    .filter(({ type, origin }) => type === 'user' && origin === undefined)
    .map(({ message }) => (message as { content: unknown }).content)
    .filter((content) => typeof content === 'string')

const activity = async (): Promise<string | undefined> => (await home.status()).sessions[0]?.client?.activity

const untilIdle = () => until('an idle client', async () => (await activity()) === 'idle', 20_000)

const mark = tested === 'screen' ? 'o' : '❯'

/** What stands in the prompt. */
const prompt = async (): Promise<string | undefined> =>
  (await screen(home, 'site')).split('\n').findLast((line) => line.startsWith(mark))

const texts = [
  'plain words',
  `it's "quoted"; $(touch here) \`id\` #{pid} %1 ~ * \\n;`,
  'é漢字👍 naïve',
  'Enter',
  '# not a comment',
  `${'a long line with many words '.repeat(40)}and an end`,
] as const

test('a line arrives letter by letter, and its answer stands in the terminal', async () => {
  for (const text of texts) {
    const sent = await send(text)
    expect(sent, sent.stderr).toMatchObject({ code: 0 })
    expect(sent.stdout).toMatch(/^site has taken it\./)
    expect(said().at(-1)).toBe(text)
    await untilIdle()
  }
  expect(await send('--', '-l dashed')).toMatchObject({ code: 0 })
  expect(said().at(-1)).toBe('-l dashed')
  await untilIdle()
  expect(await screen(home, 'site')).toContain(' typed: -l dashed')
  expect(journal(home).filter((entry) => entry.type === 'asked' && entry.what === 'send')).toHaveLength(
    texts.length + 1,
  )
  expect(JSON.stringify(journal(home))).not.toContain('plain words')
})

test('a line may be piped in; what is no line is wrong usage', async () => {
  const call = { input: 'from a pipe\n' }
  expect(await home.channels(['send', 'site', '-'], call)).toMatchObject({ code: 0 })
  expect(said().at(-1)).toBe('from a pipe')
  await untilIdle()
  const before = said().length
  for (const text of ['', 'a\nb', 'a\tb', '!ls', '/exit', 'exit', ' :wq! ', '?', 'so \\', 'x'.repeat(2_001)])
    expect(await send(text), text).toMatchObject({ code: 2, stdout: '' })
  expect(await home.channels(['send', 'site'])).toMatchObject({ code: 2 })
  expect(await home.channels(['send', 'none', 'hello'])).toMatchObject({ code: 3 })
  expect(said()).toHaveLength(before)
})

test('of several at once each is a line of its own', async () => {
  const lines = ['one at a time', 'two at a time', 'three at a time']
  const outcomes = await Promise.all(lines.map((line) => send(line, '--force')))
  for (const outcome of outcomes) expect(outcome, outcome.stderr).toMatchObject({ code: 0 })
  await until('all of them', () => lines.every((line) => said().includes(line)), 20_000)
  await untilIdle()
})

test('a busy client is left alone, or the line waits where that is said', async () => {
  expect(await send(`slow: ${15 * patience}`)).toMatchObject({ code: 0 })
  await until('a busy client', async () => (await activity()) === 'busy')
  const refused = await send('not now')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/Claude is busy in `site`\. Nothing was typed\.\n.*--force/)
  const waits = await send('later', '--force')
  expect(waits, waits.stderr).toMatchObject({ code: 0 })
  expect(waits.stdout).toContain('when the present turn is over')
  await until('its turn', () => said().at(-1) === 'later', 30_000)
  expect(said()).not.toContain('not now')
  await untilIdle()
})

test("somebody's half-typed line stays as it is, and goes nowhere", async () => {
  await typeText(home, 'half a line', 'site')
  await until('what is typed', async () => (await prompt()) === `${mark} half a line`)
  const before = said().length
  const refused = await send('a whole one')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stderr).toMatch(/half-typed line .* was taken back/)
  expect(await prompt()).toBe(`${mark} half a line`)
  await press(home, ['C-u'], 'site')
  expect(said()).toHaveLength(before)
  expect(await send('now it goes')).toMatchObject({ code: 0 })
  await untilIdle()
})

test('whoever is attached is not typed over, unless that is said', async () => {
  const visit = await openTerminal(home, 'visit', home.project, `${process.execPath} ${cli} attach site`)
  await until('somebody attached', async () => (await home.status()).sessions[0]?.terminal.attached === 1)
  const refused = await send('over their shoulder')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stderr).toContain('Somebody is attached to `site`')
  expect(await send('over their shoulder', '--force')).toMatchObject({ code: 0 })
  await visit.press(...leaveKeys)
  await until('the visit to end', async () => (await visit.screen()).includes('[ended with 0]'))
  await visit.close()
  await untilIdle()
})

test('a command of the client is run when it is named in full', async () => {
  const partly = await send('/exi')
  expect(partly).toMatchObject({ code: 1 })
  expect(partly.stderr).toContain('offers no command `/exi`')
  const unknown = await send('/nosuch thing')
  expect(unknown).toMatchObject({ code: 1 })
  expect(unknown.stderr).toContain('knows no command `/nosuch`')
  const pid = await live(home, 'site')
  const cleared = await send('/clear')
  expect(cleared, cleared.stderr).toMatchObject({ code: 0 })
  expect(cleared.stdout).toContain('site has run /clear')
  expect(await live(home, 'site')).toBe(pid)
})

test('a menu that the line ends in chooses nothing for it', async () => {
  writeFileSync(join(ward.cwd, 'notes.md'), 'x')
  const pid = await live(home, 'site')
  for (const text of ['read @notes.md', 'read @no', '@', 'write me@example.org']) {
    const sent = await send(text)
    expect(sent, sent.stderr).toMatchObject({ code: 0 })
    // The conversation is another one since /clear, in a file of its own.
    expect(said().filter((each) => each === text)).toHaveLength(1)
    await untilIdle()
  }
  expect(await live(home, 'site')).toBe(pid)
})

test('a question is not answered by it, forced or not', async () => {
  ward.bot.push('ask: which one?')
  await until('a question', async () => (await activity()) === 'waiting', 20_000)
  const before = await screen(home, 'site')
  for (const force of [[], ['--force']]) {
    const refused = await send('1', ...force)
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.stderr).toContain('waits for a person')
  }
  expect(await screen(home, 'site')).toBe(before)
  await press(home, ['Escape'], 'site')
  await untilIdle()
})

test('a suspended client gets its keyboard back', async () => {
  const pid = await live(home, 'site')
  process.kill(pid, 'SIGSTOP')
  expect(await send('wake up')).toMatchObject({ code: 0 })
  expect(said()).toContain('wake up')
  await untilIdle()
})

test('without a client there is nobody to take it', async () => {
  expect(await home.channels(['down', 'site'])).toMatchObject({ code: 0 })
  const refused = await runProgram(process.execPath, [cli, 'send', 'site', 'hello'], {
    cwd: home.project,
    env: home.env,
  })
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stderr).toContain('`channels up site` starts it')
})
