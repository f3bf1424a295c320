import { cli } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'

/**
 * The shell script of a terminal: runs `channels`, and leaves `<files>.stty` and `<files>.code` behind when it has ended.
 * Ctrl-C reaches the shell, too, where nobody has taken it for a key: it goes on, and tells how the command ended.
 */
export const scriptOf = (
  home: Home,
  files: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): string => {
  const whole = {
    ...home.env,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    CHANNELS_TEST_TERMINAL: files,
    ...env,
  }
  const variables = Object.entries(whole).map(([name, value]) => quoted(`${name}=${value}`))
  return [
    '#!/bin/sh',
    'trap : INT QUIT',
    `cd ${quoted(home.project)}`,
    // As in a person's terminal the first question is not on the first line: tmux keeps what is cleared from there on.
    `echo '$ channels ${args[0] ?? ''} ${args[0] === 'setup' ? 'telegram' : ''}'`,
    `env -i ${[...variables, quoted(process.execPath), quoted(cli), ...args.map(quoted)].join(' ')}`,
    'code=$?',
    `stty -a >${quoted(`${files}.stty`)}`,
    // What kill -9 left behind, and nobody else.
    'stty sane',
    `echo $code >${quoted(`${files}.part`)}; mv ${quoted(`${files}.part`)} ${quoted(`${files}.code`)}`,
    'exec sleep 600',
    '',
  ].join('\n')
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
