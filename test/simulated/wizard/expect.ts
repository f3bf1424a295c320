import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { until, untilNobody } from '../../sim/until.ts'
import { type Machine, untilSession } from '../faults/kit.ts'
import { filesBelow } from '../faults/secrets.ts'
import { leftovers, locks } from './machine.ts'
import type { Wizard } from './rig.ts'

/** What holds for every terminal, whatever happened in it: no token, nothing wider than it but a word that is. */
export const expectReadable = async (home: Machine, wizard: Wizard): Promise<void> => {
  const text = await wizard.all('joined')
  for (const { token } of home.bot.bots()) expect(text).not.toContain(token.slice(token.indexOf(':') + 1))
  const wide = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => [...line].length > wizard.columns)
  // Nothing but a path or a link: broken by us it could not be copied.
  expect(wide.filter((line) => /\S\s+\S/.test(line))).toEqual([])
}

/** Cancelled: 130, a terminal at rest, and what to do next on the last line. */
export const expectCancelled = async (home: Machine, wizard: Wizard, hint: RegExp): Promise<void> => {
  expect({ ended: await wizard.ended(), screen: await wizard.screen() }).toMatchObject({ ended: 130 })
  expect(await wizard.disorder()).toEqual([])
  const lines = (await wizard.all('joined')).trimEnd().split('\n')
  const said = lines.findLastIndex((line) => line.startsWith('channels: '))
  expect(lines.slice(said).join(' ').replace(/ +/g, ' ')).toMatch(hint)
  expect(lines.join('\n')).not.toMatch(/\bat .+:\d+:\d+|is a bug/)
  await expectReadable(home, wizard)
}

/** Every JSON file of ours and the client's holds JSON, at any moment. */
export const expectWhole = (home: Machine): void => {
  const files = [home.home, home.channelsHome].flatMap(filesBelow).filter((file) => file.endsWith('.json'))
  const broken = files.filter((file) => {
    // A file may be replaced between the list and the look: then the next one is asked.
    const text = textOf(file)
    return text !== null && !isJson(text)
  })
  expect(broken).toEqual([])
}

/** After the proof: the session is live, nothing half-written, no draft, no lock, nobody but session and keeper. */
export const expectComplete = async (home: Machine, name: string): Promise<void> => {
  await untilSession(home, name, { state: 'live', reason: null })
  expectWhole(home)
  // A keeper may be in the midst of writing: that is gone in a moment, what was left behind is not.
  await until(
    () => `nothing half-written, say ${leftovers(home)}`,
    () => leftovers(home).length === 0,
  )
  expect(statSync(join(home.state, 'setup.json'), { throwIfNoEntry: false })).toBe(undefined)
  await until('no lock', () => locks(home).length === 0, 15_000)
  await expectNobodyElse(home)
  const sessions = JSON.parse(readFileSync(join(home.channelsHome, 'config.json'), 'utf8')) as object
  expect(sessions).toHaveProperty(`sessions.${name}`)
}

/** Nobody runs but keeper, terminals, loops, clients and their plugins. */
export const expectNobodyElse = async (home: Machine): Promise<void> => {
  const strays = () => home.processes().filter(({ argv, comm }) => comm !== 'tmux: server' && !isOurs(argv))
  await untilNobody('nobody else to run', strays, 15_000)
}

const isOurs = (argv: readonly string[]): boolean => {
  const line = argv.join(' ')
  return [
    /\/(keeper-)?loop\.sh /,
    /channels\.js run /,
    /claude --(session-id|resume) /,
    /server\.ts( pager)?$/,
    / start$/,
    // What holds a test's own terminal open.
    /^cat$/,
  ].some((one) => one.test(line))
}

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
