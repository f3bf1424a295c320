import { existsSync } from 'node:fs'
import type { Home } from '../sim/home.ts'
import type { Screen } from './screen.ts'

/** Ends what runs in the home, removes it, and says so. False when something is left. */
export const cleanUp = async (home: Home, screen: Screen): Promise<boolean> => {
  const found = home.processes().length
  screen.title('Clean up')
  try {
    await home.close()
  } catch (error) {
    screen.say(
      `Not everything could be cleaned up: ${error instanceof Error ? error.message : String(error)}`,
    )
    return false
  }
  const left = home.processes()
  if (left.length > 0 || existsSync(home.root)) {
    screen.say(`Left behind: ${[...left.map(({ pid }) => `process ${pid}`), home.root].join(', ')}.`)
    return false
  }
  const ended = found === 1 ? 'one process' : `${found} processes`
  screen.say(`${found === 0 ? 'Nothing ran any more' : `Ended: ${ended}`}. Removed: ${home.root}.`)
  return true
}
