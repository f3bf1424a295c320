import { type Channel, shortName } from './channel.ts'
import { givesCodes, hasToken, keepsList } from './kinds.ts'

/** What a channel is called by in commands. */
export type Named = Pick<Channel, 'id' | 'kind'>

/**
 * A text whose commands can be run as they are printed: where several channels of the session would do for one, it says
 * which is meant. Said already, it is not said again.
 */
export const sayWhich = (text: string, meant: Named | null, all: readonly Named[]): string =>
  meant === null
    ? text
    : text.replace(commands, (whole, command: string) =>
        !whole.includes(' --channel ') && all.filter(fits[command] ?? none).length > 1
          ? `${whole.slice(0, -1)} --channel ${shortName(meant)}\``
          : whole,
      )

const commands = /`channels (token|pair|access) [^`]*`/g

const none = (): boolean => false

/** Which channels such a command can be about. */
const fits: Readonly<Record<string, (channel: Named) => boolean>> = {
  token: hasToken,
  pair: givesCodes,
  access: keepsList,
}
