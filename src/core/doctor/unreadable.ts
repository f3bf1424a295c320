import { type Channel, pluginKey } from '../channel.ts'
import { hasToken, keepsList } from '../kinds.ts'
import { portOf } from '../port.ts'
import type { Session } from '../session.ts'
import { type CheckName, checkNames, checks } from './checks.ts'
import { type CheckResult, failed, notChecked, resultOf } from './result.ts'

type Known = Pick<Session, 'name' | 'channels' | 'environment' | 'notify'>

/** A session of which a record can't be read: nothing else of it can be told. */
export const examineUnreadable = (session: Known, found: string, remedy: string): readonly CheckResult[] =>
  checkNames.flatMap((check): readonly CheckResult[] => {
    const { of } = checks[check]
    if (of === 'machine') return []
    if (check === 'records') return [resultOf(check, session.name, null, failed(found, remedy))]
    const meant = session.channels.filter((channel) => hasCheck(check, channel, session))
    const scopes = of === 'channel' ? meant.map(({ id }) => id) : meant.length === 0 ? [] : [null]
    return scopes.map((channel) => notChecked(check, session.name, channel, ['records']))
  })

/** Whether it is one of this channel, as far as the configuration tells. */
const hasCheck = (check: CheckName, channel: Channel, session: Known): boolean =>
  only[check]?.(channel, session) ?? true

const isPlugin = ({ id }: Channel): boolean => pluginKey(id) !== null

/** Those that not every channel has. */
const only: Readonly<Partial<Record<CheckName, (channel: Channel, session: Known) => boolean>>> = {
  bun: isPlugin,
  plugin: isPlugin,
  enabled: isPlugin,
  'mcp-server': (channel) => !isPlugin(channel),
  'state-folder': keepsList,
  token: hasToken,
  platform: hasToken,
  clock: hasToken,
  bot: hasToken,
  'bot-settings': ({ kind }) => kind === 'discord',
  webhook: ({ kind }) => kind === 'telegram',
  port: (channel, session) => portOf(session, channel) !== null,
  access: keepsList,
  'one-session': hasToken,
  pollers: isPlugin,
  fetches: hasToken,
  told: (_, { notify }) => notify.to !== null,
}
