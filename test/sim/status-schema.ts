import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const file = new URL('../../docs/status.schema.json', import.meta.url)
const validate = new Ajv2020({ allErrors: true, strictTypes: false, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(file, 'utf8')),
)

/** What is wrong with a `status --json` document; empty when it fits the schema kept beside the real tests. */
export const statusFaults = (document: unknown): readonly string[] =>
  validate(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
