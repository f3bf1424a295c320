import { patience } from '../patience.ts'

/**
 * Looks every 20 ms until `look` finds something (anything but null, undefined or false) and hands it back; less often
 * where a look takes longer, as that of a command does: whoever waits is not to take the time of what is waited for. Throws
 * after `ms` milliseconds (times `patience`), naming what was waited for, in the words of then where that is a function;
 * what `look` itself throws comes through at once.
 */
export const until = async <T>(
  what: string | (() => string),
  look: () => T | Promise<T>,
  ms = 10_000,
): Promise<Exclude<T, null | undefined | false>> => {
  const deadline = Date.now() + ms * patience
  for (;;) {
    const began = Date.now()
    const found = await look()
    if (isThere(found)) return found
    if (Date.now() > deadline)
      throw new Error(`waited ${ms * patience} ms in vain for ${typeof what === 'string' ? what : what()}`)
    await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(20, Date.now() - began), 200)))
  }
}

/**
 * Waits until nobody is left, at most `ms` milliseconds; throws with those of the last look. Who looks once more
 * afterwards may catch a process that lives for a moment only, as every call of tmux does.
 */
export const untilNobody = async (
  what: string,
  list: () => readonly { readonly pid: number; readonly argv: readonly string[] }[],
  ms = 10_000,
): Promise<void> => {
  let left = list()
  let empty = 0
  const still = () => left.map(({ pid, argv }) => [pid, ...argv].join(' ')).join('; ')
  await until(
    () => `${what}, and there is still ${still()}`,
    () => {
      left = list()
      empty = left.length === 0 ? empty + 1 : 0
      // Twice in a row, since one that is about to become another program shows no environment for a moment.
      return empty === 2
    },
    ms,
  )
}

const isThere = <T>(found: T): found is Exclude<T, null | undefined | false> =>
  found !== null && found !== undefined && found !== false
