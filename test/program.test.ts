import { expect, test, vi } from 'vitest'
import { createProgram } from '../src/program.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const refuse = () => Promise.reject(new Error('no command is run here'))
const run = (line: string): Promise<number> =>
  createProgram({ basics: refuse, look: refuse, world: refuse, print: () => undefined }).run(line.split(' '))

test.each([
  ...['--watch --quiet', '--plain --quiet', '--plain --json'],
  ...['--json', '--watch', '--plain', '--quiet'].map((flag) => `--probe live ${flag}`),
])('status %s can not be meant: wrong usage', async (flags) => {
  await expect(run(`status ${flags}`)).rejects.toMatchObject({
    status: 2,
    message: expect.stringMatching(/^option '--\w+( <\w+>)?' cannot be used with option '--\w+'\.$/),
  })
})

test.each([
  ...['--watch', '--watch --json', '--watch --plain', '--json --quiet'],
  ...['--probe live', '--probe ready'],
])('status %s is right: it gets as far as the world', async (flags) => {
  await expect(run(`status work ${flags}`)).rejects.toThrow('no command is run here')
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
