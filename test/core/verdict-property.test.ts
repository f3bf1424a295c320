import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Evidence } from '../../src/core/evidence.ts'
import { reasons } from '../../src/core/reasons.ts'
import { judge } from '../../src/core/verdict.ts'
import { anyEvidence } from './evidence-arbitrary.ts'
import { freeze, minutes, noon } from './evidence-builder.ts'

const always = (check: (evidence: Evidence) => void): void =>
  fc.assert(
    fc.property(anyEvidence, (evidence) => check(freeze(evidence))),
    { numRuns: 3_000 },
  )

test('live means: wanted, alive, in no dialog, waiting for nobody, answering, and every channel registered, ours, accepted', () => {
  let seen = 0
  always((evidence) => {
    if (judge(evidence, noon).state !== 'live') return
    seen += 1
    const { wanted, client, terminal, channels } = evidence
    expect(wanted?.want).toBe(true)
    expect(client?.suspended).toBe(false)
    // Messages are answered behind the picker of an old conversation, once the session file is there.
    const picker = client?.dialog?.name === 'resume-dialog' && client.file !== null
    if (!picker) expect(client).toMatchObject({ dialog: null })
    if (!picker) expect(client?.file?.activity).not.toBe('waiting')
    const failure = client?.transcript?.apiFailure
    if (failure != null && failure.at >= (evidence.run?.startedAt ?? 0))
      expect([401, 403, 429]).not.toContain(failure.status)
    expect(terminal.loop).not.toBeNull()
    for (const { log, poller, platform } of channels) {
      expect(log?.registeredAt).toBeTypeOf('number')
      expect(log).toMatchObject({ closingAt: null, tokenRejected: null })
      expect(poller).toMatchObject({ is: 'yes', value: { ours: 'yes' } })
      expect(platform).toMatchObject({ token: 'accepted', webhook: null })
      expect(platform?.trouble?.times ?? 0).toBeLessThan(2)
      expect(Math.abs(noon - (platform?.at ?? 0))).toBeLessThanOrEqual(5 * minutes)
    }
  })
  expect(seen).toBeGreaterThan(50)
})

test('a reason has the state of the catalogue, and only live, starting and stopped have none', () => {
  always((evidence) => {
    const { state, reason, channels } = judge(evidence, noon)
    for (const found of [{ state, reason }, ...channels]) {
      if (found.reason === null) expect(['live', 'starting', 'stopped']).toContain(found.state)
      else expect(found.state).toBe(reasons[found.reason].state)
    }
  })
})

test('a session is live only when each of its channels is, and stopped only when it is not wanted', () => {
  always((evidence) => {
    const { state, channels } = judge(evidence, noon)
    expect(state === 'live').toBe(channels.every((channel) => channel.state === 'live'))
    expect(state === 'stopped').toBe(!evidence.wanted?.want)
    expect(channels.map(({ id }) => id)).toEqual(evidence.channels.map(({ channel }) => channel.id))
  })
})

test('what stands on the screen is in no verdict', () => {
  always((evidence) => {
    expect(JSON.stringify(judge(evidence, noon))).not.toContain('private')
  })
})
