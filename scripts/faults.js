// `npm run faults`: every fault of the table in the simulation; with --screen in GNU screen instead of tmux; with --real on
// the real client, where that can be done.
// Further words go to vitest: `npm run faults -- -t thief` tries the rows called so. Needs dist: `npm run build`.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const words = process.argv.slice(2).filter((word) => word !== '--real' && word !== '--screen')
const real = process.argv.includes('--real')
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const env = {
  ...process.env,
  ...(process.argv.includes('--screen') ? { CHANNELS_TEST_MULTIPLEXER: 'screen' } : {}),
  CHANNELS_FAULTS: real ? 'real' : 'simulation',
  ...(words.length > 0 ? { CHANNELS_FAULTS_SOME: '1' } : {}),
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
