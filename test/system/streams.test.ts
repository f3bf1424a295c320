import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ownFolder, program } from './own.ts'

const writing = (folder: string) =>
  program(
    folder,
    `import { writeAll } from '../../src/system/streams.ts'
     const told = (descriptor) => {
       try { return writeAll(descriptor, 'text') } catch ({ name, status, message, hint }) { return { name, status, message, hint } }
     }
     const of = Number(process.argv[2])
     writeAll(of === 1 ? 2 : 1, JSON.stringify(told(of)))`,
  )

test.runIf(existsSync('/dev/full'))(
  'a full disk behind stdout is said in a sentence, behind stderr to nobody',
  () => {
    const script = writing(ownFolder())
    const run = (descriptor: 1 | 2) =>
      spawnSync(
        'sh',
        ['-c', `exec "$0" "$1" ${descriptor} ${descriptor}>/dev/full`, process.execPath, script],
        {
          encoding: 'utf8',
        },
      )
    expect(JSON.parse(run(1).stderr)).toEqual({
      name: 'ExpectedError',
      status: 73,
      message: 'Cannot write the output: the disk is full (ENOSPC).',
      hint: expect.stringContaining('Make room'),
    })
    expect(JSON.parse(run(2).stdout)).toBe('lost')
  },
)
