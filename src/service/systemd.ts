import { isAbsolute, join, resolve } from 'node:path'
import { ExpectedError, exitStatus } from '../errors.ts'
import { keeperCommand } from './command.ts'
import { call, type Machine, performStep, whatFailed } from './perform.ts'
import type { KeeperStart, RunStep, Service, ServiceState, StartsAt, Step } from './port.ts'
import { noManager, noSystemd, othersManager } from './systemd-missing.ts'
import { printedProperties, printedWords } from './systemd-printed.ts'
import { commandOfUnit, environmentOfUnit, isOurUnit, unitName, unitText } from './systemd-unit.ts'

/**
 * systemd's manager of this user's units (seen: 252). Throws an ExpectedError (69) where there is none to talk to, and
 * (1) where it is not the one whose home this is.
 */
export const openSystemd = async (found: Machine): Promise<Service> => {
  const machine = withRuntimeFolder(found)
  const { file } = await findManager(machine)
  return {
    kind: 'systemd',
    name: unitName,
    file,
    command: keeperCommand,
    start: `systemctl --user start ${unitName}`,
    logs: `journalctl --user -u ${unitName}`,
    bootByHand: `loginctl enable-linger ${machine.user.name}`,
    state: () => readState(machine, file),
    installing: (start, state, boot) => installing(machine, file, start, state, boot),
    uninstalling: (start) => uninstalling(file, start),
    perform: (step) => performStep(machine, step),
  }
}

/** `su`, `sudo -u` and cron leave it out; it is where logind makes it. */
const withRuntimeFolder = (machine: Machine): Machine => {
  const { env, user, files } = machine
  const usual = `/run/user/${user.uid}`
  if ((env.XDG_RUNTIME_DIR ?? '') !== '' || !files.exists(usual)) return machine
  return { ...machine, env: { ...env, XDG_RUNTIME_DIR: usual } }
}

/** Asks where the manager looks for its user's units: its XDG_CONFIG_HOME need not be this shell's. */
const findManager = async (machine: Machine): Promise<{ readonly file: string }> => {
  const words = ['systemctl', '--user', 'show', '--property=UnitPath'] as const
  const asked = await call(machine, words)
  if (asked.notFound) throw noSystemd(machine)
  if (asked.status !== 0) throw noManager(machine, whatFailed(words, asked))
  const variables = await call(machine, ['systemctl', '--user', 'show-environment'])
  const [home = machine.home] = printedWords(printedProperties(variables.stdout).HOME ?? '')
  if (resolve(home) !== resolve(machine.home)) throw othersManager(machine, home)
  // Before the machine's own folders stands the user's.
  const folders = printedWords(printedProperties(asked.stdout).UnitPath ?? '')
  const own = folders.find((each) => each.endsWith('/systemd/user') && !/^\/(etc|run|usr)\//.test(each))
  return { file: join(own ?? usualFolder(machine), unitName) }
}

const usualFolder = ({ env, home }: Machine): string => {
  const config = env.XDG_CONFIG_HOME ?? ''
  return join(isAbsolute(config) ? config : join(home, '.config'), 'systemd/user')
}

const properties = ['ActiveState', 'SubState', 'Result', 'MainPID', 'UnitFileState'] as const

const readState = async (machine: Machine, file: string): Promise<ServiceState> => {
  const words = ['systemctl', '--user', 'show', unitName, `--property=${properties.join(',')}`] as const
  const shown = await call(machine, words)
  if (shown.status !== 0) throw new ExpectedError(exitStatus.wrong, `${whatFailed(words, shown)}.`, noAnswer)
  const text = machine.files.readText(file)
  const {
    ActiveState = '',
    SubState = '',
    Result = '',
    MainPID = '0',
    UnitFileState,
  } = printedProperties(shown.stdout)
  return {
    installed: text === null ? 'no' : isOurUnit(text) ? 'ours' : 'foreign',
    command: text === null ? [] : commandOfUnit(text),
    environment: text === null ? {} : environmentOfUnit(text),
    enabled: UnitFileState === 'enabled',
    activity: `${ActiveState} (${ActiveState === 'failed' ? Result : SubState})`,
    active: ActiveState === 'active',
    pid: MainPID === '0' || !/^\d+$/.test(MainPID) ? null : Number(MainPID),
    startsAt: await startsAt(machine),
  }
}

const noAnswer = 'Look at `systemctl --user status`.'

/** Without lingering a user's manager comes with their first login and goes with their last. */
const startsAt = async (machine: Machine): Promise<StartsAt> => {
  const asked = await call(machine, ['loginctl', 'show-user', machine.user.name, '--property=Linger'])
  const { Linger: linger } = printedProperties(asked.stdout)
  if (linger !== undefined) return linger === 'yes' ? 'boot' : 'login'
  // Of a user it has never met logind only says so (systemd 252: "User ID 0 is not logged in or lingering").
  return asked.stderr.includes('not logged in or lingering') ? 'login' : 'unknown'
}

const systemctl = (...words: readonly string[]): RunStep => ({
  do: 'run',
  words: ['systemctl', '--user', ...words],
  failing: 'ends',
})

const installing = (
  { user }: Machine,
  file: string,
  start: KeeperStart,
  { pid, startsAt }: ServiceState,
  boot: boolean,
): readonly Step[] => [
  { do: 'write', path: file, text: unitText(start, 'ends sessions') },
  systemctl('daemon-reload'),
  systemctl('enable', unitName),
  // `restart` would take the sessions down. A keeper that is told to leave does not, and systemd starts the next one.
  ...(pid === null
    ? [{ ...systemctl('reset-failed', unitName), failing: 'is fine' } as const, systemctl('start', unitName)]
    : [systemctl('kill', '--kill-who=main', '--signal=SIGTERM', unitName)]),
  ...(boot && startsAt !== 'boot' ? [linger(user.name)] : []),
]

const linger = (user: string): Step => ({
  do: 'run',
  words: ['loginctl', 'enable-linger', user],
  failing: {
    said: 'It could not be made to start at boot',
    byHand: `\`sudo loginctl enable-linger ${user}\` does it.`,
  },
})

const uninstalling = (file: string, start: KeeperStart): readonly Step[] => [
  // By the unit that is there a stop takes the sessions down; without any, systemd would end all that is in its group.
  {
    do: 'write',
    path: file,
    text: unitText(start, 'leaves sessions'),
    inWords: 'the same without ExecStop, so that stopping it touches no session',
  },
  systemctl('daemon-reload'),
  systemctl('disable', unitName),
  systemctl('stop', unitName),
  { do: 'remove', path: file },
  systemctl('daemon-reload'),
  { ...systemctl('reset-failed', unitName), failing: 'is fine' },
]
