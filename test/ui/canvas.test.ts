import { describe, expect, test, vi } from 'vitest'
import { openCanvas } from '../../src/ui/canvas.ts'
import type { Line } from '../../src/ui/status.ts'
import { emulatedScreen } from './emulated-screen.ts'
import { ctrlC, esc, fakeTerminal, isAscii, up } from './fake-terminal.ts'

describe('leaving', () => {
  test.each([
    ['q', 'q'],
    ['Q', 'Q'],
    ['Ctrl-C', ctrlC],
    ['Ctrl-C among other keys', `a${ctrlC}b`],
  ])('at %s', async (_, key) => {
    const { terminal, type, raw, leftovers } = fakeTerminal()
    const leave = vi.fn()
    const canvas = openCanvas(terminal, leave)
    expect(raw).toEqual([true])
    await type(key)
    expect(leave).toHaveBeenCalledOnce()
    canvas.close(() => [['last']])
    expect(leftovers()).toEqual([])
  })

  test.each(['a', 'quit', esc, up, '\r', '\x04', '\x1a'])(
    'not at %j, and nothing of it is shown',
    async (key) => {
      const { terminal, type, written, leftovers } = fakeTerminal()
      const leave = vi.fn()
      const canvas = openCanvas(terminal, leave)
      canvas.draw(() => [['line']])
      const before = written()
      await type(key)
      expect(leave).not.toHaveBeenCalled()
      expect(written()).toBe(before)
      canvas.close(() => [['line']])
      expect(leftovers()).toEqual([])
    },
  )

  test('when nothing more can be typed: the terminal was closed', async () => {
    const { terminal, input } = fakeTerminal()
    const leave = vi.fn()
    const canvas = openCanvas(terminal, leave)
    input.end()
    await vi.waitUntil(() => leave.mock.calls.length > 0)
    canvas.close(() => [])
  })

  test('without a terminal on stdin there are no keys, and what stands there is left to others', async () => {
    const { terminal, input, type, raw } = fakeTerminal()
    input.isTTY = false
    const leave = vi.fn()
    const canvas = openCanvas(terminal, leave)
    canvas.draw(() => [['line']])
    await type('q')
    canvas.close(() => [['line']])
    expect(leave).not.toHaveBeenCalled()
    expect(raw).toEqual([])
    expect(input.read()?.toString()).toBe('q')
  })
})

test('the size is read anew at each drawing, and a resize draws', () => {
  const { terminal, output, writes } = fakeTerminal({ columns: 40 })
  const screen = emulatedScreen({ columns: 40, rows: 24 })
  const shown = () => {
    for (const text of writes.splice(0)) screen.write(text)
    return screen.text()
  }
  const canvas = openCanvas(terminal, () => undefined)
  canvas.draw(() => [['a line for a table'], ['some prose for it', 'prose'], ['end']])
  expect(shown()).toEqual(['a line for a table', 'some prose for it', 'end'])
  output.columns = 11
  output.emit('resize')
  expect(shown()).toEqual(['a line for', 'some prose', 'for it', 'end'])
  output.rows = 2
  canvas.draw(() => [['1'], ['2'], ['3']])
  expect(shown()).toEqual(['… 2 more l', '3'])
  canvas.close(() => [['1'], ['2']])
  expect(shown()).toEqual(['1', '2'])
  output.emit('resize')
  expect(writes).toEqual([])
})

test('where it does not know its size it has 80 columns and 24 rows', () => {
  const { terminal, output, text } = fakeTerminal({ columns: 0 })
  output.rows = 0
  const canvas = openCanvas(terminal, () => undefined)
  canvas.draw(() => Array.from({ length: 30 }, (_, i): Line => [`line ${i}`]))
  expect(text()).toContain('… 7 more lines')
  canvas.close(() => [])
})

test('is ASCII without unicode, and no wider for it', () => {
  const { terminal, written, output } = fakeTerminal({ unicode: false, columns: 9 })
  output.rows = 3
  const canvas = openCanvas(terminal, () => undefined)
  canvas.draw(() => [['……… Grüße'], ['b'], ['c'], ['d']])
  expect(isAscii(written())).toBe(true)
  expect(written()).toContain('........\x1b[K')
  expect(written()).toContain('... 2 mo')
  canvas.close(() => [])
})
