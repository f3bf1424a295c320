/**
 * A reading that is done once for all who ask for the same in one go. It is forgotten as soon as anybody waits for
 * anything, if only for a promise: whoever goes on after an `await` reads anew. What throws is not kept.
 */
export const share = <Asked extends readonly unknown[], Answer>(
  read: (...asked: Asked) => Answer,
  keyOf: (...asked: Asked) => string,
): ((...asked: Asked) => Answer) => {
  const known = new Map<string, { readonly answer: Answer }>()
  return (...asked) => {
    const key = keyOf(...asked)
    const before = known.get(key)
    if (before !== undefined) return before.answer
    const answer = read(...asked)
    if (known.size === 0) queueMicrotask(() => known.clear())
    known.set(key, { answer })
    return answer
  }
}
