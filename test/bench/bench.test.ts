import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Health } from '../../src/core/records.ts'
import { standIns } from '../sim/build.ts'
import { cli } from '../sim/cli.ts'
import { type Home, makeHome } from '../sim/home.ts'
import { until } from '../sim/until.ts'

/**
 * The budgets of design section 10 that this release has, as ratios measured in one run on one machine: `npm run bench`.
 * Floors and what is measured take turns, so that what else the machine does falls on both.
 */
/** As `keeper-loop.sh` starts it. */
const keeperFlags =
  /--\S+(?: --\S+)*/
    .exec(
      readFileSync(fileURLToPath(new URL('../../src/keeper/keeper-loop.sh', import.meta.url)), 'utf8')
        .replaceAll('\\\n', '')
        .replace(/ +/g, ' ')
        .split('\n')
        .find((line) => line.includes('"$node"')) ?? '',
    )?.[0]
    .split(' ') ?? []
const looks = 2_000
const everyMs = 10

let home: Home
beforeAll(async () => {
  home = await makeHome({ claude: standIns.claude, bun: standIns.bun, server: 'compiled' })
  const place = [
    '--session',
    'work',
    '--cwd',
    home.project,
    '--token-stdin',
    '--trust',
    '--allow',
    '42',
    '--yes',
  ]
  await done(home.claude(['plugin', 'marketplace', 'add', `${home.root}/market`]))
  await done(home.channels(['setup', home.channel, ...place], { input: home.bot.bot.token }))
  await done(home.channels(['up']))
  // Until it has, `status` asks the platform itself.
  await until('the keeper has asked the platform', () => {
    const health = readFileSync(join(home.state, 'sessions', 'work', 'health.json'), 'utf8')
    return Object.keys((JSON.parse(health) as Health).platform).length > 0
  })
})
afterAll(() => home?.close())

test('start of a command', async () => {
  const [floor = Number.NaN, version = Number.NaN, list = Number.NaN, status = Number.NaN] = await inTurns(
    20,
    [
      ['-e', '0'],
      [cli, '--version'],
      [cli, 'list', '--names'],
      [cli, 'status'],
    ],
  )
  keep('channels --version', version / floor, 1.25, `${ms(version)}; node -e 0: ${ms(floor)}`)
  keep('a session name for a completion', list / floor, 1.25, ms(list))
  keep('channels status, 1 session', status / floor, 1.6, ms(status))
})

test('a session beside its client', async () => {
  const beside = home
    .processes()
    .filter(({ argv }) => /terminals\/work|sessions\/work\/loop\.sh/.test(argv.join(' ')))
  expect(beside.length).toBeGreaterThanOrEqual(2)
  keep(
    'a session beside its client, MiB',
    beside.reduce((sum, { pid }) => sum + mib(pid), 0),
    8,
    beside.map(({ comm }) => comm).join(' + '),
  )
})

test(`the keeper, ${looks} looks`, async () => {
  const { keeper } = await home.status()
  process.kill(keeper?.pid ?? Number.NaN, 'SIGTERM')
  await until('the terminal’s keeper has left', async () => (await home.status()).keeper === null)
  const idle = start(['-e', 'setInterval(()=>{},1e6)'])
  const measured = start([...keeperFlags, cli, 'run', '--every', String(everyMs)])
  try {
    const pid = measured.pid ?? Number.NaN
    const counted = await until('the keeper runs', async () => (await home.status()).keeper !== null)
    expect(counted).toBe(true)
    const before = { cpu: cpuMs(pid), at: Date.now() }
    await pause(looks * everyMs * 1.3)
    const [cpu, took] = [cpuMs(pid) - before.cpu, Date.now() - before.at]
    // A look and the pause after it follow each other.
    const perLook = cpu / ((took - cpu) / everyMs)
    keep(
      'keeper, memory',
      mib(pid) / mib(idle.pid ?? Number.NaN),
      1.4,
      `${mib(pid).toFixed(1)} MiB; idle Node: ${mib(idle.pid ?? 0).toFixed(1)} MiB`,
    )
    keep(
      'keeper, % of a core at a look every 2 s',
      (perLook / 2_000) * 100,
      0.3,
      `${perLook.toFixed(2)} ms a look`,
    )
  } finally {
    idle.kill()
    measured.kill()
  }
}, 120_000)

const done = async (
  call: Promise<{ code: number | null; stdout: string; stderr: string }>,
): Promise<void> => {
  const { code, stdout, stderr } = await call
  expect(code, stdout + stderr).toBe(0)
}

const keep = (what: string, measured: number, budget: number, detail: string): void => {
  console.log(`${what.padEnd(42)} ${measured.toFixed(2).padStart(6)}   budget ${budget}   (${detail})`)
  expect.soft(measured, what).toBeLessThanOrEqual(budget)
}

/** What of the caller's environment changes how Node itself starts; without it the floor is lower, and ratios higher. */
const callers =
  process.env.NODE_EXTRA_CA_CERTS === undefined
    ? {}
    : { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS }

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, args, { env: { ...home.env, ...callers }, stdio: 'ignore' })

/** Medians in milliseconds. Not `spawnSync`: the Bot API lives in this process. */
const inTurns = async (times: number, commands: readonly (readonly string[])[]): Promise<number[]> => {
  const taken = commands.map((): number[] => [])
  for (let i = 0; i < times; i++)
    for (const [k, args] of commands.entries()) {
      const before = performance.now()
      await new Promise((resolve) => start(args).once('exit', resolve))
      taken[k]?.push(performance.now() - before)
    }
  return taken.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN)
}

const pause = (forMs: number) => new Promise((resolve) => setTimeout(resolve, forMs))
const ms = (value: number): string => `${value.toFixed(0)} ms`
const mib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024
/** User and system time, in ticks of 10 ms. */
const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
