import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import {
  closeMachine,
  expectEcho,
  expectUp,
  live,
  type Machine,
  makeMachine,
  pathWith,
  sessionIn,
  setUp,
} from '../faults/kit.ts'
import { installNative, stored, writeBun, writeClient, writeScript } from './install.ts'

// Client and Bun as version managers have them. Theirs are stand-ins that behave as asdf 0.16 and mise 2026 do: a shim asks
// which version is chosen for the folder it is called in, and runs nothing where none is.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

const below = (...path: readonly string[]) => join(home.home, ...path)

/** `asdf which` and `asdf exec`, by the `.tool-versions` of the folder; and a shim for each program. */
const installAsdf = (plugins: Readonly<Record<string, string>>): void => {
  writeScript(
    below('.local/bin/asdf'),
    'case $2 in bun) plugin=bun;; *) plugin=nodejs;; esac',
    'version=$(sed -n "s/^$plugin //p" .tool-versions 2>/dev/null)',
    'if [ -z "$version" ]; then echo "No version is set for command $2" >&2; exit 126; fi',
    'program=$HOME/.asdf/installs/$plugin/$version/bin/$2',
    '[ -x "$program" ] || { echo "unknown command: $2. Perhaps you have to reshim?" >&2; exit 1; }',
    'case $1 in which) echo "$program"; exit;; esac',
    'shift 2',
    'exec "$program" "$@"',
  )
  for (const [name, version] of Object.entries(plugins))
    writeScript(below('.asdf/shims', name), `# asdf-plugin: ${version}`, `exec asdf exec "${name}" "$@"`)
}

const asdfPath = () => pathWith(below('.asdf/shims'), below('.local/bin'))
const inNode = (version: string) => below('.asdf/installs/nodejs', version, 'bin/claude')
const inBun = (version: string) => below('.asdf/installs/bun', version, 'bin/bun')

test('asdf: what its shims stand for in the session’s folder is stored, and runs where the shims would not', async () => {
  installAsdf({ bun: 'bun 1.2.20', claude: 'nodejs 22.1.0' })
  writeClient(home, inNode('22.1.0'), '2.1.330')
  writeBun(home, inBun('1.2.20'))
  const folder = join(home.root, 'in-asdf')
  mkdirSync(folder)
  writeFileSync(join(folder, '.tool-versions'), 'bun 1.2.20\nnodejs 22.1.0\n')
  const ward = await setUp(home, 'asdf', { env: { PATH: asdfPath() } })
  expect(stored(home, 'asdf')).toMatchObject({ client: inNode('22.1.0'), bun: inBun('1.2.20') })
  await expectUp(home, 'asdf', 0, 'asdf is live')
  await expectEcho(ward, 'by asdf')
})

test('its versions removed while it runs: the next start takes the new ones, and `up` says and stores them', async () => {
  const before = await live(home, 'asdf')
  writeClient(home, inNode('22.2.0'), '2.1.331')
  writeBun(home, inBun('1.3.0'))
  for (const old of [inNode('22.1.0'), inBun('1.2.20')])
    rmSync(join(old, '../..'), { recursive: true, force: true })
  signal(before, 'SIGKILL')
  await live(home, 'asdf', before)
  expect(sessionIn(await home.status(), 'asdf').client).toMatchObject({ version: '2.1.331' })
  const up = await home.channels(['up', 'asdf'])
  expect(up).toMatchObject({ code: 0 })
  expect(up.stderr).toContain(`its client ${inNode('22.1.0')} is gone; it is ${inNode('22.2.0')} from now on`)
  expect(up.stderr).toContain(`its Bun ${inBun('1.2.20')} is gone; it is ${inBun('1.3.0')} from now on`)
  expect(stored(home, 'asdf')).toMatchObject({ client: inNode('22.2.0'), bun: inBun('1.3.0') })
  expect((await home.channels(['up', 'asdf'])).stderr).not.toContain('is gone')
  expect((await home.channels(['down', 'asdf'])).code).toBe(0)
})

test('mise: a shim that stands for nothing in that folder is kept, with a warning that names it', async () => {
  writeScript(
    below('.local/bin/mise'),
    'case $0 in',
    '  */mise) echo "mise ERROR $2 is not a mise bin. Perhaps you need to install it first." >&2; exit 1;;',
    `  *) exec '${join(home.bin, 'claude')}' "$@";;`,
    'esac',
  )
  const shims = below('.local/share/mise/shims')
  mkdirSync(shims, { recursive: true })
  symlinkSync(below('.local/bin/mise'), join(shims, 'claude'))
  const outcome = await home.channels(
    [
      'setup',
      home.channel,
      '--session',
      'mise',
      '--cwd',
      home.project,
      '--trust',
      '--yes',
      '--no-start',
      '--token-stdin',
      '--permission-mode',
      'default',
    ],
    { env: { PATH: pathWith(shims, home.bin) }, input: `${home.bot.addBot().token}\n` },
  )
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 })
  expect(outcome.stderr.replaceAll(/\s+/g, ' ')).toContain(
    `${join(shims, 'claude')} is a shim of mise, and what it runs in ${home.project} could not be told (\`mise which claude\` says: mise ERROR claude is not a mise bin.`,
  )
  expect(stored(home, 'mise').client).toBe(join(shims, 'claude'))
})

test('fnm: the folder of this shell’s link is stored in its place', async () => {
  const installation = below('.local/share/fnm/node-versions/v22.1.0/installation')
  writeClient(home, join(installation, 'bin/claude'), '2.1.330')
  writeBun(home, join(installation, 'bin/bun'))
  const shell = below('.local/state/fnm_multishells/4711_17545')
  mkdirSync(join(shell, '..'), { recursive: true })
  symlinkSync(installation, shell)
  const ward = await setUp(home, 'fnm', { env: { PATH: pathWith(join(shell, 'bin')) } })
  rmSync(shell)
  const { client, bun, environment } = stored(home, 'fnm')
  expect([client, bun]).toEqual(['claude', 'bun'].map((name) => join(installation, 'bin', name)))
  expect(environment.PATH).toBe(pathWith(join(installation, 'bin')))
  await expectUp(home, 'fnm', 0, 'fnm is live')
  await expectEcho(ward, 'without that shell')
  expect((await home.channels(['down', 'fnm'])).code).toBe(0)
})

test('Bun in its installer’s folder, not in PATH: setup takes it, and once it is gone `up` looks for another', async () => {
  const bun = writeBun(home, below('.bun/bin/bun'))
  const client = writeClient(home, join(home.root, 'programs/alone/claude'), '2.1.330')
  const ward = await setUp(home, 'bun', { env: { PATH: pathWith(join(client, '..')) } })
  expect(stored(home, 'bun').bun).toBe(bun)
  await expectUp(home, 'bun', 0, 'bun is live')
  await expectEcho(ward, 'with Bun from there')
  expect((await home.channels(['down', 'bun'])).code).toBe(0)
  rmSync(bun)
  const another = writeBun(home, join(client, '../bun'))
  const up = await home.channels(['up', 'bun'])
  expect(up, up.stdout).toMatchObject({ code: 0 })
  expect(stored(home, 'bun').bun).toBeOneOf([another, inBun('1.3.0')])
  expect((await home.channels(['down', 'bun'])).code).toBe(0)
})

test('the client gone: `up` finds one where installers put it, or takes the one that is named', async () => {
  const client = writeClient(home, join(home.root, 'programs/gone/claude'), '2.1.330')
  await setUp(home, 'gone', { env: { PATH: pathWith(join(client, '..')) } })
  rmSync(client)
  const native = installNative(home, '2.1.331')
  await expectUp(home, 'gone', 0, 'gone is live')
  expect(stored(home, 'gone').client).toBe(native)
  expect((await home.channels(['down', 'gone'])).code).toBe(0)
  rmSync(native)
  const named = writeClient(home, join(home.root, 'programs/named/claude'), '2.1.332')
  const up = await home.channels(['up', 'gone'], { env: { CHANNELS_CLAUDE: named } })
  expect(up, up.stdout).toMatchObject({ code: 0 })
  expect(stored(home, 'gone').client).toBe(named)
  await until('its version', async () => {
    const { client: running } = sessionIn(await home.status(), 'gone')
    return running?.version === '2.1.332'
  })
})
