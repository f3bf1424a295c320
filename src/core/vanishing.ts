/** Why a path will not be there for long, and what to do instead; null where nothing speaks against it. */
export const vanishes = (path: string, temporary: readonly string[]): string | null => {
  const place = passingPlaces.find(([pattern]) => pattern.test(path))?.[1]
  if (place !== undefined) return place
  const folders = [...usualTemporary, ...temporary].filter((folder) => folder !== '/')
  return folders.some((folder) => path.startsWith(`${folder.replace(/\/+$/, '')}/`))
    ? 'a folder for temporary files'
    : null
}

/** Where programs lie that are run without being installed. */
export const passingPlaces: readonly (readonly [RegExp, string])[] = [
  // npm 7 to 11: ~/.npm/_npx/<hash>/node_modules/…
  [/\/_npx\//, 'the cache of npx'],
  // pnpm 9 and later: ~/.cache/pnpm/dlx/<hash>/…; before that, …/dlx-<pid>/…
  [/\/pnpm\/(.*\/)?dlx[-/]/, 'the cache of pnpm dlx'],
  [/\/bunx-\d+-/, 'the cache of bunx'],
  [/\/xfs-[0-9a-f]+\/dlx-/, 'the cache of yarn dlx'],
  // fnm links the Node of one shell.
  [/\/fnm_multishells\//, 'a folder that fnm makes for one shell'],
]

const usualTemporary = [
  '/tmp',
  '/var/tmp',
  '/private/tmp',
  '/private/var/tmp',
  '/var/folders',
  '/private/var/folders',
  '/dev/shm',
  '/run',
]
