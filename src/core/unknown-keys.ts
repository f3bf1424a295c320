import { isTable } from './shape.ts'

/**
 * The new value with the keys put back that only `raw` has and `known`, which was read from it, left out: another
 * release wrote them, and a change must not lose them. So does a value that was read as something else, as a kind this
 * release does not know, and that nobody changed. Items of lists are matched by their `id`.
 */
export const keepUnknown = (raw: unknown, known: unknown, next: object): Record<string, unknown> => {
  const before = isTable(raw) ? raw : {}
  const read = isTable(known) ? known : {}
  const unknown = Object.entries(before).filter(
    ([key]) => !Object.hasOwn(read, key) && !Object.hasOwn(next, key),
  )
  const kept = Object.entries(next).map(([key, value]) => [key, keepBelow(before[key], read[key], value)])
  return Object.fromEntries([...kept, ...unknown])
}

const keepBelow = (raw: unknown, known: unknown, next: unknown): unknown => {
  if (isTable(next)) return keepUnknown(raw, known, next)
  if (!Array.isArray(next)) return raw !== undefined && Object.is(known, next) ? raw : next
  return next.map((item: unknown) => keepBelow(sameId(raw, item), sameId(known, item), item))
}

const sameId = (list: unknown, item: unknown): unknown =>
  Array.isArray(list) && isTable(item) && item.id !== undefined
    ? list.find((each: unknown) => isTable(each) && each.id === item.id)
    : undefined
