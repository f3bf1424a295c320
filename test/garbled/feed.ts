import { garbage, garble } from './garble.ts'
import { below, pick, type Random, seeded } from './random.ts'
import type { Sample } from './samples.ts'

/** How many garbled texts a parser gets: a tenth in the fast loop of what `test:slow` feeds it (vitest.config.ts). */
export const mutations = Number(process.env.CHANNELS_MUTATIONS ?? 1_000)

/**
 * Feeds a check with so many garbled texts, a tenth of them of no origin; the same ones in every run. What fails says of
 * which sample and seed its text is.
 */
export const feedGarbled = async (
  samples: readonly Sample[],
  count: number,
  check: (text: string, random: Random) => unknown,
): Promise<void> => {
  for (let seed = 1; seed <= count; seed += 1) {
    const random = seeded(seed * 7_919)
    const sample = pick(random, samples)
    const text =
      seed % 10 === 0
        ? garbage(random)
        : garble(part(sample.text, random), random, part(pick(random, samples).text, random))
    await feed(`${sample.name}, seed ${seed}`, text, () => check(text, random))
  }
}

/** Feeds a check with every beginning of every sample, the empty one and the whole among them. */
export const feedPrefixes = async (
  samples: readonly Sample[],
  check: (text: string) => unknown,
): Promise<void> => {
  for (const { name, text } of samples)
    for (let end = 0; end <= text.length; end += 1)
      await feed(`${name}, the first ${end}`, text.slice(0, end), () => check(text.slice(0, end)))
}

/** Of many lines a few, which are read sooner. */
const part = (text: string, random: Random): string => {
  const lines = text.split('\n')
  if (text.length < 2_000 || lines.length < 8 || random() < 0.05) return text
  const start = below(random, lines.length)
  return lines.slice(start, start + 1 + below(random, 4)).join('\n')
}

const feed = async (what: string, text: string, check: () => unknown): Promise<void> => {
  try {
    await check()
  } catch (cause) {
    throw new Error(`${what}: ${cause}\n${JSON.stringify(text.slice(0, 4_000))}`, { cause })
  }
}
