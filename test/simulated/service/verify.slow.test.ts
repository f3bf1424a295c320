import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findProgram } from '../../../src/claude/find-program.ts'
import { unitText } from '../../../src/service/systemd-unit.ts'
import { runProgram } from '../../sim/cli.ts'

const analyze = findProgram('systemd-analyze', process.env.PATH)
if (analyze === null) console.warn('no unit was verified: there is no systemd-analyze here')

test.skipIf(analyze === null)(
  'systemd-analyze verify has nothing to say to the unit; it has, to a wrong one',
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'chan-verify-'))
    const verify = async (text: string) => {
      writeFileSync(join(home, 'channels.service'), text, { mode: 0o600 })
      const env = { PATH: process.env.PATH ?? '', HOME: home, XDG_RUNTIME_DIR: join(home, 'run') }
      return runProgram(analyze ?? '', ['verify', '--user', './channels.service'], { cwd: home, env })
    }
    try {
      mkdirSync(join(home, 'run'))
      const environment = {
        PATH: '/usr/bin:/bin',
        HTTPS_PROXY: 'http://me:p%41"\\$X@proxy:8080',
        LANGUAGE: "a 'b' ;",
      }
      const start = { node: process.execPath, script: '/opt/a b/100% $x "q" \\/channels.js', environment }
      for (const stopping of ['ends sessions', 'leaves sessions'] as const) {
        const { code, stdout, stderr } = await verify(unitText(start, stopping))
        expect({ code, said: stdout + stderr }).toEqual({ code: 0, said: '' })
      }
      const wrong = await verify(unitText(start, 'ends sessions').replace('KillMode=', 'KillMood='))
      expect(wrong.stdout + wrong.stderr).toMatch(/Unknown key .*'KillMood'/)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  },
)
