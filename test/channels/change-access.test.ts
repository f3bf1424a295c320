import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as access from '../../src/channels/change-access.ts'
import type { Pending } from '../../src/core/access.ts'
import type { AccessChange } from '../../src/core/access-change.ts'
import { withLock } from '../../src/system/lock.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { makeReadOnly, smallDisk } from '../system/small-disk.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A state folder, and tools on a clock of its own: `each` is what somebody else does whenever we wait. */
const setUp = (content: object | null = {}, stateDir = temporaryFolder()) => {
  const file = join(stateDir, 'access.json')
  const write = (fields: object) => writeFileSync(file, JSON.stringify(fields))
  if (content !== null) write(content)
  const scene = { now: 0, held: false, locks: 0, each: (_now: number): void => undefined }
  const tools: access.AccessTools = {
    replaceFile: (path, text, mode, unchanged) => {
      // What another one of ours may write, too, is written under the lock.
      if (path.endsWith('access.json')) expect(scene.held).toBe(true)
      return replaceFile(path, text, mode, unchanged)
    },
    withLock: async (path, action) => {
      expect(path).toBe(file)
      scene.held = true
      scene.locks += 1
      try {
        return await action()
      } finally {
        scene.held = false
      }
    },
    clock: {
      elapsed: () => scene.now,
      sleep: async (ms) => {
        expect(scene.held).toBe(false)
        scene.now += ms
        scene.each(scene.now)
      },
    },
  }
  return {
    stateDir,
    file,
    scene,
    write,
    read: () => JSON.parse(readFileSync(file, 'utf8')),
    change: (change: AccessChange) => access.changeAccess(tools)(stateDir, change),
    approve: (pending: Pending, policy: 'allowlist' | null = null) =>
      access.approve(tools)(stateDir, pending, policy),
  }
}

const failure = (status: number, message = '') =>
  expect.objectContaining({ name: 'ExpectedError', status, message: expect.stringContaining(message) })
const entry = (senderId: string, chatId = senderId) => ({ senderId, chatId, createdAt: 1, expiresAt: 2 })
const pending = (change: Partial<Pending> = {}): Pending => ({ code: 'a1b2c3', ...entry('7'), ...change })

test('written once, for its owner alone, and looked after for 300 ms', async () => {
  const { change, read, scene, file, stateDir } = setUp({ allowFrom: ['1'], later: true })
  await change({ do: 'allow', ids: ['42'] })
  expect(read()).toEqual({ allowFrom: ['1', '42'], later: true })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(stateDir)).toEqual(['access.json'])
  expect([scene.locks, scene.now]).toEqual([1, 300])
})

test('what is so already is not written, but what undoes it just now is found', async () => {
  const { change, read, write, scene, file } = setUp({ allowFrom: ['42'] })
  const { ino } = statSync(file)
  await change({ do: 'allow', ids: ['42'] })
  expect([scene.locks, statSync(file).ino]).toEqual([0, ino])
  scene.each = (now) => {
    if (now === 500) write({ allowFrom: [], pending: { a1b2c3: entry('7') } })
  }
  await change({ do: 'allow', ids: ['42'] })
  expect(read()).toEqual({ allowFrom: ['42'], pending: { a1b2c3: entry('7') } })
})

test('a new file is whole; without a file there is nothing to take out', async () => {
  const { change, read, file, scene } = setUp(null)
  await change({ do: 'remove', id: '42' })
  await change({ do: 'deny', code: 'a1b2c3' })
  expect([existsSync(file), scene.locks]).toEqual([false, 0])
  await change({ do: 'policy', policy: 'disabled' })
  expect(read()).toEqual({ dmPolicy: 'disabled', allowFrom: [], groups: {}, pending: {} })
})

test('undone by the plugin three times: made again until it has held, and what the plugin wrote stays', async () => {
  const { change, read, write, scene } = setUp({ allowFrom: [] })
  const undone: number[] = []
  scene.each = (now) => {
    if (now % 275 !== 0 || undone.length === 3) return
    undone.push(now)
    write({ allowFrom: [], pending: { [`aaaaa${undone.length}`]: entry('7') } })
  }
  await change({ do: 'allow', ids: ['42'] })
  expect(read()).toEqual({ allowFrom: ['42'], pending: { aaaaa3: entry('7') } })
  expect([undone.length, scene.locks, scene.now]).toEqual([3, 4, 3 * 275 + 300])
})

test('removed by the plugin as a whole: made anew', async () => {
  const { change, read, scene, file } = setUp({ allowFrom: ['1'] })
  scene.each = (now) => {
    if (now === 100) writeFileSync(file, '{}')
  }
  await change({ do: 'allow', ids: ['42'] })
  expect(read()).toEqual({ allowFrom: ['42'] })
})

test('locked again: a file, or a folder, that was removed is not made anew, also while it is looked after', async () => {
  const { stateDir, file, scene, change, read } = setUp({ dmPolicy: 'pairing' })
  scene.each = (now) => {
    if (now !== 100) return
    expect(read()).toEqual({ dmPolicy: 'allowlist' })
    rmSync(stateDir, { recursive: true })
  }
  await change({ do: 'lock' })
  expect([scene.locks, existsSync(file), existsSync(stateDir)]).toEqual([1, false, false])
  await change({ do: 'lock' })
  expect([scene.locks, existsSync(stateDir)]).toEqual([1, false])
})

test('undone for ten seconds: it gives up and says so', async () => {
  const { change, write, scene } = setUp({})
  scene.each = () => write({ allowFrom: [] })
  await expect(change({ do: 'allow', ids: ['42'] })).rejects.toEqual(failure(1, 'changes it all the time'))
  expect(scene.now).toBe(10_000)
})

test.each(['{"dmPolicy":', '[]', ''])('broken: %s: left as it is, no lock taken', async (text) => {
  const { change, file, scene } = setUp()
  writeFileSync(file, text)
  await expect(change({ do: 'policy', policy: 'allowlist' })).rejects.toEqual(failure(78, 'not valid JSON'))
  expect([readFileSync(file, 'utf8'), scene.locks]).toEqual([text, 0])
})

test.each(['../../x', 'a/b', '', '-5'])('%j is not let in', async (id) => {
  const { change, stateDir, read } = setUp({ allowFrom: [] })
  await expect(change({ do: 'allow', ids: ['42', id] })).rejects.toEqual(failure(2))
  await expect(change({ do: 'approve', senderId: id, policy: 'allowlist' })).rejects.toEqual(failure(2))
  expect(read()).toEqual({ allowFrom: [] })
  expect(readdirSync(stateDir)).toEqual(['access.json'])
})

test('but one that stands there can be taken out', async () => {
  const { change, read } = setUp({ allowFrom: ['../../x', '42'] })
  await change({ do: 'remove', id: '../../x' })
  expect(read()).toEqual({ allowFrom: ['42'] })
})

test('two senders at once, each let in by their own code', async () => {
  const five = {
    aaaaa1: entry('7'),
    aaaaa2: entry('8'),
    aaaaa3: entry('7'),
    aaaaa4: entry('9'),
    aaaaa5: entry('10'),
  }
  const { stateDir, approve, read } = setUp({ dmPolicy: 'pairing', allowFrom: [], pending: five })
  await approve(pending({ code: 'aaaaa1' }))
  expect(read()).toEqual({
    dmPolicy: 'pairing',
    allowFrom: ['7'],
    pending: { aaaaa2: entry('8'), aaaaa4: entry('9'), aaaaa5: entry('10') },
  })
  await approve(pending({ code: 'aaaaa2', senderId: '8', chatId: '-100200' }), 'allowlist')
  expect(read()).toEqual({
    dmPolicy: 'allowlist',
    allowFrom: ['7', '8'],
    pending: { aaaaa4: entry('9'), aaaaa5: entry('10') },
  })
  expect(readdirSync(join(stateDir, 'approved')).sort()).toEqual(['7', '8'])
  expect(readFileSync(join(stateDir, 'approved/8'), 'utf8')).toBe('-100200')
  expect(statSync(join(stateDir, 'approved/8')).mode & 0o777).toBe(0o600)
  expect(statSync(join(stateDir, 'approved')).mode & 0o777).toBe(0o700)
  expect(readdirSync(stateDir).sort()).toEqual(['access.json', 'approved'])
})

test.each([
  { senderId: '../../x' },
  { senderId: 'a/b' },
  { senderId: '' },
  { senderId: '..' },
  { chatId: '' },
  { chatId: '7\n8' },
])('%j is never approved, and nothing is written', async (change) => {
  const { stateDir, approve, read } = setUp({ dmPolicy: 'pairing' })
  await expect(approve(pending(change), 'allowlist')).rejects.toEqual(
    failure(78, 'names no sender or chat of a messenger; nobody was approved'),
  )
  expect(read()).toEqual({ dmPolicy: 'pairing' })
  expect(readdirSync(stateDir)).toEqual(['access.json'])
})

test('in the folder that the plugin lists, no file is seen but the whole one under its own name', async () => {
  const { stateDir } = setUp()
  const folder = join(stateDir, 'approved')
  const listed: string[] = []
  const tools: access.AccessTools = {
    withLock: (_, action) => action(),
    clock: { elapsed: () => performance.now(), sleep: async () => undefined },
    replaceFile: (path, text, mode, unchanged) =>
      replaceFile(path, text, mode, () => {
        listed.push(...(existsSync(folder) ? readdirSync(folder) : []))
        return unchanged?.() ?? true
      }),
  }
  await access.approve(tools)(stateDir, pending(), null)
  expect(listed).toEqual([])
  expect(readdirSync(folder)).toEqual(['7'])
})

test('an approval that nobody has read yet is replaced', async () => {
  const { stateDir, approve } = setUp()
  await approve(pending())
  await approve(pending({ chatId: '-9' }))
  expect(readFileSync(join(stateDir, 'approved/7'), 'utf8')).toBe('-9')
})

test('links that lead out of the folder are not followed', async () => {
  const folder = temporaryFolder()
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(elsewhere, { mode: 0o755 })
  writeFileSync(join(elsewhere, 'access.json'), '{"allowFrom":[]}')
  writeFileSync(join(elsewhere, '7'), 'untouched')
  const stateDir = join(folder, 'state')
  mkdirSync(stateDir)
  const { change, file } = setUp(null, stateDir)
  symlinkSync('../elsewhere/access.json', file)
  await expect(change({ do: 'allow', ids: ['42'] })).rejects.toEqual(failure(77, 'leads out'))
  expect(readFileSync(join(elsewhere, 'access.json'), 'utf8')).toBe('{"allowFrom":[]}')

  const other = setUp({}, temporaryFolder())
  symlinkSync(elsewhere, join(other.stateDir, 'approved'))
  await expect(other.approve(pending())).rejects.toEqual(failure(77, 'leads out'))
  expect(readdirSync(elsewhere).sort()).toEqual(['7', 'access.json'])
  expect(readFileSync(join(elsewhere, '7'), 'utf8')).toBe('untouched')
  expect(statSync(elsewhere).mode & 0o777).toBe(0o755)

  const third = setUp({}, temporaryFolder())
  mkdirSync(join(third.stateDir, 'approved'))
  symlinkSync(join(elsewhere, '7'), join(third.stateDir, 'approved/7'))
  await third.approve(pending())
  expect(readFileSync(join(elsewhere, '7'), 'utf8')).toBe('untouched')
  expect(readFileSync(join(third.stateDir, 'approved/7'), 'utf8')).toBe('7')
})

test('a file where the folder of approvals should be: 73, said with its path', async () => {
  const { stateDir, approve } = setUp()
  writeFileSync(join(stateDir, 'approved'), '')
  await expect(approve(pending())).rejects.toEqual(failure(73, join(stateDir, 'approved')))
})

test('a disk that is read-only: 73, with our own lock and without', async ({ skip }) => {
  const disk = smallDisk()
  if (disk === null) return skip()
  const { change, read } = setUp({ allowFrom: [] }, disk)
  if (!makeReadOnly(disk)) return skip()
  await expect(change({ do: 'allow', ids: ['42'] })).rejects.toEqual(failure(73, disk))
  await expect(access.changeAccess(realTools)(disk, { do: 'allow', ids: ['42'] })).rejects.toEqual(
    failure(73, disk),
  )
  expect(read()).toEqual({ allowFrom: [] })
})

test('somebody else’s folder: 77', async ({ skip }) => {
  // Another user's, since nothing is forbidden to root.
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return skip()
  const { change, read, file, stateDir } = setUp({ allowFrom: [] })
  chmodSync(stateDir, 0o755)
  chmodSync(file, 0o644)
  process.seteuid(65534)
  try {
    await expect(change({ do: 'allow', ids: ['42'] })).rejects.toEqual(failure(77, stateDir))
  } finally {
    process.seteuid(0)
  }
  expect(read()).toEqual({ allowFrom: [] })
})

const realTools: access.AccessTools = {
  replaceFile,
  withLock,
  clock: {
    elapsed: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  },
}
