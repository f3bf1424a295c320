/** The line at the bottom of the client, as it stands on its screen. */
export type Prompt = {
  /** What stands in it: typed, or the client's own pale words where nothing is. Broken as the screen breaks it. */
  readonly text: string
  /** It takes what is typed for a shell command. */
  readonly shell: boolean
  /** The commands that it offers for what is typed. */
  readonly offers: readonly string[]
}

/**
 * Whether what was typed stands in the prompt, and nothing else: Enter would send somebody's half-typed line along. What
 * stood there before may have been the client's own words, which go as soon as something is typed.
 */
export const holds = (before: Prompt, now: Prompt, typed: string): boolean => {
  const [shown, own] = [bare(now.text), bare(typed)]
  if (now.shell) return false
  // Behind a command it shows in pale letters what could follow.
  return shown === own || (typed.includes('/') && before.text === '' && shown.startsWith(own))
}

/** Whether it is this, letter by letter, that stands there. */
export const isExactly = (now: Prompt, typed: string): boolean => !now.shell && bare(now.text) === bare(typed)

/** Whether what was typed stands there in one piece, whatever else does. */
export const contains = (now: Prompt, typed: string): boolean => bare(now.text).includes(bare(typed))

/** Whether nothing of what was typed is left. */
export const isAsBefore = (before: Prompt, now: Prompt): boolean =>
  now.text === '' || bare(now.text) === bare(before.text)

/** A terminal breaks lines where it likes, cuts blanks off, and joins what belongs to one letter as it likes. */
const bare = (text: string): string => text.normalize('NFC').replace(/[\s\p{Cf}\p{M}]/gu, '')
