import { officialMarketplace } from '../core/channel.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import type { Run, RunResult } from '../system/run.ts'

type Environment = Readonly<Record<string, string>>

const official = { name: officialMarketplace, source: 'anthropics/claude-plugins-official' } as const

/**
 * Installs a plugin for the user through the client, which starts no plugin (field notes, section 1). `marketplaceKnown`
 * says whether the client knows the key's marketplace; an unknown one is added when it is the official one. Throws
 * ExpectedError (69) with the client's own words and the command to run by hand.
 */
export const installPlugin = async (
  run: Run,
  client: string,
  env: Environment,
  key: string,
  marketplaceKnown: boolean,
): Promise<void> => {
  const marketplace = key.slice(key.lastIndexOf('@') + 1)
  if (!marketplaceKnown) {
    if (marketplace !== official.name) throw unknownMarketplace(marketplace)
    await ask(run, client, env, ['plugin', 'marketplace', 'add', official.source])
  }
  await ask(run, client, env, ['plugin', 'install', key])
}

/** Enables or disables a plugin in the user's settings, through the client; fine when it is so already. Throws as `installPlugin` does. */
export const setPluginEnabled = async (
  run: Run,
  client: string,
  env: Environment,
  key: string,
  enabled: boolean,
): Promise<void> => {
  const result = await call(run, client, env, [
    'plugin',
    enabled ? 'enable' : 'disable',
    key,
    '--scope',
    'user',
  ])
  if (!alreadySo.test(`${result.stdout}${result.stderr}`))
    succeeded(result, ['plugin', enabled ? 'enable' : 'disable', key])
}

/**
 * Uninstalls a plugin of the user's through the client, which forgets its enablement, too (seen on 2.1.139 and 2.1.330);
 * fine when it is not installed. Throws as `installPlugin` does.
 */
export const uninstallPlugin = async (
  run: Run,
  client: string,
  env: Environment,
  key: string,
): Promise<void> => {
  const args = ['plugin', 'uninstall', key, '--scope', 'user']
  const result = await call(run, client, env, args)
  if (!/not found in installed plugins/i.test(`${result.stdout}${result.stderr}`)) succeeded(result, args)
}

const alreadySo = /already (enabled|disabled)/i

const ask = async (run: Run, client: string, env: Environment, args: readonly string[]): Promise<void> =>
  succeeded(await call(run, client, env, args), args)

// A marketplace is cloned from GitHub: minutes on a slow line.
const call = (run: Run, client: string, env: Environment, args: readonly string[]): Promise<RunResult> =>
  run(client, args, { timeoutMs: 300_000, env })

const succeeded = (result: RunResult, args: readonly string[]): void => {
  if (result.status === 0) return
  const command = `claude ${args.join(' ')}`
  throw new ExpectedError(
    exitStatus.missing,
    `\`${command}\` failed: ${result.timedOut ? 'no answer within 5 minutes' : lastWords(result)}`,
    `Run it by hand, then again what you ran: ${command}`,
  )
}

const lastWords = ({ stdout, stderr, status }: RunResult): string => {
  const lines = `${stdout}\n${stderr}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.slice(-3).join(' ') || `exit status ${status}`
}

const unknownMarketplace = (marketplace: string) =>
  new ExpectedError(
    exitStatus.missing,
    `The client does not know the marketplace \`${marketplace}\`.`,
    'Add it with `claude plugin marketplace add <owner/repository or folder>`, then try again.',
  )
