/**
 * How many generated stories a test tells, and which: the same ones every time, so that whether work lands is no matter of
 * luck. `npm run stories` looks for what they miss: CHANNELS_STORIES=10 tells ten times as many, others each time.
 */
export const told = (numRuns: number): { readonly numRuns: number; readonly seed: number } => {
  const times = Number(process.env.CHANNELS_STORIES ?? 0)
  return times > 0
    ? { numRuns: numRuns * times, seed: Math.floor(Math.random() * 2 ** 31) }
    : { numRuns, seed: 20_261_128 }
}
