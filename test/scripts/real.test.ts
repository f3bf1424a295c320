import { chmodSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../claude/temporary-folder.ts'
import { type Outcome, runProgram } from '../sim/cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = join(root, 'scripts', 'real.js')

/** As `npm view … --json` printed it, cut down. */
const registry = JSON.stringify({
  'dist-tags': { latest: '2.1.332', next: '2.1.331' },
  versions: ['2.0.77', '2.1.112', '2.1.160', '2.1.332', '2.1.331', '2.2.0-beta.1'],
})

/** `npm run test:real` beside an npm that does this; what vitest finds is no file, so that no client is started. */
const run = (words: readonly string[], npm = `echo '${registry}'`): Promise<Outcome> => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${npm}\n`)
  chmodSync(join(folder, 'npm'), 0o755)
  const env = { PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(':'), HOME: folder }
  return runProgram(process.execPath, [script, ...words, 'no-such-file'], { cwd: root, env })
}

test.each([
  [
    ['--versions', '2.1.999'],
    'no client 2.1.999; it has latest, next, 2.0.77, 2.1.112, 2.1.160, 2.1.331, 2.1.332',
  ],
  [['--versions', 'stable'], 'no client stable'],
  [['--versions', '2.3.x'], 'no client 2.3.x'],
  [['--versions', '2.1.160,2.1.112'], 'from 2.1.128 on: not 2.1.112'],
  [['--versions', '2.1'], 'Not a version, nor the name of one: "2.1"'],
  [['--versions=2.1.160,,latest'], 'Not a version, nor the name of one: ""'],
  [['--versions='], 'Not a version, nor the name of one: ""'],
  [['--versions', '../../etc'], 'Not a version, nor the name of one: "../../etc"'],
  [['--versions', '--bail'], 'Not a version, nor the name of one: "--bail"'],
  [['--versions', 'latest', '--versions=next'], '--versions is there twice'],
])('%j is refused', async (words, says) => {
  const { code, stdout, stderr } = await run(words)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(says)
  expect(stderr).not.toMatch(/^\s+at /m)
})

test.each([
  ['no network', 'echo "npm error code ENOTFOUND" >&2; exit 1', 'ENOTFOUND'],
  ['no npm', 'exit 127', 'Command failed: npm view @anthropic-ai/claude-code'],
  ['another answer', 'echo "{}"', 'It said something else'],
  ['no answer', 'exit 0', 'It said something else'],
])('%s', async (_, npm, says) => {
  const { code, stdout, stderr } = await run(['--versions', 'latest'], npm)
  expect({ code, stdout }).toEqual({ code: 69, stdout: '' })
  expect(stderr).toContain('The npm registry did not say which clients there are')
  expect(stderr).toContain(says)
})

test('a list goes to the suite with its names resolved, each once; what else is said goes to vitest', async () => {
  const { code, stdout, stderr } = await run([
    '--passWithNoTests',
    '--versions',
    'latest,2.1.x, 2.1.160,next',
  ])
  expect(stderr).toContain('On client 2.1.332, 2.1.160, 2.1.331.')
  expect(stdout).toContain('No test files found')
  expect(code).toBe(0)
})

test('without a list no registry is asked', async () => {
  const { code, stdout, stderr } = await run(['--passWithNoTests'], 'exit 1')
  expect(stdout).toContain('No test files found')
  expect(stderr).not.toContain('On client')
  expect(code).toBe(0)
})
