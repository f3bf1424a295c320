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
