import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import type { document } from '../../src/commands/doctor/document.ts'
import type { Outcome } from './cli.ts'

export type Examination = ReturnType<typeof document>

const file = new URL('../../docs/doctor.schema.json', import.meta.url)
const validate = new Ajv2020({
  allErrors: true,
  strictTypes: false,
  allowUnionTypes: true,
  formats: { 'date-time': true },
}).compile(JSON.parse(readFileSync(file, 'utf8')))

/** `doctor --json`, which also has to fit its schema. */
export const readExamination = ({ stdout, stderr }: Outcome): Examination => {
  expect(stdout, stderr).toMatch(/^\{/)
  const found: unknown = JSON.parse(stdout)
  expect(validate(found) ? [] : validate.errors).toEqual([])
  return found as Examination
}
