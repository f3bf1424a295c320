import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Machine } from '../faults/kit.ts'
import { snapshot } from '../faults/secrets.ts'
import { atTerminal, type Person, type Sitting } from './keys.ts'

let sittings = 0

/** The wizard at a terminal, on a copy of what is set up on this machine; nothing but the answers may be kept there. */
export const sitDownAt =
  (machine: () => Machine) =>
  async (
    { env = {}, ...more }: Sitting = {},
    ...flags: readonly string[]
  ): Promise<Person & { readonly expectUntouched: () => void }> => {
    const home = machine()
    const own = join(home.root, `own-${++sittings}`)
    cpSync(home.channelsHome, own, { recursive: true })
    const kept = snapshot(own)
    const person = await atTerminal(home, ['setup', home.channel, ...flags], {
      ...more,
      env: { CHANNELS_HOME: own, ...env },
    })
    const expectUntouched = () => {
      const { [join(own, 'state', 'setup.json')]: answers = '', ...rest } = snapshot(own)
      expect(rest).toEqual(kept)
      expect(answers).not.toMatch(/\d:[\w-]{20}/)
    }
    return { ...person, expectUntouched }
  }

/** A folder of this name below the home's root. */
export const folderAt =
  (machine: () => Machine) =>
  (name: string): string => {
    const path = join(machine().root, name)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  }
