// Bundles into few files, so that a command reads and compiles little (design, section 10):
//   main.js    grammar and commander: all that `--version` and `--help` need
//   list.js    `channels list`, which a completion waits for, and what prints the completions
//   help.js    what `--help` says beyond the grammar; the rest never needs it
//   status.js  `channels status`, and no more of what is known than a look takes
//   app.js     the other commands, keeper and what they know; loaded when one is called
//   people.js  what asks a person: setup and its like; a keeper never needs it
//   watch.js   what draws `status --watch`; `status` itself never needs it
//   vendor/    one file a package, loaded by who needs it
//   hold.cjs   what a channel plugin's Bun loads, and shell scripts
//   licences.txt  of what is bundled
//   *.cache    V8's compiled code of these, for the Node that built them: its name says which
// CommonJS, because Node's loader of ES modules costs more than the whole budget of `--version`. Names carry no hash: a
// long-lived process finds what it loads late also after an upgrade. Types are checked by tsc.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { licencesOf } from './licences.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = `${root}dist/`
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const packages = {
  execa: '{ execa }',
  conf: '{ default }',
  'proper-lockfile': '{ default }',
  chalk: '{ Chalk }',
  '@clack/prompts': '*',
  uqr: '*',
}
const vendorFile = (name) => `vendor/${name.replace(/^@/, '').replace('/', '-')}.js`
const commands = readdirSync(`${root}src/commands`).filter(
  (name) => /^[a-z]+\.ts$/.test(name) && !['list.ts', 'completion.ts', 'status.ts'].includes(name),
)

const common = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20.12',
  // What is not there need not be read: identifiers are a third. Stacks are told by the map beside each file, which stays here.
  minify: true,
  sourcemap: 'external',
  // They stand in licences.txt, whole.
  legalComments: 'none',
  metafile: true,
  supported: { 'dynamic-import': false },
  define: {
    __VERSION__: JSON.stringify(version),
    'import.meta.url': '__filename',
    'import.meta.dirname': '__dirname',
  },
  // bin/channels.js calls this; it would be a second copy of each file if that had to put it around.
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
  logLevel: 'warning',
}

/** Leaves imports that match to another file of dist. */
const elsewhere = (filter, path) => ({
  name: `elsewhere ${filter}`,
  setup: ({ onResolve }) => onResolve({ filter }, (found) => ({ path: path(found), external: true })),
})
const vendor = elsewhere(
  new RegExp(`^(${Object.keys(packages).join('|')})$`),
  ({ path }) => `./${vendorFile(path)}`,
)
// One class of expected errors, or `instanceof` in main would not know those that app throws.
const errors = elsewhere(/\/errors\.ts$/, () => './main.js')
const list = elsewhere(/\/(commands\/(list|completion)|basic-deps)\.ts$/, () => './list.js')
const help = elsewhere(/\/help\/[\w-]+\.ts$/, () => './help.js')
const status = elsewhere(/\/(commands\/status(-probe)?|look-deps)\.ts$/, () => './status.js')
const asking = ['setup', 'pair', 'access', 'set', 'token', 'remove', 'remove-channel', 'service']
const people = elsewhere(
  new RegExp(`(/commands/(${asking.join('|')})|/ui/ask|/service/open)\\.ts$`),
  () => './people.js',
)
const watch = elsewhere(/\/commands\/watch-status\.ts$/, () => './watch.js')
const app = elsewhere(/\/(commands\/\w+|real-deps)\.ts$/, () => './app.js')
// What both need stands in app.js once, with what it remembers.
const shared = commands.filter((name) => !asking.includes(name.replace(/\.ts$/, '')))
const sharedCommands = {
  name: 'shared commands',
  // By the whole path: setup/ has a describe.ts of its own.
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) =>
      shared.some((name) => join(resolveDir, path) === `${root}src/commands/${name}`)
        ? { path: './app.js', external: true }
        : undefined,
    ),
}
/** Has a file load what it needs only once it needs it. */
const late = (filter, eager, instead) => ({
  name: `late ${filter}`,
  setup: ({ onLoad }) =>
    onLoad({ filter }, ({ path }) => {
      const source = readFileSync(path, 'utf8')
      if (!source.includes(eager)) throw new Error(`${path} has changed: no ${eager}`)
      return { contents: source.replace(eager, instead), loader: extname(path).slice(1) }
    }),
})
// Commander loads it for subcommands that are programs of their own; there are none here.
const lateChildProcess = late(
  /commander\/lib\/command\.js$/,
  "const childProcess = require('node:child_process');",
  "const childProcess = { get spawn() { return require('node:child_process').spawn } };",
)
// To make its patterns takes every command 2 ms, and hardly a text needs them.
const lateWidth = late(
  /\/src\/ui\/width\.ts$/,
  "import stringWidth from 'fast-string-width'",
  "const stringWidth = (text: string): number => require('fast-string-width').default(text)",
)

// What loads something late asks for `createRequire`, as an ES module has to. Here there is a `require` already, and
// node:module takes longer to load than most commands have left.
const ownRequire = {
  name: 'own require',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:module$/ }, ({ path }) => ({ path, namespace: 'own-require' }))
    onLoad({ filter: /.*/, namespace: 'own-require' }, () => ({
      contents: 'exports.createRequire = () => require',
    }))
  },
}

/** Written aside and renamed: a command may be running from it. */
const put = (path, contents) => {
  writeFileSync(`${path}.${process.pid}`, contents)
  renameSync(`${path}.${process.pid}`, path)
}

/** What a file of dist hands on. */
const exporting = (...paths) => paths.map((path) => `export * from './${path}'`).join('\n')

const metafiles = []
const from = async (contents, outfile, plugins = [], last = '') => {
  const stdin = { contents, resolveDir: `${root}src`, loader: 'ts' }
  const footer = { js: `${last}${common.footer.js}` }
  const { outputFiles, metafile } = await build({
    ...common,
    stdin,
    outfile: `dist/${outfile}`,
    plugins: [...plugins, lateWidth, ownRequire],
    footer,
  })
  metafiles.push(metafile)
  // Each command waits for all of main.js.
  const commandsIn = Object.keys(metafile.inputs).filter((path) => path.startsWith('src/commands/'))
  if (outfile === 'main.js' && commandsIn.length > 0)
    throw new Error(`main.js has ${commandsIn.join(', ')} in it: say above which file has it`)
  for (const { path, contents } of outputFiles) put(path, contents)
  const foreign = /\P{ASCII}.{0,20}/u.exec(outputFiles.find(({ path }) => path.endsWith('.js')).text)
  if (foreign !== null)
    throw new Error(`${outfile} is not ASCII, as bin/channels.js takes it to be: ${foreign[0]}`)
  return `${dist}${outfile}`
}

rmSync(`${dist}chunks`, { recursive: true, force: true })
mkdirSync(`${dist}vendor`, { recursive: true })
put(`${dist}package.json`, '{ "type": "commonjs" }\n')
// Before the files they were made of change: V8 tells by little more than the length that they don't fit.
for (const name of readdirSync(dist, { recursive: true }))
  if (name.endsWith('.cache')) rmSync(`${dist}${name}`)
const files = await Promise.all([
  from("export * from './errors.ts'; import './main.ts'", 'main.js', [
    list,
    help,
    status,
    people,
    watch,
    app,
    lateChildProcess,
  ]),
  from(exporting('commands/list.ts', 'commands/completion.ts', 'basic-deps.ts'), 'list.js', [errors, vendor]),
  from(
    exporting('help/story.ts', 'help/after.ts', 'help/unknown-command.ts', 'help/wrong-usage.ts'),
    'help.js',
    [errors],
  ),
  from(exporting('commands/status.ts', 'commands/status-probe.ts', 'look-deps.ts'), 'status.js', [
    errors,
    vendor,
  ]),
  from(exporting(...shared.map((name) => `commands/${name}`), 'real-deps.ts'), 'app.js', [
    errors,
    people,
    vendor,
  ]),
  from(
    exporting(...asking.map((name) => `commands/${name}.ts`), 'ui/ask.ts', 'service/open.ts'),
    'people.js',
    [errors, sharedCommands, vendor],
  ),
  from(exporting('commands/watch-status.ts'), 'watch.js', [errors, sharedCommands, vendor]),
  ...Object.entries(packages).map(([name, what]) =>
    // What Node takes for the default export of a CommonJS file is all that it exports.
    from(
      `export ${what} from '${name}'`,
      vendorFile(name),
      [],
      what === '{ default }' ? 'module.exports=module.exports.default;' : '',
    ),
  ),
])
// Not ours to run: Bun loads it into a plugin's process. Readable, since it lies in the user's folders.
const { outputFiles: hold } = await build({
  ...common,
  entryPoints: ['src/channels/hold-preload.ts'],
  outfile: 'dist/hold.cjs',
  minify: false,
  sourcemap: false,
  banner: {},
  footer: {},
})
for (const { path, contents } of hold) put(path, contents)
put(`${dist}licences.txt`, licencesOf(root, metafiles))
for (const script of ['multiplexer/loop.sh', 'keeper/keeper-loop.sh', 'channels/bun.sh'])
  put(`${dist}${script.split('/')[1]}`, readFileSync(`${root}src/${script}`))
chmodSync(`${root}bin/channels.js`, 0o755)
// In a process of its own, without the environment of this one.
execFileSync(process.execPath, [`${root}scripts/cache.cjs`, ...files], {
  env: {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    CHANNELS_RUN: '00000000-0000-4000-8000-000000000000',
  },
  stdio: ['ignore', process.env.SHOW_CACHE ? 'inherit' : 'ignore', 'inherit'],
})
