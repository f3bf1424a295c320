import type { Deps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'
import { createLook, type Watching } from './watch-look.ts'
import { chooseView, type WatchAs } from './watch-view.ts'

const everyMs = 1_000

/**
 * channels status --watch: looks every second until it is left. At a terminal a picture is drawn anew in place, else a
 * line is printed for each session and then for each change; as JSON a document a line, at first and whenever something
 * but a time in it has changed. 0 however it is left (q, Ctrl-C, SIGTERM, the terminal closed): a watch has no other
 * end. What can't be looked at from the start is refused as `status` does; what can't be later is said.
 */
export const watchStatus = async (
  names: readonly string[],
  as: WatchAs,
  deps: Watching & Pick<Deps, 'drawable' | 'output' | 'cancelled' | 'cancel' | 'keepCode'>,
): Promise<ExitStatus> => {
  const look = createLook(names, deps)
  const left = aborted(deps.cancelled)
  deps.keepCode()
  const view = await chooseView(as, deps)
  try {
    for (;;) {
      // An answer that somebody who leaves would wait for is not waited for.
      const seen = await Promise.race([look(), left])
      if (seen === null) return exitStatus.done
      view.show(seen)
      await deps.clock.sleep(everyMs, deps.cancelled)
    }
  } finally {
    view.close()
  }
}

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener('abort', () => resolve(null), { once: true })
  })
