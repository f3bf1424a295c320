import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)
const { version } = JSON.parse(read('package.json')) as { readonly version: string }

test('the newest section is that of this version, and each has a date or is unreleased', () => {
  for (const [i, heading] of headings.entries())
    expect(heading).toMatch(
      i === 0
        ? /^\[\d+\.\d+\.\d+\] - (Unreleased|\d{4}-\d\d-\d\d)$/
        : /^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/,
    )
  expect(headings[0]).toContain(`[${version}]`)
})

test('the newest comes first', () => {
  const numbers = headings.map((heading) => (heading.match(/\d+/g) ?? []).slice(0, 3).map(Number))
  const sorted = [...numbers].sort(([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => x - a || y - b || z - c)
  expect(numbers).toEqual(sorted)
})
