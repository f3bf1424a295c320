/** What is there at one time, as far as it may be of a run. */
export type Seen = {
  /** Paths below the run's temporary folder. */
  readonly files: readonly string[]
  readonly processes: readonly SeenProcess[]
  /** Paths in the repository, without what is ignored there. */
  readonly repository: readonly string[]
  /** What the person who runs the tests has at home of the client and of ours: path, and what in it names the run's folder. */
  readonly home: readonly { readonly path: string; readonly namesRun: boolean }[]
}

export type SeenProcess = {
  readonly pid: number
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** What a run has left behind, a line each. `folder`: its temporary one. */
export const leftBehind = (before: Seen, after: Seen, folder: string): readonly string[] => [
  ...after.files.map((path) => `file ${path}`),
  ...after.processes
    .filter((each) => !isRunner(each) && isOf(folder, each))
    .map(({ pid, argv }) => `process ${pid}: ${argv.join(' ')}`),
  ...after.repository
    .filter((path) => !before.repository.includes(path))
    .map((path) => `in the repository: ${path}`),
  ...after.home
    .filter(({ path, namesRun }) => namesRun || !before.home.some((each) => each.path === path))
    .map(({ path }) => `at home: ${path}`),
]

/** By what it was started with: a HOME, a TMPDIR or a SCREENDIR there, a socket or a script on its command line. */
const isOf = (folder: string, { argv, env }: SeenProcess): boolean =>
  [...argv, ...Object.values(env)].some((text) => text === folder || text.includes(`${folder}/`))

/** The runner's own: they live until it ends. */
const isRunner = ({ argv: [program = '', ...rest] }: SeenProcess): boolean =>
  program.startsWith('node (vitest') || rest.some((word) => word.includes('/node_modules/vitest/'))
