import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Failure } from '../../sim/bot-api/failures.ts'
import type { ModelFailure } from '../../sim/model-api/server.ts'
import type { Done, Fault, Scene } from './fault.ts'

/** What becomes of the services that bot and client talk to. */

const platform = {
  forMs: [4_000, 12_000],
  deaf: null,
  loses: 'nothing',
  mutes: true,
  hits: 'everybody',
} as const
// Longer than their reasons may take to be named.
const model = { forMs: [12_000, 28_000], deaf: 'until-mended', mutes: false, hits: 'session' } as const

const botApi =
  (failure: Failure) =>
  async ({ home }: Scene): Promise<Done> => {
    const heal = home.bot.fail(failure)
    return { mend: async () => heal() }
  }

/** For this session alone, which has a model of its own; `mend` once the model answers again. */
const modelApi =
  (failure: Omit<ModelFailure, 'model'>, mend: (scene: Scene) => Promise<void> = async () => undefined) =>
  async (scene: Scene): Promise<Done> => {
    const { home, ward } = scene
    const since = Date.now()
    const heal = home.model.fail({ ...failure, model: ward.name })
    return {
      feltAt: () =>
        home.model
          .calls()
          .find(
            ({ at, status, body }) => at >= since && status === failure.status && body.model === ward.name,
          )?.at ?? null,
      mend: async () => {
        heal()
        await mend(scene)
      },
    }
  }

export const serviceFaults = {
  'platform-unreachable': { ...platform, named: ['network'], provoke: botApi({ how: 'reset' }) },
  'platform-slow': { ...platform, named: [], mutes: false, provoke: botApi({ how: 'slow', ms: 1_500 }) },
  'platform-failing': {
    ...platform,
    named: ['network'],
    provoke: botApi({ how: 'refuse', status: 502, description: 'Bad Gateway' }),
  },
  'polled-elsewhere': {
    ...platform,
    named: ['not-draining', 'token-in-use'],
    mutes: false,
    hits: 'session',
    provoke: async ({ home, ward: { bot } }) => {
      const ended = new AbortController()
      // Without an offset it confirms nothing: nobody's messages are taken, and every poll of ours ends with a 409.
      const poll = async (): Promise<void> => {
        while (!ended.signal.aborted)
          await fetch(`${home.bot.root}/bot${bot.token}/getUpdates?timeout=30&limit=1`, {
            signal: ended.signal,
          })
            .then((answer) => answer.text())
            .catch(() => undefined)
            .then(() => new Promise((resolve) => setTimeout(resolve, 50)))
      }
      const polling = poll()
      return {
        mend: async () => {
          ended.abort()
          await polling
        },
      }
    },
  },
  'model-failing': {
    ...model,
    named: ['model-failing'],
    loses: 'nothing',
    provoke: modelApi({ status: 500 }),
  },
  'model-overloaded': {
    ...model,
    named: ['model-failing', 'usage-limit'],
    loses: 'nothing',
    provoke: modelApi({ status: 529 }),
  },
  'limit-retried': {
    ...model,
    // While it tries again the terminal need not say why.
    named: ['model-failing', 'usage-limit'],
    loses: 'nothing',
    provoke: modelApi({ status: 429 }),
  },
  'limit-reached': {
    ...model,
    named: ['usage-limit'],
    loses: 'polled',
    // As its remedy says: a person who raised the limit need not wait for the next try.
    provoke: modelApi(
      { status: 429, retry: false, message: 'usage limit reached' },
      async ({ home, ward }) => {
        await home.channels(['up', ward.name, '--no-wait'])
      },
    ),
  },
  'login-expired': {
    ...model,
    named: ['login-expired'],
    loses: 'polled',
    provoke: modelApi({ status: 401, retry: false }, async ({ home }) =>
      writeFileSync(join(home.home, '.claude', '.credentials.json'), JSON.stringify({ renewed: Date.now() })),
    ),
  },
} as const satisfies Readonly<Record<string, Fault>>
