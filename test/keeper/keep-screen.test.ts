import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DialogName } from '../../src/core/client.ts'
import { createScreenKeeper } from '../../src/keeper/keep-screen.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { client, evidence, minutes, noon, session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

const days = 24 * 60 * minutes
const nameOf = (at: number) =>
  `${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}-unknown-dialog.txt`

const open = () => {
  const home = ownFolder()
  const folders = resolveFolders({ CHANNELS_HOME: home }, home)
  const own = folders.session(session.name)
  mkdirSync(own.folder, { recursive: true })
  const keep = createScreenKeeper({ files, folders })
  return {
    own,
    sees: (name: DialogName | null, at: number, text = 'private') =>
      keep(evidence({ at, client: client({ dialog: name === null ? null : { name, text } }) })),
    kept: () => files.list(own.evidence),
  }
}

test('the screen of a dialog that nobody knows is kept, for its owner only, and once while it stands', () => {
  const { own, sees, kept } = open()
  for (const [at, text] of [
    [noon, 'one'],
    [noon + 1_000, 'one'],
    [noon + 9_000, 'one, one second later'],
    [noon + 10_000, 'two'],
    [noon + 60 * minutes, 'two'],
  ] as const)
    sees('unknown-dialog', at, text)
  expect(kept()).toEqual([nameOf(noon), nameOf(noon + 10_000)])
  expect(kept().map((name) => readFileSync(join(own.evidence, name), 'utf8'))).toEqual(['one\n', 'two\n'])
  expect([own.evidence, join(own.evidence, nameOf(noon))].map((path) => statSync(path).mode & 0o777)).toEqual(
    [0o700, 0o600],
  )
})

test('removed and set up again, the session has it kept anew', () => {
  const { own, sees, kept } = open()
  sees('unknown-dialog', noon)
  rmSync(own.folder, { recursive: true })
  mkdirSync(own.folder)
  sees('unknown-dialog', noon + 1_000)
  expect(kept()).toEqual([nameOf(noon + 1_000)])
})

test('of what is known, or no dialog, nothing is kept', () => {
  const { own, sees } = open()
  for (const name of ['trust-dialog', 'permission-prompt', null] as const) sees(name, noon)
  expect(files.exists(own.evidence)).toBe(false)
})

test('after a week it is gone, also where no other comes; what is not ours stays', () => {
  const { own, sees, kept } = open()
  sees('unknown-dialog', noon)
  writeFileSync(join(own.evidence, 'my-notes.txt'), '')
  // What a writer that was killed leaves behind.
  writeFileSync(join(own.evidence, `${nameOf(noon)}.7.x.tmp`), '')
  sees(null, noon + 7 * days - 1_000)
  expect(kept()).toHaveLength(3)
  sees(null, noon + 7 * days + 60 * minutes)
  expect(kept()).toEqual(['my-notes.txt'])
})

test('twenty at most, the newest', () => {
  const { sees, kept } = open()
  const times = Array.from({ length: 25 }, (_, i) => noon + i * minutes)
  for (const at of times) sees('unknown-dialog', at, `at ${at}`)
  expect(kept()).toEqual(times.slice(-20).map(nameOf))
})

test('those of a clock that was ahead make no room scarce', () => {
  const { sees, kept } = open()
  for (let i = 0; i < 20; i += 1) sees('unknown-dialog', noon + 365 * days + i * minutes, `ahead ${i}`)
  sees('unknown-dialog', noon, 'now')
  expect(kept()).toEqual([nameOf(noon)])
})

test('a session that was removed meanwhile does not come back', () => {
  const { own, sees } = open()
  rmSync(own.folder, { recursive: true })
  sees('unknown-dialog', noon)
  expect(readdirSync(join(own.folder, '..'))).toEqual([])
})
