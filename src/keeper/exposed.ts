import type { Exposed } from '../core/doctor/facts.ts'
import { keepsList } from '../core/kinds.ts'
import type { Session } from '../core/session.ts'
import type { World } from '../deps.ts'

type Looking = Pick<World, 'files' | 'folders'>

/** `others`: the permissions that nobody else may have. `root`: the folder of ours, or of a bot, that it is in. */
type Place = { readonly path: string; readonly root: string; readonly others: number }

const closed = 0o077

/**
 * What is ours, and of the plugins' folders what holds a secret or says who may write, as far as others of this machine
 * may get at it; and what belongs to another user, who can open it at any time. A link's own mode means nothing: it is
 * told where it leads to.
 */
export const findExposed = (world: Looking, sessions: readonly Session[]): readonly Exposed[] => {
  const { config, configFile, state } = world.folders
  const bots = sessions
    .flatMap(({ channels }) => channels)
    // What stands there in place of a folder is another check's.
    .filter((channel) => keepsList(channel) && world.files.isFolder(channel.stateDir))
    .map(({ stateDir }) => stateDir)
  const places = [
    // Its files are closed themselves, and people put it where others look: nobody else may write there.
    { path: config, root: config, others: 0o022 },
    { path: configFile, root: config, others: closed },
    ...[...new Set(bots)].flatMap((root) =>
      [root, `${root}/.env`, `${root}/access.json`].map((path) => ({ path, root, others: closed })),
    ),
  ]
  const looked = [state, ...bots].flatMap((root) => straight(world, root, root) ?? [])
  return [
    ...places.flatMap((place) => lookAt(world, place, looked)),
    ...below(world, straight(world, state, state), looked),
  ]
}

/** The path as it is when no link stands at its root or below. People may well have linked what is above. */
const straight = ({ files }: Looking, path: string, root: string): string | null => {
  const [, above = '', rest = ''] = /^(.*)(\/[^/]+)\/*$/s.exec(root) ?? []
  const real = files.realPath(above || '/')
  return real === null ? null : `${real === '/' ? '' : real}${rest}${path.slice(root.length)}`
}

const lookAt = (world: Looking, place: Place, looked: readonly string[]): readonly Exposed[] => {
  const { files } = world
  const [real, path] = [files.realPath(place.path), straight(world, place.path, place.root)]
  if (real === null || path === null) return []
  return real === path ? inPlace(world, { ...place, path }) : elsewhere(world, { ...place, path }, looked)
}

const inPlace = ({ files }: Looking, { path, root, others }: Place): readonly Exposed[] => {
  const look = files.look(path)
  // Sockets are kept by the folder they are in.
  if (look === null || look.is === 'other' || look.is === 'link') return []
  if (!look.own) return [{ is: 'foreign', path, root }]
  return (look.mode & others) === 0
    ? []
    : [{ is: 'open', path, mode: look.mode, wanted: look.mode & ~others }]
}

/** What a link leads to; what is looked at in its own place is not looked at once more. */
const elsewhere = (
  { files }: Looking,
  { path, others }: Pick<Place, 'path' | 'others'>,
  looked: readonly string[],
): readonly Exposed[] => {
  const target = files.realPath(path)
  if (target === null || looked.some((root) => `${target}/`.startsWith(`${root}/`))) return []
  const look = files.look(target)
  if (look === null || look.is === 'other') return []
  // An administrator may have given it to this user by their group.
  const open = look.mode & others & (look.own ? 0o777 : 0o007)
  const { own, mode } = look
  return open === 0 ? [] : [{ is: 'elsewhere', path, target, own, mode, wanted: mode & ~others }]
}

/** A folder of ours and all below: in a closed one only links, and what is another user's, are anything to others. */
const below = (
  world: Looking,
  root: string | null,
  looked: readonly string[],
  path: string | null = root,
  isReachable = true,
): readonly Exposed[] => {
  const look = path === null ? null : world.files.look(path)
  if (root === null || path === null || look === null) return []
  if (look.is === 'link') return elsewhere(world, { path, others: closed }, looked)
  const own = inPlace(world, { path, root, others: isReachable ? closed : 0 })
  if (look.is !== 'folder' || !look.own) return own
  const isOpen = isReachable && (look.mode & closed) !== 0
  return [
    ...own,
    ...world.files.list(path).flatMap((name) => below(world, root, looked, `${path}/${name}`, isOpen)),
  ]
}
