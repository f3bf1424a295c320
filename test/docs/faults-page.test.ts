import { expect, test } from 'vitest'
import { reasons } from '../../src/core/reasons.ts'
import { faultsPage } from './faults-page.ts'

test('docs/faults.md is what the table says: `npm run docs` writes it', async () => {
  await expect(faultsPage()).toMatchFileSnapshot('../../docs/faults.md')
})

test('every reason has a section that a link finds', () => {
  const page = faultsPage()
  for (const name of Object.keys(reasons)) {
    expect(page.split(`\n### ${name}\n`)).toHaveLength(2)
    expect(page).toContain(`](#${name})`)
  }
})

test('no pattern is left in the texts', () => {
  const texts = faultsPage()
    .split('\n')
    .filter((line) => line.startsWith('  - `'))
  expect(texts.length).toBeGreaterThan(15)
  for (const text of texts) expect(text).not.toMatch(/\\|\(\?|\[\^/)
})
