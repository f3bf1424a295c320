/** Says where each file lies in the sources: it finds the stand-ins from there, and the command. */
const placed = ({ readFileSync }, { pathToFileURL }) => ({
  name: 'placed',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: 'ts',
    })),
})

const bundle = async (name) => {
  const [fs, url, { build }] = await Promise.all([import('node:fs'), import('node:url'), import('esbuild')])
  const root = url.fileURLToPath(new URL('..', import.meta.url))
  const outfile = `${root}test/.build/${name}.mjs`
  const { outputFiles } = await build({
    entryPoints: [`${root}test/${name}/main.ts`],
    outfile,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.12',
    external: ['esbuild'],
    plugins: [placed(fs, url)],
    logLevel: 'warning',
  })
  fs.mkdirSync(`${root}test/.build`, { recursive: true })
  // Written aside and renamed: another one may be reading it.
  fs.writeFileSync(`${outfile}.${process.pid}`, outputFiles[0].contents)
  fs.renameSync(`${outfile}.${process.pid}`, outfile)
  return url.pathToFileURL(outfile).href
}

/**
 * Bundles test/<name>, which is TypeScript like the tests whose stand-ins it plays with, and runs what its main.ts
 * exports under that name here, so that signals and the exit status are its own. Needs dist: `npm run build` comes first.
 */
export const play = async (name) => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 12)) {
    process.stderr.write(
      `The ${name} needs Node 20.12 or later, and this is ${process.versions.node}: https://nodejs.org has it.\n`,
    )
    process.exitCode = 69
    return
  }
  const program = await import(await bundle(name))
  const status = await program[name]()
  // What could not be cleaned up may hold a server open; nothing is to be waited for any more.
  process.exit(status)
}
