import { vanishes } from '../../core/vanishing.ts'
import type { Deps, KeeperStart } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'

/**
 * How a service manager is to start the keeper of this installation. Throws an ExpectedError (1) where node or script
 * will not be there for long, or lie where no service manager can start them.
 */
export const keeperStart = (deps: Deps): KeeperStart => {
  const start = presentStart(deps)
  for (const path of [start.script, start.node]) {
    const place = vanishes(path, temporary(deps))
    if (place !== null) throw willVanish(path, place)
    if (odd.test(path)) throw oddPath(path)
  }
  return start
}

/** The same, wherever it is: to compare with. */
export const presentStart = (deps: Deps): KeeperStart => {
  const environment = { ...deps.keeperEnvironment(), PATH: searchPath(deps) }
  return { node: lastingNode(deps), script: deps.program.script, environment }
}

const temporary = ({ env }: Deps): readonly string[] => (env.TMPDIR === undefined ? [] : [env.TMPDIR])

/** systemd starts no program with one of these in its path, and no property list holds a control character. */
const odd = /["'\\]|\p{Cc}/u

/** Homebrew's `node` is a link that outlives the version it points at; node itself names the version's own folder. */
const lastingNode = (deps: Deps): string => {
  const { node } = deps.program
  const real = deps.files.realPath(node)
  const links = foldersOf(deps).map((folder) => `${folder}/node`)
  return links.find((link) => deps.files.realPath(link) === real) ?? node
}

/** The caller's PATH, and after it where Bun and the client are when it does not say. */
const searchPath = (deps: Deps): string => {
  const { claude, env, home } = deps
  const whereabouts = { ...env, HOME: home }
  const client = claude.findClient(whereabouts)
  const found = [client, claude.findBun(whereabouts, client)].flatMap((path) =>
    path === null ? [] : [path.slice(0, path.lastIndexOf('/'))],
  )
  const folders = [...foldersOf(deps), ...found, '/usr/local/bin', '/usr/bin', '/bin']
  return [...new Set(folders)].filter((folder) => !folder.includes(':')).join(':')
}

const foldersOf = (deps: Deps): readonly string[] =>
  (deps.env.PATH ?? '')
    .split(':')
    .map((folder) => folder.replace(/(?<=.)\/+$/, ''))
    .filter((folder) => folder.startsWith('/') && vanishes(`${folder}/`, temporary(deps)) === null)

const willVanish = (path: string, place: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Nothing was installed: ${path} is in ${place}, and would be gone when it is to be started.`,
    'Install `channels` for good (`npm install -g claude-channels`, or `npm link` in its folder), and run `channels service install` from there.',
  )

const oddPath = (path: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `Nothing was installed: no service manager starts a program at ${JSON.stringify(path)}, for the quote, backslash or control character in it.`,
    'Install it in a folder without one.',
  )
