import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { standIns } from '../../sim/build.ts'
import type { HomeOptions } from '../../sim/home.ts'
import { until } from '../../sim/until.ts'
import { closeMachine, type Machine, makeMachine } from '../faults/kit.ts'
import { filesBelow } from '../faults/secrets.ts'

/** A machine whose client can be made to stop in the middle of what it does. */
export type Held = Machine & {
  /** From now on `claude <call>` stops at its begin: `auth-status`, `plugin-install`, `plugin-disable`, `start`. */
  readonly hold: (call: string) => Gate
  readonly end: () => Promise<void>
}

/** Something that lasts until it is let go. */
export type Gate = {
  /** Once something stands at it; null: that can only be seen by the time it takes. */
  readonly reached: (() => Promise<void>) | null
  readonly open: () => void
}

/** A machine with the stand-ins, and a client in front of them that stops at gates. */
export const openMachine = async (options: Partial<HomeOptions> = {}): Promise<Held> => {
  const programs = mkdtempSync(join(realpathSync(tmpdir()), 'gates-'))
  const claude = join(programs, 'claude')
  const gates = join(programs, 'gates')
  mkdirSync(gates)
  writeFileSync(claude, gateKeeper(gates))
  chmodSync(claude, 0o755)
  const machine = await makeMachine({ ...options, claude })
  return {
    ...machine,
    hold: (call) => {
      const file = join(gates, call)
      rmSync(`${file}.reached`, { force: true })
      writeFileSync(file, '')
      return {
        reached: async () =>
          void (await until(`${call} to be called`, () => existsSync(`${file}.reached`), 20_000)),
        open: () => rmSync(file, { force: true }),
      }
    },
    end: async () => {
      rmSync(gates, { recursive: true, force: true })
      try {
        await closeMachine(machine)
      } finally {
        rmSync(programs, { recursive: true, force: true })
      }
    },
  }
}

const gateKeeper = (gates: string): string =>
  [
    '#!/bin/sh',
    'case $1 in --session-id|--resume) call=start;; *) call=$1-$2;; esac',
    `gate='${gates}'/$call`,
    'if [ -e "$gate" ]; then',
    '  : >"$gate.reached"',
    '  while [ -e "$gate" ]; do sleep 0.1; done',
    'fi',
    `exec '${standIns.claude}' "$@"`,
    '',
  ].join('\n')

/**
 * Holds a file's lock by proper-lockfile's protocol, as another program does: renewed, or it counts as left behind; one
 * that was left behind is taken over. `reached` as a gate has it.
 */
export const holdLock = (path: string, reached: Gate['reached']): Gate => {
  const lock = `${path}.lock`
  if (isLeftBehind(lock)) rmSync(lock, { recursive: true })
  mkdirSync(lock)
  const renewal = setInterval(() => utimesSync(lock, new Date(), new Date()), 1_000)
  return {
    reached,
    open: () => {
      clearInterval(renewal)
      rmSync(lock, { recursive: true, force: true })
    },
  }
}

const isLeftBehind = (lock: string): boolean =>
  existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000

/** Makes the locks that a killed process left behind so old that nobody waits for them any more. */
export const ageLocks = (home: Machine): void => {
  for (const lock of locks(home)) utimesSync(lock, 0, 0)
}

/** Folders that are locks, by proper-lockfile's protocol. */
export const locks = ({ home, channelsHome }: Machine): readonly string[] =>
  [home, channelsHome].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
      .filter((entry) => entry.isDirectory() && /\.lock(\.|$)/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  )

/** Files of ours and the client's that a killed writer leaves behind. */
export const leftovers = (home: Machine): readonly string[] =>
  [home.home, home.channelsHome, home.project]
    .flatMap(filesBelow)
    .filter((file) => /\.(tmp|new|part)$/.test(file))
