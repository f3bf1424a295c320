import { type Fields, objectField } from './fields.ts'
import { readSettings } from './json-file.ts'

export type SettingsFile = { readonly file: string; readonly fields: Fields }

/** Where a variable is set: what the client is started with, a settings file of a person's or an administrator's. */
export type SettingsSource =
  | { readonly in: 'environment' }
  | { readonly in: 'settings' | 'managed'; readonly file: string }

export type Variable = { readonly name: string; readonly value: string; readonly from: SettingsSource }

/**
 * The variables a client will have: the `env` of settings takes the place of the environment, and what stands later in
 * `files` of what stands before; an administrator's come last (seen on 2.1.139 and 2.1.330). Never throws.
 */
export const variablesOf = (
  env: Readonly<Record<string, string | undefined>>,
  files: readonly string[],
  managed: readonly SettingsFile[],
): readonly Variable[] => {
  const own = files.map((file) => ({ from: { in: 'settings', file }, fields: readSettings(file) }) as const)
  const above = managed.map(({ file, fields }) => ({ from: { in: 'managed', file }, fields }) as const)
  const sources = [...own, ...above].map(({ from, fields }) => ({
    from,
    values: typeof fields === 'string' ? {} : (objectField(fields, 'env') ?? {}),
  }))
  const first = { from: { in: 'environment' }, values: env } as const
  const all = [first, ...sources].flatMap(({ from, values }) =>
    Object.entries(values).flatMap(([name, value]) =>
      isScalar(value) ? [{ name, value: String(value), from }] : [],
    ),
  )
  return [...new Map(all.map((variable) => [variable.name, variable])).values()]
}

/** Which of them turn channels off. */
export const closingVariables = (variables: readonly Variable[]): readonly Variable[] =>
  variables.filter(({ name, value }) => {
    const by = closers.get(name)
    return by === 'anything' ? value !== '' : by === 'yes' && /^(1|true|yes|on)$/i.test(value.trim())
  })

/**
 * They keep the client from asking for its features, or send it to another service, where there are no channels. Seen on
 * 2.1.139 and 2.1.330, the first two by anything but nothing, `0` too; those after VERTEX are code of both.
 */
const closers: ReadonlyMap<string, 'anything' | 'yes'> = new Map([
  ['DISABLE_TELEMETRY', 'anything'],
  ['CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC', 'anything'],
  ['DO_NOT_TRACK', 'yes'],
  ['DISABLE_GROWTHBOOK', 'yes'],
  ['CLAUDE_CODE_USE_BEDROCK', 'yes'],
  ['CLAUDE_CODE_USE_VERTEX', 'yes'],
  ['CLAUDE_CODE_USE_FOUNDRY', 'yes'],
  ['CLAUDE_CODE_USE_ANTHROPIC_AWS', 'yes'],
  ['CLAUDE_CODE_USE_MANTLE', 'yes'],
  // Code of 2.1.330; 2.1.139 does not know it.
  ['CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD', 'yes'],
])

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
