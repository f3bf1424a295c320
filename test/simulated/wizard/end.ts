import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { exactly } from '../../patience.ts'
import { signal } from '../../sim/processes.ts'
import { until, untilNobody } from '../../sim/until.ts'
import { snapshot } from '../faults/secrets.ts'
import { expectCancelled, expectComplete, expectReadable, expectWhole } from './expect.ts'
import { type Held, openMachine } from './machine.ts'
import { openWizard, type Wizard } from './rig.ts'
import { isBeforeYes, type Person, type Step } from './steps.ts'
import { walk } from './walk.ts'

/** On a machine of its own. */
export const withPerson = async (play: (person: Person) => Promise<void>): Promise<void> => {
  const home = await openMachine()
  try {
    await play({ home, bot: home.bot.bot, folder: home.project, session: 'site' })
  } finally {
    await home.end()
  }
}

export type Way = 'C-c' | 'Escape' | 'kill -9'

/** Runs the wizard up to a step, where it goes on from what was answered before, and ends it there. */
export const endAt = async (
  step: Step,
  way: Way,
  someone: Person,
  flags: readonly string[] = [],
): Promise<void> => {
  const { home } = someone
  const before = files(home)
  const there = new Set(home.processes().map(({ pid }) => pid))
  const gate = step.hold?.(someone)
  const wizard = await openWizard(home, { args: ['setup', home.channel, ...flags] })
  try {
    expect(await walk(wizard, someone, { to: step })).toMatchObject({ ended: null })
    await gate?.reached?.()
    if (gate?.reached === null)
      await until('a wait of a second', async () => / \(\d+ s\)$/m.test(await wizard.screen()))
    expectWhole(home)
    if (way === 'kill -9') {
      expect(signal(wizard.process().pid, 'SIGKILL')).toBe(true)
      // On a busy machine it goes a little further before it is gone, where the gate is open.
      await wizard.ended()
    } else {
      await wizard.press(way)
      if (gate !== undefined) {
        // Heard at once where the step can be left; else when it is over.
        await wizard.ended(exactly(1_000)).catch(() => undefined)
      }
    }
    gate?.open()
    await expectEnded(step, way, someone, wizard)
    if (isBeforeYes(step)) {
      const more = () => home.processes().filter(({ pid }) => !there.has(pid))
      await untilNobody('no process more', more, 5_000)
      expect(files(home)).toEqual(before)
    }
  } catch (cause) {
    throw new Error(`${way} at ${step.name}:\n${await wizard.all()}`, { cause })
  } finally {
    gate?.open()
    await wizard.close()
  }
}

const expectEnded = async (step: Step, way: Way, { home, bot }: Person, wizard: Wizard): Promise<void> => {
  if (way === 'kill -9') {
    expect(await wizard.ended()).toBe(137)
    await expectReadable(home, wizard)
  } else
    await expectCancelled(
      home,
      wizard,
      isBeforeYes(step)
        ? /^channels: Cancelled\. Nothing was changed\. Run the same command again: it goes on where it stopped\.$/
        : /^channels: Cancelled\. (?!Nothing was changed).* Run the same command again: it goes on where it stopped\.$/,
    )
  expectWhole(home)
  const draft = join(home.state, 'setup.json')
  if (!existsSync(draft)) return
  expect(statSync(draft).mode & 0o777).toBe(0o600)
  expect(bot.pending()).toBeLessThan(2)
}

/** Everything but the draft, and the folder it is in. */
const files = (home: Held): Readonly<Record<string, string>> => {
  const all = Object.entries(snapshot(home.home, home.channelsHome, home.project))
  return Object.fromEntries(
    all.filter(([path]) => path !== home.state && !path.startsWith(join(home.state, 'setup.json'))),
  )
}

export const expectNobody = async (home: Held): Promise<void> => {
  await untilNobody('no process', home.processes, 5_000)
}

/** The run that is not ended by anybody. */
export const complete = async (someone: Person, flags: readonly string[] = []): Promise<void> => {
  const { home, session } = someone
  const wizard = await openWizard(home, { args: ['setup', home.channel, ...flags] })
  try {
    const { ended } = await walk(wizard, someone)
    expect({ ended, all: ended === 0 ? '' : await wizard.all() }).toEqual({ ended: 0, all: '' })
    expect(await wizard.disorder()).toEqual([])
    await expectReadable(home, wizard)
    await expectComplete(home, session)
  } finally {
    await wizard.close()
  }
}
