import type { Home } from '../sim/home.ts'
import { listenForCancel } from './cancel.ts'
import { cleanUp } from './clean-up.ts'
import { openMachine } from './machine.ts'
import { type Play, playOn } from './play.ts'
import { findProgram, missing } from './requirements.ts'
import { createScreen, type Screen } from './screen.ts'

export type Step = { readonly title: string; readonly play: (play: Play) => Promise<void> }

export type Story = {
  readonly intro: readonly string[]
  readonly steps: readonly Step[]
  readonly outro: readonly string[]
}

/**
 * Plays a story in a home of its own and leaves nothing behind, also when cancelled. Answers the exit status: 0, 1 when
 * a step failed or something is left, 69 when something needed is missing, 130 when cancelled.
 */
export const perform = async ({ intro, steps, outro }: Story): Promise<number> => {
  const { env, platform, stdout } = process
  const tmux = findProgram('tmux', env.PATH ?? '')
  const sentence = missing({ platform, tmux })
  if (sentence !== null || tmux === null) {
    process.stderr.write(`${sentence}\n`)
    return 69
  }
  // A demo that nobody reads any more has to clean up all the same.
  const cancelled = listenForCancel(process, stdout)
  const screen = createScreen({
    write: (text) => stdout.write(text),
    colour: stdout.isTTY && isColourful(env),
    columns: stdout.columns,
  })
  for (const text of intro) screen.say(text)
  const home = await openMachine(tmux)
  screen.say(`Nothing of yours is touched. All of it is in ${home.root}, which is removed at the end.`)
  const play = playOn({ home, screen, look: lookOf(env), cancelled })
  const result = await playAll(steps, play, { home, screen, cancelled })
  const isClean = await cleanUp(home, screen)
  if (result === 'cancelled') return 130
  if (result === 'failed' || !isClean) return 1
  for (const text of outro) screen.say(text)
  return 0
}

type Scene = { readonly home: Home; readonly screen: Screen; readonly cancelled: AbortSignal }

/** Plays one step after the other, up to one that fails. Never rejects: what was started has to be cleaned up. */
export const playAll = async (
  steps: readonly Step[],
  play: Play,
  { home, screen, cancelled }: Scene,
): Promise<'done' | 'failed' | 'cancelled'> => {
  for (const [i, step] of steps.entries()) {
    const title = `${i + 1}. ${step.title}`
    try {
      cancelled.throwIfAborted()
      screen.title(title)
      await step.play(play)
    } catch (error) {
      if (cancelled.aborted) {
        screen.say(`Cancelled (${cancelled.reason}).`)
        return 'cancelled'
      }
      screen.say(`Step ${title} failed: ${messageOf(error)}`)
      await tellAll(home, screen)
      return 'failed'
    }
  }
  return 'done'
}

/** What is known about a step that failed. */
const tellAll = async (home: Home, screen: Screen): Promise<void> => {
  for (const words of [['status', '--json'], ['logs']]) {
    screen.command(['channels', ...words])
    try {
      const { stdout, stderr } = await home.channels(words)
      screen.raw(stdout + stderr)
    } catch (error) {
      screen.say(`It cannot be told: ${messageOf(error)}`)
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

type Environment = Readonly<Record<string, string | undefined>>

const isColourful = ({ NO_COLOR = '', TERM }: Environment): boolean => NO_COLOR === '' && TERM !== 'dumb'

const lookOf = (env: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['NO_COLOR', 'TERM'].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  )
