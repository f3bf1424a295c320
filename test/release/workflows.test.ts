import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { dangersIn, readWorkflow, readWorkflows } from './workflows.ts'

const workflows = readWorkflows()
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

test('there are three', () => {
  expect(workflows.map(({ file }) => file)).toEqual(['canary.yml', 'ci.yml', 'release.yml'])
})

test.each(workflows)('$file lets nobody in', (workflow) => {
  expect(dangersIn(workflow)).toEqual([])
})

test('one action is one commit and one version everywhere', () => {
  const used = workflows.flatMap(({ text }) => [...text.matchAll(/uses: ([\w./-]+)@(.*)$/gm)])
  const pins = new Set(used.map(([pin]) => pin))
  expect(pins.size).toBe(new Set(used.map(([, action]) => action)).size)
  expect(pins.size).toBeGreaterThan(2)
})

test('every script of npm that is run is there', () => {
  const lines = workflows.flatMap(({ steps }) => steps.flatMap(({ run = '' }) => run.split('\n')))
  const called = lines.flatMap((line) =>
    [...line.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name = '']) => name),
  )
  expect(called.length).toBeGreaterThan(3)
  expect(called.filter((name) => scripts[name] === undefined)).toEqual([])
  expect(
    lines
      .filter((line) => /\bvitest\b/.test(line))
      .every((line) => /--project (unit|sim|processes)\b/.test(line)),
  ).toBe(true)
})

test('the promised versions of Node are tried, and what is published was built without rights', () => {
  const [canary, ci, release] = workflows
  expect(ci?.text).toContain('node: [20, 22, 24]')
  expect(ci?.text).toContain('node-version: 20.12.0')
  expect(ci?.jobs.macos).toMatchObject({ 'runs-on': expect.stringContaining('macos') as unknown })
  expect(canary?.events).toEqual(['schedule', 'workflow_dispatch'])
  expect(release?.jobs.build?.permissions).toBeUndefined()
  expect(release?.jobs.publish).toMatchObject({
    needs: 'build',
    environment: 'npm',
    permissions: { contents: 'write', 'id-token': 'write' },
  })
  expect(
    release?.jobs.publish?.steps.some(({ run = '' }) => /^npm publish .* --provenance\b/.test(run)),
  ).toBe(true)
})

test('dependabot moves the pins', () => {
  const text = readFileSync(new URL('../../.github/dependabot.yml', import.meta.url), 'utf8')
  const { updates } = parse(text) as { readonly updates: readonly { readonly 'package-ecosystem': string }[] }
  expect(updates.map((each) => each['package-ecosystem'])).toEqual(['github-actions', 'npm'])
})

const sha = 'a'.repeat(40)
const safe = [
  'on: { push: {} }',
  'permissions: { contents: read }',
  'jobs:',
  '  one:',
  '    timeout-minutes: 5',
  '    steps:',
  `      - uses: actions/checkout@${sha} # v1.2.3`,
  '        with: { persist-credentials: false }',
  '      - run: npm ci',
].join('\n')

const expression = (name: string): string => `$${`{{ ${name} }}`}`

test('what is dangerous is found', () => {
  const dangers = (from: string, to: string) => dangersIn(readWorkflow('made-up.yml', safe.replace(from, to)))
  expect(dangers('', '')).toEqual([])
  expect(dangers('push', 'pull_request_target')).toHaveLength(1)
  expect(dangers('contents: read', 'contents: write')).toHaveLength(1)
  expect(dangers('permissions: { contents: read }', '')).toHaveLength(1)
  expect(dangers(`${sha} # v1.2.3`, 'v1')).toHaveLength(1)
  expect(dangers(' # v1.2.3', '')).toHaveLength(1)
  expect(dangers(' # v1.2.3', ' # v1')).toHaveLength(1)
  expect(dangers('npm ci', `echo ${expression('github.event.issue.title')}`)).toHaveLength(1)
  expect(dangers('persist-credentials: false', 'fetch-depth: 0')).toHaveLength(1)
  expect(dangers('npm ci', `npm ci\n        env: { T: "${expression('secrets.T')}" }`)).toHaveLength(1)
  expect(dangers('npm ci', `npm ci\n        env: { T: "${expression('github.token')}" }`)).toHaveLength(1)
  expect(dangers('timeout-minutes: 5', 'permissions: { issues: write }')).toHaveLength(2)
})
