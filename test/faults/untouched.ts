import { expect } from 'vitest'
import { sessionIn } from '../simulated/faults/kit.ts'
import { clientOf, type Place } from './scene.ts'

/** Breaks something that must leave the client as it is: neither ended nor started anew. */
export const untouched = (
  { home, ward }: Place,
  breaks: (place: Place) => unknown,
): { readonly break: () => Promise<number>; readonly check: () => Promise<void> } => {
  let client: number | undefined
  return {
    break: async () => {
      client = await clientOf(home)
      await breaks({ home, ward })
      return Date.now()
    },
    check: async () => {
      const session = sessionIn(await home.status(), ward.name)
      expect(session.client?.pid).toBe(client)
      expect(session.restarts.total).toBe(0)
    },
  }
}
