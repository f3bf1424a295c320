import { expect, test } from 'vitest'
import type { Home } from '../sim/home.ts'
import { playAll } from './perform.ts'
import type { Play } from './play.ts'
import { createScreen } from './screen.ts'

test('a step failed, and what is known of it cannot be asked for: it ends as failed, so that all is cleaned up', async () => {
  const texts: string[] = []
  const screen = createScreen({ write: (text) => texts.push(text), colour: false, columns: 80 })
  const asked: string[] = []
  const home = {
    channels: async ([word = '']: readonly string[]) => {
      asked.push(word)
      throw new Error(`${word} took over 60000 ms`)
    },
  } as unknown as Home
  const step = {
    title: 'Bring it up',
    play: async () => {
      throw new Error('no')
    },
  }
  const scene = { home, screen, cancelled: new AbortController().signal }
  expect(await playAll([step], {} as Play, scene)).toBe('failed')
  expect(asked).toEqual(['status', 'logs'])
  expect(texts.join('')).toContain('Step 1. Bring it up failed: no')
  expect(texts.join('')).toContain('It cannot be told: status took over 60000 ms')
})
