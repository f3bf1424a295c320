import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeMachine, type Machine, makeMachine, setUp } from '../faults/kit.ts'
import { openWizard } from './rig.ts'

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
  await setUp(home, 'one')
  await setUp(home, 'two')
  await home.channels(['access', 'one', 'policy', 'pairing'])
})
afterAll(() => closeMachine(home))

/** What it says on a narrow terminal, and in a pipe. */
const said = async (...args: readonly string[]) => {
  const terminal = await openWizard(home, { columns: 60, args })
  await terminal.ended()
  // The first line is the command as it was typed.
  const seen = (await terminal.all()).trimEnd().replace(/^\$ .*\n/, '')
  await terminal.close()
  const { stdout, stderr } = await home.channels(args)
  return { seen, piped: `${stdout}${stderr}`.trimEnd() }
}

test('what access answers is broken between words, and no command in two', async () => {
  await home.channels(['access', 'two', 'policy', 'disabled'])
  const { seen, piped } = await said('access', 'two', 'allow', '4242')
  expect(seen.split(/\s+/)).toEqual(piped.split(/\s+/))
  expect(seen).toContain('\n  `channels access two policy allowlist`.')
  expect(piped).toContain('\n  But its policy is disabled: nobody is heard until `channels access')
})

test('and so is an error', async () => {
  const { seen, piped } = await said('access', 'two', 'deny', '4711')
  expect(seen.split(/\s+/)).toEqual(piped.split(/\s+/))
  const refused = await said('set', 'one', 'folder=/nowhere/to/be/found/at/all')
  expect(refused.seen.split(/\s+/)).toEqual(refused.piped.split(/\s+/))
  const unknown = await said('attach', 'three')
  expect(unknown.seen).toContain('`channels list` shows')
  expect(unknown.seen).toContain('`channels setup telegram --session <name>`')
  expect(unknown.piped).toContain('; `channels setup telegram --session <name>` makes one.')
})

test('on a narrow terminal what status says is broken between words, and not where it is piped', async () => {
  const piped = (await home.channels(['status'])).stdout.trimEnd()
  const terminal = await openWizard(home, { columns: 60, args: ['status'] })
  await terminal.ended()
  const seen = (await terminal.all()).trimEnd()
  await terminal.close()
  const notes = (text: string) => text.slice(text.indexOf('one is not wanted'))
  expect(notes(seen).split(/\s+/)).toEqual(notes(piped).split(/\s+/))
  expect(notes(seen)).toContain('\none: anybody who writes to this bot gets a pairing code:\n')
  expect(notes(piped)).toContain('\none: anybody who writes to this bot gets a pairing code: `')
})
