import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sim/until.ts'
import { atStart, type Machine, pathWith, type WardOptions, writeProgram } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { channels, scene } from './scene.ts'

/** What keeps the plugin from starting. */
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
        break: async () => {
          // Only what the client itself noted of a failure does: it knows the server by more than its name.
          writeFileSync(broken(home), '')
          await home.channels(['up', 'work', '--no-wait'])
          await until('its note', () => isNoted(home), 20_000)
          copyFileSync(needsAuth(home), noted(home))
          await channels(home, ['down', 'work'])
          rmSync(broken(home))
          return Date.now()
        },
        mend: () => rmSync(noted(home)),
      }),
      passingOver,
    ),
  },
  {
    name: 'plugin ends at its start',
    says: 'plugin-failed',
    passes: ['client-exited'],
    where: 'both',
    when: 'start',
    heals: 'once mended',
    open: scene(
      ({ home }) => ({
        break: () => writeFileSync(broken(home), ''),
        mend: () => rmSync(broken(home)),
        appears: () => until('the failure', () => existsSync(`${broken(home)}.said`), 20_000),
      }),
      withBun(
        (home) => `[ ! -e '${broken(home)}' ] || { ${itsWords}; echo >>'${broken(home)}.said'; exit 1; }`,
      ),
    ),
  },
  {
    name: 'plugin ends at its start, for good',
    says: 'not-healing',
    passes: ['plugin-failed', 'client-exited'],
    where: 'both',
    when: 'start',
    heals: 'once mended',
    open: scene(
      ({ home }) => ({
        break: () => writeFileSync(broken(home), ''),
        mend: async () => {
          rmSync(broken(home))
          await channels(home, ['restart', 'work'])
        },
        // Three healings; each client starts it twice, the fourth as well.
        appears: () => until('the fourth client to have tried', () => triesOf(home) >= 8, 60_000),
      }),
      withBun(
        (home) => `[ ! -e '${broken(home)}' ] || { ${itsWords}; echo >>'${broken(home)}.said'; exit 1; }`,
      ),
    ),
  },
]

const needsAuth = ({ home }: Machine): string => join(home, '.claude', 'mcp-needs-auth-cache.json')
const failedNow = (): string =>
  JSON.stringify({ 'plugin:telegram:telegram': { timestamp: Date.now(), id: '0'.repeat(16) } })

const noted = ({ root }: Machine): string => join(root, 'noted.json')
const isNoted = (home: Machine): boolean =>
  existsSync(needsAuth(home)) && readFileSync(needsAuth(home), 'utf8').includes('plugin:telegram')

/** Launch takes the note away before every start: this client finds it there again. */
function passingOver(home: Machine): WardOptions {
  const client = writeProgram(
    home,
    'forgetful',
    'claude',
    atStart(`[ ! -e '${noted(home)}' ] || cp '${noted(home)}' '${needsAuth(home)}'`),
  )
  const { env } = withBun(failingBun)(home)
  return { env: { ...env, CHANNELS_CLAUDE: client } }
}

const broken = ({ root }: Machine): string => join(root, 'broken')
const itsWords = 'echo "error: Cannot find package" >&2'
function failingBun(home: Machine): string {
  return `[ ! -e '${broken(home)}' ] || { ${itsWords}; echo >>'${broken(home)}.said'; exit 1; }`
}

const triesOf = (home: Machine): number =>
  existsSync(`${broken(home)}.said`) ? readFileSync(`${broken(home)}.said`).length : 0

/** A Bun that runs this line of shell first. */
export function withBun(line: (home: Machine) => string): (home: Machine) => WardOptions {
  return (home) => {
    const bun = writeProgram(home, 'bun', 'bun', line(home))
    return { env: { PATH: pathWith(join(bun, '..')), CHANNELS_CLAUDE: join(home.bin, 'claude') } }
  }
}
