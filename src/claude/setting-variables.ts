import { type Fields, objectField } from './fields.ts'
import { readSettings } from './json-file.ts'

export type SettingsFile = { readonly file: string; readonly fields: Fields }

/** `from` says where it is set, as a sentence goes on. */
export type Variable = { readonly name: string; readonly value: string; readonly from: string }

/**
 * The variables a client will have: the `env` of settings takes the place of the environment, and what stands later in
 * `files` of what stands before; an administrator's come last (seen on 2.1.139 and 2.1.330). Never throws.
 */
export const variablesOf = (
  env: Readonly<Record<string, string | undefined>>,
  files: readonly string[],
  managed: readonly SettingsFile[],
): readonly Variable[] => {
  const settings = [...files.map((file) => ({ file, fields: readSettings(file) })), ...managed]
  const sources = settings.map(({ file, fields }) => ({
    from: `under env in ${file}`,
    values: typeof fields === 'string' ? {} : (objectField(fields, 'env') ?? {}),
  }))
  const all = [{ from: 'in the environment', values: env }, ...sources].flatMap(({ from, values }) =>
    Object.entries(values).flatMap(([name, value]) =>
      isScalar(value) ? [{ name, value: String(value), from }] : [],
    ),
  )
  return [...new Map(all.map((variable) => [variable.name, variable])).values()]
}

/** Which of them turn channels off, each with where it is set. */
export const closingVariables = (variables: readonly Variable[]): readonly string[] =>
  variables.flatMap(({ name, value, from }) => {
    const by = closers.get(name)
    const closes = by === 'anything' ? value !== '' : by === 'yes' && /^(1|true|yes|on)$/i.test(value.trim())
    return closes ? [`${name} is set ${from}`] : []
  })

/**
 * They keep the client from asking for its features, or send it to another service, where there are no channels. Seen on
 * 2.1.139 and 2.1.330: the first two by anything but nothing, `0` too.
 */
const closers: ReadonlyMap<string, 'anything' | 'yes'> = new Map([
  ['DISABLE_TELEMETRY', 'anything'],
  ['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', 'anything'],
  ['DO_NOT_TRACK', 'yes'],
  ['DISABLE_GROWTHBOOK', 'yes'],
  ['CLAUDE_CODE_USE_BEDROCK', 'yes'],
  ['CLAUDE_CODE_USE_VERTEX', 'yes'],
])

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
