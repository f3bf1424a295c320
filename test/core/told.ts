/**
 * How many generated stories a test tells, and which: the same ones every time, so that whether work lands is no matter of
 * luck. The fast loop tells half of them, `npm run test:slow` all. `npm run stories` looks for what they miss:
 * CHANNELS_STORIES=10 tells ten times as many, others each time.
 */
export const told = (numRuns: number): { readonly numRuns: number; readonly seed: number } => {
  const times = Number(process.env.CHANNELS_STORIES ?? 0)
  if (times > 0) return { numRuns: numRuns * times, seed: Math.floor(Math.random() * 2 ** 31) }
  const share = process.env.CHANNELS_ALL_STORIES === undefined ? 2 : 1
  return { numRuns: Math.ceil(numRuns / share), seed: 20_261_128 }
}
