/** Whether a value read from a file is what it should be; `problem` names the field in a sentence without its value. */
export type Fit<T> =
  | { readonly fits: true; readonly value: T }
  | { readonly fits: false; readonly problem: string }

/**
 * Takes a value for what it should be, or throws a Misfit. Nearly everything fits, and then nothing but the value is made:
 * a look at fifty sessions checks some five thousand fields.
 */
export type Shape<T> = (value: unknown) => T

type ShapesOf<T> = { readonly [Key in keyof T]-?: Shape<T[Key]> }

/** That a value is not `what` it must be, at a `place` such as `sessions.work.cwd`. Never leaves `fitTo`. */
export class Misfit extends Error {
  constructor(
    readonly what: string,
    readonly place = '',
  ) {
    super(what)
  }
}

/** Checks a value by its shape; a misfit is an answer. */
export const fitTo = <T>(shape: Shape<T>, value: unknown): Fit<T> => {
  try {
    return { fits: true, value: shape(value) }
  } catch (error) {
    if (!(error instanceof Misfit)) throw error
    const { place, what } = error
    return { fits: false, problem: `${place === '' ? 'the whole of it' : `\`${place}\``} ${what}` }
  }
}

export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Text; `Name` narrows it to a union that later releases may extend, so an unknown member still reads. */
export const text =
  <Name extends string = string>(): Shape<Name> =>
  (value) => {
    if (typeof value === 'string') return value as Name
    throw new Misfit('must be text')
  }

export const number: Shape<number> = (value) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new Misfit('must be a number')
}

export const flag: Shape<boolean> = (value) => {
  if (typeof value === 'boolean') return value
  throw new Misfit('must be true or false')
}

export const oneOf =
  <const T extends string | number>(...values: readonly T[]): Shape<T> =>
  (value) => {
    if (values.includes(value as T)) return value as T
    throw new Misfit(`must be ${values.join(' or ')}`)
  }

/** Missing counts as null: what an older release did not write yet is harmless. */
export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value) =>
    value === undefined || value === null ? null : shape(value)

/** What a missing field amounts to. */
export const orElse =
  <T>(shape: Shape<T>, missing: T): Shape<T> =>
  (value) =>
    value === undefined ? missing : shape(value)

/** A further condition on a value of the right type. */
export const such =
  <T>(shape: Shape<T>, holds: (value: T) => boolean, what: string): Shape<T> =>
  (value) => {
    const found = shape(value)
    if (holds(found)) return found
    throw new Misfit(what)
  }

export const list =
  <T>(shape: Shape<T>): Shape<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw new Misfit('must be a list')
    const items: T[] = []
    try {
      for (const item of value) items.push(shape(item))
    } catch (error) {
      throw below(`[${items.length}]`, error)
    }
    return items
  }

/** Any keys, values of one shape. `__proto__` and its like stay plain keys. */
export const table =
  <T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> =>
  (value) => {
    if (!isTable(value)) throw new Misfit('must be an object')
    const entries: [string, T][] = []
    let at = ''
    try {
      for (const key of Object.keys(value)) {
        at = key
        entries.push([key, shape(value[key])])
      }
    } catch (error) {
      throw below(at, error)
    }
    return Object.fromEntries(entries)
  }

/** The named fields; others are left out, so that a file of a later release still reads. */
export const fields = <T>(shapes: ShapesOf<T>): Shape<T> => {
  const wanted = Object.entries<Shape<unknown>>(shapes).map(([key, shape]) => ({ key, shape }))
  return (value) => {
    if (!isTable(value)) throw new Misfit('must be an object')
    const known: Record<string, unknown> = {}
    let at = ''
    try {
      for (const { key, shape } of wanted) {
        at = key
        known[key] = shape(Object.hasOwn(value, key) ? value[key] : undefined)
      }
    } catch (error) {
      throw below(at, error)
    }
    return known as T
  }
}

/** The place of a misfit as seen from one step further out; anything else as it is. */
const below = (step: string, error: unknown): unknown => {
  if (!(error instanceof Misfit)) return error
  const { what, place } = error
  return new Misfit(what, place === '' || place.startsWith('[') ? `${step}${place}` : `${step}.${place}`)
}
