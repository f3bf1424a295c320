import fc from 'fast-check'
import { expect, test } from 'vitest'
import { putBack, replaceSession } from '../../src/commands/put-back.ts'
import { applySetup, withPlugins } from '../../src/commands/setup/apply.ts'
import { no, yes } from '../../src/core/answer.ts'
import type { Session } from '../../src/core/session.ts'
import { emptySettings, findSession, type Settings } from '../../src/core/settings.ts'
import type { Deps } from '../../src/deps.ts'
import { session as anySession, channel } from '../core/evidence-builder.ts'

/** A version manager may have moved the client since `setup`: what is put back is put back by the one that is there. */
const mustBeMoved = (client: string): void => {
  if (!client.endsWith(' moved')) throw new Error(`${client} is not there any more`)
}

// Whatever is set up and removed in whatever order: with the last session plugin and trust are as before the first.

const names = ['one', 'two', 'three'] as const
const configs = ['/home/me/.claude', '/home/me/.other'] as const
const folders = ['/a', '/a/b', '/ab'] as const

type Plugin = 'absent' | 'enabled' | 'disabled' | 'unmentioned'
type Step = {
  readonly name: (typeof names)[number]
  readonly what: 'exclusive' | 'shared' | 'remove'
  readonly folder: (typeof folders)[number]
  /** Killed with -9 when this many changes were made; null: not killed. */
  readonly killedAfter: number | null
}

const killed = new Error('killed')

/** A machine whose client has nothing but the plugin's state and trusted folders, for each config folder. */
const openMachine = (before: Plugin, trustedBefore: readonly string[]) => {
  const plugins = new Map<string, Plugin>(configs.map((config) => [config, before]))
  const trusted = new Set(configs.flatMap((config) => trustedBefore.map((folder) => `${config} ${folder}`)))
  let settings: Settings = emptySettings
  let left = Number.POSITIVE_INFINITY
  const change = (action: () => void): void => {
    if (left <= 0) throw killed
    left -= 1
    action()
  }
  const set = (environment: Session['environment'], plugin: Plugin): void =>
    change(() => plugins.set(environment.CLAUDE_CONFIG_DIR ?? '', plugin))
  const at = ({ config }: { readonly config: string }): Plugin => plugins.get(config) ?? 'absent'
  /** The folder's own, or that of one above. */
  const isTrusted = ({ json }: { readonly json: string }, cwd: string): boolean =>
    folders.some((folder) => `${cwd}/`.startsWith(`${folder}/`) && trusted.has(`${json} ${folder}`))
  const deps = {
    settings: {
      read: () => settings,
      update: async (next: (settings: Settings) => Settings) => {
        const found = next(settings)
        if (found !== settings)
          change(() => {
            settings = found
          })
        return found
      },
    },
    withLock: (_: string, action: () => unknown) => action(),
    folders: { configFile: '/config.json' },
    files: { realPath: (path: string) => path },
    output: { say: () => undefined },
    journal: { append: () => undefined },
    channels: { writeToken: () => change(() => undefined), ensureAccess: () => undefined },
    claude: {
      sessionPaths: ({ environment: { CLAUDE_CONFIG_DIR: config } }: Session) => ({ config, json: config }),
      isTrusted,
      recordTrust: async ({ json }: { readonly json: string }, cwd: string) =>
        change(() => trusted.add(`${json} ${cwd}`)),
      forgetTrust: async ({ json }: { readonly json: string }, cwd: string) =>
        change(() => trusted.delete(`${json} ${cwd}`)),
      pluginInstalled: (paths: { config: string }) => (at(paths) === 'absent' ? no('') : yes({})),
      pluginEnabled: (paths: { config: string }) =>
        ({ absent: null, unmentioned: null, enabled: true, disabled: false })[at(paths)],
      marketplaceKnown: () => true,
      whereNow: (client: string) => `${client} moved`,
      // As the client does it: an install enables (field notes, section 1).
      installPlugin: async (_: unknown, __: string, environment: Session['environment']) =>
        set(environment, 'enabled'),
      setPluginEnabled: async (
        _: unknown,
        client: string,
        environment: Session['environment'],
        ___: string,
        on: boolean,
      ) => {
        if (on) mustBeMoved(client)
        set(environment, on ? 'enabled' : 'disabled')
      },
      uninstallPlugin: async (_: unknown, client: string, environment: Session['environment']) => {
        mustBeMoved(client)
        set(environment, 'absent')
      },
    },
  } as unknown as Deps

  /** As `setup` describes it. */
  const setUp = (wanted: Session): Promise<void> => {
    const former = findSession(settings, wanted.name)
    const isNew = !isTrusted(deps.claude.sessionPaths(wanted), wanted.cwd)
    const trustRecorded = isNew || (former?.cwd === wanted.cwd && former.trustRecorded)
    return applySetup(
      {
        session: { ...wanted, trustRecorded },
        former,
        channel: wanted.channels[0] ?? channel().channel,
        environment: {},
        token: '1:A',
        allow: [],
        trust: isNew ? 'to-record' : 'trusted',
        replaces: null,
        webhook: null,
        moveFrom: null,
        takeOver: [],
        conversation: null,
      },
      deps,
    )
  }
  /** The part of `channels remove` that is about plugins and trust. */
  const remove = (former: Session): Promise<void> =>
    withPlugins(deps, async () => {
      await putBack(settings, { former, session: null }, deps)
      await deps.settings.update((now) => replaceSession(now, { former, session: null }, deps))
    })

  const take = async ({ name, what, folder, killedAfter }: Step): Promise<void> => {
    left = killedAfter ?? Number.POSITIVE_INFINITY
    try {
      const former = findSession(settings, name)
      if (what !== 'remove') await setUp(sessionOf(name, what, folder))
      else if (former !== null) await remove(former)
    } catch (error) {
      if (error !== killed) throw error
    }
    left = Number.POSITIVE_INFINITY
  }
  const sessions = () => Object.values(settings.sessions)
  const expectTrusted = (): void => {
    for (const session of sessions())
      expect(isTrusted(deps.claude.sessionPaths(session), session.cwd)).toBe(true)
  }
  return { plugins, trusted, sessions, expectTrusted, settings: () => settings, take }
}

/** The third has a client of its own, with plugins of its own. */
const sessionOf = (name: Step['name'], what: 'exclusive' | 'shared', cwd: string): Session => ({
  ...anySession,
  name,
  cwd,
  exclusive: what === 'exclusive',
  environment: { CLAUDE_CONFIG_DIR: configs[name === 'three' ? 1 : 0] },
  channels: anySession.channels.map((channel) => ({ ...channel, botId: name, stateDir: `/state/${name}` })),
})

const step = (killedAfter: fc.Arbitrary<number | null>): fc.Arbitrary<Step> =>
  fc.record({
    name: fc.constantFrom(...names),
    what: fc.constantFrom('exclusive', 'shared', 'remove'),
    folder: fc.constantFrom(...folders),
    killedAfter,
  })
const trusted = fc.subarray([...folders])
const before = fc.constantFrom<Plugin[]>('absent', 'enabled', 'disabled', 'unmentioned')
const order = fc.shuffledSubarray([...names], { minLength: names.length })

/** Unmentioned, a plugin is not enabled: the client shows both alike. */
const meaning = (plugin: Plugin | undefined): Plugin | undefined =>
  plugin === 'unmentioned' ? 'disabled' : plugin

const removeAll = async (machine: ReturnType<typeof openMachine>, names: readonly Step['name'][]) => {
  for (const name of names) await machine.take({ name, what: 'remove', folder: '/a', killedAfter: null })
}

const expectAsBefore = (
  machine: ReturnType<typeof openMachine>,
  before: Plugin,
  trusted: readonly string[],
): void => {
  expect([...machine.trusted].sort()).toEqual(
    configs.flatMap((config) => trusted.map((folder) => `${config} ${folder}`)).sort(),
  )
  // What was chosen last is what the next one gets.
  expect({ ...machine.settings(), multiplexer: null }).toEqual(emptySettings)
  expect([...machine.plugins.values()].map(meaning)).toEqual(configs.map(() => meaning(before)))
}

test('any setups and removes: right at every step, and in the end as before the first', () =>
  fc.assert(
    fc.asyncProperty(
      before,
      trusted,
      fc.array(step(fc.constant(null)), { maxLength: 12 }),
      order,
      async (before, trusted, steps, order) => {
        const machine = openMachine(before, trusted)
        for (const each of steps) {
          await machine.take(each)
          machine.expectTrusted()
          for (const config of configs) {
            const here = machine
              .sessions()
              .filter(({ environment }) => environment.CLAUDE_CONFIG_DIR === config)
            const plugin = meaning(machine.plugins.get(config))
            if (here.some(({ exclusive }) => exclusive)) expect(plugin).toBe('disabled')
            // As the client's own install leaves it, where there was none.
            else if (here.length > 0) expect(plugin).toBe(before === 'absent' ? 'enabled' : meaning(before))
            else expect(plugin).toBe(meaning(before))
          }
        }
        await removeAll(machine, order)
        expectAsBefore(machine, before, trusted)
      },
    ),
    { numRuns: 1_000 },
  ))

test('killed with -9 anywhere in any of them: another setup, the removes, and all is as before', () =>
  fc.assert(
    fc.asyncProperty(
      before,
      trusted,
      fc.array(step(fc.option(fc.nat({ max: 8 }))), { maxLength: 12 }),
      // One in each config folder: who set up again completes what was begun.
      fc.array(fc.constantFrom('exclusive', 'shared'), { minLength: 3, maxLength: 3 }),
      order,
      async (before, trusted, steps, last, order) => {
        const machine = openMachine(before, trusted)
        for (const each of steps) await machine.take(each)
        for (const [index, what] of last.entries())
          await machine.take({ name: names[index] ?? 'one', what, folder: '/ab', killedAfter: null })
        machine.expectTrusted()
        for (const { exclusive, environment } of machine.sessions())
          if (exclusive)
            expect(meaning(machine.plugins.get(environment.CLAUDE_CONFIG_DIR ?? ''))).toBe('disabled')
        await removeAll(machine, order)
        expectAsBefore(machine, before, trusted)
      },
    ),
    { numRuns: 2_000 },
  ))
