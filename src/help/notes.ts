import { sessionSettings } from '../core/session-setting.ts'

/** What there is to say of a command beyond its options. */
export const notes: Readonly<Partial<Record<string, readonly string[]>>> = {
  status: [
    'Exit status: 0 when every wanted session is live (a session that is named has to be), else 1. A watch is left with 0; where stdout is no terminal that can be drawn on, it prints a line for each change.',
  ],
  doctor: [
    'Exit status: 0 when no check failed, 1 when one did. It starts no client that loads a plugin, and reads no bot’s messages. What depends on a failed check is not checked.',
  ],
  logs: [
    'A terminal shows local time, with a heading where the day or its distance from UTC changes, and what repeats once; a pipe and --json have UTC, and every line.',
  ],
  send: [
    'The line is typed, seen to stand alone in the prompt, and only then submitted; 0 once the client has taken it. A line that somebody has half typed there is left alone. Nothing is typed into a dialog, forced or not. What Claude answers stands in the session’s terminal, not at the phone.',
    'A line that begins with / is a command of the client’s, named in full. Refused is what would end the client (/exit, /logout, and `exit`, `quit` or `:q` alone), /tui, a ? alone, and what begins with !: a shell command. What begins with # or & is a line like any other. What begins with - stands behind `--`.',
  ],
  completion: [
    'What it prints is complete by itself: no package is needed for it. Bash is 3.2 or later, as macOS has it. Open a new shell afterwards.',
  ],
}

/** What `channels set` can set. */
export const settings: readonly (readonly [key: string, what: string])[] = [
  ['folder', 'the folder Claude works in'],
  ...Object.entries(sessionSettings).map(([key, { help }]) => [key, help] as const),
  ['client', 'absolute path of the client'],
  ['bun', 'absolute path of Bun; empty for the one in PATH'],
  ['environment=here', 'the variables of this shell, in place of those of another'],
  ['env.<NAME>', 'one variable of the client; empty: it has none'],
]
