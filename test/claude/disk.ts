import type { FileLook } from '../../src/claude/file-look.ts'

type Disk = {
  /** What a link says, by its path; links of folders work below them, too. */
  readonly links?: Readonly<Record<string, string>>
  /** How a file begins. */
  readonly heads?: Readonly<Record<string, string>>
}

/** A file system that has these programs and links, and nothing else. */
export const diskOf = (programs: readonly string[], { links = {}, heads = {} }: Disk = {}): FileLook => {
  const follow = (path: string, times = 0): string => {
    const link = Object.keys(links).find((each) => path === each || path.startsWith(`${each}/`))
    return link === undefined || times > 20
      ? path
      : follow(`${links[link]}${path.slice(link.length)}`, times + 1)
  }
  const isThere = (path: string) => programs.some((each) => each === path || each.startsWith(`${path}/`))
  const real = (path: string) => (isThere(follow(path)) ? follow(path) : null)
  return {
    isExecutable: (path) => programs.includes(follow(path)),
    realPath: real,
    link: (path) => links[path] ?? null,
    list: (folder) => [
      ...new Set(
        [...programs, ...Object.keys(links)].flatMap((each) =>
          each.startsWith(`${folder}/`) ? [each.slice(folder.length + 1).split('/')[0] ?? ''] : [],
        ),
      ),
    ],
    head: (path) => heads[follow(path)] ?? '',
  }
}
