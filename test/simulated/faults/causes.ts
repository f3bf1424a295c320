import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ReasonName } from '../../../src/core/reasons.ts'
import { choose } from './choose.ts'
import { addMarketplace, atStart, type Machine, pathWith, setUp, type Ward, writeProgram } from './kit.ts'

/** A session, how it is broken once it is set up, and how a person mends it. */
export type Case = {
  readonly ward: Ward
  readonly reason: ReasonName
  /** Of `up`. */
  readonly code: number
  readonly break: () => unknown
  readonly mend: () => unknown
}

/** What keeps a client from being there, one session each. */
export const causes: readonly ((home: Machine) => Promise<Case>)[] = [
  (home) => clientMissing(home),
  (home) => clientOutdated(home),
  (home) => bunMissing(home),
  (home) => pluginMissing(home),
  (home) => tokenMissing(home),
  (home) => folderMissing(home),
  (home) => stateUnwritable(home),
  (home) => loginMissing(home),
  (home) => keyTooNew(home),
  (home) => telemetryOff(home),
  (home) => trustDialog(home),
  (home) => unknownDialog(home),
]

export const clientMissing = async (home: Machine): Promise<Case> => {
  const client = writeProgram(home, 'gone', 'claude')
  const bun = writeProgram(home, 'gone', 'bun')
  // With the home's own in its PATH, `up` would find that in its place.
  const ward = await setUp(home, 'gone', {
    env: { CHANNELS_CLAUDE: client, PATH: pathWith(join(bun, '..')) },
  })
  const mend = () => renameSync(`${client}.away`, client)
  return { ward, reason: 'client-missing', code: 69, break: () => renameSync(client, `${client}.away`), mend }
}

export const clientOutdated = async (home: Machine): Promise<Case> => {
  const client = writeProgram(home, 'old', 'claude')
  const ward = await setUp(home, 'old', { env: { CHANNELS_CLAUDE: client } })
  const age = () => writeProgram(home, 'old', 'claude', 'export FAKE_CLAUDE_VERSION=2.1.70')
  return {
    ward,
    reason: 'client-outdated',
    code: 69,
    break: age,
    mend: () => writeProgram(home, 'old', 'claude'),
  }
}

export const bunMissing = async (home: Machine): Promise<Case> => {
  const bun = writeProgram(home, 'bun', 'bun')
  // Not the home's own client, beside which there is another Bun.
  const env = { PATH: pathWith(join(bun, '..')), CHANNELS_CLAUDE: writeProgram(home, 'unaware', 'claude') }
  const ward = await setUp(home, 'bun', { env })
  return {
    ward,
    reason: 'bun-missing',
    code: 69,
    break: () => rmSync(bun),
    mend: () => writeProgram(home, 'bun', 'bun'),
  }
}

/** In a config folder of its own: the others need the plugin. */
export const pluginMissing = async (home: Machine): Promise<Case> => {
  const config = join(home.root, 'config')
  mkdirSync(config)
  cpSync(join(home.home, '.claude.json'), join(config, '.claude.json'))
  await addMarketplace(home, { CLAUDE_CONFIG_DIR: config })
  const ward = await setUp(home, 'plugin', { env: { CLAUDE_CONFIG_DIR: config }, config })
  const list = join(config, 'plugins', 'installed_plugins.json')
  const mend = () => renameSync(`${list}.away`, list)
  return { ward, reason: 'plugin-missing', code: 69, break: () => renameSync(list, `${list}.away`), mend }
}

export const tokenMissing = async (home: Machine): Promise<Case> => {
  const ward = await setUp(home, 'token')
  const file = join(ward.stateDir, '.env')
  const text = readFileSync(file, 'utf8')
  return {
    ward,
    reason: 'token-missing',
    code: 1,
    break: () => rmSync(file),
    mend: () => writeFileSync(file, text, { mode: 0o600 }),
  }
}

export const folderMissing = async (home: Machine): Promise<Case> => {
  const ward = await setUp(home, 'folder')
  return {
    ward,
    reason: 'folder-missing',
    code: 1,
    break: () => rmSync(ward.cwd, { recursive: true }),
    mend: () => mkdirSync(ward.cwd),
  }
}

/** A file where the bot's state folder must be. */
export const stateUnwritable = async (home: Machine): Promise<Case> => {
  const ward = await setUp(home, 'state')
  const away = `${ward.stateDir}.away`
  return {
    ward,
    reason: 'state-unwritable',
    code: 73,
    break: () => {
      renameSync(ward.stateDir, away)
      writeFileSync(ward.stateDir, '')
    },
    mend: () => {
      rmSync(ward.stateDir)
      renameSync(away, ward.stateDir)
    },
  }
}

export const loginMissing = async (home: Machine): Promise<Case> => {
  const ward = await setUp(home, 'login', { env: { ANTHROPIC_API_KEY: '' } })
  const mend = () => writeFileSync(join(home.home, '.claude', '.credentials.json'), '{}')
  return { ward, reason: 'login-missing', code: 1, break: () => undefined, mend }
}

/** The home's login is a key; clients of before 2.1.128 take none for channels (field notes, head). */
export const keyTooNew = async (home: Machine): Promise<Case> => {
  const client = writeProgram(home, 'key', 'claude')
  const ward = await setUp(home, 'key', { env: { CHANNELS_CLAUDE: client } })
  return {
    ward,
    reason: 'login-missing',
    code: 1,
    break: () => writeProgram(home, 'key', 'claude', 'export FAKE_CLAUDE_VERSION=2.1.112'),
    mend: () => writeProgram(home, 'key', 'claude'),
  }
}

/** In the settings of its folder, so that no other session is meant. */
export const telemetryOff = async (home: Machine): Promise<Case> => {
  const ward = await setUp(home, 'telemetry')
  const file = join(ward.cwd, '.claude', 'settings.local.json')
  return {
    ward,
    reason: 'channels-unavailable',
    code: 1,
    break: () => {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify({ env: { DISABLE_TELEMETRY: '1' } }))
    },
    mend: () => writeFileSync(file, '{}'),
  }
}

export const trustDialog = async (home: Machine): Promise<Case> => {
  const ward = await setUp(home, 'trust')
  const file = join(home.home, '.claude.json')
  const distrust = () => {
    const json = JSON.parse(readFileSync(file, 'utf8')) as { projects: Record<string, object> }
    delete json.projects[ward.cwd]
    writeFileSync(file, JSON.stringify(json))
  }
  const agree = () => choose(home, 'trust', 'Yes, I trust this folder')
  return { ward, reason: 'trust-dialog', code: 1, break: distrust, mend: agree }
}

export const unknownDialog = async (home: Machine): Promise<Case> => {
  const asking = join(home.root, 'asking')
  const menu = String.raw`printf 'A new question\r\n\r\n \342\235\257 1. Sure\r\n   2. Rather not\r\n\r\n Enter to confirm\r\n'`
  const wait = `while [ -e '${asking}' ]; do sleep 0.2; done`
  const client = writeProgram(home, 'asks', 'claude', atStart(menu, wait))
  const ward = await setUp(home, 'asks', { env: { CHANNELS_CLAUDE: client } })
  return {
    ward,
    reason: 'unknown-dialog',
    code: 1,
    break: () => writeFileSync(asking, ''),
    mend: () => rmSync(asking),
  }
}
