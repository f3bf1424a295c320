import { type Channel, isDevelopment } from '../core/channel.ts'
import type { Session } from '../core/session.ts'
import { usageError } from '../errors.ts'

/**
 * The client's argv without the client itself. `--channels` takes every word up to the next option, so it stands last,
 * or before the user's `--` (field notes, section 1).
 */
export const clientArguments = (start: {
  readonly session: Session
  /** Absolute path of the JSON that `clientSettings` made. */
  readonly settingsFile: string
  readonly conversation: string
  readonly resume: boolean
}): readonly string[] => {
  const { session } = start
  const end = session.arguments.indexOf('--')
  const options = end === -1 ? session.arguments : session.arguments.slice(0, end)
  const rest = end === -1 ? [] : session.arguments.slice(end)
  return [
    start.resume ? '--resume' : '--session-id',
    start.conversation,
    '--settings',
    start.settingsFile,
    ...(session.permissionMode === null ? [] : ['--permission-mode', session.permissionMode]),
    ...(session.skipPermissions ? ['--dangerously-skip-permissions'] : []),
    ...options,
    ...listOption('--dangerously-load-development-channels', idsOf(session, isDevelopment)),
    ...listOption(
      '--channels',
      idsOf(session, (channel) => !isDevelopment(channel)),
    ),
    ...rest,
  ]
}

/** Throws ExpectedError (usage) when the user's own arguments hold one that `channels` sets itself or can't live with. */
export const checkArguments = (given: readonly string[]): void => {
  const options = given.includes('--') ? given.slice(0, given.indexOf('--')) : given
  const last = options.at(-1) ?? ''
  if (takesValue.includes(last))
    throw usageError(
      `\`${last}\` has no value.`,
      `It would take \`--channels\` for it. Write \`${last} <value>\`.`,
    )
  const row = options.flatMap((argument) =>
    notForUsers.filter(({ names }) => names.includes(nameOf(argument))),
  )[0]
  if (row !== undefined)
    throw usageError(`\`${row.names[0]}\` can't be among the client's arguments: ${row.why}.`, row.hint)
}

/** Throws ExpectedError (usage) for a `--permission-mode` that the client does not know, or that asks for nothing any more. */
export const checkPermissionMode = (mode: string): void => {
  if (mode === 'bypassPermissions')
    throw usageError(
      "`bypassPermissions` can't be the permission mode: nobody would be asked for anything any more.",
      'If whoever may write to the bot may run anything here, say so with `--dangerously-skip-permissions`.',
    )
  if (!permissionModes.includes(mode))
    throw usageError(
      `The client has no permission mode ${JSON.stringify(mode)}.`,
      `It has ${permissionModes.join(', ')}.`,
    )
}

// `claude --help` of 2.1.139; 2.1.330 lists `manual` in place of `default`, and takes both.
const permissionModes: readonly string[] = ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk']

/** Options of the client that take what follows for their value (`claude --help` of 2.1.330). */
const takesValue: readonly string[] = [
  '--model',
  '--fallback-model',
  '--effort',
  '--agent',
  '--agents',
  '--append-system-prompt',
  '--system-prompt',
  '--add-dir',
  '--allowedTools',
  '--allowed-tools',
  '--disallowedTools',
  '--disallowed-tools',
  '--tools',
  '--mcp-config',
  '--plugin-dir',
  '--setting-sources',
  '--betas',
  '--name',
  '-n',
]

type Refused = { readonly names: readonly string[]; readonly why: string; readonly hint: string }

const conversationHint =
  'Leave it out; `channels restart --conversation <id>` or `--fresh` chooses the conversation.'

const notForUsers: readonly Refused[] = [
  { names: ['--resume', '-r'], why: 'the conversation is chosen at every start', hint: conversationHint },
  { names: ['--continue', '-c'], why: 'the conversation is chosen at every start', hint: conversationHint },
  { names: ['--session-id'], why: 'the conversation is chosen at every start', hint: conversationHint },
  { names: ['--fork-session'], why: 'the conversation is chosen at every start', hint: conversationHint },
  {
    names: ['--settings'],
    why: '`channels` gives the client settings of its own',
    hint: 'Put yours into `.claude/settings.local.json` of the folder.',
  },
  { names: ['--channels'], why: 'the channels are those that were set up', hint: 'Leave it out.' },
  {
    names: ['--dangerously-load-development-channels'],
    why: 'the channels are those that were set up',
    hint: 'Leave it out.',
  },
  { names: ['--print', '-p'], why: 'the client would answer once and end', hint: 'Leave it out.' },
  {
    names: ['--background', '--bg'],
    why: 'the client would leave the terminal it is watched in',
    hint: 'Leave it out.',
  },
  {
    names: ['--permission-mode'],
    why: 'it has a flag of its own',
    hint: 'Give `--permission-mode` before the `--`.',
  },
  {
    names: ['--dangerously-skip-permissions', '--allow-dangerously-skip-permissions'],
    why: 'it has a flag of its own',
    hint: 'See `channels setup --help`.',
  },
]

const nameOf = (argument: string): string => argument.replace(/=.*$/s, '')

const listOption = (option: string, ids: readonly string[]): readonly string[] =>
  ids.length === 0 ? [] : [option, ...ids]

const idsOf = (session: Session, fits: (channel: Channel) => boolean): readonly string[] =>
  session.channels.filter(fits).map(({ id }) => id)
