import type { Command, Option } from 'commander'
import { exitStatus } from '../../src/errors.ts'
import { continued, examplesOf } from '../../src/help/after.ts'
import type { Example } from '../../src/help/examples.ts'
import { notes, settings } from '../../src/help/notes.ts'
import { story } from '../../src/help/story.ts'

/** `man/channels.1`: the grammar, in the order of its story, with the examples of the help. */
export const manPage = (program: Command): string =>
  [
    '.\\" Made from the grammar and its examples by `npm run docs`; a test compares the two.',
    '.TH CHANNELS 1 "" "channels" "User Commands"',
    ...section('NAME', 'channels \\- a supervisor for Claude Code channel sessions'),
    ...section('SYNOPSIS', '.B channels', '.I command', '[options]'),
    ...section(
      'DESCRIPTION',
      ...prose(program.description()),
      ...paragraphs.flatMap((text) => ['.PP', ...prose(text)]),
    ),
    '.SH COMMANDS',
    ...Object.entries(story).flatMap(([title, commands]) => [
      `.SS ${quoted(title)}`,
      ...Object.keys(commands).flatMap((name) => commandBy(program, name)),
    ]),
    ...section(
      'EXIT STATUS',
      ...Object.entries(statuses).flatMap(([name, text]) =>
        item(`.B ${exitStatus[name as keyof typeof exitStatus]}`, text),
      ),
    ),
    ...section(
      'ENVIRONMENT',
      ...Object.entries(variables).flatMap(([name, text]) => item(`.B ${escaped(name)}`, text)),
    ),
    ...section(
      'FILES',
      ...Object.entries(files).flatMap(([name, text]) => item(`.I ${escaped(name)}`, text)),
    ),
    ...section(
      'FOR THE LOOP',
      ...prose('What the shell script in a session’s terminal calls; nobody else has a use for it.'),
      ...commandBy(program, 'launch'),
    ),
    ...section('SEE ALSO', '.BR claude (1),', '.BR tmux (1),', '.BR screen (1),', '.BR systemd (1)'),
    '',
  ].join('\n')

const section = (title: string, ...lines: readonly string[]): readonly string[] => [
  `.SH ${quoted(title)}`,
  ...lines,
]

const commandBy = (parent: Command, name: string): readonly string[] => {
  const command = parent.commands.find((each) => each.name() === name)
  return command === undefined ? [] : describe(command)
}

const describe = (command: Command): readonly string[] => {
  const help = command.createHelp()
  const usage = help.commandUsage(command).replace(' [options]', '').replace(' [command]', '')
  const name = usage.split(/ [<[]/)[0]?.replace('channels ', '') ?? ''
  return [
    ...item(`.B ${escaped(usage)}`, `${sentence(command.description())}`),
    '.RS',
    ...command.registeredArguments
      .filter(({ description }) => description !== '')
      .flatMap((argument) => item(`.I ${escaped(argument.name())}`, argument.description)),
    ...help
      .visibleOptions(command)
      .filter(({ long }) => long !== '--help')
      .flatMap((option) => item(`.B ${escaped(option.flags)}`, help.optionDescription(option as Option))),
    ...(name === 'set' ? settings.flatMap(([key, what]) => item(`.I ${escaped(key)}`, what)) : []),
    ...(notes[name] ?? []).flatMap((note) => ['.PP', ...prose(note)]),
    ...shown(examplesOf(name)),
    ...(command.commands.length > 0 ? command.commands.flatMap((each) => describe(each)) : []),
    '.RE',
  ]
}

const shown = (examples: readonly Example[]): readonly string[] =>
  examples.length === 0
    ? []
    : [
        '.PP',
        '.EX',
        ...examples.flatMap(({ command, says }) => [
          ...(says === undefined ? [] : [line(`# ${says}`)]),
          ...continued(`$ ${command}`).split('\n').map(line),
        ]),
        '.EE',
      ]

const item = (head: string, text: string): readonly string[] => ['.TP', head, ...prose(text)]

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`

/** Each sentence in a line of its own, as roff has it. */
const prose = (text: string): readonly string[] => text.split(/(?<=[.;]) /).map(line)

/** What begins with . or ' would be a request. */
const line = (text: string): string => escaped(text).replace(/^(?=[.'])/, '\\&')

const quoted = (text: string): string => `"${escaped(text)}"`

/** Roff makes other characters of these; the page is ASCII. */
const escaped = (text: string): string =>
  text.replaceAll(/[\\\-'`^~’…–]/g, (character) => letters[character] ?? character)

const letters: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '’': '\\(cq',
  '…': '...',
  '–': '\\(en',
}

const paragraphs = [
  'A person writes to a bot from the phone, and Claude Code, running on their machine with their files, answers. Each session has a terminal of its own, in tmux or GNU screen; one process, the keeper, looks after all of them. It brings back what ended, ends what does not hear any more, and says what only a person can help with.',
  'Without a name `status`, `up`, `down`, `restart`, `logs` and `doctor` mean all sessions, `attach` and `pair` the only one there is.',
]

const statuses: Readonly<Record<keyof typeof exitStatus, string>> = {
  done: 'Done. Of `status`: every session that is wanted, or named, is live.',
  wrong: 'Something is not as it should be.',
  usage: 'Wrong usage, or a question that nobody was there to answer.',
  unknownSession: 'No such session, or nothing is set up.',
  missing: 'Something needed is missing: a multiplexer, the client, the network.',
  bug: 'A bug, with its stack.',
  cannotWrite: 'A file can’t be written.',
  noPermission: 'No permission.',
  badConfiguration: 'The configuration is broken.',
  cancelled: 'Cancelled, as by Ctrl-C.',
}

const variables: Readonly<Record<string, string>> = {
  CHANNELS_HOME: 'One folder for configuration and state, in place of the two below.',
  CHANNELS_CLAUDE: 'The client to run.',
  CLAUDE_CONFIG_DIR: 'The client’s folder, as for the client itself.',
  'TELEGRAM_API_ROOT, DISCORD_API_ROOT':
    'Another server to ask about a bot; https, or on this machine: it gets the token.',
  'HTTPS_PROXY, NODE_EXTRA_CA_CERTS': 'As for the client and its plugins.',
  NO_COLOR: 'No colours.',
  ACCESSIBLE: 'For a screen reader: nothing is drawn.',
}

const files: Readonly<Record<string, string>> = {
  '~/.config/channels/config.json': 'The sessions.',
  '~/.config/channels/tmux.conf, ~/.config/channels/screenrc': 'Read after ours, where they are.',
  '~/.local/state/channels': 'What runs, and what happened.',
  '~/.claude/channels/<kind>-<session>': 'The bot’s token and who may write to it; the plugin’s own.',
}
