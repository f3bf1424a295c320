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
    [noon + 1_000, 'two'],
    [noon + 9 * minutes, 'three'],
    [noon + 10 * minutes, 'four'],
  ] as const)
    sees('unknown-dialog', at, text)
  expect(kept()).toEqual([nameOf(noon), nameOf(noon + 10 * minutes)])
  expect(kept().map((name) => readFileSync(join(own.evidence, name), 'utf8'))).toEqual(['one\n', 'four\n'])
  expect([own.evidence, join(own.evidence, nameOf(noon))].map((path) => statSync(path).mode & 0o777)).toEqual(
    [0o700, 0o600],
  )
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
  sees(null, noon + 7 * days - 1_000)
  expect(kept()).toHaveLength(2)
  sees(null, noon + 7 * days + 60 * minutes)
  expect(kept()).toEqual(['my-notes.txt'])
})

test('twenty at most, the newest', () => {
  const { sees, kept } = open()
  const times = Array.from({ length: 25 }, (_, i) => noon + i * 10 * minutes)
  for (const at of times) sees('unknown-dialog', at)
  expect(kept()).toEqual(times.slice(-20).map(nameOf))
})

test('a session that was removed meanwhile does not come back', () => {
  const { own, sees } = open()
  rmSync(own.folder, { recursive: true })
  sees('unknown-dialog', noon)
  expect(readdirSync(join(own.folder, '..'))).toEqual([])
})
