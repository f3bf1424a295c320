import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { expect, test } from 'vitest'
import { trustAlso } from '../../src/system/authorities.ts'
import { ownFolder } from './own.ts'

const [one = '', two = ''] = rootCertificates
const file = (name: string, text = one): string => {
  const path = join(ownFolder(), name)
  writeFileSync(path, text)
  return path
}

test('the same file is the same context, also for those who ask at once', async () => {
  const path = file('ca.pem')
  const [first, again] = await Promise.all([trustAlso(path), trustAlso(path)])
  expect(first).not.toBeNull()
  expect(again).toBe(first)
  expect(await trustAlso(path)).toBe(first)
})

test('a changed file is another', async () => {
  const path = file('ca.pem')
  const first = await trustAlso(path)
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n${two}`)
  const second = await trustAlso(path)
  expect(second).not.toBe(first)
  expect(await trustAlso(path)).toBe(second)
})

test('no file is no context, and what cannot be read neither', async () => {
  expect(await trustAlso('/no/such/file')).toBeNull()
  expect(await trustAlso(ownFolder())).toBeNull()
})

test('of many files the one that was made first is forgotten, and only that', async () => {
  const paths = ['a', 'b', 'c', 'd', 'e'].map((name) => file(name))
  const made = []
  for (const path of paths) made.push(await trustAlso(path))
  expect(await trustAlso(paths[1] ?? '')).toBe(made[1])
  expect(await trustAlso(paths[4] ?? '')).toBe(made[4])
  expect(await trustAlso(paths[0] ?? '')).not.toBe(made[0])
})
