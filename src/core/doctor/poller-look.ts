import { pluginKey } from '../channel.ts'
import { hasToken } from '../kinds.ts'
import type { OtherSeen } from './facts.ts'
import type { OneChannel } from './one-channel.ts'
import { failed, type Look, ok, warning } from './result.ts'

/**
 * Who else has the bot or its plugin on this machine: a poller that takes its messages fails, one that only has the plugin
 * is worth a warning. What an ended client of the session left behind may be ended.
 */
export const lookAtPollers = ({ own, facts: { session } }: OneChannel): Look | null => {
  if (pluginKey(own.channel.id) === null) return null
  const takes = own.others.filter((other) => other.poller !== null && isSameBot(other, own.channel))
  const leftOvers = takes.filter(({ isLeftOver }) => isLeftOver)
  const fixes = leftOvers.flatMap(({ poller }) =>
    poller === null ? [] : [{ do: 'end-left-over', session: session.name, process: poller } as const],
  )
  const [worst] = takes
  if (worst !== undefined)
    return failed(
      takes.map(describe).join('; '),
      leftOvers.length === takes.length
        ? `\`channels doctor ${session.name} --fix\` ends it.`
        : worst.client === null
          ? `\`kill ${worst.poller?.pid}\` ends it.`
          : 'Leave that session with /exit: the two take each other the messages.',
      fixes,
    )
  const [other] = own.others.filter(({ channels, stateDir }) => channels && stateDir === own.channel.stateDir)
  return other === undefined
    ? ok('none among your processes')
    : warning(describe(other), 'It was started with this channel, too: leave it with /exit.')
}

/** Without a bot that can be told it is the folder, in which one writes itself down. */
const isSameBot = (
  { botId, stateDir }: OtherSeen,
  channel: {
    readonly botId: string | null
    readonly stateDir: string
    readonly kind: Parameters<typeof hasToken>[0]['kind']
  },
): boolean =>
  hasToken(channel) && botId !== null && channel.botId !== null
    ? botId === channel.botId
    : stateDir === channel.stateDir

const describe = ({ client, poller, folder, age, session }: OtherSeen): string => {
  const lasting = age === null ? '' : `, age and CPU ${age}`
  if (client === null) return `a plugin without a client, pid ${poller?.pid}${lasting}`
  const where = folder === null ? '' : ` in ${folder}`
  const whose = session === null ? '' : `, started from session ${session}`
  return `client ${client.pid}${where}${whose}${lasting}`
}
