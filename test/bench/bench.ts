import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildStandIns, standIns } from '../sim/build.ts'
import { makeHome } from '../sim/home.ts'
import { until } from '../sim/until.ts'

/**
 * The rows of design section 10 that this release has, as ratios measured in one run on one machine. Prints a table;
 * ends with 1 when a budget is exceeded.
 */
const cli = fileURLToPath(new URL('../../bin/channels.js', import.meta.url))
const keeperFlags = ['--max-semi-space-size=1', '--max-old-space-size=32', '--optimize-for-size']
const ticks = 2_000
const tickMs = 10

type Row = { readonly what: string; readonly measured: string; readonly budget: string; readonly kept: boolean }

const main = async (): Promise<void> => {
  await buildStandIns()
  const home = await makeHome({ claude: standIns.claude, bun: standIns.bun, server: 'compiled' })
  const rows: Row[] = []
  try {
    const env = { ...home.env }
    const setup = ['setup', home.channel, '--session', 'work', '--cwd', home.project, '--token-stdin', '--trust', '--allow', '42', '--yes']
    await ok(home.claude(['plugin', 'marketplace', 'add', `${home.root}/market`]))
    await ok(home.channels(setup, { input: home.bot.bot.token }))
    await ok(home.channels(['up']))

    const [floor, version, status] = interleaved(25, [['-e', '0'], [cli, '--version'], [cli, 'status']], env)
    rows.push(ratio('channels --version', version, floor, 1.25), ratio('channels status, 1 session', status, floor, 1.6))

    const session = (await home.status()).sessions[0]
    const beside = home.processes().filter(({ argv }) => /terminals\/work|sessions\/work\/loop.sh/.test(argv.join(" ")))
    const kib = beside.reduce((sum, { pid }) => sum + rss(pid), 0)
    rows.push({ what: 'a session beside its client', measured: `${mib(kib)} MiB`, budget: '8 MiB', kept: kib <= 8 * 1024 })

    const terminalKeeper = (await home.status()).keeper?.pid
    if (terminalKeeper === undefined || session === undefined) throw new Error('no keeper')
    process.kill(terminalKeeper, 'SIGTERM')
    await until('the keeper has left', async () => (await home.status()).keeper === null)
    rows.push(...(await measureKeeper(env)))
  } finally {
    await home.close()
  }
  print(rows)
  if (rows.some(({ kept }) => !kept)) process.exitCode = 1
}

const ok = async (call: Promise<{ code: number | null; stdout: string; stderr: string }>): Promise<void> => {
  const { code, stdout, stderr } = await call
  if (code !== 0) throw new Error(`exit ${code}: ${stdout}${stderr}`)
}

/** Medians in milliseconds; taken in turns, so that what else the machine does falls on all alike. */
const interleaved = (times: number, commands: readonly (readonly string[])[], env: NodeJS.ProcessEnv): readonly number[] => {
  const taken = commands.map((): number[] => [])
  for (let i = 0; i < times; i++)
    for (const [k, args] of commands.entries()) {
      const before = process.hrtime.bigint()
      spawnSync(process.execPath, args, { env, stdio: 'ignore' })
      taken[k]?.push(Number(process.hrtime.bigint() - before) / 1e6)
    }
  return taken.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN)
}

/** A keeper that looks every 10 ms, so that 2,000 looks take seconds; beside it a Node that does nothing, with no flags. */
const measureKeeper = async (env: NodeJS.ProcessEnv): Promise<readonly Row[]> => {
  const idle = spawn(process.execPath, ['-e', 'setInterval(()=>{},1e6)'], { env, stdio: 'ignore' })
  const keeper = spawn(process.execPath, [...keeperFlags, cli, 'run', '--every', String(tickMs)], { env, stdio: 'ignore' })
  try {
    const pid = keeper.pid ?? 0
    await wait(3_000)
    const [cpuBefore, atBefore] = [cpuMs(pid), Date.now()]
    await wait(ticks * tickMs * 1.5)
    const took = Date.now() - atBefore
    const cpu = cpuMs(pid) - cpuBefore
    const looks = took / (tickMs + cpu / (took / tickMs))
    const share = cpu / looks / 2_000
    const [kept, floor] = [rss(pid), rss(idle.pid ?? 0)]
    return [
      {
        what: `keeper after ${Math.round(looks)} looks, 1 session, memory`,
        measured: `${mib(kept)} MiB, ${(kept / floor).toFixed(2)} x idle Node (${mib(floor)} MiB)`,
        budget: '1.4 x',
        kept: kept <= 1.4 * floor,
      },
      {
        what: 'keeper, 1 session, a look every 2 s',
        measured: `${(share * 100).toFixed(2)} % of a core (${(cpu / looks).toFixed(2)} ms a look)`,
        budget: '0.3 %',
        kept: share <= 0.003,
      },
    ]
  } finally {
    idle.kill()
    keeper.kill()
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const rss = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN)
const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
const mib = (kib: number): string => (kib / 1024).toFixed(1)

const ratio = (what: string, ms = Number.NaN, floor = Number.NaN, budget: number): Row => ({
  what,
  measured: `${(ms / floor).toFixed(2)} x (${ms.toFixed(0)} ms; node -e 0: ${floor.toFixed(0)} ms)`,
  budget: `${budget} x`,
  kept: ms <= budget * floor,
})

const print = (rows: readonly Row[]): void => {
  for (const { what, measured, budget, kept } of rows)
    console.log(`${kept ? 'kept    ' : 'EXCEEDED'}  ${what.padEnd(48)} ${measured.padEnd(52)} budget ${budget}`)
}

await main()
