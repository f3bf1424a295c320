import fc from 'fast-check'
import type { DialogName } from '../../../src/core/client.ts'
import type { Session } from '../../../src/core/session.ts'
import { minutes, seconds } from '../evidence-builder.ts'
import type { Asked } from './commands.ts'
import type { Happening } from './happenings.ts'
import type { Cause } from './world.ts'

export type Story = {
  readonly seed: number
  readonly dialogs: Session['dialogs']
  readonly happenings: readonly Happening[]
}

/** Stories of a session that was asked for and then lives through something; clocks may be set, or not. */
export const stories = (clock: 'steady' | 'set', chapters = 14): fc.Arbitrary<Story> =>
  fc.record({
    seed: fc.nat(1_000_000),
    dialogs: fc.constantFrom<Session['dialogs'][]>(
      { resume: 'ask', development: 'ask' },
      { resume: 'full', development: 'accept' },
    ),
    happenings: fc
      .array(fc.oneof(...chaptersOf, ...(clock === 'set' ? [clocks] : [])), { maxLength: chapters })
      .map((list) => list.flat()),
  })

export const causes = [
  ...(['crash', 'plugin-dies', 'plugin-fails', 'plugin-never', 'plugin-stops', 'plugin-deaf'] as const),
  ...(['no-token-seen', 'thief', 'login', 'limit', 'model', 'token-rejected', 'network', 'webhook'] as const),
  ...(['gate', 'bun-missing', 'folder-missing', 'client-missing', 'launch', 'slow-close'] as const),
  ...(['terminal-dies', 'replaced'] as const),
] satisfies readonly Cause[]

const pause = fc.oneof(fc.nat(5 * seconds), fc.nat(60 * seconds), fc.nat(10 * minutes))
const soon = fc.constantFrom(100, 2 * seconds, 30 * seconds, 6 * minutes)
const is = <const T extends string>(what: T) => ({ what: fc.constant(what), afterMs: pause })
const asked = fc.record<Asked>({
  what: fc.constantFrom('up', 'up', 'down', 'restart'),
  fresh: fc.boolean(),
  inside: fc.constantFrom(false, false, true),
  keeper: fc.constantFrom('ensured', 'ensured', 'none'),
})
const dialogs: readonly (DialogName | null)[] = [
  ...([null, 'trust-dialog', 'unknown-dialog', 'resume-dialog', 'development-dialog'] as const),
]

const anything: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ ...is('message') }),
  fc.record({ ...is('message') }),
  fc.record({ ...is('client-ends'), status: fc.constantFrom(0, 1, 137, 143) }),
  fc.record({ ...is('client-ends'), status: fc.constantFrom(0, 1, 137, 143) }),
  fc.record({ ...is('cause'), cause: fc.constantFrom(...causes), ms: soon }),
  fc.record({ ...is('mended'), cause: fc.constantFrom(...causes) }),
  fc.record({ ...is('command'), asked }),
  fc.record({ ...is('command'), asked }),
  fc.record({ ...is('loop-lost'), clientLives: fc.boolean() }),
  fc.record({ ...is('second-loop') }),
  fc.record({ ...is('attached'), count: fc.nat(1) }),
  fc.record({ ...is('works'), forMs: fc.constantFrom(5 * seconds, 20 * minutes, 90 * minutes) }),
  fc.record({ ...is('asks'), prompt: fc.constantFrom('permission prompt', 'question') }),
  fc.record({ ...is('rests'), resting: fc.constantFrom('idle', 'idle', 'shell', 'unknown') }),
  fc.record({ ...is('person-answers') }),
  fc.record({ ...is('person-answers') }),
  fc.record({ ...is('suspended') }),
  fc.record({ ...is('dialog'), dialog: fc.constantFrom(...dialogs) }),
  fc.record({ ...is('ctrl-c') }),
  fc.record({ ...is('keeper-dies'), forMs: fc.constantFrom(3 * seconds, 60 * seconds, 20 * minutes, null) }),
  fc.record({
    ...is('stop'),
    killedAfterMs: fc.constantFrom(null, null, 100, 210, 400, 2 * seconds),
    backAfterMs: fc.constantFrom(0, 3 * seconds, 20 * minutes, null),
  }),
  fc.record({ ...is('machine-sleeps'), forMs: fc.constantFrom(30 * seconds, 8 * 60 * minutes) }),
)

export const after = (afterMs: number, happening: WithoutTime): Happening =>
  ({ afterMs, ...happening }) as Happening
type WithoutTime = Happening extends infer T ? (T extends Happening ? Omit<T, 'afterMs'> : never) : never
const breaks = fc.constantFrom('plugin-dies', 'plugin-stops', 'plugin-deaf', 'thief')

/** Deaf while it works or asks; a person may look on, now or later. */
const deafAtWork: fc.Arbitrary<readonly Happening[]> = fc
  .record({
    how: breaks,
    first: fc.constantFrom('works', 'asks', 'breaks'),
    asksAfter: fc.constantFrom(0, 10 * minutes, 35 * minutes),
    attachedFor: fc.constantFrom(0, 0, 40 * minutes),
    lasts: fc.constantFrom(25 * minutes, 35 * minutes, 65 * minutes),
  })
  .map(({ how, first, asksAfter, attachedFor, lasts }) => {
    const works = after(10 * seconds, { what: 'works', forMs: 100 * minutes })
    const asks = after(asksAfter, { what: 'asks', prompt: 'permission prompt' })
    const broken = after(seconds, { what: 'plugin-breaks', how })
    const order = { works: [works, broken], asks: [works, asks, broken], breaks: [works, broken, asks] }[
      first
    ]
    return [
      ...order,
      ...(attachedFor === 0 ? [] : [after(0, { what: 'attached', count: 1 })]),
      after(attachedFor, { what: 'attached', count: 0 }),
      after(lasts, { what: 'person-answers' }),
    ]
  })

/** Something is wrong for a while, and somebody writes meanwhile. */
const plague: fc.Arbitrary<readonly Happening[]> = fc
  .record({
    cause: fc.constantFrom(...causes),
    ms: soon,
    messages: fc.nat(4),
    lasts: fc.constantFrom(2 * minutes, 20 * minutes, 40 * minutes),
    begins: fc.constantFrom('client-ends', 'message'),
  })
  .map(({ cause, ms, messages, lasts, begins }) => [
    after(seconds, { what: 'cause', cause, ms }),
    begins === 'message' ? after(seconds, { what: begins }) : after(seconds, { what: begins, status: 1 }),
    ...Array.from({ length: messages }, () => after(lasts / 5, { what: 'message' })),
    after(lasts - (messages * lasts) / 5, { what: 'mended', cause }),
  ])

/** A client whose loop is killed, and that closes slowly. */
const leftOver: fc.Arbitrary<readonly Happening[]> = fc
  .record({
    ms: fc.constantFrom(300, 3 * seconds, 20 * seconds),
    cause: fc.constantFrom('slow-close', 'unkillable'),
  })
  .map(({ ms, cause }) => [
    after(20 * seconds, { what: 'cause', cause, ms }),
    after(seconds, { what: 'loop-lost', clientLives: true }),
    after(ms, { what: 'second-loop' }),
    after(20 * seconds, { what: 'mended', cause }),
  ])

const crashes: fc.Arbitrary<readonly Happening[]> = fc
  .array(fc.constantFrom(10 * seconds, 40 * seconds, 3 * minutes, 7 * minutes), {
    minLength: 3,
    maxLength: 7,
  })
  .map((list) =>
    list.flatMap((ms) => [after(ms, { what: 'message' }), after(100, { what: 'client-ends', status: 137 })]),
  )

const inDialog: fc.Arbitrary<readonly Happening[]> = fc
  .record({ dialog: fc.constantFrom(...dialogs), lasts: fc.constantFrom(20 * seconds, 40 * minutes) })
  .map(({ dialog, lasts }) => [
    after(20 * seconds, { what: 'message' }),
    after(10 * seconds, { what: 'dialog', dialog }),
    after(0, { what: 'client-ends', status: 1 }),
    after(lasts, { what: 'dialog', dialog: null }),
    after(0, { what: 'person-answers' }),
  ])

const chaptersOf = [
  { weight: 7, arbitrary: anything.map((one) => [one]) },
  { weight: 3, arbitrary: deafAtWork },
  { weight: 4, arbitrary: plague },
  { weight: 1, arbitrary: leftOver },
  { weight: 1, arbitrary: crashes },
  { weight: 1, arbitrary: inDialog },
]
const clocks = {
  weight: 2,
  arbitrary: fc
    .record({ ...is('clock-set'), byMs: fc.integer({ min: -600 * minutes, max: 600 * minutes }) })
    .map((one) => [one]),
}
