/** Whether a value read from a file is what it should be; `problem` names the field in a sentence without its value. */
export type Fit<T> =
  | { readonly fits: true; readonly value: T }
  | { readonly fits: false; readonly problem: string }

/** Checks a value; `at` is its place, `sessions.work.cwd`, for the problem's text. */
export type Shape<T> = (value: unknown, at: string) => Fit<T>

type ShapesOf<T> = { readonly [Key in keyof T]-?: Shape<T[Key]> }

const accept = <T>(value: T): Fit<T> => ({ fits: true, value })
const refuse = (at: string, what: string): Fit<never> => ({
  fits: false,
  problem: `${at === '' ? 'the whole of it' : `\`${at}\``} ${what}`,
})

export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Text; `Name` narrows it to a union that later releases may extend, so an unknown member still reads. */
export const text =
  <Name extends string = string>(): Shape<Name> =>
  (value, at) =>
    typeof value === 'string' ? accept(value as Name) : refuse(at, 'must be text')

export const number: Shape<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? accept(value) : refuse(at, 'must be a number')

export const flag: Shape<boolean> = (value, at) =>
  typeof value === 'boolean' ? accept(value) : refuse(at, 'must be true or false')

export const oneOf =
  <const T extends string | number>(...values: readonly T[]): Shape<T> =>
  (value, at) => {
    const found = values.find((each) => each === value)
    return found === undefined ? refuse(at, `must be ${values.join(' or ')}`) : accept(found)
  }

/** Missing counts as null: what an older release did not write yet is harmless. */
export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, at) =>
    value === undefined || value === null ? accept(null) : shape(value, at)

/** What a missing field amounts to. */
export const orElse =
  <T>(shape: Shape<T>, missing: T): Shape<T> =>
  (value, at) =>
    value === undefined ? accept(missing) : shape(value, at)

/** A further condition on a value of the right type. */
export const such =
  <T>(shape: Shape<T>, holds: (value: T) => boolean, what: string): Shape<T> =>
  (value, at) => {
    const found = shape(value, at)
    return found.fits && !holds(found.value) ? refuse(at, what) : found
  }

export const list =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) return refuse(at, 'must be a list')
    const items: T[] = []
    for (const [index, item] of value.entries()) {
      const found = shape(item, `${at}[${index}]`)
      if (!found.fits) return found
      items.push(found.value)
    }
    return accept(items)
  }

/** Any keys, values of one shape. `__proto__` and its like stay plain keys. */
export const table =
  <T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  (value, at) => {
    if (!isTable(value)) return refuse(at, 'must be an object')
    const entries: [string, T][] = []
    for (const [key, item] of Object.entries(value)) {
      const found = shape(item, unplaced)
      if (!found.fits) return misfit(shape, item, below(at, key))
      entries.push([key, found.value])
    }
    return accept(Object.fromEntries(entries))
  }

/** The named fields; others are left out, so that a file of a later release still reads. */
export const fields = <T>(shapes: ShapesOf<T>): Shape<T> => {
  const wanted = Object.entries<Shape<unknown>>(shapes)
  return (value, at) => {
    if (!isTable(value)) return refuse(at, 'must be an object')
    const known: Record<string, unknown> = {}
    for (const [key, shape] of wanted) {
      const item = Object.hasOwn(value, key) ? value[key] : undefined
      const found = shape(item, unplaced)
      if (!found.fits) return misfit(shape, item, below(at, key))
      known[key] = found.value
    }
    return accept(known as T)
  }
}

// Nearly everything fits, and a place is put together for a problem's text only: then the value is checked once more.
const unplaced = ''
const misfit = (shape: Shape<unknown>, item: unknown, at: string): Fit<never> => {
  const found = shape(item, at)
  return found.fits ? refuse(at, 'must be what it is said to be') : found
}

const below = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`)
