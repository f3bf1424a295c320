import { openPlainTerminal, type PlainTerminal } from '../../multiplexer/plain-tmux.ts'
import { cli } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { until } from '../../sim/until.ts'
import { untilSession } from './rig.ts'

export type Person = PlainTerminal & {
  /** Waits until that stands on the person's screen. */
  readonly shows: (text: string) => Promise<string>
}

/** A person at a terminal of their own who runs `channels attach work`; what it says stays on the screen afterwards. */
export const attachAt = async (home: Home): Promise<Person> => {
  const script = '"$0" "$1" attach work; echo "attach ended with $?"; exec cat'
  const terminal = await openPlainTerminal(['/bin/sh', '-c', script, process.execPath, cli], {
    env: home.env,
  })
  try {
    await untilSession(home, 'somebody attached', (session) => session.terminal.attached === 1)
  } catch (error) {
    await terminal.close()
    throw error
  }
  return {
    ...terminal,
    // A line of ours may be broken anywhere.
    shows: (text) =>
      until(`${text} on the person's screen`, async () => {
        const shown = (await terminal.screen()).replaceAll('\n', '')
        return shown.includes(text) ? shown : null
      }),
  }
}
