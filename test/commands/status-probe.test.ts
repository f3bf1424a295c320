import { expect, test } from 'vitest'
import { probeLive, probeReady } from '../../src/commands/status-probe.ts'
import type { KeeperSeen } from '../../src/core/at-work.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import { emptySettings } from '../../src/core/settings.ts'
import type { LookDeps } from '../../src/deps.ts'
import { client, evidence, noon, session, wanted } from '../core/evidence-builder.ts'

const ofKeeper = (lookedAt: number): KeeperSeen => ({
  keeper: {
    ...{ format: 1, pid: 7, start: '105', version: '1.0.0', since: noon },
    ...{ where: 'foreground', machine: null },
  },
  suspended: false,
  lookedAt,
})

const probe = async (
  kind: 'live' | 'ready',
  {
    keeper = ofKeeper(noon),
    seen = [evidence()],
    names = [],
  }: { keeper?: KeeperSeen | null; seen?: readonly Evidence[]; names?: readonly string[] },
) => {
  const lines: string[] = []
  const sessions = Object.fromEntries(seen.map((each) => [each.session.name, each.session]))
  const settings = { ...emptySettings, sessions }
  const deps = {
    settings: { read: () => settings },
    observe: async ({ name }: { name: string }) => seen.find((each) => each.session.name === name),
    probe: async () => ({}),
    seeKeeper: () => keeper,
    clock: { now: () => noon, elapsed: () => 0 },
    redact: (text: string) => text,
    output: { print: (line: string) => void lines.push(line) },
  } as unknown as LookDeps
  const code = kind === 'live' ? probeLive(names, deps) : await probeReady(names, deps)
  return [code, ...lines]
}

const dialog = client({ file: null, dialog: { name: 'trust-dialog', text: '' } })
const blocked = (name: string): Evidence => evidence({ session: { ...session, name }, client: dialog })
const off = (name: string): Evidence =>
  evidence({ session: { ...session, name }, client: null, wanted: wanted({ want: false }) })

test('live as long as a keeper is at work, whatever is wrong with the sessions', async () => {
  expect(await probe('live', { seen: [blocked('work')] })).toEqual([0, 'live: a keeper is at work (pid 7)'])
  expect(await probe('live', { seen: [] })).toEqual([0, 'live: a keeper is at work (pid 7)'])
})

test('lost without a keeper, or with one that looks no more', async () => {
  expect((await probe('live', { keeper: null }))[0]).toBe(1)
  const [code, line] = await probe('live', { keeper: ofKeeper(noon - 120_000) })
  expect([code, line]).toEqual([
    1,
    expect.stringMatching(/^lost: the keeper \(pid 7\) has not looked for 2m; /),
  ])
})

test('live is about no session', async () => {
  await expect(probe('live', { names: ['work'] })).rejects.toMatchObject({ status: 2 })
})

test.each<[string, readonly Evidence[], readonly string[], number, string]>([
  ['the one session is live', [evidence()], [], 0, 'ready: the session is live'],
  ['one that is not wanted does not count', [evidence(), off('b')], [], 0, 'ready: the session is live'],
  ['unless it is named', [evidence(), off('b')], ['b'], 1, 'not ready: b is stopped'],
  ['none is wanted', [off('b')], [], 0, 'ready: no session is wanted'],
  ['one is not live', [evidence(), blocked('b')], [], 1, 'not ready: b is blocked (trust-dialog)'],
  ['and it is not named', [evidence(), blocked('b')], ['work'], 0, 'ready: the session is live'],
  [
    'several are not live',
    [blocked('a'), blocked('b'), blocked('c')],
    [],
    1,
    'not ready: a is blocked (trust-dialog), and 2 more',
  ],
])('ready: %s', async (_, seen, names, code, line) => {
  expect(await probe('ready', { seen, names })).toEqual([code, line])
})

test('nothing set up is not ready', async () => {
  await expect(probe('ready', { seen: [] })).rejects.toMatchObject({ status: 3 })
})
