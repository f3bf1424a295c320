import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/release-notes.js', import.meta.url))

let checkout: string
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'notes-'))
})
afterEach(() => rmSync(checkout, { recursive: true, force: true }))

const notes = (tag: string, heading: string) => {
  writeFileSync(join(checkout, 'package.json'), '{"version":"1.2.3"}')
  const log = `# Changelog\n\n## ${heading}\n\n### New\n\n- It works.\n\n## [1.2.2] - 2026-01-01\n\n- It began.\n`
  writeFileSync(join(checkout, 'CHANGELOG.md'), log)
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, tag], {
    cwd: checkout,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test('the section of the tag is printed', () => {
  expect(notes('v1.2.3', '[1.2.3] - 2026-11-30')).toEqual({
    status: 0,
    stdout: '### New\n\n- It works.\n',
    stderr: '',
  })
})

test.each([
  ['v1.2.4', '[1.2.3] - 2026-11-30', /tag is v1\.2\.4/],
  ['', '[1.2.3] - 2026-11-30', /tag is missing/],
  ['v1.2.3', '[1.2.3] - Unreleased', /no date yet/],
  ['v1.2.3', '[1.2.31] - 2026-11-30', /no section/],
])('nothing is released for %s with %s', (tag, heading, said) => {
  expect(notes(tag, heading)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(said) as unknown,
  })
})
