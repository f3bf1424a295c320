import { no, yes } from '../../../src/core/answer.ts'
import { isWithin } from '../../../src/core/duration.ts'
import type {
  ChannelEvidence,
  ClientEvidence,
  Evidence,
  LoginEvidence,
  Obstacle,
} from '../../../src/core/evidence.ts'
import { sameProcess } from '../../../src/core/process.ts'
import { evidence } from '../evidence-builder.ts'
import { activityOf, transcriptOf } from './client.ts'
import { type Client, clockOf, type Loop, type World } from './world.ts'

/** What a look at this world shows, as `keeper/gather.ts` puts it together. */
export const gather = (world: World): Evidence => {
  const { run } = world
  const at = clockOf(world)
  const client = clientOf(world)
  const seen = client === null ? null : clientEvidence(world, client, at)
  const loop = loopOf(world)
  const failed = client?.log?.failed != null
  return {
    at,
    session: world.session,
    ...{ wanted: world.wanted, orders: world.orders, run, health: world.health },
    keeper: world.keeper.alive ? evidence().keeper : null,
    silentKeeper: null,
    obstacles: client === null || client.replaced || failed ? obstaclesOf(world) : [],
    terminal: {
      loop: loop?.process ?? null,
      attached: world.attached,
      launchFailed: client === null ? world.launchFailed : null,
    },
    client: seen,
    stray: null,
    channels: world.session.channels.map((channel) => channelEvidence(world, channel, client)),
    login: world.health?.parked != null || seen?.transcript?.apiFailure != null ? loginOf(world) : null,
  }
}

/** The living client of the run on record. */
export const clientOf = ({ run, clients }: World): Client | null =>
  clients.find((each) => each.run === run?.run) ?? null

/** The living loop of the run on record. */
export const loopOf = ({ run, loops }: World): Loop | null =>
  (run !== null && loops.find(({ alive, process }) => alive && sameProcess(process, run.loop))) || null

/** As `keeper/obstacles.ts` finds them, a login that was missing at the last question included. */
export const obstaclesOf = (world: World): readonly Obstacle[] => {
  const { checked, credentialsAt } = world
  const out =
    checked?.is === 'no' &&
    isWithin(checked.at, 10 * 60_000, clockOf(world)) &&
    checked.credentialsAt === credentialsAt
  return [
    ...(['client-missing', 'folder-missing'] as const).flatMap((reason) =>
      world.causes.has(reason) ? [{ reason, detail: 'gone' }] : [],
    ),
    ...(out ? [{ reason: 'login-missing', detail: 'not logged in' } as const] : []),
    ...(world.causes.has('bun-missing') ? [{ reason: 'bun-missing', detail: 'no bun' } as const] : []),
  ]
}

const clientEvidence = (world: World, client: Client, at: number): ClientEvidence => {
  const { process, suspended, replaced, dialog, file, prompt } = client
  const transcript = file ? transcriptOf(world, client) : null
  return {
    ...{ process, suspended, replaced, transcript, installed: null },
    file: file
      ? {
          ...{ pid: process.pid, procStart: process.start, conversation: client.conversation },
          ...{ cwd: world.session.cwd, version: '2.1.330' },
          activity: activityOf(client),
          statusUpdatedAt: prompt === null ? client.startedAt : client.askedAt,
          waitingFor: prompt === 'question' ? 'an answer' : prompt,
        }
      : null,
    dialog:
      !file && dialog !== null && Math.abs(at - client.startedAt) >= 1_200
        ? { name: dialog, text: '' }
        : null,
    retry: null,
  }
}

const channelEvidence = (
  world: World,
  channel: ChannelEvidence['channel'],
  client: Client | null,
): ChannelEvidence => {
  const plugin = client?.plugin ?? null
  const { thief } = world
  const own = plugin?.alive ? plugin : null
  return {
    channel,
    log: client?.log ?? null,
    poller:
      thief !== null
        ? yes({ process: thief, ours: 'no', suspended: false, owner: { pid: thief.pid - 1, folder: null } })
        : own !== null
          ? yes({ process: own.process, ours: 'yes', suspended: own.suspended, owner: null })
          : no('the process in bot.pid is gone'),
    slotTakenAt: plugin?.writtenAt ?? null,
    connected: own === null ? 'unknown' : own.drains && !world.causes.has('network') ? 'yes' : 'no',
    needsAuthAt: null,
    access: yes({ policy: 'allowlist', senders: ['42'], pending: [] }),
    platform: world.health?.platform[channel.id] ?? null,
  }
}

const loginOf = ({ credentialsAt, checked }: World): LoginEvidence => ({ credentialsAt, checked })
