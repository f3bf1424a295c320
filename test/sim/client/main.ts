// Stand-in for Claude Code: what field notes, sections 1 to 5 say of it, driven over argv, environment, files, terminal,
// signals and sockets only. How a test can move it beyond that: knobs.ts.
import { writeFileSync } from 'node:fs'
import { authStatus } from './auth.ts'
import { runInteractive } from './interactive.ts'
import { readJson } from './json.ts'
import { readOptions } from './options.ts'
import { runPlugin } from './plugins.ts'
import { runPrint } from './print.ts'
import { startError } from './start-up.ts'
import { openWorld } from './world.ts'

const main = async (words: readonly string[]): Promise<number> => {
  const world = openWorld(process.env)
  const [first = '', second = '', ...rest] = words
  if (first === '--version' || first === '-v') return say(`${world.version} (Claude Code)`)
  if (first === 'auth' && second === 'status') return authStatus(world)
  if (first === 'plugin') return runPlugin(world, [second, ...rest])
  const options = readOptions(words)
  if (typeof options === 'string') return fail(options)
  const error = startError(world, options)
  if (error !== null) return fail(error)
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY
  if (options.print || (!isTerminal && options.background === null)) return runPrint(world, options)
  if (readJson(world.json).hasCompletedOnboarding !== true)
    // Section 8: it wants api.anthropic.com then, and there is no network.
    return fail(
      'Unable to connect to Anthropic services\nFailed to connect to api.anthropic.com: ERR_NETWORK',
    )
  return runInteractive(world, options)
}

const say = (text: string): number => {
  process.stdout.write(`${text}\n`)
  return 0
}

const fail = (text: string): number => {
  process.stderr.write(`${text}\n`)
  return 1
}

/** Processes look for `claude`, not for `node`: the short name is the executable's (section 2, process tree). */
const nameMyself = () => {
  if (process.platform === 'linux') writeFileSync('/proc/self/comm', 'claude')
}

nameMyself()
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status
})
