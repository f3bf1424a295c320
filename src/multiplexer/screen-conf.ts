export type ScreenConf = {
  /** Read between our defaults and what must hold; null leaves it out. */
  readonly userConfig: string | null
  /** A terminal description that exists on this machine. */
  readonly terminal: string
}

/**
 * The text of a server's configuration: our defaults, then the user's file, then once more what must hold or the terminal
 * would end, stay dead or stand still (field notes, section 7). For GNU screen 4.2 and newer; what an older one lacks is
 * passed over.
 */
export const screenConf = ({ userConfig, terminal }: ScreenConf): string =>
  [
    '# Written by channels at every start. Your own settings go into screenrc in the configuration folder.',
    ...defaults(terminal),
    ...(userConfig === null ? [] : [`source ${quoteForScreen(userConfig)}`]),
    ...required,
    '',
  ].join('\n')

const defaults = (terminal: string): readonly string[] => [
  `term ${terminal}`,
  'defscrollback 5000',
  'defbce on',
  'altscreen on',
  'vbell off',
  // Ctrl-S is the program's, as every other key.
  'defflow off',
  'hardstatus alwayslastline "channels: %S%=Ctrl-a d leaves it running"',
  // A log that a person switches on (Ctrl-a H) can be read as it is written, not 10 s later.
  'logfile flush 1',
  // The client takes it for being suspended: it lets go of the keyboard, answers its channels on, and no shell is there
  // to bring it back (field notes, section 1).
  'bindkey ^Z echo "Ctrl-Z is off: it takes Claude the keyboard. Ctrl-a d leaves it running."',
  // They would stop the program that attached under `channels attach`, whose shell does not notice.
  'bind z',
  'bind ^z',
]

const required: readonly string[] = [
  'startup_message off',
  'defutf8 on',
  'autodetach on',
  // Without a word behind it: off.
  'zombie',
  'idle 0',
  // Else one terminal that takes no more output, such as that of a lost connection, holds up the program for all.
  'defnonblock on',
]

/** A word in a configuration file: nothing is expanded within double quotes but what a backslash or `$` begins. */
const quoteForScreen = (path: string): string => `"${path.replace(/[\\"$^]/g, '\\$&')}"`

/** What belongs to the terminal at a place: its configuration, the user's own read in it or not; what runs in it; whether that began. */
export const screenFiles = (socket: string) => ({
  conf: (withUsers: boolean): string => `${socket}${withUsers ? '' : '.plain'}.screenrc`,
  start: `${socket}.start`,
  began: `${socket}.began`,
  hardcopy: (pid: number, count: number): string => `${socket}.hardcopy.${pid}.${count}`,
})
