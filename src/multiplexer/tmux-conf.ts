import { paneMark, quoteForTmux } from './tmux-protocol.ts'

export type TmuxConf = {
  readonly session: string
  readonly attachedFile: string
  /** Read between our defaults and what must hold; null leaves it out. */
  readonly userConfig: string | null
  /** A terminal description that exists on this machine. */
  readonly terminal: string
}

/**
 * The text of a server's configuration: our defaults, then the user's file, then once more what must hold or the
 * terminal would end, stay dead, or not say who is attached (field notes, section 7). For tmux 3.0 and newer; an
 * option an older one lacks is passed over.
 */
export const tmuxConf = ({ session, attachedFile, userConfig, terminal }: TmuxConf): string =>
  [
    '# Written by channels at every start. Your own settings go into tmux.conf in the configuration folder.',
    ...defaults(terminal),
    ...(userConfig === null ? [] : [`source-file -q ${quoteForTmux(escapeGlob(userConfig))}`]),
    ...required,
    `set-environment -g ${attachedVariable} ${quoteForTmux(attachedFile)}`,
    ...countHooks.map((hook) => `set-hook -g '${hook}[90]' ${quoteForTmux(countAttached(session))}`),
    '',
  ].join('\n')

/** Names the attached file to the hooks, so that no path is ever part of a shell line. */
const attachedVariable = 'CHANNELS_ATTACHED'

const [markName, mark] = paneMark

const defaults = (terminal: string): readonly string[] => [
  `set -g default-terminal ${quoteForTmux(terminal)}`,
  // Wide enough for the client's dialogs and notices to be read off it while nobody is attached.
  'set -gq default-size 160x48',
  'set -gq window-size latest',
  'set -g history-limit 5000',
  'set -s escape-time 25',
  'set -g mouse off',
  'set -g set-titles off',
  'set -g allow-rename off',
  'set -g automatic-rename off',
  'set -g status on',
  'set -g status-interval 0',
  'set -g status-style bg=default,fg=default,dim',
  "set -g status-left 'channels: #{session_name}'",
  'set -g status-left-length 60',
  "set -g status-right '#{s/C-/Ctrl-/:prefix} d leaves it running'",
  'set -g status-right-length 60',
  "set -g window-status-format ''",
  "set -g window-status-current-format ''",
  'set -g display-time 2000',
  // The client takes it for being suspended: it lets go of the keyboard, answers its channels on, and no shell is there
  // to bring it back (field notes, section 1). What a person runs in a pane of their own may have it.
  `bind-key -n C-z if-shell -F ${quoteForTmux(`#{==:#{${markName}},${mark}}`)} ${quoteForTmux(
    "display-message 'Ctrl-Z is off: it takes Claude the keyboard. #{s/C-/Ctrl-/:prefix} d leaves it running.'",
  )} 'send-keys C-z'`,
  // It would stop the program that attached under `channels attach`, whose shell does not notice.
  'unbind-key -T prefix C-z',
]

const required: readonly string[] = [
  'set -g remain-on-exit off',
  'set -g destroy-unattached off',
  'set -g detach-on-destroy on',
  'set -s exit-empty on',
  'set -s exit-unattached off',
  'set -g lock-after-time 0',
  // Else whoever attaches hands variables of theirs to the terminal.
  "set -g update-environment ''",
]

const countHooks = ['session-created', 'client-attached', 'client-detached', 'client-session-changed']

// Without -b the hooks wait for one another, so that the last number written is the last one true. Any output or
// failure would be shown in the pane.
const countAttached = (session: string): string =>
  `run-shell -t ${quoteForTmux(`=${session}:`)} ${quoteForTmux(
    `{ printf '%s\\n' '#{session_attached}' >"$${attachedVariable}.new" && mv -f "$${attachedVariable}.new" "$${attachedVariable}"; } >/dev/null 2>&1 || :`,
  )}`

// source-file takes a pattern.
const escapeGlob = (path: string): string => path.replace(/[\\*?[\]{}]/g, '\\$&')

/** Where the configuration stands that the server at a socket was started with: the user's own read in it, or left out. */
export const confPath = (socket: string, withUsers: boolean): string =>
  `${socket}${withUsers ? '' : '.plain'}.conf`
