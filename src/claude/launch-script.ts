/** Exit status of a launch script whose folder is gone: the client itself never ends so. */
export const folderGoneStatus = 96

/**
 * The text of `launch.sh` for a POSIX shell: go to the folder, forget the terminal's environment but for TERM, locale
 * and time zone, set the given one, become the client. Everything stands in single quotes. Throws for a variable name
 * that is no identifier and for a NUL, which no shell can hold.
 */
export const launchScript = (start: {
  readonly client: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Where the script writes its pid, which is the client's after the exec. */
  readonly pidFile: string
}): string =>
  [
    '#!/bin/sh',
    '# Written by channels before every start. This is how the client is started.',
    `cd -- ${quote(start.cwd)} || exit ${folderGoneStatus}`,
    forgetEnvironment,
    ...Object.entries(start.env).map(([name, value]) => `export ${identifier(name)}=${quote(value)}`),
    `printf '%s\\n' "$$" 2>/dev/null >${quote(start.pidFile)} || :`,
    `exec ${[start.client, ...start.args].map(quote).join(' ')}`,
    '',
  ].join('\n')

// The terminal's server hands on whatever the process that started it had: TMUX, a surrounding session's CLAUDECODE,
// tokens. `command` keeps a variable the shell holds read-only from ending the script.
const forgetEnvironment = [
  String.raw`for name in $(PATH=$PATH:/usr/bin:/bin; env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do`,
  '  case $name in',
  '    TERM|COLORTERM|TERM_PROGRAM|TERMINFO|TERMINFO_DIRS|LANG|LANGUAGE|LC_*|TZ|PWD|_) ;;',
  '    *) command unset -v "$name" 2>/dev/null || : ;;',
  '  esac',
  'done',
].join('\n')

const identifier = (name: string): string => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`Not a variable name: ${JSON.stringify(name)}`)
  return name
}

const quote = (text: string): string => {
  if (text.includes('\0')) throw new Error('A NUL can stand neither in an argument nor in a variable.')
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
