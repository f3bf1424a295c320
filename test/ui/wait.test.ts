import { afterEach, describe, expect, test, vi } from 'vitest'
import { ExpectedError } from '../../src/errors.ts'
import { wait } from '../../src/ui/wait.ts'
import { ctrlC, esc, fakeTerminal, holdsAny, isAscii, longest, up } from './fake-terminal.ts'

const isCancelled = (error: unknown): boolean => error instanceof ExpectedError && error.status === 130

/** An action that settles when it is told to, or how it likes when its signal fires. */
const action = () => {
  let resolve: (value: string) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const settled = new Promise<string>((done, failed) => {
    resolve = done
    reject = failed
  })
  let signal: AbortSignal | undefined
  let tell: ((what: string) => void) | undefined
  return {
    resolve,
    reject,
    run: (given: AbortSignal, told: (what: string) => void) => {
      signal = given
      tell = told
      return settled
    },
    isAborted: (): boolean => signal?.aborted === true,
    tell: (what: string) => tell?.(what),
  }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('the line', () => {
  test('is drawn in place with the seconds, and gone afterwards', async () => {
    vi.useFakeTimers()
    const { terminal, writes, leftovers } = fakeTerminal()
    const { run, resolve, tell } = action()
    const result = wait(terminal, 'Waiting for a message', run)
    expect(writes).toEqual(['\r\x1b[K\x1b[?7l… Waiting for a message\x1b[?7h'])
    vi.advanceTimersByTime(2000)
    expect(writes.at(-1)).toContain('… Waiting for a message (2 s)')
    tell('Starting')
    expect(writes.at(-1)).toContain('… Starting (2 s)')
    resolve('done')
    expect(await result).toBe('done')
    expect(writes.at(-1)).toBe('\r\x1b[K')
    expect(writes.join('')).not.toContain('\n')
    const before = writes.length
    vi.advanceTimersByTime(5000)
    expect(writes).toHaveLength(before)
    expect(leftovers()).toEqual([])
  })

  test.each([60, 80])('is cut so that it stays one, at %s columns', async (columns) => {
    vi.useFakeTimers()
    const { terminal, writes } = fakeTerminal({ columns })
    const { run, resolve } = action()
    const result = wait(terminal, `a\nb\x1b[2J${'x'.repeat(100)}`, run)
    vi.advanceTimersByTime(100_000)
    resolve('')
    await result
    expect(longest(writes)).toBe(columns - 1)
    expect(writes.at(-2)).toMatch(/x\.\.\. \(100 s\)/)
    expect(holdsAny(writes.join(''), ['\n', '\x1b[2J'])).toBe(false)
  })

  test('is ASCII without unicode', async () => {
    const { terminal, written } = fakeTerminal({ unicode: false })
    await wait(terminal, 'Grüße', async () => '')
    expect(isAscii(written())).toBe(true)
    expect(written()).toContain('... Gr??e')
  })

  test.each([
    ['a screen reader', { accessible: true }],
    ['a file', { isTTY: false }],
  ])('is a line for each text, for %s', async (_, given) => {
    vi.useFakeTimers()
    const { terminal, written } = fakeTerminal(given)
    const { run, resolve, tell } = action()
    const result = wait(terminal, 'One', run)
    vi.advanceTimersByTime(5000)
    tell('One')
    tell('Two\x07')
    resolve('')
    await result
    expect(written()).toBe('One\nTwo\n')
  })

  test.each([
    ['a screen reader, broken between words', { accessible: true }, 'Listening whether\nanother machine\n'],
    ['a file, as it is', { isTTY: false }, 'Listening whether another machine\n'],
  ])('is longer than the line: %s', async (_, given, expected) => {
    const { terminal, written } = fakeTerminal({ columns: 20, ...given })
    await wait(terminal, 'Listening whether another machine', async () => '')
    expect(written()).toBe(expected)
  })
})

describe('giving up', () => {
  test.each([
    ['Ctrl-C', ctrlC],
    ['Ctrl-C among other keys', `ab${ctrlC}d`],
    ['Escape', esc],
    ['a second Escape', `${esc}${esc}`],
  ])('at %s, once the action has settled', async (_, keys) => {
    const { terminal, type, leftovers, raw } = fakeTerminal()
    const { run, resolve, isAborted } = action()
    let settled = false
    const result = wait(terminal, 'Waiting', run)
      .catch((error: unknown) => error)
      .finally(() => {
        settled = true
      })
    expect(raw).toEqual([true])
    await type(keys)
    await vi.waitUntil(isAborted)
    expect(settled).toBe(false)
    resolve('done all the same')
    expect(await result).toSatisfy(isCancelled)
    expect(leftovers()).toEqual([])
  })

  test('when the signal fires, whatever the action throws', async () => {
    const { terminal, abort, leftovers } = fakeTerminal()
    const { run, reject, isAborted } = action()
    const result = wait(terminal, 'Waiting', run).catch((error: unknown) => error)
    abort.abort()
    expect(isAborted()).toBe(true)
    reject(new Error('aborted'))
    expect(await result).toSatisfy(isCancelled)
    expect(leftovers()).toEqual([])
  })

  test('before it begins', async () => {
    const { terminal, abort, writes } = fakeTerminal()
    abort.abort()
    const run = vi.fn()
    await expect(wait(terminal, 'Waiting', run)).rejects.toSatisfy(isCancelled)
    expect(run).not.toHaveBeenCalled()
    expect(writes).toEqual([])
  })

  test.each([
    ['an arrow', [up]],
    ['an arrow in two pieces', [esc, '[A']],
    ['other keys', ['abc\r', '\x04', '\x1a']],
    ['Alt and a letter', ['\x1bx']],
  ])('not at %s', async (_, keys) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    const { terminal, type, text, leftovers } = fakeTerminal()
    const { run, resolve, isAborted } = action()
    const result = wait(terminal, 'Waiting', run)
    await type(...keys)
    vi.advanceTimersByTime(500)
    expect(isAborted()).toBe(false)
    resolve('done')
    expect(await result).toBe('done')
    expect(text()).not.toContain('abc')
    expect(leftovers()).toEqual([])
  })

  test('an Escape just before the end cancels nothing that comes later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    const { terminal, type } = fakeTerminal()
    const { run, resolve } = action()
    const result = wait(terminal, 'Waiting', run)
    await type(esc)
    resolve('done')
    expect(await result).toBe('done')
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('what the action throws comes through, and the terminal is as before', async () => {
  const { terminal, leftovers, writes } = fakeTerminal()
  const bug = new Error('a bug')
  await expect(wait(terminal, 'Waiting', () => Promise.reject(bug))).rejects.toBe(bug)
  expect(writes.at(-1)).toBe('\r\x1b[K')
  expect(leftovers()).toEqual([])
})

test('goes on when input has ended: what is waited for comes from elsewhere', async () => {
  const { terminal, input, leftovers } = fakeTerminal()
  const { run, resolve, isAborted } = action()
  const result = wait(terminal, 'Waiting', run)
  input.end()
  await vi.waitUntil(() => input.readableEnded)
  expect(isAborted()).toBe(false)
  resolve('done')
  expect(await result).toBe('done')
  expect(await wait(terminal, 'Waiting', async () => 'again')).toBe('again')
  expect(leftovers()).toEqual([])
})

test('what does not listen is left at the second Ctrl-C, with the terminal as it was', async () => {
  const interrupt = vi.fn()
  const { terminal, type, raw, shows } = fakeTerminal({ interrupt })
  let end = (): void => undefined
  const waiting = wait(terminal, 'Installing', () => new Promise<void>((resolve) => (end = resolve)))
  await type('\u0003')
  await shows('Stopping')
  expect(interrupt).not.toHaveBeenCalled()
  await type('\u0003')
  expect(interrupt).toHaveBeenCalledOnce()
  expect(raw.at(-1)).toBe(false)
  end()
  await expect(waiting).rejects.toMatchObject({ status: 130 })
})
