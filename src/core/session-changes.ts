import { shortName } from './channel.ts'
import type { Session } from './session.ts'
import { isTable } from './shape.ts'

/** What of a session is another than before. The order of variables and fields means nothing. */
export const sessionChanges = (before: Session, now: Session): readonly (keyof Session)[] =>
  keys.filter((key) => inOrder(before[key]) !== inOrder(now[key]))

/** The same for people, each as `channels set` or `setup` calls it. */
export const describeChanges = (before: Session, now: Session): readonly string[] => [
  ...new Set(
    sessionChanges(before, now).flatMap((key) =>
      key === 'channels' ? channelChanges(before, now) : [words[key]],
    ),
  ),
]

const words = {
  name: 'its name',
  cwd: 'its folder',
  channels: 'its channels',
  multiplexer: 'its terminal',
  exclusive: 'whether its plugins are its own',
  trustRecorded: 'its folder',
  permissionMode: 'its permission mode',
  skipPermissions: 'its permissions',
  arguments: 'its model or arguments',
  environment: 'its environment',
  client: 'its client',
  bun: 'its Bun',
  restart: 'its restart settings',
  dialogs: 'what is answered for you',
  notify: 'who is told of trouble',
} as const satisfies Record<keyof Session, string>

const keys = Object.keys(words) as readonly (keyof Session)[]

const channelChanges = (before: Session, now: Session): readonly string[] => {
  const gone = before.channels.filter(({ id }) => now.channels.every((each) => each.id !== id))
  const changed = now.channels.flatMap((channel) => {
    const former = before.channels.find(({ id }) => id === channel.id)
    if (former === undefined) return [`${shortName(channel)} was added`]
    return inOrder(former) === inOrder(channel) ? [] : [`${shortName(channel)} was set up anew`]
  })
  const all = [...gone.map((channel) => `${shortName(channel)} was removed`), ...changed]
  return all.length === 0 ? [words.channels] : all
}

const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    isTable(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  )
