import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Outcome } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { press, screen } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { transcriptRows, untilLive } from '../sim/watch.ts'
import { bringUp, makeRealHome } from './harness.ts'
import { clientVersions } from './versions.ts'

describe.each(clientVersions)('a line sent to client %s', (version) => {
  let home: Home
  beforeAll(async () => {
    home = await makeRealHome({ version })
    await bringUp(home)
    await untilLive(home)
  })
  afterAll(() => home?.close())

  const send = (...words: readonly string[]): Promise<Outcome> => home.channels(['send', 'work', ...words])
  const type = (...keys: readonly string[]) => press(home, keys)
  // 2.1.300 and later have it in the request to the model API as well (`api-request-blob`).
  const said = () =>
    transcriptRows(home)
      .filter(({ type }) => type === 'user')
      .map(({ message }) => (message as { content?: unknown } | undefined)?.content)
  const untilActivity = (activity: string) =>
    until(activity, async () => (await home.status()).sessions[0]?.client?.activity === activity, 20_000)

  test('arrives as it is, short or long', async () => {
    const long = `${'so many words '.repeat(120)}and an end`
    for (const text of [`it's $(id) \`x\` #{pid} é漢字👍 \\n;`, '# no comment', '& no job', long]) {
      const sent = await send(text)
      expect(sent, sent.stderr).toMatchObject({ code: 0 })
      expect(sent.stdout).toContain('has taken it')
      expect(said()).toContain(text)
      await untilActivity('idle')
    }
  })

  test("leaves somebody's half-typed line alone, wherever the cursor is, of one line or two", async () => {
    // The prompt's blank does not break.
    const drafted = async () =>
      [
        ...(await screen(home)).replaceAll('\u00a0', ' ').matchAll(/^(?:❯| ) (?:half a line|and more)$/gm),
      ].join()
    const draft = async (keys: readonly (readonly string[])[], expected: string) => {
      for (const each of keys) await type(...each)
      await until('what is typed', async () => (await drafted()) === expected)
      const refused = await send('a whole one')
      expect(refused).toMatchObject({ code: 1 })
      expect(refused.stderr).toMatch(/half-typed line .* was taken back/)
      expect(await drafted()).toBe(expected)
    }
    await draft([['-l', 'half a line']], '❯ half a line')
    await draft([['Home']], '❯ half a line')
    await draft([['End'], ['-l', '\\'], ['Enter'], ['-l', 'and more']], '❯ half a line,  and more')
    expect(said().flat().join()).not.toMatch(/half a line|a whole one/)
    await until('an empty prompt', async () => {
      await type('C-u', 'BSpace')
      return (await drafted()) === ''
    })
    expect(await send('now it goes')).toMatchObject({ code: 0 })
    await untilActivity('idle')
  })

  test('runs no command that is not named in full, and says which opens a dialog', async () => {
    expect((await send('/exi')).stderr).toContain('offers no command `/exi`')
    expect((await send('/nosuch x')).stderr).toContain('knows no command `/nosuch`')
    expect((await send('/clear')).stdout).toContain('has run /clear')
    expect((await send('/usage')).stderr).toContain('opened a dialog')
    const refused = await send('1', '--force')
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.stderr).toContain('waits for a person')
    await type('Escape')
    await untilActivity('idle')
  })

  // Of the file that 2.1.139 offers for `@no`, and of the picture that 2.1.330 offers for `:smi`, Enter would take the first.
  test('is not changed by the menu it ends in, nor left standing there', async () => {
    writeFileSync(join(home.project, 'notes.md'), 'notes')
    const texts = ['read @no', 'read @notes.md', 'read @nothere.md', '@no', 'read @', '@agent', 'read @"no']
    for (const text of [...texts, 'ask me@example.org', 'so happy :smi', ':smile:', 'exit now', 'Exit']) {
      const sent = await send(text)
      expect(sent, `${text}: ${sent.stderr}`).toMatchObject({ code: 0 })
      expect(said().filter((each) => each === text)).toHaveLength(1)
      await untilActivity('idle')
    }
  })

  test('would end it: it is refused, and the client lives', async () => {
    const pid = async () => (await home.status()).sessions[0]?.client?.pid
    const before = await pid()
    for (const line of ['exit', 'quit', ':q', ' :wq! ', '/exit', '/logout', '?']) {
      const refused = await send('--force', line)
      expect(refused, line).toMatchObject({ code: 2, stdout: '' })
    }
    expect(await pid()).toBe(before)
  })

  test('waits where Claude is busy, and where that is said', async () => {
    expect(await send('slow: 5')).toMatchObject({ code: 0 })
    await untilActivity('busy')
    expect((await send('not now')).stderr).toContain('Claude is busy')
    expect((await send('later', '--force')).stdout).toContain('when the present turn is over')
    await until('its turn', () => said().includes('later'), 20_000)
    expect(said()).not.toContain('not now')
    await untilActivity('idle')
  })
})
