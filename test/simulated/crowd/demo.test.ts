import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { at, openProgram, type Program } from './program.ts'

let demo: Program
beforeEach(() => {
  demo = openProgram('demo')
})
afterEach(() => demo.close())

test('says what is real, answers, heals twice, and leaves nothing', async () => {
  const seen: number[] = []
  const { code, text } = await demo.run(at('phone  > hello', () => seen.push(...demo.left())))
  expect(code, text).toBe(0)
  // Else nothing would be looked for where nothing is found in the end.
  expect(seen.length).toBeGreaterThan(4)
  const told = [
    ...['stand-ins', '$ channels setup', 'is set up', '$ channels up', 'is live', 'bot    < echo: hello'],
    ...['# the client', 'Live again after', 'in the same conversation', '# the plugin'],
    ...[
      'bot    < echo: are you there',
      'what is done about it: end the client, resume the conversation [plugin-exited]',
      'demo is stopped',
      'demo is removed',
      'Removed:',
      'That was it.',
    ],
  ]
  // Each after the one before. What `status` says of a kill is left out: a slow look sees it healed, a quick one not yet.
  let from = 0
  for (const words of told) {
    const found = text.indexOf(words, from)
    expect(found, `${words}\nin what follows ${from} in\n${text}`).not.toBe(-1)
    from = found + words.length
  }
  expect(text.split('Live again after')).toHaveLength(3)
  expect(text.split('echo: hello')).toHaveLength(2)
  expect(text).not.toContain('\u001b')
  demo.expectNothingLeft()
})

test.each([
  ['stand-ins', 'SIGINT'],
  ['Starting demo', 'SIGTERM'],
  ['phone  > hello', 'SIGINT'],
  ['phone  > are you there', 'SIGHUP'],
] as const)('at "%s" %s: 130 and nothing left', async (line, name) => {
  const { code, text } = await demo.run(at(line, (program) => program.kill(name)))
  expect(code, text).toBe(130)
  expect(text).toContain(`Cancelled (${name}).`)
  expect(text).not.toContain('That was it.')
  demo.expectNothingLeft()
})

test('Ctrl-C again while it cleans up: it goes on to clean up', async () => {
  const again = at('== Clean up', (program) => program.kill('SIGINT'))
  const first = at('# the client', (program) => program.kill('SIGINT'))
  const { code, text } = await demo.run((printed, program) => {
    first(printed, program)
    again(printed, program)
  })
  expect(code, text).toBe(130)
  demo.expectNothingLeft()
})

test('nobody reads on: it cleans up and ends', async () => {
  const { code } = await demo.run(at('== 2.', (program) => program.stdout?.destroy()))
  expect(code).toBe(130)
  demo.expectNothingLeft()
})

test('a step that fails is named, with what is known, and nothing is left', async () => {
  const spoil = at('is set up for', () =>
    rmSync(join(demo.folder, readdirSync(demo.folder)[0] ?? '', 'bin', 'claude')),
  )
  const { code, text } = await demo.run(spoil)
  expect(code, text).toBe(1)
  expect(text).toMatch(/\nStep 2\. Bring it up failed: `channels up` ended with \d+\.\n/)
  expect(text).toContain('"version": 1')
  expect(text).toContain('asked: channels setup')
  demo.expectNothingLeft()
})

test('without tmux: a sentence and 69, before anything is made', async () => {
  mkdirSync(join(demo.folder, 'bin'))
  symlinkSync(process.execPath, join(demo.folder, 'bin', 'node'))
  const { code, text } = await demo.run(undefined, { env: { PATH: join(demo.folder, 'bin') } })
  expect(text).toBe(
    'The demo needs tmux, and there is none in your PATH: install it (apt install tmux, brew install tmux), and try again.\n',
  )
  expect(code).toBe(69)
  expect(readdirSync(demo.folder)).toEqual(['bin'])
})

test('with an old Node: a sentence and 69', async () => {
  const older =
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.1' } })"
  const { code, text } = await demo.run(undefined, {
    nodeArguments: ['--import', `data:text/javascript,${older}`],
  })
  expect(text).toContain('The demo needs Node 20.12 or later, and this is 20.11.1')
  expect(code).toBe(69)
  demo.expectNothingLeft()
})
