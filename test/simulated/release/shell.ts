import type { Home } from '../../sim/home.ts'
import { until } from '../../sim/until.ts'
import { openWizard, type Wizard } from '../wizard/rig.ts'

/** A terminal with an interactive shell, as a person has it: commands are typed, and their exit status is read. */
export type Shell = {
  readonly wizard: Wizard
  /** Types a line and Enter. */
  readonly start: (line: string) => Promise<void>
  /** Waits for the prompt after it; hands back the exit status. */
  readonly ended: (ms?: number) => Promise<number>
  /** Everything that was shown, lines whole. */
  readonly shown: () => Promise<string>
  readonly close: () => Promise<void>
}

/** Opens it in HOME, with these variables and no other. */
export const openShell = async (home: Home, env: Readonly<Record<string, string>>): Promise<Shell> => {
  const all = { ...env, TERM: 'xterm-256color', LANG: 'C.UTF-8', PS1: prompt }
  const variables = Object.entries(all).map(([name, value]) => quoted(`${name}=${value}`))
  const script = [
    '#!/bin/sh',
    `cd ${quoted(home.home)}`,
    `exec env -i ${variables.join(' ')} bash --norc --noprofile -i`,
  ]
  const wizard = await openWizard(home, { script: `${script.join('\n')}\n`, rows: 60 })
  const shown = () => wizard.all('joined')
  const statuses = async () => [...(await shown()).matchAll(prompts)].map(([, status]) => Number(status))
  let seen = await until('a prompt', async () => (await statuses()).length)
  return {
    wizard,
    shown,
    start: async (line) => {
      await wizard.type(line)
      await wizard.press('Enter')
    },
    ended: async (ms = 60_000) => {
      const now = await until(
        'the next prompt',
        async () => {
          const found = await statuses()
          return found.length > seen ? found : null
        },
        ms,
      )
      seen = now.length
      return now.at(-1) ?? Number.NaN
    },
    close: wizard.close,
  }
}

/** bash puts the last exit status in. */
const prompt = '[$?]> '
const prompts = /^\[(\d+)\]> /gm

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`
