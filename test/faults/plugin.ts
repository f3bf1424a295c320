import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openTerminal } from '../sim/terminal.ts'
import { until } from '../sim/until.ts'
import { journal, pollers, sockets, tmux } from '../sim/watch.ts'
import { atStart, type Machine, pathWith, type WardOptions, writeProgram } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { change, channels, pollerOf, scene, wrapped } from './scene.ts'

/** What becomes of the plugin: it does not start, or somebody else has its bot. */
export const plugin: readonly Fault[] = [
  {
    name: 'needs-auth leftover of the plugin',
    says: null,
    where: 'both',
    when: 'start',
    heals: 'by itself',
    open: scene(({ home }) => ({ break: () => writeFileSync(needsAuth(home), failedNow()) })),
  },
  {
    name: 'client passes its plugin over',
    says: 'plugin-not-started',
    passes: ['client-exited'],
    where: 'both',
    when: 'start',
    heals: 'once mended',
    backS: 45,
    open: scene(
      ({ home }) => ({
        break: () => writeFileSync(skipping(home), ''),
        mend: () => rmSync(skipping(home)),
      }),
      // After launch has taken its own entry out of the list, which it does before every start.
      wrapped((home) => [atStart(`[ ! -e '${skipping(home)}' ] || ${entryOfNow}`)]),
    ),
  },
  {
    name: 'port of the plugin taken',
    says: 'plugin-failed',
    passes: ['client-exited'],
    where: 'both',
    when: 'start',
    heals: 'once mended',
    open: scene(
      ({ home }) => ({
        break: () => writeFileSync(taken(home), ''),
        mend: () => rmSync(taken(home)),
        appears: () => until('the failure', () => existsSync(`${taken(home)}.said`), 20_000),
      }),
      withBun(
        (home) => `[ ! -e '${taken(home)}' ] || { ${portTaken}; echo >>'${taken(home)}.said'; exit 1; }`,
      ),
    ),
  },
  {
    name: 'port of the plugin taken for good',
    says: 'not-healing',
    passes: ['plugin-failed', 'client-exited'],
    where: 'both',
    when: 'start',
    heals: 'once mended',
    open: scene(
      ({ home }) => ({
        break: () => writeFileSync(taken(home), ''),
        mend: async () => {
          rmSync(taken(home))
          await channels(home, ['restart', 'work'])
        },
        // Three healings; each client starts it twice, the fourth as well.
        appears: () => until('the fourth client to have tried', () => triesOf(home) >= 8, 60_000),
      }),
      withBun(
        (home) => `[ ! -e '${taken(home)}' ] || { ${portTaken}; echo >>'${taken(home)}.said'; exit 1; }`,
      ),
    ),
  },
  {
    name: 'thief: another session takes the bot',
    says: 'poller-stolen',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(
      ({ home }) => ({ break: async () => (await steal(home, 'thief')).at }),
      () => ({ flags: ['--shared'] }),
    ),
  },
  {
    name: 'background fork',
    says: 'poller-stolen',
    passes: ['client-exited'],
    where: 'both',
    when: 'live',
    heals: 'by itself',
    open: scene(
      ({ home }) => ({
        break: async () => {
          const before = await pollerOf(home)
          await tmux(home, sockets(home).session, 'send-keys', 'Left')
          return untilOther(home, before)
        },
      }),
      wrapped(() => ['unset CLAUDE_CODE_DISABLE_AGENT_VIEW']),
    ),
  },
  {
    name: 'thief that comes again and again',
    says: 'poller-contested',
    passes: ['poller-stolen', 'client-exited'],
    where: 'simulation',
    when: 'live',
    heals: 'once mended',
    open: scene(
      ({ home }) => {
        const thieves: Thief[] = []
        return {
          break: async () => {
            for (let i = 0; i < 3; i += 1) {
              const thief = await steal(home, `thief-${i}`)
              thieves.push(thief)
              await untilHealed(home, thief.at)
            }
            const last = await steal(home, 'thief-3')
            thieves.push(last)
            return last.at
          },
          mend: async () => {
            for (const thief of thieves) await thief.close()
            await channels(home, ['restart', 'work'])
          },
        }
      },
      () => ({ flags: ['--shared'] }),
    ),
  },
]

const needsAuth = ({ home }: Machine): string => join(home, '.claude', 'mcp-needs-auth-cache.json')
const failedNow = (): string =>
  JSON.stringify({ 'plugin:telegram:telegram': { timestamp: Date.now(), id: '0'.repeat(16) } })

const skipping = ({ root }: Machine): string => join(root, 'skip-plugin')
const entryOfNow =
  'printf \'{"plugin:telegram:telegram":{"timestamp":%s000}}\' "$(date +%s)" >"$HOME/.claude/mcp-needs-auth-cache.json"'

const taken = ({ root }: Machine): string => join(root, 'port-taken')
const portTaken = 'echo "error: Failed to start server. Is port 8787 in use?" >&2'

const triesOf = (home: Machine): number =>
  existsSync(`${taken(home)}.said`) ? readFileSync(`${taken(home)}.said`).length : 0

/** A Bun that runs this line of shell first. */
function withBun(line: (home: Machine) => string): (home: Machine) => WardOptions {
  return (home) => {
    const bun = writeProgram(home, 'bun', 'bun', line(home))
    return { env: { PATH: pathWith(join(bun, '..')), CHANNELS_CLAUDE: join(home.bin, 'claude') } }
  }
}

type Thief = { readonly at: number; readonly close: () => Promise<void> }

/** A client that somebody starts by hand in another folder, without `--channels`; `at` is when its plugin has the bot. */
const steal = async (home: Machine, name: string): Promise<Thief> => {
  const folder = join(home.root, name)
  mkdirSync(folder)
  change(join(home.home, '.claude.json'), (json) => ({
    ...json,
    projects: { ...(json.projects as object), [folder]: { hasTrustDialogAccepted: true } },
  }))
  const before = await pollerOf(home)
  const terminal = await openTerminal(home, name, folder, 'claude --permission-mode default')
  return { at: await untilOther(home, before), close: terminal.close }
}

const untilOther = (home: Machine, before: number | undefined): Promise<number> =>
  until('another poller', () => (pollers(home).some(({ pid }) => pid !== before) ? Date.now() : null), 20_000)

const untilHealed = (home: Machine, since: number): Promise<unknown> =>
  until(
    'the bot back',
    () => {
      const last = journal(home).findLast((entry) => entry.type === 'state')
      return last?.type === 'state' && last.to === 'live' && last.at > since
    },
    30_000,
  )
