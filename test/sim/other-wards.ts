import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { DiscordBot } from './discord-api/bot.ts'
import { someone } from './discord-api/ids.ts'
import type { Home } from './home.ts'
import { type Pager, pagerOf } from './pager.ts'
import { succeeded, type WardOptions } from './ward.ts'

/** A session that was set up with a bot at Discord. */
export type DiscordWard = {
  readonly name: string
  readonly bot: DiscordBot
  readonly cwd: string
  readonly stateDir: string
}

/** A session with a page of its own; `openFakechat(address)` once it is live. */
export type FakechatWard = {
  readonly name: string
  readonly cwd: string
  readonly port: number
  readonly address: string
}

/** A session with a channel that somebody wrote for themselves. */
export type PagerWard = { readonly name: string; readonly cwd: string; readonly pager: Pager }

/** Sets a session up with a bot and a folder of its own. Throws, with what was said, when that is refused. */
export const setUpDiscord = async (
  home: Home,
  name: string,
  options: WardOptions = {},
): Promise<DiscordWard> => {
  const bot = home.discord.addBot()
  const flags = ['--token-stdin', '--trust', '--allow', someone]
  const cwd = await setUpIn(home, name, home.channelOf('discord'), flags, options, `${bot.token}\n`)
  const folder = options.flags?.includes('--shared') ? 'discord' : `discord-${name}`
  return { name, bot, cwd, stateDir: join(options.config ?? join(home.home, '.claude'), 'channels', folder) }
}

/** The same with a page, on a port of its own unless `FAKECHAT_PORT` of the options names one. */
export const setUpFakechat = async (
  home: Home,
  name: string,
  options: WardOptions = {},
): Promise<FakechatWard> => {
  const port = Number(options.env?.FAKECHAT_PORT ?? (await freePort()))
  const env = { ...options.env, FAKECHAT_PORT: String(port) }
  const cwd = await setUpIn(home, name, home.channelOf('fakechat'), ['--trust'], { ...options, env })
  return { name, cwd, port, address: `http://127.0.0.1:${port}` }
}

/** The same with the pager plugin, which no list approves. */
export const setUpPager = async (home: Home, name: string, options: WardOptions = {}): Promise<PagerWard> => {
  const flags = ['--trust', '--development', 'accept']
  const cwd = await setUpIn(home, name, home.channelOf('pager'), flags, options)
  return { name, cwd, pager: pagerOf(home, name) }
}

/** The same with the pager as a server that `.mcp.json` of the folder names. */
export const setUpServer = async (
  home: Home,
  name: string,
  options: WardOptions = {},
): Promise<PagerWard> => {
  namePager(home, folderOf(home, name))
  const flags = ['--trust', '--development', 'accept']
  const cwd = await setUpIn(home, name, 'server:pager', flags, options)
  return { name, cwd, pager: pagerOf(home, name) }
}

/**
 * Writes `.mcp.json` of a folder with the pager in it, under that name or another. Its last word says nothing to it: the
 * client leaves a plugin's server out that is called as one of these is, word for word (seen on 2.1.139 and 2.1.330).
 */
export const namePager = (
  { root }: Pick<Home, 'root'>,
  folder: string,
  server = 'pager',
  env: Readonly<Record<string, string>> = {},
): void => {
  const pager = { command: 'bun', args: [join(root, 'market', 'pager', 'server.ts'), server], env }
  writeFileSync(join(folder, '.mcp.json'), JSON.stringify({ mcpServers: { [server]: pager } }))
}

/** A port nobody listens on now. */
export const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

const setUpIn = async (
  home: Home,
  name: string,
  channel: string,
  flags: readonly string[],
  options: WardOptions,
  input = '',
): Promise<string> => {
  const cwd = folderOf(home, name)
  const where = ['--session', name, '--cwd', cwd, ...flags, '--yes', '--no-start']
  const mode = ['--permission-mode', 'default']
  const args = ['setup', channel, ...where, ...mode, ...(options.flags ?? [])]
  succeeded(await home.channels(args, { input, env: options.env ?? {} }))
  return cwd
}

const folderOf = ({ root }: Pick<Home, 'root'>, name: string): string => {
  const cwd = join(root, `in-${name}`)
  mkdirSync(cwd, { recursive: true })
  return cwd
}
