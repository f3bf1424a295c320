import type { MultiplexerKind } from './session.ts'

/** As they are tried where nobody said which; their programs bear these names. */
export const multiplexerKinds: readonly MultiplexerKind[] = ['tmux', 'screen']

/** The package managers that install both under their own names, as a person would type it. */
const installers: readonly (readonly [tool: string, command: string])[] = [
  ['apt-get', 'sudo apt install'],
  ['dnf', 'sudo dnf install'],
  ['pacman', 'sudo pacman -S'],
  ['zypper', 'sudo zypper install'],
  ['apk', 'sudo apk add'],
  ['brew', 'brew install'],
]

/** The command that installs a multiplexer on a machine that has these programs; the usual ones where none is known. */
export const installCommand = (kind: MultiplexerKind, has: (program: string) => boolean): string => {
  const found = installers.find(([tool]) => has(tool))
  return found === undefined
    ? `\`${kind}\` by your system’s packages (apt install ${kind}, brew install ${kind})`
    : `it: \`${found[1]} ${kind}\``
}

/** Which one is meant: as said, else as last time where that is there, else the first that is there; null: none is. */
export const chooseMultiplexer = (
  said: MultiplexerKind | null,
  remembered: MultiplexerKind | null,
  has: (program: string) => boolean,
): MultiplexerKind | null =>
  said ??
  [...(remembered === null ? [] : [remembered]), ...multiplexerKinds].find((kind) => has(kind)) ??
  null
