import { expect } from 'vitest'
import { until } from '../../sim/until.ts'
import { expectComplete } from './expect.ts'
import type { Held } from './machine.ts'
import { openWizard, type Wizard, type WizardOptions } from './rig.ts'
import { formOf } from './seen.ts'
import { walk } from './walk.ts'

/** A wizard from start to proof, as somebody read it. */
export type Recorded = {
  readonly home: Held
  readonly wizard: Wizard
  /** What stood there since the last answer, at each question and at the end. */
  readonly parts: string
  readonly painted: string
}

/** Goes from start to proof, by keys; the wizard is left open. */
export const record = async (home: Held, options: WizardOptions): Promise<Recorded> => {
  const wizard = await openWizard(home, options)
  const { answer } = formOf(options.env ?? {})
  const parts: string[] = []
  const keep = async (name: string): Promise<void> => {
    const lines = (await still(wizard)).trimEnd().split('\n')
    // The prompt that is open is none.
    const answered = lines.slice(0, -1).findLastIndex((line) => answer.test(line))
    parts.push(`##### ${name}`, ...lines.slice(Math.max(0, answered)))
  }
  try {
    const person = { home, bot: home.bot.bot, folder: home.project, session: 'site' }
    const { ended, screen } = await walk(wizard, person, { at: ({ name }) => keep(name) })
    expect({ ended, screen }).toMatchObject({ ended: 0 })
    expect(await wizard.disorder()).toEqual([])
    await keep('to the end')
    await expectComplete(home, 'site')
    return {
      home,
      wizard,
      parts: withoutChance(home, parts.join('\n')),
      painted: await wizard.all('painted'),
    }
  } catch (cause) {
    const shown = await wizard.all()
    await wizard.close()
    throw new Error(`not to the end:\n${shown}`, { cause })
  }
}

/** A frame that is being drawn is not what anybody reads. */
const still = async (wizard: Wizard): Promise<string> => {
  let last = ''
  return until('a still screen', async () => {
    const now = await wizard.all()
    const same = now === last
    last = now
    return same ? { now } : null
  }).then(({ now }) => now)
}

/** Without what differs from run to run. Names are as long in each, so lines break at the same place. */
export const withoutChance = (home: Held, text: string): string => {
  const { username } = home.bot.bot
  return text
    .replaceAll(home.root, '<root>')
    .replaceAll(username, '<bot>')
    .replace(/tmux \d\S*/g, 'tmux <version>')
    .replace(/^(> )?[0-9a-f]{6}$/gm, '$1<code>')
    .replace(/asked \d+s ago/g, 'asked <time> ago')
    .replace(/(?:^[█▀▄ ]{20,}\n?)+/gm, '<QR code>\n')
}
