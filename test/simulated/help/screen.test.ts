import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cli, runProgram } from '../../sim/cli.ts'

const channels = async (...args: readonly string[]) => {
  const home = mkdtempSync(join(tmpdir(), 'chan-help-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const env = { HOME: home, PATH: '/usr/bin:/bin' }
  return runProgram(process.execPath, [cli, ...args], { cwd: home, env })
}

test('`channels --help` leaves the last of 24 rows to the prompt, and every row within 80 columns', async () => {
  const { code, stdout, stderr } = await channels('--help')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const rows = stdout.replace(/\n$/, '').split('\n')
  expect(rows.length).toBeLessThan(24)
  for (const row of rows) expect(row.length, row).toBeLessThanOrEqual(80)
  expect(rows[0]).toBe('Usage: channels <command> [options]')
  expect(await channels()).toMatchObject({ code: 0, stdout, stderr: '' })
  expect(await channels('help')).toMatchObject({ code: 0, stdout, stderr: '' })
})

test('what is mistyped: 2, on stderr, with what was meant', async () => {
  expect(await channels('stauts')).toMatchObject({
    code: 2,
    stdout: '',
    stderr:
      "channels: unknown command 'stauts'. Did you mean `channels status`?\n  `channels --help` shows every command.\n",
  })
  expect(await channels('help', 'stauts')).toMatchObject({ code: 2, stdout: '' })
  expect(await channels('status', '--jsno')).toMatchObject({
    code: 2,
    stdout: '',
    stderr:
      "channels: unknown option '--jsno'. Did you mean `--json`?\n  `channels status --help` has its options and examples.\n",
  })
})
