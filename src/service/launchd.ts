import { dirname, join } from 'node:path'
import { ExpectedError, exitStatus } from '../errors.ts'
import { keeperCommand } from './command.ts'
import { agentLabel, agentText, commandOfAgent, environmentOfAgent, isOurAgent } from './launchd-agent.ts'
import { call, type Machine, performStep, whatFailed } from './perform.ts'
import type { KeeperStart, RunStep, Service, ServiceState, Step } from './port.ts'

/**
 * launchd's domain of the login at the screen; by its documentation, tried on no Mac. `log` takes what the keeper
 * prints. Throws an ExpectedError (69) where there is no such login.
 */
export const openLaunchd = async (machine: Machine, log: string): Promise<Service> => {
  const domain = `gui/${machine.user.uid}`
  const words = ['launchctl', 'print', domain] as const
  const asked = await call(machine, words)
  if (asked.status !== 0) throw noDomain(whatFailed(words, asked))
  const file = join(machine.home, 'Library/LaunchAgents', `${agentLabel}.plist`)
  return {
    kind: 'launchd',
    name: agentLabel,
    file,
    command: keeperCommand,
    start: `launchctl kickstart ${domain}/${agentLabel}`,
    logs: `tail ${log}`,
    bootByHand: null,
    state: () => readState(machine, domain, file),
    installing: (start, state) => installing(domain, file, agentText(start, log), state),
    uninstalling: (_: KeeperStart, state) => uninstalling(domain, file, state),
    perform: (step) => {
      // launchd starts nothing whose log it can't open, and makes no folder for it.
      if (step.do === 'write') machine.files.makeFolder(dirname(log))
      return performStep(machine, step)
    },
  }
}

const noDomain = (failed: string): ExpectedError =>
  new ExpectedError(
    exitStatus.missing,
    `launchd has no login of yours at this Mac's screen: ${failed}.`,
    'Log in there, then run it as yourself, without sudo: the client needs the Keychain, which only opens there.',
  )

const readState = async (machine: Machine, domain: string, file: string): Promise<ServiceState> => {
  const shown = await call(machine, ['launchctl', 'print', `${domain}/${agentLabel}`])
  const disabled = await call(machine, ['launchctl', 'print-disabled', domain])
  const text = machine.files.readText(file)
  const isLoaded = shown.status === 0
  const field = (name: string): string | null =>
    (isLoaded ? new RegExp(`^\\s*${name} = (.*)$`, 'm').exec(shown.stdout)?.[1] : null) ?? null
  const pid = field('pid')
  const state = field('state') ?? 'unknown'
  const code = field('last exit code')
  return {
    installed: text === null ? 'no' : isOurAgent(text) ? 'ours' : 'foreign',
    command: text === null ? [] : commandOfAgent(text),
    environment: text === null ? {} : environmentOfAgent(text),
    // Disabled with `launchctl disable` it is not started at the next login, whatever its file says.
    enabled: text !== null && !new RegExp(`"${agentLabel}" => (true|disabled)`).test(disabled.stdout),
    activity: isLoaded
      ? `${state}${code === null || pid !== null ? '' : ` (last exit code ${code})`}`
      : 'not loaded',
    active: state === 'running',
    pid: pid !== null && /^\d+$/.test(pid) ? Number(pid) : null,
    startsAt: 'login',
  }
}

const launchctl = (...words: readonly string[]): RunStep => ({
  do: 'run',
  words: ['launchctl', ...words],
  failing: 'ends',
})

/** An agent that is loaded has to go before another text of it is read; its keeper leaves, and touches no session. */
const isLoaded = ({ activity }: ServiceState): boolean => activity !== 'not loaded'

const installing = (domain: string, file: string, text: string, state: ServiceState): readonly Step[] => [
  { do: 'write', path: file, text },
  ...(isLoaded(state) ? [launchctl('bootout', `${domain}/${agentLabel}`)] : []),
  launchctl('enable', `${domain}/${agentLabel}`),
  { ...launchctl('bootstrap', domain, file), failing: 'is tried again' },
]

const uninstalling = (domain: string, file: string, state: ServiceState): readonly Step[] => [
  ...(isLoaded(state) ? [launchctl('bootout', `${domain}/${agentLabel}`)] : []),
  { do: 'remove', path: file },
]
