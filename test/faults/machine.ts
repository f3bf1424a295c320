import { copyFileSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { clientPath } from '../real/install.ts'
import { standIns } from '../sim/build.ts'
import { cli } from '../sim/cli.ts'
import { openTerminal } from '../sim/terminal.ts'
import { leaveKeys } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { journal } from '../sim/watch.ts'
import { type Machine, setUp, writeProgram } from '../simulated/faults/kit.ts'
import type { Fault, Scene } from './fault.ts'
import { realClients, world } from './home.ts'
import { channels, clientOf, type Place, pollerOf, scene, strike, wrapped } from './scene.ts'

/** What the machine, or whoever works on it, does: to the client's program, to disks and to our records. */
export const machine: readonly Fault[] = [
  {
    name: 'client stopped (SIGSTOP)',
    says: 'client-stopped',
    where: 'both',
    when: 'live',
    heals: 'once mended',
    open: scene(({ home }) => ({
      break: async () => strike(await clientOf(home), 'SIGSTOP'),
      mend: () => attachOnce(home),
    })),
  },
  {
    name: 'plugin stopped (SIGSTOP)',
    says: 'plugin-stopped',
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(({ home }) => ({ break: async () => strike(await pollerOf(home), 'SIGSTOP') })),
  },
  {
    name: 'client replaced on disk',
    says: 'client-replaced',
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: (home) => replaced(home),
  },
  {
    name: 'client ends at once, again and again',
    says: 'crash-loop',
    passes: ['client-exited'],
    where: 'both',
    when: 'start',
    heals: 'once mended',
    open: scene(
      crashing,
      wrapped((home) => [`case $1 in --session-id|--resume) [ ! -e '${crash(home)}' ] || exit 1;; esac`]),
    ),
  },
  {
    name: 'no tmux',
    says: 'multiplexer-missing',
    // Until it is asked for again, no terminal is there and no keeper that would start one.
    passes: ['terminal-lost'],
    where: 'both',
    when: 'start',
    heals: 'once mended',
    open: scene(({ home }) => {
      const env: Record<string, string> = {}
      return {
        break: () => {
          env.PATH = join(home.root, 'programs', 'none')
        },
        env: () => env,
        mend: () => {
          delete env.PATH
          return channels(home, ['up', 'work'])
        },
      }
    }),
  },
  {
    name: 'our state removed',
    says: 'records-lost',
    where: 'both',
    when: 'live',
    heals: 'once mended',
    open: scene(({ home }) => ({
      break: () => rmSync(home.state, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
      mend: () => channels(home, ['up', 'work']),
    })),
  },
]

/** `channels attach`, as the remedy says, and out again. */
const attachOnce = async (home: Machine): Promise<void> => {
  const person = await openTerminal(
    home,
    'person',
    home.project,
    `'${process.execPath}' '${cli}' attach work`,
  )
  await until('somebody attached', async () => (await home.status()).sessions[0]?.terminal.attached === 1)
  await person.press(...leaveKeys)
  await until('the end of it', async () => (await person.screen()).includes('[ended with'))
  await person.close()
}

const crash = ({ root }: Machine): string => join(root, 'crash')

function crashing({ home }: Place): Omit<Scene, 'ward'> {
  return {
    break: async () => {
      await channels(home, ['set', 'work', 'restart.attempts=3'])
      copyFileSync('/dev/null', crash(home))
    },
    // The third end within half an hour makes it one.
    appears: () =>
      until(
        'the third end',
        () => journal(home).filter(({ type }) => type === 'client-ended').length >= 3,
        30_000,
      ),
    mend: async () => {
      rmSync(crash(home))
      await channels(home, ['up', 'work'])
    },
  }
}

/** A client whose program is a file of its own: replaced as an installer does, by a rename. */
const replaced = async (home: Machine): Promise<Scene> => {
  const program = join(home.root, 'installed', world === 'real' ? 'claude' : 'node')
  const source = world === 'real' ? clientPath(realClients.usual) : process.execPath
  const install = () => {
    mkdirSync(dirname(program), { recursive: true })
    putInPlace(source, `${program}.new`)
    renameSync(`${program}.new`, program)
  }
  install()
  const client =
    world === 'real'
      ? program
      : writeProgram(home, 'own', 'claude', `exec '${program}' '${standIns.claude}' "$@"`)
  const ward = await setUp(home, 'work', { env: { CHANNELS_CLAUDE: client } })
  // A rename of one link of a file over another of the same file does nothing at all.
  const replace = () => {
    rmSync(program)
    install()
  }
  // Hundreds of megabytes, which whoever looks for tokens in all that is left would read.
  const close = () => rmSync(dirname(program), { recursive: true })
  return { ward, break: replace, close }
}

const putInPlace = (source: string, target: string): void => {
  try {
    linkSync(source, target)
  } catch {
    // Another file system.
    copyFileSync(source, target)
  }
}
