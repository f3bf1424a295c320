import { execFile } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { session } from '../../core/evidence-builder.ts'
import { cli } from '../../sim/cli.ts'
import { processesOf } from '../../sim/processes.ts'
import { until, untilNobody } from '../../sim/until.ts'

export type ShellName = 'bash' | 'zsh' | 'fish'

/** A shell at a terminal of its own, where `channels` completes as its help says, and sessions are set up. */
export type Shell = {
  /** What stands on the line once Tab was pressed behind this. */
  readonly completed: (typed: string) => Promise<string>
  /** What the terminal shows once the shell was asked what could stand here, and shows all of these. */
  readonly offered: (typed: string, ...all: readonly string[]) => Promise<string>
  /** HOME, with `my folder` and `bot-token` in it; the present folder too. */
  readonly home: string
  readonly close: () => Promise<void>
}

/** How completion is switched on: by a line of the shell's start file, a file where the shell looks, or both. */
export type Start = {
  readonly shell: ShellName
  readonly line: string
  readonly file?: string
  readonly more?: string
}

/** Where CI decides each has to be; a person's machine may lack some. */
export const isThere = (shell: ShellName): boolean =>
  process.env.CI !== undefined ||
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, shell)))

export const openShell = async ({ shell, line, file, more = '' }: Start): Promise<Shell> => {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'chan-tab-'))
  const home = join(root, 'home')
  const said = join(root, 'said')
  furnish(root, home)
  const env = {
    PATH: [join(root, 'bin'), dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: home,
    CHANNELS_HOME: join(root, 'own'),
    // Else fish has one in /tmp, and leaves it.
    XDG_RUNTIME_DIR: root,
    LANG: 'C.UTF-8',
    TERM: 'screen',
  }
  const tmux = (...args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) =>
      execFile('tmux', ['-S', join(root, 'tmux'), ...args], { env, cwd: home }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      ),
    )
  const rc = startFiles[shell](said, line)
  mkdirSync(dirname(join(home, rc.file)), { recursive: true })
  writeFileSync(join(home, rc.file), `${rc.text}${more}\n`)
  if (file !== undefined) {
    mkdirSync(dirname(join(home, file)), { recursive: true })
    copyFileSync(shippedFor[shell], join(home, file))
  }
  await tmux('-f', '/dev/null', 'new-session', '-d', '-x', '150', '-y', '50', '-c', home, rc.start)
  const ask = async (typed: string, tabs: number): Promise<string> => {
    rmSync(said, { force: true })
    // In order: by the time the last key is answered, those before have been.
    const keys = [...Array.from({ length: tabs }, () => 'Tab'), 'C-g']
    // Not Ctrl-C: a terminal takes away what was typed around it.
    await tmux('send-keys', 'C-u', ';', 'send-keys', '-l', ending(typed), ';', 'send-keys', ...keys)
    await until(
      () => `${shell} to say what stands behind ${typed}`,
      () => existsSync(said),
      10_000,
    )
    return readFileSync(said, 'utf8')
  }
  const close = async () => {
    await tmux('kill-server')
    await untilNobody('its programs to end', () => processesOf(home))
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  const isReady = async () => (await tmux('capture-pane', '-p')).includes('ready$')
  await until(`${shell} at its prompt`, isReady, 15_000).catch(async (error) => {
    await close()
    throw error
  })
  return {
    home,
    completed: (typed) => ask(typed, 1),
    offered: async (typed, ...all) => {
      await tmux('send-keys', 'C-l')
      await ask(typed, shell === 'bash' ? 2 : 1)
      let screen = ''
      await until(
        () => `${all.join(', ')} behind ${typed}: ${screen}`,
        async () => {
          screen = await tmux('capture-pane', '-p')
          return all.every((word) => new RegExp(`(^|\\s)${word}(\\s|$)`).test(screen))
        },
      )
      return screen
    },
    close,
  }
}

const shippedFor: Readonly<Record<ShellName, URL>> = {
  bash: new URL('../../../completions/channels.bash', import.meta.url),
  zsh: new URL('../../../completions/_channels', import.meta.url),
  fish: new URL('../../../completions/channels.fish', import.meta.url),
}

/** Of the sessions there are. */
export const names = ['site', 'notes', 'wiki']

/** tmux takes a `;` at a word's end for its own. */
const ending = (text: string): string => text.replace(/;$/, '\\;')

const furnish = (root: string, home: string): void => {
  // Without the last fish reads every man page of the machine at its first start.
  for (const folder of [
    'bin',
    'own',
    'home/my folder',
    'home/site-files',
    'home/.local/share/fish/generated_completions',
  ])
    mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(home, 'bot-token'), '')
  const sessions = Object.fromEntries(names.map((name) => [name, { ...session, name, cwd: home }]))
  writeFileSync(join(root, 'own', 'config.json'), JSON.stringify({ version: 1, sessions }))
  writeFileSync(join(root, 'bin', 'channels'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`)
  chmodSync(join(root, 'bin', 'channels'), 0o755)
}

/** Ctrl-G writes down what stands on the line. */
const startFiles: Readonly<
  Record<
    ShellName,
    (said: string, line: string) => { readonly file: string; readonly text: string; readonly start: string }
  >
> = {
  bash: (said, line) => ({
    file: '.bashrc',
    text: `PS1='ready$ '\nsay() { printf %s "$READLINE_LINE" >'${said}.new' && mv '${said}.new' '${said}'; }\nbind -x '"\\C-g": say'\nbind 'set bell-style none'\n${line}\n`,
    start: 'exec bash --noprofile -i',
  }),
  zsh: (said, line) => ({
    file: '.zshrc',
    text: `PS1='ready$ '\nsay() { printf %s "$BUFFER" >'${said}.new' && mv '${said}.new' '${said}' }\nzle -N say\nbindkey -e\nbindkey '^G' say\nfpath+=(~/.zfunc)\nautoload -Uz compinit && compinit -u -D\n${line}\n`,
    start: 'exec zsh -d -i',
  }),
  fish: (said, line) => ({
    file: '.config/fish/config.fish',
    text: `set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\nfunction fish_prompt\n  printf 'ready$ '\nend\nfunction say\n  echo -n (commandline | string collect) >'${said}.new'; and mv '${said}.new' '${said}'\nend\nbind \\cg say\n${line}\n`,
    start: 'exec fish -i',
  }),
}
