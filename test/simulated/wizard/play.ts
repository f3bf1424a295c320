import { expect } from 'vitest'
import { until } from '../../sim/until.ts'
import { expectReadable } from './expect.ts'
import type { Held } from './machine.ts'
import { openWizard, type Wizard } from './rig.ts'

/** Plays a wizard to where that ends, and looks whether what it showed can be read; a failure says all that it showed. */
export const playWizard = async (
  home: Held,
  args: readonly string[],
  play: (wizard: Wizard) => Promise<void>,
): Promise<void> => {
  const wizard = await openWizard(home, { args, rows: 60 })
  try {
    await play(wizard)
    await expectReadable(home, wizard)
    expect(await wizard.disorder()).toEqual([])
  } catch (cause) {
    throw new Error(`not to the end:\n${await wizard.all()}`, { cause })
  } finally {
    await wizard.close()
  }
}

/** Waits until it stands on the screen, wherever lines are broken. Throws when the wizard ends before. */
export const shows = (wizard: Wizard, text: string | RegExp, ms = 20_000): Promise<unknown> =>
  until(
    `${text}`,
    async () => {
      const { ended, screen } = await wizard.look()
      const flat = screen.replace(/\s+/g, ' ')
      const found = typeof text === 'string' ? flat.includes(text) : text.test(flat)
      if (!found && ended !== null) throw new Error(`ended with ${ended}`)
      return found
    },
    ms,
  )
