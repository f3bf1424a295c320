import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export type Fields = Readonly<Record<string, unknown>>

/** An object's fields, none when it is no object. */
export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

export const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

/** A JSON file as fields, none when it is missing or broken. */
export const readJson = (file: string): Fields => {
  try {
    return fields(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}

/** Replaces a JSON file, making its folder. */
export const writeJson = (file: string, value: object) => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.${process.pid}`, file)
}
