import { expect, test } from 'vitest'
import { doctor } from '../../../src/commands/doctor.ts'
import type { SessionFacts } from '../../../src/core/doctor/facts.ts'
import { redact } from '../../../src/core/redact.ts'
import type { Settings } from '../../../src/core/settings.ts'
import { emptySettings } from '../../../src/core/settings.ts'
import type { Deps } from '../../../src/deps.ts'
import { ExpectedError, exitStatus } from '../../../src/errors.ts'
import { machineFacts, sessionFacts } from '../../core/doctor/facts-builder.ts'
import { noon, session } from '../../core/evidence-builder.ts'

const token = '123456789:AAabcdefghijklmnopqrstuvwxyz012345678'
const settings: Settings = { ...emptySettings, sessions: { work: session } }

/** What `channels doctor` prints of a machine, and its exit status. */
const run = async (
  options: { json?: boolean; report?: boolean },
  facts: SessionFacts | ExpectedError,
  read: () => Settings = () => settings,
) => {
  const printed: string[] = []
  const { service: _, version, sessions: __, configFault: ___, ...machine } = machineFacts()
  const deps = {
    ...{ version, platform: 'linux', redact, clock: { now: () => noon } },
    settings: { read },
    examineMachine: () => machine,
    examine: async () => {
      if (facts instanceof ExpectedError) throw facts
      return facts
    },
    service: async () => {
      throw new ExpectedError(exitStatus.missing, 'Nothing starts it here.', '')
    },
    output: {
      print: (line: string) => printed.push(line),
      printAll: (lines: readonly (readonly [string])[]) => printed.push(...lines.map(([line]) => line)),
      say: (line: string) => printed.push(line),
      colour: () => false,
    },
  } as unknown as Deps
  const status = await doctor(undefined, { fix: false, json: false, report: false, ...options }, deps)
  return { status, text: printed.join('\n') }
}

const broken = () => {
  throw new ExpectedError(exitStatus.badConfiguration, 'config.json is not valid JSON.', 'Mend it by hand.')
}

test.each([[{}], [{ json: true }], [{ report: true }]])(
  'no token is printed, whatever was seen: %j',
  async (how) => {
    const obstacles = [{ reason: 'plugin-missing', detail: `said ${token}` }] as const
    const { status, text } = await run(how, sessionFacts({ obstacles }))
    expect(status).toBe(exitStatus.wrong)
    expect(text).not.toContain(token)
  },
)

test('a configuration that can’t be read fails, and says what helps', async () => {
  const { status, text } = await run({}, sessionFacts(), broken)
  expect(status).toBe(exitStatus.wrong)
  expect(text).toContain('FAILED   configuration  config.json is not valid JSON.')
  expect(text).toContain('Mend it by hand.')
  expect(text).toContain('keeper         not checked (needs configuration)')
  expect(text).not.toContain('No session is set up')
})

test('a session whose records can’t be read stands in an issue’s report, too', async () => {
  const unreadable = new ExpectedError(exitStatus.noPermission, 'Cannot read /a/path.', 'Look whose it is.')
  const { status, text } = await run({ report: true }, unreadable)
  expect(status).toBe(exitStatus.wrong)
  expect(text).toContain('session 1: its records can’t be read')
  expect(text).not.toContain('/a/path')
})
