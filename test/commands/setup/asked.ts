import { emptyDraft } from '../../../src/commands/setup/draft.ts'
import type { AskedChannel } from '../../../src/commands/setup/plan.ts'
import { channelKind } from '../../../src/core/channel.ts'
import type { Ask } from '../../../src/deps.ts'
import { noon } from '../../core/evidence-builder.ts'
import { flags } from './flags.ts'

/** What was known of a channel before its kind's own questions, with somebody there; what is said, each with its sign. */
export const askedOf = (id: string, change: Partial<AskedChannel> = {}) => {
  const said: string[] = []
  const tell = (sign: string) => (text: string) => void said.push(`${sign}${text}`)
  const wait = (_: string, action: () => Promise<unknown>) => action()
  const ask = { say: tell(''), done: tell('+ '), warn: tell('! '), wait } as unknown as Ask
  const asked: AskedChannel = {
    ...{ id, kind: channelKind(id), name: 'work', stateDir: '/state', usualDir: '/usual', cwd: '/site' },
    paths: { config: '/home/me/.claude', json: '/home/me/.claude.json', logs: '/logs', home: '/home/me' },
    ...{
      development: false,
      before: null,
      options: { ...flags, exclusive: true },
      draft: emptyDraft(id, noon),
    },
    ...{ ask, tell: ask },
    ...change,
  }
  return { asked, said }
}

/** What a promise was refused with, as people see it. */
export const refusalOf = async (
  promise: Promise<unknown>,
): Promise<{ readonly status: unknown; readonly message: string; readonly hint: string }> =>
  promise.then(
    () => ({ status: 'it was done', message: '', hint: '' }),
    ({ status, message, hint }) => ({ status, message, hint }),
  )
