import { approvedKeys } from '../../core/channel.ts'
import type { ClientPaths } from '../../core/client.ts'
import { describeSwitch, type OrgSwitch } from '../../core/org-switch.ts'
import { type ReasonName, reasons, remedyFor } from '../../core/reasons.ts'
import type { MultiplexerKind } from '../../core/session.ts'
import type { Ask, Deps, Environment } from '../../deps.ts'
import { ExpectedError } from '../../errors.ts'
import { chooseTerminals } from './multiplexer.ts'
import { type Chosen, choose, chooseIn, describeChosen, isResolved } from './programs.ts'
import type { Tell } from './questions.ts'

export type Machine = {
  readonly client: Chosen
  /** Null where none is there, and none is needed. */
  readonly bun: Chosen | null
  /** What of the caller's environment is stored with the session. */
  readonly environment: Environment
  readonly paths: ClientPaths
  readonly multiplexer: MultiplexerKind
}

export type Needs = {
  /** As plugins do; a server of `.mcp.json` may be any program. */
  readonly needsBun: boolean
  /** Where the session will most likely be: version managers go by the folder. */
  readonly folder: string
  /** As said; null: as last time, or what is there. */
  readonly multiplexer: MultiplexerKind | null
}

/**
 * Finds the client and whatever else a session needs of this machine, and says what was found. Throws an ExpectedError
 * for what is missing or too old (69), and, where a person is asked, for a login that is missing or that channels do not
 * take (1): unattended that may be mended before the start, which names it.
 */
export const checkMachine = async (
  ask: Ask | null,
  tell: Tell,
  deps: Deps,
  { needsBun, folder, multiplexer }: Needs,
): Promise<Machine> => {
  const { claude, env } = deps
  const lasting = claude.storedEnvironment(env)
  // What is gone with this shell comes last.
  const foundClient = claude.findClient({ ...env, ...lasting }) ?? claude.findClient(env)
  if (foundClient === null) throw noClient(env.CHANNELS_CLAUDE)
  const foundBun = claude.findBun({ ...env, ...lasting }, foundClient) ?? claude.findBun(env, foundClient)
  if (foundBun === null && needsBun) throw lacks('bun-missing')
  const found = await choose(foundClient, folder, lasting, deps)
  const bun = foundBun === null ? null : await choose(foundBun, folder, lasting, deps)
  const client = found.path
  const terminals = await chooseTerminals(multiplexer, deps)
  const environment = claude.withInterpreter(lasting, client)
  const version = await claude.clientVersion(deps.run, client, environment)
  if (version.is === 'no') throw noClient(env.CHANNELS_CLAUDE, version.detail)
  if (version.is === 'yes' && claude.compareVersions(version.value, claude.oldestClient) < 0)
    throw lacks('client-outdated', version.value)
  const paths = claude.clientPaths(environment, deps.home, deps.platform)
  if (ask !== null) {
    tell.done(
      `Claude Code ${version.is === 'yes' ? version.value : '(version unknown)'}: ${describeChosen(found)}`,
    )
    if (bun !== null) tell.done(`Bun: ${describeChosen(bun)}`)
    tell.done(`${terminals.kind}${terminals.version === null ? '' : ` ${terminals.version}`}`)
  }
  const machine = { client: found, bun, environment, paths, multiplexer: terminals.kind }
  if (ask === null) {
    if (isResolved(found)) tell.done(`The client: ${describeChosen(found)}`)
    if (bun !== null && isResolved(bun)) tell.done(`Bun: ${describeChosen(bun)}`)
    return machine
  }
  const login = await ask.wait('Asking the client whether it is logged in', () =>
    claude.authStatus(deps.run, client, environment),
  )
  if (login.is === 'no') throw lacks('login-missing', login.detail)
  if (login.is === 'unknown') tell.warn(`Whether the client is logged in could not be told: ${login.detail}.`)
  else {
    const { method } = login.value
    const fault = claude.loginFault(method, version.is === 'yes' ? version.value : null)
    if (fault !== null) throw lacks('login-missing', fault)
    tell.done(`Logged in${method === null ? '' : ` (${method})`}`)
  }
  return machine
}

/** The same for a session in that folder, where a version manager may have other versions of client and Bun. */
export const machineIn = async (cwd: string, machine: Machine, tell: Tell, deps: Deps): Promise<Machine> => {
  const { environment } = machine
  const client = await chooseIn('The client', machine.client, cwd, environment, tell, deps)
  const bun = machine.bun === null ? null : await chooseIn('Bun', machine.bun, cwd, environment, tell, deps)
  return { ...machine, client, bun, environment: deps.claude.withInterpreter(environment, client.path) }
}

/**
 * What switches channels off: an organization's settings, variables in the client's. Throws an ExpectedError (1) where
 * a person is asked and an organization forbids it; unattended, and for what may be over by the start, it warns.
 */
export const checkSwitches = (
  channel: string,
  cwd: string,
  { paths, environment }: Machine,
  ask: Ask | null,
  tell: Tell,
  { claude }: Pick<Deps, 'claude'>,
): void => {
  const development = claude.isDevelopmentChannel(paths, channel)
  const asked = { plugins: approvedKeys([{ id: channel, development }]), cwd, env: environment }
  const found = claude.readOrgSwitches(paths, asked)
  const forbidden = found.find(({ reason }) => reason !== 'channels-unavailable')
  if (ask !== null && forbidden !== undefined) throw lacks(forbidden.reason, describeSwitch(forbidden, null))
  for (const each of [...found, ...claude.readLikelySwitches(paths, asked)]) warn(each, tell)
}

const warn = (found: OrgSwitch, tell: Tell): void => {
  tell.warn(`${reasons[found.reason].sentence} (${describeSwitch(found, null)})`)
  tell.say(`  ${remedy(found.reason)}`)
}

/** A client that was asked for by a variable is not looked for anywhere else. */
const noClient = (named = '', detail?: string): ExpectedError => {
  if (named === '') return lacks('client-missing', detail)
  const found = `CHANNELS_CLAUDE is ${named}${detail === undefined ? '' : `; ${detail}`}`
  const { status, message } = lacks('client-missing', found)
  return new ExpectedError(
    status,
    message,
    `Give CHANNELS_CLAUDE the absolute path of an installed client, or unset it, ${again}`,
  )
}

const lacks = (reason: ReasonName, detail?: string): ExpectedError => {
  const { status, sentence } = reasons[reason]
  // What was seen is at times what the sentence says.
  const isSaid = detail === undefined || sentence.toLowerCase() === `${detail.toLowerCase()}.`
  return new ExpectedError(status, isSaid ? sentence : `${sentence} (${detail})`, remedy(reason))
}

/** The catalogue's remedies speak of a session; here there is none yet. */
const remedy = (reason: ReasonName): string =>
  remedies[reason] ?? `${remedyFor(reason, 'the session')} Then run the same command again.`

const again = 'then run the same command again.'
const remedies: Partial<Readonly<Record<ReasonName, string>>> = {
  'client-missing': `Install it (npm install -g @anthropic-ai/claude-code), or name it in CHANNELS_CLAUDE, ${again}`,
  'client-outdated': `Run \`claude update\`, ${again}`,
  'bun-missing': `Install Bun (npm install -g bun), see that \`bun --version\` answers in this shell, ${again}`,
  'login-missing': `Run \`claude auth login\` (or \`claude\` and /login), ${again}`,
  'org-policy': `Whoever is named there can set channelsEnabled to true; ${again}`,
  'not-allowlisted': `Whoever is named there can add the plugin to allowedChannelPlugins; ${again}`,
  'channels-unavailable':
    'Unset what is named there. If nothing is, the service has not switched channels on for you yet.',
}
