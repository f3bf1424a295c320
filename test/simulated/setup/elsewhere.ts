import type { Home } from '../../sim/home.ts'

/** As the plugin does it on another machine: long polls, and tries again when displaced. Returns its end. */
export const pollElsewhere = (home: Home, token: string): (() => Promise<void>) => {
  const over = new AbortController()
  const poll = async () => {
    while (!over.signal.aborted) {
      const asked = `${home.bot.root}/bot${token}/getUpdates?timeout=30`
      const answer = await fetch(asked, { signal: over.signal }).catch(() => null)
      if (answer?.status === 409) await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
  const done = poll()
  return async () => {
    over.abort()
    await done
  }
}
