import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as accessFile from '../../src/channels/access-file.ts'
import { readPollerPid } from '../../src/channels/poller.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

const { readAccess } = accessFile
const ensureAccess = accessFile.ensureAccess(replaceFile)

const setUp = (content?: unknown) => {
  const stateDir = temporaryFolder()
  const file = join(stateDir, 'access.json')
  if (content !== undefined)
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return { stateDir, file, read: () => JSON.parse(readFileSync(file, 'utf8')) }
}

const allowSender = (stateDir: string, id: string) => ensureAccess(stateDir, { policy: null, allow: [id] })

const pending = { a1b2c3: { senderId: '7', chatId: '7', createdAt: 1, expiresAt: 2, replies: 1 } }

const seven = { code: 'a1b2c3', senderId: '7', chatId: '7', createdAt: 1, expiresAt: 2 }

test.each([
  [
    'whole',
    { dmPolicy: 'allowlist', allowFrom: ['42'], groups: {}, pending },
    { policy: 'allowlist', senders: ['42'], pending: [seven] },
  ],
  ['empty, which the plugin takes as pairing', {}, { policy: 'pairing', senders: [], pending: [] }],
  ['a policy of tomorrow', { dmPolicy: 'vote' }, { policy: 'unknown', senders: [], pending: [] }],
  [
    'numbers for ids',
    { dmPolicy: 'disabled', allowFrom: [42, null] },
    { policy: 'disabled', senders: ['42'], pending: [] },
  ],
  ['other shapes', { allowFrom: 'all', pending: [] }, { policy: 'pairing', senders: [], pending: [] }],
])('%s', (_, content, value) => {
  expect(readAccess(setUp(content).stateDir)).toEqual({ is: 'yes', value })
})

test.each(['{"dmPolicy":', '[]', 'null', ''])('broken: %s', (text) => {
  const { stateDir, file } = setUp(text)
  expect(readAccess(stateDir).is).toBe('unknown')
  expect(() => allowSender(stateDir, '42')).toThrow(
    expect.objectContaining({ name: 'ExpectedError', status: 78 }),
  )
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('absent', () => {
  expect(readAccess(setUp().stateDir).is).toBe('no')
})

test('a new file is private and whole', () => {
  const stateDir = join(temporaryFolder(), 'new')
  ensureAccess(stateDir, { policy: 'allowlist', allow: ['42', '43', '42'] })
  const file = join(stateDir, 'access.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    dmPolicy: 'allowlist',
    allowFrom: ['42', '43'],
    groups: {},
    pending: {},
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(stateDir).mode & 0o777).toBe(0o700)
  expect(readdirSync(stateDir)).toEqual(['access.json'])
})

test('allowing a sender keeps what else is there, keys nobody knows, too', () => {
  const before = {
    dmPolicy: 'pairing',
    allowFrom: ['1'],
    groups: { '-5': { requireMention: true } },
    pending,
    ackReaction: '👀',
    future: [1],
  }
  const { stateDir, read } = setUp(before)
  allowSender(stateDir, '42')
  expect(read()).toEqual({ ...before, allowFrom: ['1', '42'] })
  ensureAccess(stateDir, { policy: 'disabled', allow: [] })
  expect(read()).toEqual({ ...before, allowFrom: ['1', '42'], dmPolicy: 'disabled' })
})

/** Somebody else's write, right before ours takes the place of the file. */
const interrupted =
  (meanwhile: () => void): typeof replaceFile =>
  (path, text, mode, unchanged) =>
    replaceFile(path, text, mode, () => {
      meanwhile()
      return unchanged?.() ?? true
    })

test('what the plugin wrote meanwhile is not lost', () => {
  const { stateDir, file, read } = setUp({ allowFrom: [] })
  let times = 0
  const meanwhile = () => {
    times += 1
    if (times <= 3) writeFileSync(file, JSON.stringify({ allowFrom: [], pending, times }))
  }
  accessFile.ensureAccess(interrupted(meanwhile))(stateDir, { policy: null, allow: ['42'] })
  expect(times).toBe(4)
  expect(read()).toMatchObject({ allowFrom: ['42'], pending, times: 3 })
  expect(readdirSync(stateDir)).toEqual(['access.json'])
})

test('made while we made it: theirs counts, and ours is added', () => {
  const { stateDir, file, read } = setUp()
  let times = 0
  const meanwhile = () => {
    times += 1
    if (times === 1) writeFileSync(file, JSON.stringify({ dmPolicy: 'disabled', pending }))
  }
  accessFile.ensureAccess(interrupted(meanwhile))(stateDir, { policy: null, allow: ['42'] })
  expect(read()).toMatchObject({ dmPolicy: 'disabled', allowFrom: ['42'], pending })
})

test('broken meanwhile: left as it is', () => {
  const { stateDir, file } = setUp({})
  const refused = () =>
    accessFile.ensureAccess(interrupted(() => writeFileSync(file, '{')))(stateDir, {
      policy: 'allowlist',
      allow: [],
    })
  expect(refused).toThrow(expect.objectContaining({ status: 78 }))
  expect(readFileSync(file, 'utf8')).toBe('{')
  expect(readdirSync(stateDir)).toEqual(['access.json'])
})

test('another one each time: it gives up, and leaves theirs', () => {
  const { stateDir, file, read } = setUp({})
  let times = 0
  const meanwhile = () => {
    times += 1
    writeFileSync(file, JSON.stringify({ times }))
  }
  expect(() =>
    accessFile.ensureAccess(interrupted(meanwhile))(stateDir, { policy: null, allow: ['42'] }),
  ).toThrow(expect.objectContaining({ name: 'ExpectedError', status: 1 }))
  expect(times).toBe(20)
  expect(read()).toEqual({ times })
})

test('what is so already is not written again', () => {
  const { stateDir, file } = setUp()
  ensureAccess(stateDir, { policy: 'allowlist', allow: ['42'] })
  const { ino } = statSync(file)
  ensureAccess(stateDir, { policy: 'allowlist', allow: ['42'] })
  allowSender(stateDir, '42')
  expect(statSync(file).ino).toBe(ino)
})

test.each(['', 'me', '@me', '-5', '00042', '4 2', '4\n', '４２', '1'.repeat(30)])('%j is no sender', (id) => {
  const { stateDir } = setUp()
  expect(() => allowSender(stateDir, id)).toThrow(
    expect.objectContaining({ name: 'ExpectedError', status: 2 }),
  )
  expect(readdirSync(stateDir)).toEqual([])
})

test('reading never throws', () => {
  const { stateDir, file } = setUp('')
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      writeFileSync(file, text)
      expect(['yes', 'unknown']).toContain(readAccess(stateDir).is)
    }),
  )
})

test.each([
  ['4711', 4711],
  ['4711\n', 4711],
  ['', null],
  ['0', null],
  ['1', null],
  ['-4', null],
  ['47 11', null],
  ['99999999999', null],
  ['pid', null],
])('bot.pid %j', (text, expected) => {
  const { stateDir } = setUp()
  writeFileSync(join(stateDir, 'bot.pid'), text)
  expect(readPollerPid(stateDir)).toBe(expected)
})

test('no bot.pid', () => {
  const { stateDir } = setUp()
  expect(readPollerPid(stateDir)).toBeNull()
  mkdirSync(join(stateDir, 'bot.pid'))
  expect(readPollerPid(stateDir)).toBeNull()
})

test.each([
  ['telegram', 'A Telegram sender'],
  ['discord', 'A Discord sender'],
  ['imessage', 'An iMessage sender'],
  [null, 'A sender is named by the id the messenger gives'],
] as const)('whose id it is not, of %s, is said of no other', (kind, says) => {
  expect(() => accessFile.checkSenders(['0'], kind)).toThrow(says)
})
