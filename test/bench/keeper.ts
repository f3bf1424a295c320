import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cli } from '../sim/cli.ts'
import type { Home } from '../sim/home.ts'
import { until } from '../sim/until.ts'
import { cpuMs, cpuShares, endChild, mib, pause, startNode, withoutCertificates } from './measure.ts'

export type Looked = {
  readonly looks: number
  readonly mib: number
  /** Of a Node that does nothing, without certificates: what they cost counts as the keeper's. */
  readonly idleMib: number
  /** CPU of one look, in milliseconds. */
  readonly perLookMs: number
}

/**
 * Has a keeper look so many times in a hurry, in place of the one in its terminal, which leaves. What it holds and what
 * a look costs then; where `atMostMs` is not enough for all looks, after as many as there were.
 */
export const lookOften = async (
  home: Home,
  wanted: { readonly looks: number; readonly everyMs: number; readonly atMostMs: number },
): Promise<Looked> => {
  await endKeeper(home)
  const idle = startNode(['-e', 'setInterval(()=>{},1e6)'], withoutCertificates(home.env))
  const keeper = startNode([...keeperFlags, cli, 'run', '--every', String(wanted.everyMs)], home.env)
  try {
    await until('the keeper to run', async () => (await home.status()).keeper?.pid === keeper.pid)
    const before = { cpu: cpuMs(keeper.pid), at: performance.now() }
    for (;;) {
      await pause(200)
      const [cpu, tookMs] = [cpuMs(keeper.pid) - before.cpu, performance.now() - before.at]
      // A look and the pause after it follow each other, and it is the looks that take CPU.
      const looks = Math.round((tookMs - cpu) / wanted.everyMs)
      if (looks < wanted.looks && tookMs < wanted.atMostMs) continue
      return { looks, mib: mib(keeper.pid), idleMib: mib(idle.pid), perLookMs: cpu / looks }
    }
  } finally {
    await Promise.all([keeper, idle].map(endChild))
  }
}

export type Watched = {
  /** Of one core, in per cent. */
  readonly share: number
  readonly mib: number
  readonly probes: number
  /** The shares of the others that were watched beside it. */
  readonly others: readonly number[]
}

/**
 * What the keeper in its terminal takes at its own pace, over a minute: in that it asks the platform about each session
 * once, which in a hurry it does as seldom as ever.
 *
 * @param others pids of what is to be watched at the same time
 */
export const watchKeeper = async (home: Home, others: readonly number[] = []): Promise<Watched> => {
  const pid = (await home.status()).keeper?.pid ?? Number.NaN
  const asked = probesSoFar(home)
  const [share = Number.NaN, ...shares] = await cpuShares([pid, ...others], minuteMs)
  return { share, mib: mib(pid), probes: probesSoFar(home) - asked, others: shares }
}

/** A probe follows the last one after a minute and up to one look. */
const minuteMs = 61_000

const probesSoFar = (home: Home): number =>
  home.bot.requests().filter(({ method }) => method === 'getMe').length

export const tellMemory = (looked: Looked, watched: Watched): string =>
  `${looked.mib.toFixed(1)} MiB after ${looked.looks} looks, ${watched.mib.toFixed(1)} MiB after a minute; idle Node: ${looked.idleMib.toFixed(1)} MiB`

export const tellCpu = (looked: Looked, watched: Watched): string =>
  `over a minute at a look every 2 s, ${watched.probes} TLS probes in it; of ${looked.looks} looks in a hurry: ${looked.perLookMs.toFixed(2)} ms a look, ${((looked.perLookMs / 2_000) * 100).toFixed(2)} %`

/** The keeper in its terminal leaves, and touches no session. */
const endKeeper = async (home: Home): Promise<void> => {
  const { keeper } = await home.status()
  if (keeper === null) return
  process.kill(keeper.pid, 'SIGTERM')
  await until('the keeper to leave', async () => (await home.status()).keeper === null)
}

/** As `keeper-loop.sh` gives them to Node. */
export const keeperFlags: readonly string[] =
  /--\S+(?: --\S+)*/
    .exec(
      readFileSync(fileURLToPath(new URL('../../src/keeper/keeper-loop.sh', import.meta.url)), 'utf8')
        .replaceAll('\\\n', '')
        .replace(/ +/g, ' ')
        .split('\n')
        .find((line) => line.includes('"$node"')) ?? '',
    )?.[0]
    .split(' ') ?? []
