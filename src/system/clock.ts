/** Time as an argument, so that no test waits. Milliseconds since 1970. */
export type Clock = {
  now(): number
  /** Milliseconds since some moment, for deadlines: this clock is never set back, nor forward. */
  elapsed(): number
  /** Ends after that many milliseconds, or at once when the signal says so: being cancelled is no error. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Not `performance`, which takes milliseconds to load.
  elapsed: () => {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1e3 + nanoseconds / 1e6
  },
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
