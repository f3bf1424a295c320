import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compareVersions } from '../../src/claude/version.ts'
import { triedVersions } from '../../src/core/tried-versions.ts'
import { differences } from '../real/differences.ts'
import { trials } from '../real/versions.ts'
import { versionsPage } from './versions-page.ts'

test('docs/versions.md is what the tables say: `npm run docs` writes it', async () => {
  await expect(versionsPage()).toMatchFileSnapshot('../../docs/versions.md')
})

test('`channels` knows the clients that the real suite was put to, newest first there, oldest first here', () => {
  const versions = trials.map(({ version }) => version)
  expect(versions.toReversed()).toEqual(triedVersions.client)
  expect(versions).toEqual(versions.toSorted((a, b) => compareVersions(b, a)))
  expect(new Set(versions).size).toBe(versions.length)
})

test('a difference begins with a client that was tried, and not with the oldest: before that nobody saw it', () => {
  const later = trials.map(({ version }): string => version).slice(0, -1)
  for (const { from } of Object.values(differences)) expect(later).toContain(from)
})

test('each trial has a day, and files that there are', () => {
  const files = readdirSync(new URL('../real', import.meta.url))
  for (const { triedAt, played } of trials) {
    expect(new Date(`${triedAt}T00:00:00Z`).toISOString().slice(0, 10)).toBe(triedAt)
    for (const name of played === 'all' ? [] : played) expect(files).toContain(`${name}.test.ts`)
  }
})

test('each check plays something on all but what was only asked for', () => {
  expect(trials.filter(({ part }) => part === 'all').map(({ version }) => version)).toEqual([
    '2.1.330',
    '2.1.139',
  ])
  expect(trials.filter(({ part }) => part === 'story')).toHaveLength(5)
})
