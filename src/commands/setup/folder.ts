import type { ClientPaths } from '../../core/client.ts'
import type { Ask, Deps } from '../../deps.ts'
import { type ExpectedError, usageError } from '../../errors.ts'

export type Folder = {
  /** Real, absolute path. */
  readonly cwd: string
  /** What the client says of it; null: its file can't be read. */
  readonly trusted: boolean | null
}

type Said = {
  readonly cwd: string | null
  /** Whichever it is. */
  readonly trust: boolean
  /** The one whose trust was asked for before, and agreed to. */
  readonly agreed: string | null
  /** What is offered where nothing was said. */
  readonly offer: string
}

/**
 * The folder Claude works in, and that it is trusted. Throws an ExpectedError: 2 for one that is not there, the present
 * one among them, or, with nobody to ask, is not trusted; 130 when cancelled.
 */
export const chooseFolder = async (
  said: Said,
  paths: ClientPaths,
  ask: Ask | null,
  deps: Deps,
): Promise<Folder> => {
  // It is called `/` then, which nobody means.
  if (said.cwd === null && said.offer === deps.cwd && deps.files.realPath('.') === null)
    throw usageError('The present folder is gone.', 'Go to another one, or name one with --cwd <folder>.')
  if (ask === null) return unattended(said, paths, deps)
  let wanted = said.cwd
  for (;;) {
    const cwd = realFolder(wanted ?? (await askFolder(said.offer, paths, ask, deps)), deps)
    const trusted = deps.claude.isTrusted(paths, cwd)
    if (trusted !== false || said.trust || said.agreed === cwd || (await askTrust(cwd, ask)))
      return { cwd, trusted }
    ask.say(
      'Then another folder: without trust the client would ask at every start, and nobody would see it.',
    )
    wanted = null
  }
}

const unattended = ({ cwd, trust, offer }: Said, paths: ClientPaths, deps: Deps): Folder => {
  if (cwd === null) deps.output.say(`The session works in ${offer} (--cwd <folder> names another).`)
  const real = realFolder(cwd ?? offer, deps)
  const trusted = deps.claude.isTrusted(paths, real)
  if (trusted === false && !trust && real !== deps.files.realPath(paths.home)) throw notTrusted(real)
  return { cwd: real, trusted }
}

const askFolder = (offer: string, paths: ClientPaths, ask: Ask, deps: Deps): Promise<string> => {
  const home = deps.files.realPath(paths.home)
  const isHome = deps.files.realPath(offer) === home
  return ask.text({
    message: 'Which folder shall Claude work in?',
    ...(isHome ? {} : { initial: offer }),
    check: (answer) => {
      if (answer.trim() === '') return 'Name a folder, such as ~/site.'
      const real = deps.files.realPath(expand(answer.trim(), paths))
      if (real === null || !deps.files.isFolder(real)) return `There is no folder ${answer}; make it first.`
      return real === home ? 'The client never trusts the home folder itself; name one below it.' : null
    },
  })
}

const askTrust = (cwd: string, ask: Ask): Promise<boolean> => {
  ask.say(
    'Claude Code follows instructions, settings and hooks that it finds in its folder; some of them run commands.',
  )
  return ask.confirm({ message: `Do you trust what is in ${cwd}?`, initial: false })
}

const realFolder = (wanted: string, deps: Deps): string => {
  const real = wanted.trim() === '' ? null : deps.files.realPath(expand(wanted.trim(), deps))
  if (real !== null && deps.files.isFolder(real)) return real
  throw usageError(
    `There is no folder ${wanted.trim() === '' ? '""' : wanted}.`,
    'Make it first, or name another with --cwd <folder>.',
  )
}

/**
 * A shell puts the home folder in place of `~`; what is typed at our own question comes as it is, and in most shells so
 * does what stands behind a `=` (`folder=~/site`, `--token-file=~/bot-token`).
 */
export const expand = (path: string, { home }: { readonly home: string }): string =>
  path.replace(/^~(?=\/|$)/, () => home)

/** The client would ask at every start. */
export const notTrusted = (cwd: string): ExpectedError =>
  usageError(
    `The client asks whether ${cwd} is trusted before it starts there, and nobody would see it ask.`,
    'If you trust what is in that folder, say so with --trust.',
  )
