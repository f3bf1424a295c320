import type { Refusal } from '../core/send.ts'

type OwnLine = Refusal & {
  readonly lines: RegExp
  /** The versions that do that. */
  readonly seen: string
}

/**
 * Lines that the client does not take for a message, nor for a command that leaves it where it is. They are compared
 * without the blanks around them, as the client does.
 */
const ownLines: readonly OwnLine[] = [
  {
    lines: /\\$/,
    what: 'The text ends in a backslash, which the client takes for a line break.',
    remedy: 'Leave it out, or put something behind it.',
    seen: '2.1.139, 2.1.330',
  },
  {
    lines: /^!/,
    what: 'A line that begins with ! is a shell command, and 2.1.139 may take the next line for one, too.',
    remedy: 'Run it in a shell of your own, or ask Claude for it.',
    seen: '2.1.139, 2.1.330',
  },
  {
    lines: /^\?$/,
    what: 'A ? alone opens the list of keys in the client, and is not typed.',
    remedy: 'Ask in a few words more.',
    seen: '2.1.139, 2.1.330',
  },
  {
    lines: /^\/(?:exit|quit)(?:\s|$)/,
    what: '`/exit` would end the client, and its loop would start it again.',
    remedy: '`channels down` stops a session, `channels restart` gives it a new client.',
    seen: '2.1.139, 2.1.330',
  },
  {
    // Nothing else: `Exit` and `exit now` are messages.
    lines: /^(?:exit|quit|:q!?|:wq!?)$/,
    what: 'This line alone would end the client, as `/exit` does.',
    remedy:
      '`channels down` stops a session, `channels restart` gives it a new client. To say it to Claude, say it in a sentence.',
    seen: '2.1.139, 2.1.330',
  },
  {
    lines: /^\/logout(?:\s|$)/,
    what: '`/logout` would sign the client out, and with it every session of this login, and end it.',
    remedy: 'Where that is meant: `claude auth logout` in a terminal of your own.',
    seen: '2.1.139, 2.1.330',
  },
  {
    lines: /^\/tui(?:\s|$)/,
    what: '`/tui` starts the client a second time below itself, and its channels are gone for that time.',
    remedy: 'Where that is meant: at its terminal (`channels attach`), and `channels restart` after it.',
    seen: '2.1.139, 2.1.330',
  },
]

/** Why a line is not to be typed into the client; null for what it takes as it is. */
export const ownLine = (text: string): Refusal | null => {
  const line = text.trim()
  return ownLines.find(({ lines }) => lines.test(line)) ?? null
}

/**
 * Whether the line may end in what opens a menu, from which Enter chooses instead of submitting: `@` with files and agents
 * (2.1.139; as soon as it has read the folder), `:` with pictures (2.1.330), `#` with rooms (code of 2.1.139). A blank
 * behind it closes the menu, and both versions cut it off. A command that is not followed by anything is offered itself.
 */
export const endsInMenu = (text: string): boolean =>
  !/^\s*\/[^\s/]+$/.test(text) && /[@:#]\S*$|@"[^"]*$/.test(text) && !/\s$/.test(text)
