import type { Effect } from '../../../src/core/effect.ts'
import { newHealth, step } from '../../../src/core/machine.ts'
import { emptyWatch, notify } from '../../../src/core/notify/notify.ts'
import { isOutdated, isProbeDue, mergePlatform, nextProbeMs } from '../../../src/core/platform.ts'
import type { Health, Platform } from '../../../src/core/records.ts'
import { act } from './act.ts'
import { gather } from './evidence.ts'
import { after, clockOf, note, type World } from './world.ts'

/** Between two looks; and where nothing at all has happened since the last one, to have long stories told soon. */
const everyMs = 2_000
const calmMs = 12_000

/** A keeper begins to look, unless one does; it knows what was written down. */
export const startKeeper = (world: World): void => {
  const { keeper } = world
  if (world.stopping) return void after(world, 100, () => startKeeper(world))
  if (keeper.alive) return
  const health = world.health ?? newHealth(clockOf(world))
  Object.assign(keeper, { alive: true, life: keeper.life + 1, busy: false, probing: false, probeAt: 0 })
  keeper.state = { health, suspicion: null }
  keeper.watch = emptyWatch
  note(world, { what: 'keeper', alive: true })
  lookSoon(world, 200)
}

/** It dies where it stands: what it had begun is not ended. */
export const endKeeper = (world: World): void => {
  if (!world.keeper.alive) return
  Object.assign(world.keeper, { alive: false, life: world.keeper.life + 1, state: null })
  note(world, { what: 'keeper', alive: false })
}

/** Looks after so many ms at the latest. */
export const lookSoon = (world: World, ms: number): void => {
  const { keeper } = world
  const at = world.awake + ms
  if (keeper.lookAt !== null && keeper.lookAt <= at) return
  keeper.lookAt = at
  const { life } = keeper
  after(world, ms, () => {
    if (!keeper.alive) keeper.lookAt = null
    if (keeper.lookAt !== at || (keeper.life !== life && !keeper.alive)) return
    keeper.lookAt = null
    lookSoon(world, look(world) ?? (world.traced === world.trace.length ? calmMs : everyMs))
  })
}

/** As `keeper/keep.ts` does it. */
const look = (world: World): number | null => {
  const { keeper } = world
  const before = keeper.state
  if (keeper.busy || before === null) return null
  const evidence = gather(world)
  const { state: stepped, effects, verdict } = step(before, evidence, evidence.at)
  const told = notify(keeper.watch, { health: stepped.health, evidence, verdict })
  const state = { ...stepped, health: withNotified(stepped.health, told.notified) }
  keeper.state = state
  keeper.watch = told.watch
  for (const notice of told.notices) note(world, { what: 'told', notice })
  const last = world.verdict
  if (last?.state !== verdict.state || last.reason !== verdict.reason)
    note(world, { what: 'verdict', state: verdict.state, reason: verdict.reason })
  world.verdict = verdict
  if (state.health !== before.health) save(world, state.health)
  askPlatform(world, before.health, evidence)
  const actions = effects.filter((effect) => effect.do !== 'journal' && effect.do !== 'look-again')
  if (actions.length > 0) {
    keeper.busy = true
    const { life } = keeper
    actInTurn(world, actions, () => keeper.alive && keeper.life === life)
  }
  const again = effects.find((effect) => effect.do === 'look-again')
  return again?.do === 'look-again' ? again.afterMs : null
}

const actInTurn = (world: World, [first, ...rest]: readonly Effect[], lives: () => boolean): void => {
  if (!lives()) return
  if (first === undefined) world.keeper.busy = false
  else act(world, first, 'keeper', lives, () => actInTurn(world, rest, lives))
}

const save = (world: World, health: Health): void => {
  const [first] = health.gaps
  const gone = world.health?.gaps.filter(({ from }) => first !== undefined && from < first.from) ?? []
  if (world.health !== null && health.gaps.length === 20) world.oldGaps.push(...gone)
  world.health = health
}

const withNotified = (health: Health, notified: Health['notified']): Health =>
  health.notified === notified ? health : { ...health, notified }

const isOpen = ({ gaps }: Health): boolean => gaps.at(-1)?.to === null

const askPlatform = (world: World, before: Health, evidence: ReturnType<typeof gather>): void => {
  const { keeper } = world
  const health = keeper.state?.health ?? before
  const dated = evidence.channels.some(
    ({ platform, log }) =>
      platform?.trouble === null && isOutdated(platform, log?.registeredAt ?? null, evidence.at),
  )
  const due = isProbeDue(keeper.probeAt, evidence.at)
  const isDown = evidence.client === null && isOpen(health)
  const asks = isDown ? !isOpen(before) || due : due || dated
  if ((evidence.client === null && !isDown) || !asks || keeper.probing) return
  keeper.probing = true
  const { life } = keeper
  after(world, 200, () => {
    if (!keeper.alive || keeper.life !== life || keeper.state === null) return
    keeper.probing = false
    const [channel] = world.session.channels
    if (channel === undefined) return
    const known = keeper.state.health
    const platform = mergePlatform(known.platform[channel.id] ?? null, answerOf(world, channel.botId))
    const next = { ...known, platform: { [channel.id]: platform }, at: clockOf(world) }
    keeper.state = { ...keeper.state, health: next }
    save(world, next)
    keeper.probeAt = clockOf(world) + Math.min(60_000, nextProbeMs(platform))
  })
}

const answerOf = (world: World, botId: string | null): Platform => {
  const at = clockOf(world)
  const nothing = { at, botId, account: null, pending: null, webhook: null, lacks: null, detail: null }
  if (world.causes.has('network')) return { ...nothing, token: 'unknown', detail: 'no answer' }
  if (world.causes.has('token-rejected')) return { ...nothing, token: 'rejected' }
  const webhook = world.causes.has('webhook') ? 'https://example.org/hook' : null
  return { ...nothing, token: 'accepted', account: '@work_bot', pending: world.pending, webhook }
}
