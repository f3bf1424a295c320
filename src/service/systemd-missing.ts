import { ExpectedError, exitStatus } from '../errors.ts'
import type { Machine } from './perform.ts'

/** What helps where there is no service manager of ours; `manual` is our page about that. */
export const otherManager = ({ manual }: Pick<Machine, 'manual'>): string =>
  `\`channels run\` is what any other service manager can run: see ${manual}.`

export const noSystemd = (machine: Machine): ExpectedError =>
  new ExpectedError(
    exitStatus.missing,
    'There is no systemd here: no `systemctl` in PATH.',
    isWsl(machine.env) ? onWsl(machine) : otherManager(machine),
  )

/** `failed`: what was asked, and what came of it. */
export const noManager = (machine: Machine, failed: string): ExpectedError =>
  new ExpectedError(
    exitStatus.missing,
    `No systemd manager for your user answers: ${failed}.`,
    remedy(machine),
  )

const remedy = (machine: Machine): string => {
  const { env, files, user } = machine
  if (isWsl(env) && !files.exists(booted)) return onWsl(machine)
  if (!files.exists(booted))
    return `systemd does not run this machine (a container, say). ${otherManager(machine)}`
  if (!files.exists(`/run/user/${user.uid}`))
    return `Nobody is logged in as ${user.name}, and \`su\` and \`sudo -u\` are no login. \`sudo loginctl enable-linger ${user.name}\` starts a manager for good; or log in by ssh.`
  return `\`systemctl status user@${user.uid}.service\` shows what became of it. ${otherManager(machine)}`
}

/** sd_booted(3): there when systemd is the machine's init. */
const booted = '/run/systemd/system'

const isWsl = (env: Machine['env']): boolean => (env.WSL_DISTRO_NAME ?? '') !== ''

const onWsl = (machine: Machine): string =>
  `WSL runs systemd when /etc/wsl.conf says so: \`systemd=true\` below \`[boot]\`, then \`wsl --shutdown\` in Windows. Without: ${otherManager(machine)}`

/** With sudo, say: a unit there would look after nobody's sessions. */
export const othersManager = ({ home, user }: Machine, managers: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `HOME is ${home} here, and ${managers} for the systemd manager of ${user.name}: its keeper would look after other sessions.`,
    'Run it as yourself, without sudo.',
  )
