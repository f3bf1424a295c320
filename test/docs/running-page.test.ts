import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { isStored } from '../../src/claude/environment-names.ts'
import { createProgram } from '../../src/program.ts'
import {
  blocks,
  imageCommand,
  imageEnvironment,
  imageInstructions,
  instruction,
  page,
} from './running-page.ts'
import { readYaml, type Yaml } from './yaml.ts'

vi.stubGlobal('__VERSION__', '0.0.0')
const refuse = () => Promise.reject(new Error('no command is run here'))
const options = { basics: refuse, look: refuse, world: refuse, print: () => undefined }
const run = (words: readonly string[]) => createProgram(options).run(words)

/** What is typed, a continued line as one. */
const typed = blocks('sh').flatMap((text) =>
  text
    .replaceAll(/\\\n */g, '')
    .trim()
    .split('\n'),
)

/** Every `channels …` between backticks, of a list in the files, and typed into a container. */
const lines = [
  ...new Set([
    ...[...page.matchAll(/`channels ([^`…]+)`/g)].map(([, line]) => line ?? ''),
    ...[...page.matchAll(/\["(?:CMD", ")?channels", (.*?)\]/g)].map(([, list]) =>
      (JSON.parse(`[${list}]`) as string[]).join(' '),
    ),
    ...typed.flatMap(
      (line) => / exec (?:-\S+ )*(?:channels|channels-0 --) channels (.+)$/.exec(line)?.[1] ?? [],
    ),
  ]),
]

test.each(lines)('`channels %s` is right: it gets as far as the world', async (line) => {
  await expect(run(line.split(' '))).rejects.toThrow('no command is run here')
})

test('the commands it is about are all there', () => {
  expect(lines).toEqual(
    expect.arrayContaining([
      ...['run', 'run --own', 'run --stop', 'status --probe live', 'status --probe ready'],
      ...[expect.stringMatching(/^setup telegram .*--token-file/), expect.stringMatching(/^token site/)],
    ]),
  )
})

test('what is typed into a container is a command of ours, the client, or a folder', () => {
  expect(typed.length).toBeGreaterThan(5)
  for (const line of typed)
    expect(line).toMatch(
      /^(?:docker compose|kubectl) exec (?:-it |-w \S+ )?(?:channels|channels-0 --) (?:channels \S|claude$|sh -c 'cd site && exec claude'$|mkdir -p site$)/,
    )
})

test('each way to run it has its heading', () => {
  expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
    'At login or boot (systemd, launchd)',
    'In a container',
  ])
  for (const [, link] of page.matchAll(/\]\((?!https)([\w.]+)(?:#[\w-]+)?\)/g))
    expect(readFileSync(new URL(`../../docs/${link}`, import.meta.url), 'utf8')).toMatch(/\S/)
})

test('the image runs the keeper below an init, as nobody special, in a UTF-8 locale', () => {
  expect(imageCommand()).toEqual(['/usr/bin/tini', '--', 'channels', 'run', '--own'])
  expect(instruction('USER')).toBe('1000:1000')
  expect(imageEnvironment()).toMatchObject({ HOME: '/home/node', LANG: 'C.UTF-8' })
  expect(isStored('DISABLE_AUTOUPDATER')).toBe(true)
  const installs = imageInstructions()
    .filter(({ name }) => name === 'RUN')
    .map(({ words }) => words)
    .join('\n')
  for (const program of [
    'tini',
    'tmux',
    'ca-certificates',
    '@anthropic-ai/claude-code',
    'bun',
    'channels.tgz',
  ])
    expect(installs).toContain(program)
  expect(instruction('FROM')).toMatch(/node:\d+-bookworm-slim$/)
  const node = Number(/node:(\d+)/.exec(instruction('FROM'))?.[1])
  expect(node).toBeGreaterThanOrEqual(20)
})

test('what the image copies is what is built', () => {
  const { name, version } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { name: string; version: string }
  const [, pattern = ''] = /\/build\/(\S+\.tgz)/.exec(instruction('COPY')) ?? []
  expect(`${name}-${version}.tgz`).toMatch(new RegExp(`^${pattern.replace('*', '.*')}$`))
})

/** What stands at a path of keys and numbers. */
const at = (value: Yaml | undefined, ...path: readonly (string | number)[]): Yaml | undefined =>
  path.reduce<Yaml | undefined>(
    (found, key) =>
      typeof found === 'object' ? (found as Readonly<Record<string | number, Yaml>>)[key] : undefined,
    value,
  )

const [compose, kubernetes] = blocks('yaml').map((text) => readYaml(text))

test('compose: one service, a volume for the home, the token as a file, time to stop', () => {
  const service = at(compose?.[0], 'services', 'channels')
  expect(at(service, 'volumes')).toEqual([`home:${imageEnvironment().HOME}`])
  expect(at(compose?.[0], 'volumes', 'home')).toEqual({})
  expect(at(service, 'secrets')).toEqual(['telegram-token'])
  expect(at(compose?.[0], 'secrets', 'telegram-token', 'file')).toBe('./telegram-token')
  expect(at(service, 'healthcheck', 'test')).toEqual(['CMD', 'channels', 'status', '--probe', 'live'])
  expect(Number.parseInt(String(at(service, 'stop_grace_period')), 10)).toBeGreaterThan(10)
  expect(page).toContain('--token-file /run/secrets/telegram-token ')
})

test('Kubernetes: one replica that is never doubled, nobody special, time to stop, the token as a file', () => {
  const [secret, set] = kubernetes ?? []
  expect(at(set, 'kind')).toBe('StatefulSet')
  expect(at(set, 'spec', 'replicas')).toBe('1')
  const labels = at(set, 'spec', 'template', 'metadata', 'labels')
  expect(at(set, 'spec', 'selector', 'matchLabels')).toEqual(labels)
  const pod = at(set, 'spec', 'template', 'spec')
  expect(Number(at(pod, 'terminationGracePeriodSeconds'))).toBeGreaterThan(10)
  expect(at(pod, 'securityContext')).toMatchObject({
    runAsNonRoot: 'true',
    runAsUser: '1000',
    fsGroup: '1000',
  })
  const container = at(pod, 'containers', 0)
  expect(at(container, 'securityContext')).toMatchObject({
    allowPrivilegeEscalation: 'false',
    readOnlyRootFilesystem: 'true',
    capabilities: { drop: ['ALL'] },
  })
  const mounts = at(container, 'volumeMounts') as readonly Yaml[]
  const mountOf = (name: string) =>
    at(
      mounts.find((each) => at(each, 'name') === name),
      'mountPath',
    )
  expect(mountOf('home')).toBe(imageEnvironment().HOME)
  // Read-only but for these: tmux and the client want a temporary folder.
  expect(mountOf('tmp')).toBe('/tmp')
  expect(at(set, 'spec', 'volumeClaimTemplates', 0, 'metadata', 'name')).toBe('home')
  const volumes = at(pod, 'volumes') as readonly Yaml[]
  const token = volumes.find((each) => at(each, 'name') === 'telegram-token')
  expect(at(token, 'secret', 'secretName')).toBe(at(secret, 'metadata', 'name'))
  const [key = ''] = Object.keys(at(secret, 'stringData') as object)
  expect(page).toContain(`--token-file ${mountOf('telegram-token')}/${key} `)
})

test('Kubernetes: only a lost keeper restarts the pod, also before anything is set up', () => {
  const container = at(kubernetes?.[1], 'spec', 'template', 'spec', 'containers', 0)
  const probe = (name: string) => at(container, name, 'exec', 'command')
  expect(probe('livenessProbe')).toEqual(['channels', 'status', '--probe', 'live'])
  expect(probe('startupProbe')).toEqual(['channels', 'status', '--probe', 'live'])
  expect(probe('readinessProbe')).toEqual(['channels', 'status', '--probe', 'ready'])
  // A keeper may wait ten seconds for one that was killed.
  const startup = at(container, 'startupProbe')
  expect(Number(at(startup, 'periodSeconds')) * Number(at(startup, 'failureThreshold'))).toBeGreaterThan(30)
})

test('a slip in a file is found', () => {
  for (const text of [
    'a:\n b: 1\n  c: 2',
    'a: 1\na: 2',
    'a:\n\tb: 1',
    'a:',
    '- a\n  b',
    'a: {b: c}',
    'a: b: c',
  ])
    expect(() => readYaml(text), text).toThrow()
  expect(readYaml('a:\n  - b: 1\n    c: ["d"]\n  - e\n---\nf: {}')).toEqual([
    { a: [{ b: '1', c: ['d'] }, 'e'] },
    { f: {} },
  ])
})
