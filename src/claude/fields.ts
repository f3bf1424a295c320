/** Fields of JSON that somebody else wrote: what is missing or of another type is null, never an exception. */
export type Fields = Readonly<Record<string, unknown>>

/** A line or a file as an object; null when it is cut, garbled or something else. */
export const parseFields = (text: string): Fields | null => {
  // What is no object is told without an exception, which costs as much as a hundred lines: a file may hold millions.
  const inside = text.trim()
  if (!inside.startsWith('{') || !inside.endsWith('}')) return null
  try {
    return asFields(JSON.parse(text))
  } catch {
    return null
  }
}

export const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

export const textField = (fields: Fields, key: string): string | null => {
  const value = own(fields, key)
  return typeof value === 'string' ? value : null
}

export const numberField = (fields: Fields, key: string): number | null => {
  const value = own(fields, key)
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export const objectField = (fields: Fields, key: string): Fields | null => asFields(own(fields, key))

/** The texts of a list; none where it is something else. */
export const wordsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []

/** An ISO time as milliseconds since 1970. By itself `Date.parse` takes `x 5` for a day in May 2001. */
export const timeField = (fields: Fields, key: string): number | null => {
  const text = textField(fields, key) ?? ''
  const time = isoTime.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? null : time
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined)
