import { dialogs } from './dialogs.ts'
import { discord } from './discord.ts'
import { disks } from './disks.ts'
import { events } from './events.ts'
import { fakechat } from './fakechat.ts'
import type { Fault } from './fault.ts'
import { killed } from './killed.ts'
import { machine } from './machine.ts'
import { model } from './model.ts'
import { network } from './network.ts'
import { notThere } from './not-there.ts'
import { own } from './own.ts'
import { platform } from './platform.ts'
import { plugin } from './plugin.ts'
import { policy } from './policy.ts'
import { thieves } from './thieves.ts'
import { updated } from './updated.ts'
import { upgrades } from './upgrades.ts'

/** Every fault that is tried, group by group; those first that take a minute to be seen. */
export const faults: readonly Fault[] = [
  ...platform,
  ...network,
  ...discord,
  ...plugin,
  ...thieves,
  ...killed,
  ...machine,
  updated,
  ...disks,
  ...events,
  ...upgrades,
  ...model,
  ...dialogs,
  ...policy,
  ...fakechat,
  ...own,
  ...notThere,
]

/** Those in which a terminal is started, ended, looked at or typed into: what may differ between tmux and screen. */
export const terminalFaults: readonly Fault[] = [
  ...killed,
  ...machine,
  ...disks,
  ...events,
  ...upgrades,
  ...dialogs,
]
