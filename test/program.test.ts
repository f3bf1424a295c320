import { expect, test, vi } from 'vitest'
import { settable } from '../src/commands/set.ts'
import { examples } from '../src/help/examples.ts'
import { settings } from '../src/help/notes.ts'
import { story, tellStory } from '../src/help/story.ts'
import { createProgram } from '../src/program.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const refuse = () => Promise.reject(new Error('no command is run here'))
const programWith = (print: (text: string) => void) =>
  createProgram({ basics: refuse, look: refuse, world: refuse, print })
const run = (line: string): Promise<number> => programWith(() => undefined).run(line.split(' '))
/** What a command line prints that needs no world, and its exit status. */
const said = async (...argv: readonly string[]) => {
  let text = ''
  const status = await programWith((more) => {
    text += more
  }).run(argv)
  return { status, text }
}

test.each([
  ...['--watch --quiet', '--plain --quiet', '--json --quiet', '--plain --json'],
  ...['--json', '--watch', '--plain', '--quiet'].map((flag) => `--probe live ${flag}`),
])('status %s can not be meant: wrong usage', async (flags) => {
  await expect(run(`status ${flags}`)).rejects.toMatchObject({
    status: 2,
    message: expect.stringMatching(/^option '--\w+( <\w+>)?' cannot be used with option '--\w+'\.$/),
  })
})

test.each([
  ...['--watch', '--watch --json', '--watch --plain', '--quiet'],
  ...['--probe live', '--probe ready'],
])('status %s is right: it gets as far as the world', async (flags) => {
  await expect(run(`status work ${flags}`)).rejects.toThrow('no command is run here')
})

test('names alone are no document: wrong usage', async () => {
  await expect(run('list --names --json')).rejects.toMatchObject({ status: 2 })
})

test.each(['--own --stop', '--stop --in-terminal', '--own --in-terminal', '--probe'])(
  'run %s can not be meant: wrong usage',
  async (flags) => {
    await expect(run(`run ${flags}`)).rejects.toMatchObject({ status: 2 })
  },
)

test.each(['', ' --own', ' --stop'])('run%s is right: it gets as far as the world', async (flags) => {
  await expect(run(`run${flags}`)).rejects.toThrow('no command is run here')
})

test.each(['install', 'install --yes --no-boot', 'uninstall --yes', 'status --json'])(
  'service %s is right: it gets as far as the world',
  async (order) => {
    await expect(run(`service ${order}`)).rejects.toThrow('no command is run here')
  },
)

test.each([
  ['service', '`service` has to be told what to do.'],
  ['service frob', '`service` knows no frob.'],
  ['service status --yes', "unknown option '--yes'."],
  ['service install now', expect.stringContaining('too many arguments')],
])('%s is wrong usage', async (line, message) => {
  await expect(run(line)).rejects.toMatchObject({ status: 2, message })
})

test.each([
  ['stauts', "unknown command 'stauts'. Did you mean `channels status`?"],
  ['help stauts', "unknown command 'stauts'. Did you mean `channels status`?"],
  ['stauts --help', "unknown command 'stauts'. Did you mean `channels status`?"],
  ['telegram', "unknown command 'telegram'. Did you mean `channels setup telegram`?"],
  ['custom', "unknown command 'custom'."],
  ['lunch', "unknown command 'lunch'."],
  ['__proto__', "unknown command '__proto__'."],
  ['constructor', "unknown command 'constructor'."],
  ['status --jsno', "unknown option '--jsno'. Did you mean `--json`?"],
  ['setup --tokn-file x', "unknown option '--tokn-file'. Did you mean `--token-file`?"],
  ['run --in-terminall', "unknown option '--in-terminall'."],
  ['--hepl', "unknown option '--hepl'. Did you mean `--help`?"],
])('%s: what was meant is said, and nothing that is hidden', async (line, message) => {
  await expect(run(line)).rejects.toMatchObject({
    status: 2,
    message,
    hint: expect.stringContaining('--help'),
  })
})

test('every way to ask for all of it tells the same', async () => {
  const told = {
    status: 0,
    text: tellStory(
      programWith(() => undefined)
        .whole()
        .description(),
    ),
  }
  for (const argv of [[], ['--help'], ['-h'], ['help'], ['help', 'help'], ['--help', 'status']])
    expect(await said(...argv)).toEqual(told)
  expect(await said('--version')).toEqual({ status: 0, text: '0.0.0\n' })
})

test('every way to ask for one of them tells the same', async () => {
  const told = await said('status', '--help')
  expect(told).toMatchObject({
    status: 0,
    text: expect.stringMatching(/^Usage: channels status \[options\]/),
  })
  for (const argv of [
    ['help', 'status'],
    ['status', '-h'],
    ['status', 'work', '--json', '--help'],
  ])
    expect(await said(...argv)).toEqual(told)
  expect((await said('help', 'service', 'install')).text).toMatch(/^Usage: channels service install /)
})

const visible = programWith(() => undefined)
  .whole()
  .commands.filter((command) => command.name() !== 'launch')

test('the story has every command once, and no other', () => {
  const names = Object.values(story).flatMap((commands) => Object.keys(commands))
  expect(names.toSorted()).toEqual(visible.map((command) => command.name()).toSorted())
  expect(tellStory('')).not.toMatch(/\blaunch\b/)
})

test('`set --help` has every key there is to set', async () => {
  expect(settings.map(([key]) => key)).toEqual(settable)
  const { text } = await said('set', '--help')
  for (const key of settable) expect(text).toContain(`\n  ${key}  `)
})

test('every command has examples, and no other', () => {
  const names = visible.flatMap((command) => [
    command.name(),
    ...command.commands.map((each) => `${command.name()} ${each.name()}`),
  ])
  expect(Object.keys(examples).toSorted()).toEqual(names.toSorted())
})

test.each(Object.entries(examples))('%s --help shows its examples, 80 columns wide', async (name, own) => {
  const { text } = await said(...name.split(' '), '--help')
  // The blocks that commander wraps are its own.
  const [, after = ''] = text.split('\nExamples:\n')
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  // As a shell reads what goes on in the next line.
  const typed = after.replaceAll(/ \\\n +/g, ' ')
  for (const { command } of own) expect(typed).toContain(`  $ ${command}`)
})

test.each(
  Object.values(examples)
    .flat()
    .flatMap(({ command }) => [...command.matchAll(/\bchannels ((?:"[^"]*"|[^>"&|<)])+)/g)])
    .map(([, line = '']) => line.trim()),
)('`channels %s` is right: it gets as far as the world', async (line) => {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
  await expect(programWith(() => undefined).run(words)).rejects.toThrow('no command is run here')
})
