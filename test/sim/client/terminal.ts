import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { standIns } from '../build.ts'
import { until } from '../until.ts'

export type Terminal = {
  readonly screen: () => string
  /** One after the other, text only once it can be seen: tmux key names, or text. */
  readonly press: (...keys: readonly string[]) => Promise<void>
  /** Text sent in one go, with whatever is in it. */
  readonly paste: (text: string) => void
  /** How the terminal stands. */
  readonly modes: () => Readonly<Record<'alternateScreen' | 'mouse' | 'echo' | 'signals', boolean>>
  readonly pid: () => number
  /** The client's exit status, as the shell saw it. */
  readonly ended: () => Promise<number>
}

const named = /^(Enter|Escape|Left|Right|Up|Down|[0-9]|C-.)$/
let terminals = 0

/** Starts the stand-in client in a tmux pane of its own, on a server of the lab's. */
export const startTerminal = (
  socket: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
): Terminal => {
  terminals += 1
  const name = `t${terminals}`
  const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
  const variables = Object.entries(environment).map(([key, value]) => quoted(`${key}=${value}`))
  const script = `${socket}-${name}`
  const command = [
    'exec',
    '/usr/bin/env',
    '-i',
    ...variables,
    ...[standIns.claude, ...words].map(quoted),
  ].join(' ')
  writeFileSync(script, `echo $$ > ${script}.pid\n${command}\n`)
  const tmux = (...args: readonly string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' })
  const pane = `sh ${script}; echo $? > ${script}.exit; exec sleep 1000`
  tmux('new-session', '-d', '-s', name, '-x', '120', '-y', '40', '-c', cwd, pane)
  // Wrapped lines joined.
  const screen = () => tmux('capture-pane', '-p', '-J', '-t', name)
  return {
    screen,
    press: async (...keys) => {
      for (const key of keys) {
        tmux('send-keys', '-t', name, key)
        // On a busy machine text and Enter may arrive in one go all the same, which is a paste.
        if (!named.test(key)) await until(`${key} on screen`, () => screen().includes(key))
      }
    },
    paste: (text) =>
      void tmux('send-keys', '-t', name, '-H', ...[...Buffer.from(text)].map((byte) => byte.toString(16))),
    modes: () => {
      const [alternate, mouse, tty = ''] = tmux(
        'display-message',
        '-p',
        '-t',
        name,
        '#{alternate_on} #{mouse_any_flag} #{pane_tty}',
      )
        .trim()
        .split(' ')
      const settings = execFileSync('stty', ['-F', tty, '-a'], { encoding: 'utf8' }).split(/[\s;]+/)
      const has = (setting: string) => settings.includes(setting)
      return {
        alternateScreen: alternate === '1',
        mouse: mouse === '1',
        echo: has('echo'),
        signals: has('isig'),
      }
    },
    pid: () => Number(readFileSync(`${script}.pid`, 'utf8')),
    ended: () => until('the end of the client', () => readWord(`${script}.exit`)).then(Number),
  }
}

const readWord = (file: string): string | null =>
  existsSync(file) ? readFileSync(file, 'utf8').trim() || null : null
