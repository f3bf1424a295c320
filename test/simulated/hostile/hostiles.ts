import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { MultiplexerKind } from '../../../src/core/session.ts'
import { resolveFolders } from '../../../src/system/folders.ts'
import type { Machine } from '../faults/kit.ts'
import type { OwnServer } from './own-server.ts'

type Env = Readonly<Record<string, string>>

/** What somebody has on their machine that a terminal of ours may stumble over. */
export type Hostile = {
  readonly name: string
  readonly kinds: readonly MultiplexerKind[]
  /** Puts it there; hands back what the environment of the so-manyth command has besides, null: it can't be had here. */
  readonly put: (place: { readonly home: Machine; readonly own: OwnServer }) => ((call: number) => Env) | null
}

export const hostiles: readonly Hostile[] = [
  ...[
    ['configuration with mistakes', 'bogus command\nset -g nonsense 3\nif-shell {\nsource-file /nowhere\n'],
    ['remain-on-exit', 'set -g remain-on-exit on\n'],
    ['destroy-unattached', 'set -g destroy-unattached on\nset -s exit-unattached on\n'],
    ['base-index 1', 'set -g base-index 1\nset -g pane-base-index 1\nset -g renumber-windows on\n'],
    [
      'another prefix and another shell',
      'set -g prefix C-a\nunbind C-b\nset -g default-shell /bin/false\nset -g default-command false\n',
    ],
  ].map(
    ([name = '', text = '']): Hostile => ({
      name: `tmux: ${name}`,
      kinds: ['tmux'],
      put: ({ home }) => {
        const { tmuxConf } = resolveFolders({ CHANNELS_HOME: home.channelsHome }, home.home)
        for (const file of [join(home.home, '.tmux.conf'), tmuxConf]) write(file, text)
        return nothing
      },
    }),
  ),
  shell('fish', '.config/fish/config.fish', 'echo welcome; set -x TERM vt52\n'),
  shell('zsh', '.zshenv', 'echo welcome; export PATH=/nowhere\n'),
  ownShell('prints', 'echo welcome; echo "to this machine" >&2', 'exec /bin/sh "$@"'),
  ownShell('hangs', 'exec sleep 1000'),
  ownShell('refuses', 'echo "This account is not available."', 'exit 1'),
  {
    name: 'locale C',
    kinds: ['tmux', 'screen'],
    put: () => () => ({ LANG: 'C', LC_ALL: 'C' }),
  },
  {
    name: 'no locale, and no terminal’s name',
    kinds: ['tmux', 'screen'],
    put: () => () => ({ LANG: '', LC_ALL: '', TERM: 'nonsense' }),
  },
  {
    name: 'TMUX_TMPDIR that differs from shell to shell',
    kinds: ['tmux'],
    put:
      ({ home }) =>
      (call) => {
        const folder = join(home.root, `shell-${call % 2}`)
        mkdirSync(folder, { recursive: true })
        return { TMUX_TMPDIR: folder }
      },
  },
  {
    name: 'from inside the own tmux',
    kinds: ['tmux', 'screen'],
    put:
      ({ own }) =>
      () =>
        own.inside,
  },
  {
    name: 'from inside a screen',
    kinds: ['tmux', 'screen'],
    put:
      ({ home }) =>
      () => ({ STY: '4711.own', WINDOW: '0', SCREENDIR: join(home.root, 'own-screen'), TERM: 'screen' }),
  },
]

const nothing = () => ({})

/** A login shell of this machine, and what its start-up file does. */
function shell(name: 'fish' | 'zsh', file: string, text: string): Hostile {
  return {
    name: `login shell ${name}, whose start-up file prints`,
    kinds: ['tmux', 'screen'],
    put: ({ home }) => {
      const program = find(name)
      if (program === null) return null
      write(join(home.home, file), text)
      return () => ({ SHELL: program })
    },
  }
}

/** A login shell of one's own. */
function ownShell(does: string, ...lines: readonly string[]): Hostile {
  return {
    name: `login shell that ${does}`,
    kinds: ['tmux', 'screen'],
    put: ({ home }) => {
      const program = join(home.root, 'programs', 'shell')
      write(program, ['#!/bin/sh', ...lines, ''].join('\n'))
      chmodSync(program, 0o755)
      return () => ({ SHELL: program })
    },
  }
}

const find = (name: string): string | null => {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}

const write = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
