import type { Output } from '../deps.ts'

/** Prints one JSON document, to be read by people as well. */
export const printJson = ({ print }: Output, document: unknown): void => {
  for (const line of JSON.stringify(document, null, 2).split('\n')) print(line)
}
