/** In place of `expect`, which takes most of the time where there are tens of thousands of texts. */
export const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

export const isDate = (at: number | null): boolean => at === null || !Number.isNaN(new Date(at).getTime())
export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** Whether a `__proto__` or a `constructor` in any text got through to every object. */
export const mustBeUnpolluted = (): void => {
  must(Object.keys(Object.prototype).length === 0, 'Object.prototype has keys')
  must(!('polluted' in {}) && !('polluted' in Object), 'every object is polluted')
}

/** Two seconds of work, on a machine that has ten times as much to do. */
export const slowestMs = 60_000
