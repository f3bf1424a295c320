// Bundles into few files, so that a command reads little: Node needs about a millisecond for each file of a module
// graph, more than for what stands in it. Splitting by command made `status` read 24 files; now it reads five.
//   main.js    grammar and commander: all that `--version` and `--help` need
//   app.js     commands, keeper and what they know; loaded when a command is called
//   vendor/    one file a package, loaded by who needs it
// Names carry no hash: a long-lived process finds what it loads late also after an upgrade. Types are checked by tsc.
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const packages = { execa: 'execa', conf: 'default', 'proper-lockfile': 'default', chalk: 'Chalk' }
const commands = readdirSync(`${root}src/commands`).filter((name) => /^[a-z]+\.ts$/.test(name))

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.12',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  define: { __VERSION__: JSON.stringify(version) },
  // CommonJS packages inside an ES module bundle still call require.
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
}

/** Leaves imports that match to another file of dist. */
const elsewhere = (filter, path) => ({
  name: `elsewhere ${filter}`,
  setup: ({ onResolve }) => onResolve({ filter }, (found) => ({ path: path(found), external: true })),
})
const vendor = elsewhere(
  new RegExp(`^(${Object.keys(packages).join('|')})$`),
  ({ path }) => `./vendor/${path}.js`,
)
// One class of expected errors, or `instanceof` in main would not know those that app throws.
const errors = elsewhere(/\/errors\.ts$/, () => './errors.js')
const app = elsewhere(/\/(commands\/\w+|real-deps)\.ts$/, () => './app.js')

const from = (contents, outfile, plugins = []) =>
  build({
    ...common,
    stdin: { contents, resolveDir: `${root}src`, loader: 'ts' },
    outfile: `dist/${outfile}`,
    plugins,
  })

// Overwritten, not removed first: a command may be running from it.
rmSync(`${root}dist/chunks`, { recursive: true, force: true })
await Promise.all([
  ...Object.entries(packages).map(([name, what]) =>
    from(`export { ${what} } from '${name}'`, `vendor/${name}.js`),
  ),
  from("export * from './errors.ts'", 'errors.js'),
  from("import './main.ts'", 'main.js', [errors, app]),
  from(
    [...commands.map((name) => `commands/${name}`), 'real-deps.ts']
      .map((path) => `export * from './${path}'`)
      .join('\n'),
    'app.js',
    [errors, vendor],
  ),
])
for (const loop of ['multiplexer/loop.sh', 'keeper/keeper-loop.sh'])
  cpSync(`${root}src/${loop}`, `${root}dist/${loop.split('/')[1]}`)
chmodSync(`${root}bin/channels.js`, 0o755)
