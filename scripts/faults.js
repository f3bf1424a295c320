// `npm run faults`: every fault of the table in the simulation; with --screen in GNU screen instead of tmux; with --terminal
// only those that a terminal takes part in; with --real on the real client, where that can be done.
// Further words go to vitest: `npm run faults -- -t thief` tries the rows called so. Needs dist: `npm run build`.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const given = process.argv.slice(2)
const words = given.filter((word) => !['--real', '--screen', '--terminal'].includes(word))
const real = given.includes('--real')
const some = words.length > 0 || given.includes('--terminal')
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const env = {
  ...process.env,
  ...(given.includes('--screen') ? { CHANNELS_TEST_MULTIPLEXER: 'screen' } : {}),
  CHANNELS_FAULTS: real ? 'real' : 'simulation',
  ...(some ? { CHANNELS_FAULTS_SOME: '1' } : {}),
  ...(given.includes('--terminal') ? { CHANNELS_FAULTS_OF: 'terminal' } : {}),
}
const run = spawn(
  process.execPath,
  [vitest, 'run', '--project', 'faults', '--project', 'last', '--disable-console-intercept', ...words],
  { stdio: 'inherit', env },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill(signal))
run.on('exit', (status) => {
  process.exitCode = status ?? 1
})
