/** An object's fields, none when it is no object: nothing that comes from outside is trusted to have a shape. */
export const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
