/** Time as an argument, so that no test waits. Milliseconds since 1970. */
export type Clock = {
  now(): number
  /** Ends after that many milliseconds, or at once when the signal says so: being cancelled is no error. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const end = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      signal?.addEventListener('abort', end, { once: true })
    }),
}

export type Patience = { readonly timeoutMs: number; readonly everyMs: number; readonly signal?: AbortSignal }

/**
 * Asks again and again until the probe answers something other than null, undefined or false, and hands that back;
 * null when time is up (after one last probe) or the signal came. Throws what the probe throws.
 */
export const until = async <T>(
  clock: Clock,
  { timeoutMs, everyMs, signal }: Patience,
  probe: () => Probed<T> | Promise<Probed<T>>,
): Promise<T | null> => {
  const deadline = clock.now() + timeoutMs
  while (signal?.aborted !== true) {
    const found = await probe()
    if (found !== null && found !== undefined && found !== false) return found
    const left = deadline - clock.now()
    if (left <= 0) return null
    await clock.sleep(Math.min(everyMs, left), signal)
  }
  return null
}

type Probed<T> = T | null | undefined | false
