import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readProcess, signal } from '../../sim/processes.ts'

const script = fileURLToPath(new URL('../../../scripts/demo.js', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'))
})
afterEach(() => {
  for (const pid of left()) signal(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Processes that have the demo's temporary folder in their environment or command line. */
const left = (): readonly number[] =>
  readdirSync('/proc')
    .map((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : null))
    .filter((found) => found !== null)
    .filter(({ argv, env }) => [...argv, ...Object.values(env)].some((text) => text.includes(folder)))
    .map(({ pid }) => pid)

type Ended = { readonly code: number | null; readonly text: string; readonly ms: number }
type Options = { readonly nodeArguments?: readonly string[]; readonly env?: Readonly<Record<string, string>> }

/** Plays the demo below `folder`; `heard` gets all that was printed so far, whenever there is more. */
const play = (
  heard: (text: string, demo: ChildProcess) => void = () => undefined,
  { nodeArguments = [], env = {} }: Options = {},
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const started = Date.now()
    const demo = spawn(process.execPath, [...nodeArguments, script], {
      env: { ...process.env, TMPDIR: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [demo.stdout, demo.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        heard(text, demo)
      })
    demo.once('error', reject)
    demo.once('close', (code) => resolve({ code, text, ms: Date.now() - started }))
  })

const expectNothingLeft = () => {
  expect(left()).toEqual([])
  expect(readdirSync(folder)).toEqual([])
}

/** Calls back once, as soon as the demo has printed this. */
const at = (line: string, act: (demo: ChildProcess) => void) => {
  let done = false
  return (text: string, demo: ChildProcess) => {
    if (done || !text.includes(line)) return
    done = true
    act(demo)
  }
}

test('says what is real, answers, heals twice, and leaves nothing', async () => {
  const seen: number[] = []
  const { code, text, ms } = await play(at('phone  > hello', () => seen.push(...left())))
  expect(code, text).toBe(0)
  // Else nothing would be looked for where nothing is found in the end.
  expect(seen.length).toBeGreaterThan(4)
  const told = [
    ...['stand-ins', '$ channels setup', 'is set up', '$ channels up', 'is live', 'bot    < echo: hello'],
    ...['# the client', 'Live again after', 'in the same conversation', '# the plugin'],
    ...[
      'bot    < echo: are you there',
      'plugin-exited: end the client',
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
  expect(ms).toBeLessThan(60_000)
  expectNothingLeft()
})

test.each([
  ['stand-ins', 'SIGINT'],
  ['Starting demo', 'SIGTERM'],
  ['phone  > hello', 'SIGINT'],
  ['phone  > are you there', 'SIGHUP'],
] as const)('at "%s" %s: 130 and nothing left', async (line, name) => {
  const { code, text } = await play(at(line, (demo) => demo.kill(name)))
  expect(code, text).toBe(130)
  expect(text).toContain(`Cancelled (${name}).`)
  expect(text).not.toContain('That was it.')
  expectNothingLeft()
})

test('Ctrl-C again while it cleans up: it goes on to clean up', async () => {
  const again = at('== Clean up', (demo) => demo.kill('SIGINT'))
  const first = at('# the client', (demo) => demo.kill('SIGINT'))
  const { code, text } = await play((printed, demo) => {
    first(printed, demo)
    again(printed, demo)
  })
  expect(code, text).toBe(130)
  expectNothingLeft()
})

test('nobody reads on: it cleans up and ends', async () => {
  const { code } = await play(at('== 2.', (demo) => demo.stdout?.destroy()))
  expect(code).toBe(130)
  expectNothingLeft()
})

test('a step that fails is named, with what is known, and nothing is left', async () => {
  const spoil = at('is set up for', () => rmSync(join(folder, readdirSync(folder)[0] ?? '', 'bin', 'claude')))
  const { code, text } = await play(spoil)
  expect(code, text).toBe(1)
  expect(text).toMatch(/\nStep 2\. Bring it up failed: `channels up` ended with \d+\.\n/)
  expect(text).toContain('"version": 1')
  expect(text).toContain('asked: channels setup')
  expectNothingLeft()
})

test('without tmux: a sentence and 69, before anything is made', async () => {
  mkdirSync(join(folder, 'bin'))
  symlinkSync(process.execPath, join(folder, 'bin', 'node'))
  const { code, text } = await play(undefined, { env: { PATH: join(folder, 'bin') } })
  expect(text).toBe(
    'The demo needs tmux, and there is none in your PATH: install it (apt install tmux, brew install tmux), and try again.\n',
  )
  expect(code).toBe(69)
  expect(readdirSync(folder)).toEqual(['bin'])
})

test('with an old Node: a sentence and 69', async () => {
  const older =
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.1' } })"
  const { code, text } = await play(undefined, {
    nodeArguments: ['--import', `data:text/javascript,${older}`],
  })
  expect(text).toContain('The demo needs Node 20.12 or later, and this is 20.11.1')
  expect(code).toBe(69)
  expectNothingLeft()
})
