import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Outcome, runProgram } from '../../sim/cli.ts'
import { succeeded } from '../../sim/ward.ts'
import { filesBelow, npm, type Package, pack } from './package.ts'

/** A machine on which nothing was installed yet: Node and a shell, no compiler, no network. */
type Empty = {
  readonly root: string
  readonly prefix: string
  readonly npm: (...args: readonly string[]) => Promise<Outcome>
  /** What the prefix has under this name. */
  readonly channels: (...args: readonly string[]) => Promise<Outcome>
}

let packed: Package
let machine: Empty
beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), 'install-'))
  // Somebody else is to get through.
  chmodSync(root, 0o755)
  machine = emptyMachine(root)
  packed = await pack(join(root, 'pack'))
  succeeded(await machine.npm('install', '-g', packed.tarball))
})
afterAll(() => {
  makeWritable('u+w')
  rmSync(machine.root, { recursive: true, force: true })
})

const emptyMachine = (root: string): Empty => {
  const [home, prefix, bin] = ['home', 'prefix', 'programs'].map((name) => {
    mkdirSync(join(root, name))
    return join(root, name)
  }) as [string, string, string]
  symlinkSync(process.execPath, join(bin, 'node'))
  symlinkSync('/bin/sh', join(bin, 'sh'))
  const env = {
    PATH: [join(prefix, 'bin'), bin].join(':'),
    HOME: home,
    npm_config_prefix: prefix,
    // Nobody listens there: whoever asks for anything fails.
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_fetch_retries: '0',
    npm_config_umask: '022',
  }
  return {
    root,
    prefix,
    npm: (...args) => runProgram(process.execPath, [npm, ...args], { cwd: home, env }),
    channels: (...args) => runProgram(join(prefix, 'bin', 'channels'), args, { cwd: home, env }),
  }
}

const makeWritable = (mode: 'a-w' | 'u+w'): void => void execFileSync('chmod', ['-R', mode, machine.prefix])

test('from the tarball into an empty prefix: the commands that need nothing else', async () => {
  const { channels, prefix } = machine
  expect(readlinkSync(join(prefix, 'bin', 'channels'))).toContain('claude-channels/bin/channels.js')
  const { version } = JSON.parse(readFileSync(join(packed.folder, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  expect(await channels('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  expect(await channels('--help')).toMatchObject({ code: 0, stderr: '' })
  expect((await channels('--help')).stdout).toMatch(/^Usage: channels /)
  const hint = expect.stringContaining('`channels setup telegram`') as unknown
  expect(await channels('list')).toMatchObject({ code: 0, stdout: '', stderr: hint })
  expect(await channels('status')).toMatchObject({ code: 3, stdout: '', stderr: hint })
  // Nothing of what is bundled was left out: this asks the machine for a client and a multiplexer.
  const setup = await channels('setup', 'telegram', '--session', 'site', '--yes')
  expect({ ...setup, ms: 0 }).toMatchObject({
    code: 69,
    stderr: expect.stringMatching(/client|tmux/) as unknown,
  })
})

test('somebody else uses it, where nobody may write', async () => {
  const home = join(machine.root, 'else')
  mkdirSync(home)
  chmodSync(home, 0o777)
  makeWritable('a-w')
  const somebody = process.getuid?.() === 0 ? { uid: 65_534 } : {}
  const call = { cwd: '/', env: { PATH: join(machine.root, 'programs'), HOME: home }, ...somebody }
  const run = (...args: readonly string[]) => runProgram(join(machine.prefix, 'bin', 'channels'), args, call)
  expect(await run('--version')).toMatchObject({ code: 0, stderr: '' })
  expect(await run('list')).toMatchObject({ code: 0 })
  expect(await run('status', '--json')).toMatchObject({ code: 3 })
  expect(filesBelow(home)).toEqual([])
  makeWritable('u+w')
})

test('uninstalled, it leaves no file', async () => {
  succeeded(await machine.npm('uninstall', '-g', 'claude-channels'))
  expect(existsSync(join(machine.prefix, 'bin', 'channels'))).toBe(false)
  expect(filesBelow(machine.prefix)).toEqual([])
})

test('linked from a checkout, as contributors do', async () => {
  const checkout = join(machine.root, 'checkout')
  cpSync(packed.folder, checkout, { recursive: true })
  succeeded(
    await runProgram(process.execPath, [npm, 'link', '--ignore-scripts'], {
      cwd: checkout,
      env: {
        PATH: join(machine.root, 'programs'),
        HOME: join(machine.root, 'home'),
        npm_config_prefix: machine.prefix,
        npm_config_registry: 'http://127.0.0.1:9/',
        npm_config_offline: 'true',
        npm_config_omit: 'dev',
      },
    }),
  )
  expect(await machine.channels('--version')).toMatchObject({ code: 0, stderr: '' })
})
