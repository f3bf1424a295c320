import { openGap } from '../core/gaps.ts'
import { hasToken } from '../core/kinds.ts'
import { type MachineState, newHealth, step } from '../core/machine.ts'
import { emptyWatch, notify, type Watch } from '../core/notify/notify.ts'
import { withoutUntold } from '../core/notify/untold.ts'
import {
  isOutdated,
  isProbeDue,
  mayBeTurnedAway,
  mayLackNetwork,
  mergePlatform,
  nextProbesMs,
  ofBot,
} from '../core/platform.ts'
import type { Health, PlatformRecord } from '../core/records.ts'
import type { Session } from '../core/session.ts'
import { isNewlyLive } from '../core/worked.ts'
import type { World } from '../deps.ts'
import { act, followProgram, isAction } from './act.ts'
import { createGatherer } from './gather.ts'
import { journalFault } from './journal-fault.ts'
import { createScreenKeeper } from './keep-screen.ts'
import { probePlatforms } from './platform.ts'
import { readHealth } from './session-records.ts'
import { createTeller } from './tell.ts'
import { workedWith } from './worked-with.ts'

type Known = {
  state: MachineState
  watch: Watch
  /** An action of ours is under way: what is seen meanwhile is its doing. */
  busy: boolean
  /** When the platform is to be asked again, in milliseconds since 1970. */
  probeAt: number
  probing: boolean
}

/**
 * Looks after sessions: `look(session)` gathers, steps the machine and carries out what it decides. Answers how soon it
 * wants to look again, in milliseconds, or null for the ordinary time. Actions run on while other sessions are looked at.
 */
export const createKeeping = (world: World) => {
  const gather = createGatherer(world, { keeps: true })
  const keepScreen = createScreenKeeper(world)
  const sessions = new Map<string, Known>()
  const teller = createTeller(world, (name, outbox, untold) => {
    const known = sessions.get(name)
    if (known === undefined) return
    const { health } = known.state
    const notified = untold.reduce(withoutUntold, health.notified)
    known.state = { ...known.state, health: { ...health, outbox, notified } }
    save(world, name, known.state)
  })
  const underWay = new Set<Promise<void>>()

  const run = (known: Known, session: Session, work: () => Promise<void>): void => {
    known.busy = true
    const doing = work()
      .catch((error: unknown) => journalFault(world, session.name, 'action', error))
      .finally(() => {
        known.busy = false
        underWay.delete(doing)
      })
    underWay.add(doing)
  }

  const look = async (session: Session): Promise<number | null> => {
    const known = sessions.get(session.name) ?? recall(world, session)
    if (!sessions.has(session.name))
      recording(world, session.name, 'launcher', () => followProgram(world, session))
    sessions.set(session.name, known)
    if (known.busy) return null
    const evidence = await gather(session, known.state.health)
    const before = known.state
    const { state: stepped, effects, verdict } = step(before, evidence, evidence.at)
    const told = notify(known.watch, { health: stepped.health, evidence, verdict })
    const worked = isNewlyLive(verdict.state, evidence, stepped.health)
      ? workedWith(world, session, evidence)
      : stepped.health.worked
    const state = withNoted(stepped, { notified: told.notified, worked })
    known.state = state
    known.watch = told.watch
    for (const effect of effects)
      if (effect.do === 'journal') world.journal.append(session.name, effect.event)
    if (state.health !== before.health) save(world, session.name, state)
    // Only now that it is written down: a keeper that dies here has told too little, and the next one tells nothing twice.
    teller.tell(session, told, state.health.outbox)
    recording(world, session.name, 'evidence', () => keepScreen(evidence))
    const isDue =
      isProbeDue(known.probeAt, evidence.at) ||
      evidence.channels.some(
        ({ platform, log, poller }) =>
          platform?.trouble === null &&
          (isOutdated(platform, log?.registeredAt ?? null, evidence.at) ||
            mayBeTurnedAway(platform, log?.registeredAt ?? null, poller, evidence.at) ||
            mayLackNetwork(platform, log?.failed?.at ?? null, evidence.at)),
      ) ||
      session.channels.some(({ id, botId }) => {
        const answer = state.health.platform[id] ?? null
        return answer !== null && ofBot(answer, botId) === null
      })
    const actions = effects.filter(isAction)
    // While nobody listens, what waits is worth knowing: at once, since a client is back within a moment, and right
    // before the next one fetches it.
    const isDown = evidence.client === null && isOpen(state.health)
    const turns =
      !isOpen(before.health) || actions.some((action) => action.do === 'release' || action.do === 'wake')
    const asks = isDown ? turns || isProbeDue(known.probeAt, evidence.at) : isDue
    const canAsk = (evidence.client !== null || isDown) && session.channels.some(hasToken)
    if (canAsk && asks && !known.probing) void probe(world, session, known)
    if (actions.length > 0)
      run(known, session, async () =>
        actions.reduce(
          async (done, action) => done.then(() => act(world, session, action)),
          Promise.resolve(),
        ),
      )
    const [again] = effects.flatMap((effect) => (effect.do === 'look-again' ? [effect.afterMs] : []))
    return again ?? null
  }

  /** A session of that name that is set up later begins anew. */
  const forgetOthers = (configured: readonly Session[]): void => {
    for (const name of sessions.keys()) {
      if (configured.some((session) => session.name === name)) continue
      sessions.delete(name)
      teller.forget(name)
    }
  }

  /** Until when it was looked, for the next keeper, which can't know it. */
  const noteLooks = (): void => {
    for (const [name, { state }] of sessions) {
      const { health, lookedAt } = state
      if (health.history === null || lookedAt === undefined || lookedAt <= health.history.until) continue
      save(world, name, { ...state, health: { ...health, history: { ...health.history, until: lookedAt } } })
    }
  }

  return {
    look,
    forgetOthers,
    noteLooks,
    hush: teller.leave,
    settled: async () => void (await Promise.all(underWay)),
  }
}

const isOpen = ({ gaps }: Health): boolean => openGap(gaps) !== null

const recall = (world: World, session: Session): Known => ({
  state: { health: readHealth(world, session.name) ?? newHealth(world.clock.now()), suspicion: null },
  busy: false,
  watch: emptyWatch,
  probeAt: 0,
  probing: false,
})

const withNoted = (state: MachineState, noted: Pick<Health, 'notified' | 'worked'>): MachineState => {
  const { health } = state
  const isSame = health.notified === noted.notified && health.worked === noted.worked
  return isSame ? state : { ...state, health: { ...health, ...noted } }
}

const save = (world: World, session: string, { health }: MachineState): void => {
  const own = world.folders.session(session)
  // Removed while this was under way: it must not come back.
  if (!world.files.isFolder(own.folder)) return
  recording(world, session, 'health', () => world.files.writeRecord(own.health, health))
}

/** What can't be written must not keep the keeper from its work. */
const recording = (world: World, session: string, what: string, write: () => void): void => {
  try {
    write()
  } catch (error) {
    journalFault(world, session, what, error)
  }
}

const probe = async (world: World, session: Session, known: Known): Promise<void> => {
  known.probing = true
  try {
    const answers = await probePlatforms(world, session)
    const { health } = known.state
    const platform: Record<string, PlatformRecord> = { ...health.platform }
    for (const [id, answer] of Object.entries(answers))
      platform[id] = mergePlatform(ofBot(platform[id] ?? null, answer.botId), answer)
    known.state = { ...known.state, health: { ...health, platform, at: world.clock.now() } }
    save(world, session.name, known.state)
    const waitMs = nextProbesMs(session.channels, (id) => answers[id] !== undefined, platform)
    known.probeAt = world.clock.now() + waitMs
  } catch (error) {
    known.probeAt = world.clock.now() + 60_000
    journalFault(world, session.name, 'platform', error)
  } finally {
    known.probing = false
  }
}
