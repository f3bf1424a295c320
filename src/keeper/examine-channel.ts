import { type Channel, pluginKey, serverName } from '../core/channel.ts'
import type { ChannelFacts, OtherSeen } from '../core/doctor/facts.ts'
import { isForeign } from '../core/doctor/foreign.ts'
import type { Evidence } from '../core/evidence.ts'
import { runsOf } from '../core/exit.ts'
import { kinds } from '../core/kinds.ts'
import type { Other } from '../core/other.ts'
import { portOf } from '../core/port.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'
import { findOthers } from './others.ts'
import { readBotToken } from './platform.ts'
import { readPlainRun } from './session-records.ts'

/** Looks at what of one channel has to be so. Changes nothing. */
export const examineChannel = async (
  world: World,
  evidence: Evidence,
  channel: Channel,
  asked: Pick<ChannelFacts, 'platform' | 'clockAheadMs'>,
): Promise<ChannelFacts> => {
  const { session } = evidence
  const paths = world.claude.sessionPaths(session)
  const key = pluginKey(channel.id)
  const token = readBotToken(world, channel)
  const port = portOf(session, channel)
  return {
    ...asked,
    channel,
    plugin: key === null ? null : world.claude.pluginInstalled(paths, key),
    enabled: key === null ? null : world.claude.pluginEnabled(paths, key),
    brokenSettings: key === null ? null : world.claude.brokenSettings(paths),
    tokenTrouble: token?.is === 'unknown' ? token.detail : null,
    listens: port === null ? null : world.processes.listens(port),
    alsoIn: otherWith(world, session, channel),
    outdoes: findOutdoing(world, session, channel),
    others: key === null ? [] : await findOtherUsers(world, evidence, channel, key),
    needsAuthAt: world.claude.readNeedsAuth(paths, serverName(channel)),
  }
}

/** Only one of two that have a bot can be up, and `one-session` fails by what is. */
const otherWith = (world: World, { name }: Session, { botId }: Channel): string | null =>
  Object.values(world.settings.read().sessions).find(
    (other) => other.name !== name && botId !== null && other.channels.some((each) => each.botId === botId),
  )?.name ?? null

/** A variable of settings reaches the plugin, which takes it before its own file (field notes, section 3). */
const findOutdoing = (world: World, session: Session, { kind }: Channel): ChannelFacts['outdoes'] => {
  const { tokenVariable } = kinds[kind]
  const found = world.claude
    .readGivenVariables(world.claude.sessionPaths(session), session.cwd)
    .find(({ name, value }) => name === tokenVariable && value !== '')
  return found === undefined || found.from.in === 'environment'
    ? null
    : { variable: found.name, file: found.from.file }
}

/** How old each is costs a program: of the session's own nobody asks. */
const findOtherUsers = async (
  world: World,
  evidence: Evidence,
  channel: Channel,
  pluginKey: string,
): Promise<readonly OtherSeen[]> => {
  const { kind, botId, stateDir } = channel
  const found = findOthers(world, { pluginKey, kind, botId, stateDirs: [stateDir] })
    .map((other) => ({ ...other, isLeftOver: isLeftOver(world, evidence.session, other) }))
    .filter((other) => isForeign(other, channel, evidence))
  return Promise.all(
    found.map(async (other) => ({ ...other, age: await ageOf(world, (other.client ?? other.poller)?.pid) })),
  )
}

/** POSIX has both columns; a machine without `ps` says nothing. */
const ageOf = async (world: World, pid: number | undefined): Promise<string | null> => {
  if (pid === undefined) return null
  const { status, stdout } = await world.run('ps', ['-o', 'etime=', '-o', 'pcpu=', '-p', String(pid)], {
    timeoutMs: 2_000,
    env: { PATH: world.env.PATH ?? '' },
  })
  const [, age, cpu] = /^\s*(\S+)\s+([\d.,]+)\s*$/.exec(stdout) ?? []
  return status !== 0 || age === undefined || cpu === undefined ? null : `${age} ${cpu} %`
}

/** A plugin without a client that carries the mark of a run of this session that has ended. */
const isLeftOver = (world: World, { name }: Session, { client, poller }: Other): boolean => {
  if (client !== null || poller === null) return false
  const run = readPlainRun(world, name)
  const marks = world.processes.environment(poller)
  const marked = marks?.CHANNELS_RUN
  return (
    marked !== undefined &&
    marks?.CHANNELS_SESSION === name &&
    runsOf(run).includes(marked) &&
    (run?.run !== marked || world.processes.find(run.loop.pid)?.start !== run.loop.start)
  )
}
