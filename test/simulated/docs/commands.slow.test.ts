import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createProgram } from '../../../src/program.ts'
import { type CommandLine, inlineCommandsOf, isMention } from '../../docs/commands.ts'
import { pages, root } from '../../docs/pages.ts'
import { marketplace } from '../../sim/home.ts'
import { closeDesk, type Desk, openDesk, quoted, runAtTerminal, runScript } from './desk.ts'
import { wayOf } from './ways.ts'

// Every `channels …` that stands in a sentence or a table of the manual, run once, against a live session called site.

vi.stubGlobal('__VERSION__', '0.0.0')
const refuse = () => Promise.reject(new Error('no command is run here'))
const grammar = new Map(
  createProgram({ basics: refuse, look: refuse, world: refuse, print: () => undefined })
    .whole()
    .commands.map((command) => [command.name(), command]),
)

/** What the manual makes up, as it is here: its marketplace, its places, its conversation. */
const here = ({ home, token, conversation }: Desk, words: readonly string[]): readonly string[] => {
  const [verb, channel] = words
  if (verb === 'setup' && channel === undefined) return ['setup', home.channel]
  return words.map((word, i) =>
    verb === 'setup' && i === 1 && ['telegram', 'discord', 'fakechat'].includes(word)
      ? home.channelOf(word as 'telegram')
      : word
          .replace('@tools', `@${marketplace}`)
          .replace('/path/to/claude', join(home.bin, 'claude'))
          .replace('/run/secrets/telegram-token', token)
          .replace('11111111-2222-4333-8444-555555555555', conversation)
          .replace(/^~/, home.home),
  )
}

/** In this order each finds what it needs: what is looked at before what is changed, what is forgotten at the end. */
const order = [
  ...['--help', 'status', 'list', 'logs', 'doctor', 'completion', 'attach', 'access', 'pair', 'send', 'set'],
  ...['token', 'restart', 'up', 'setup', 'service', 'down', 'run', 'remove'],
]
const rankOf = ([verb = '']: readonly string[]): number => order.indexOf(verb)

const isRequired = ({ required }: { readonly required: boolean }): boolean => required
/** Only named, a command that has to be told something is not run. */
const isRun = (line: CommandLine): boolean => {
  const command = grammar.get(line.words[0] ?? '')
  if (command === undefined) return false
  return !(isMention(line) && (command.commands.length > 0 || command.registeredArguments.some(isRequired)))
}
const lines = [
  ...new Map(
    pages
      .flatMap(inlineCommandsOf)
      .filter(isRun)
      .map((line) => [line.words.join(' '), line]),
  ).values(),
].sort((a, b) => rankOf(a.words) - rankOf(b.words))

let desk: Desk
beforeAll(async () => {
  desk = await openDesk('site')
})
afterAll(() => closeDesk(desk))

test.each(lines.map(({ words, page }) => [words.join(' '), page, words] as const))(
  '`channels %s` (%s)',
  async (_, __, words) => {
    const way = wayOf(words)
    const line = ['channels', ...here(desk, words).map(quoted)].join(' ')
    if (way.by === 'another test') {
      expect(existsSync(`${root}${way.file}`)).toBe(true)
      expect(readFileSync(`${root}${way.file}`, 'utf8')).toContain(way.words)
      return
    }
    if (way.by === 'terminal') {
      const { code, screen } = await runAtTerminal(desk, line, way.once, way.keys)
      expect(code, screen).toBe(way.status)
      return
    }
    if (way.by === 'refusal') {
      const { code, stdout, stderr } = await runScript(desk, line)
      expect(code, stdout + stderr).toBe(way.status)
      expect(stderr).toContain(way.lacks)
      return
    }
    const more = (await way.words(desk)).map(quoted)
    let over = false
    const running = runScript(desk, [line, ...more].join(' '), way.input?.(desk)).finally(() => {
      over = true
    })
    await way.meanwhile?.(desk, () => over)
    const { code, stdout, stderr } = await running
    expect(code, `${more.join(' ')}\n${stdout}${stderr}`).toBe(0)
  },
)

test('there is an order for each, and enough of them', () => {
  expect(lines.filter(({ words }) => rankOf(words) === -1)).toEqual([])
  expect(lines.length).toBeGreaterThan(60)
})
