/** Time as it is waited for; the system's clock is one. */
type Waiting = { elapsed(): number; sleep(ms: number): Promise<void> }

/**
 * Looks again and again until something holds, at least once and for that many milliseconds at most. Whether it came to
 * hold. Throws what the probe throws.
 */
export const becomes = async (
  clock: Waiting,
  withinMs: number,
  probe: () => boolean,
  everyMs = 20,
): Promise<boolean> => {
  const deadline = clock.elapsed() + withinMs
  while (!probe()) {
    if (clock.elapsed() >= deadline) return false
    await clock.sleep(everyMs)
  }
  return true
}
