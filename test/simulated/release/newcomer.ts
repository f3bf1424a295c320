import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { standIns } from '../../sim/build.ts'
import { type Home, makeHome } from '../../sim/home.ts'
import { writeMarketplace } from '../../sim/plugin/marketplace.ts'
import { pack } from './package.ts'
import { type Registry, startRegistry } from './registry.ts'
import { openShell, type Shell } from './shell.ts'

/** A machine on which client and Bun were installed, and nothing of ours: not even the folder npm installs into. */
export type Newcomer = {
  readonly home: Home
  readonly registry: Registry
  readonly shell: Shell
  /** npm's. */
  readonly prefix: string
  readonly close: () => Promise<void>
}

const marketplace = 'claude-plugins-official'

export const openNewcomer = async (): Promise<Newcomer> => {
  const folder = mkdtempSync(join(tmpdir(), 'start-'))
  const packed = await pack(join(folder, 'pack'))
  const home = await makeHome({ ...standIns, claude: writeClient(folder), server: 'compiled' })
  approve(join(home.home, '.claude.json'))
  const prefix = join(home.root, 'prefix')
  const registry = await startRegistry(packed)
  const { CHANNELS_HOME: _, PATH = '', ...env } = home.env
  const shell = await openShell(home, {
    ...env,
    PATH: `${join(prefix, 'bin')}:${PATH}`,
    npm_config_prefix: prefix,
    npm_config_registry: registry.address,
    npm_config_update_notifier: 'false',
  })
  return {
    home,
    registry,
    shell,
    prefix,
    close: async () => {
      await shell.close()
      await registry.close()
      await home.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The stand-in client, for which a folder is the official marketplace: there is no network to clone it from. */
const writeClient = (folder: string): string => {
  const [official, programs] = [join(folder, 'official'), join(folder, 'programs')]
  writeMarketplace(official, { name: marketplace, server: 'compiled' })
  mkdirSync(programs)
  const file = join(programs, 'claude')
  const knob = `export FAKE_CLAUDE_OFFICIAL_MARKETPLACE='${official}'`
  writeFileSync(file, ['#!/bin/sh', knob, `exec '${standIns.claude}' "$@"`, ''].join('\n'))
  chmodSync(file, 0o755)
  return file
}

/** What the service hands out to a client: the official plugins are on its list. */
const approve = (file: string): void => {
  const json = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly cachedGrowthBookFeatures: { tengu_harbor_ledger: unknown }
  }
  const plugins = ['telegram', 'discord', 'fakechat']
  json.cachedGrowthBookFeatures.tengu_harbor_ledger = plugins.map((plugin) => ({ marketplace, plugin }))
  writeFileSync(file, JSON.stringify(json), { mode: 0o600 })
}
