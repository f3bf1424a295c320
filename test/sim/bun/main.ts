// Stand-in for Bun: as much of it as a channel plugin's start needs. `bun run … start` stays as the parent of what the
// start script runs (field notes, section 2, process tree); `bun <file>` there becomes Node on that file, and where the
// client calls it so, this process runs the file itself, as the real one does.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const version = '1.4.5'

const main = async (words: readonly string[]): Promise<number> => {
  const [command = '', ...rest] = words
  if (command === '--version') return say(version)
  if (command === 'install') return install()
  if (command === 'run') return runScript(rest)
  return runHere(words)
}

/** One step of a start script. */
const runStep = async (words: readonly string[]): Promise<number> =>
  words[0] === 'install' ? install() : runFile(words)

const say = (text: string): number => {
  process.stdout.write(`${text}\n`)
  return 0
}

/** FAKE_BUN_OFFLINE=1 is a machine that does not reach the registry at the plugin's first start (section 3). */
const install = (): number => {
  if (process.env.FAKE_BUN_OFFLINE !== '1') return 0
  process.stderr.write('error: ConnectionRefused downloading package manifest @modelcontextprotocol/sdk\n')
  return 1
}

/** `bun run --cwd <root> --shell=bun --silent start`: the script's commands one after the other, as children. */
const runScript = async (words: readonly string[]): Promise<number> => {
  const root = words[words.indexOf('--cwd') + 1] ?? '.'
  process.chdir(root)
  const script = scriptIn(join(process.cwd(), 'package.json'), words.at(-1) ?? '')
  if (script === null) {
    process.stderr.write(`error: Script not found "${words.at(-1)}"\n`)
    return 1
  }
  for (const step of script.split('&&')) {
    const status = await runStep(step.trim().split(/\s+/).slice(1))
    if (status !== 0) return status
  }
  return 0
}

const scriptIn = (file: string, name: string): string | null => {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const scripts = field(content, 'scripts')
  const script = field(scripts, name)
  return typeof script === 'string' ? script : null
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined

/** The child's command line reads `bun server.ts`, as with the real one: that is what a newcomer looks for. */
const runFile = (words: readonly string[]): Promise<number> =>
  new Promise((ended) => {
    const child = spawn(process.execPath, [...words], {
      argv0: 'bun',
      stdio: 'inherit',
      env: { ...process.env, NODE_OPTIONS: preloads() },
    })
    // SIGINT is left to the child's own; SIGTERM ends this parent alone and leaves the server an orphan, as seen of
    // Bun 1.4 below client 2.1.330.
    process.on('SIGINT', () => undefined)
    child.on('exit', (code, signal) => ended(signal === null ? (code ?? 1) : 1))
  })

/** Ends when the file has nothing left to do, with the status that it sets. */
const runHere = ([file = '', ...words]: readonly string[]): Promise<number> => {
  const script = resolve(file)
  const load = createRequire(script)
  process.argv.splice(1, process.argv.length, script, ...words)
  for (const path of preloaded()) load(path)
  load(script)
  return new Promise(() => undefined)
}

/** What BUN_OPTIONS has a file load first, in Node's words; `run` and `install` pass it over (seen of Bun 1.4.5). */
const preloads = (): string =>
  preloaded()
    .map((path) => `--require=${path}`)
    .join(' ')

const preloaded = (): readonly string[] =>
  [...(process.env.BUN_OPTIONS ?? '').matchAll(/--preload=(\S+)/g)].map(([, path = '']) => path)

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status
})
