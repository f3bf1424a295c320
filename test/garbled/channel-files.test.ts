import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, test } from 'vitest'
import { readAccess } from '../../src/channels/access-file.ts'
import { probeDiscord, readApplication } from '../../src/channels/discord-api.ts'
import { readDiscordPerson } from '../../src/channels/discord-person.ts'
import { readPollerPid } from '../../src/channels/poller.ts'
import { probeTelegram, removeWebhook } from '../../src/channels/telegram-api.ts'
import { readChat } from '../../src/channels/telegram-chat.ts'
import { accessOf } from '../../src/core/access.ts'
import { applyAccessChange } from '../../src/core/access-change.ts'
import { findPending, isSenderId } from '../../src/core/pairing.ts'
import { isTable } from '../../src/core/shape.ts'
import { temporaryFolder } from '../channels/temporary-folder.ts'
import { feedGarbled, feedPrefixes } from './feed.ts'
import { isCount, must, mustBeUnpolluted } from './must.ts'
import * as samples from './samples.ts'

afterEach(mustBeUnpolluted)

const policies: readonly string[] = ['pairing', 'allowlist', 'disabled', 'unknown']

test('access lists', async () => {
  const read = (text: string): void => {
    const fields = parse(text)
    if (!isTable(fields)) return
    const access = accessOf(fields)
    must(policies.includes(access.policy), 'the policy is none')
    must(
      access.senders.every((id) => typeof id === 'string'),
      'a sender is none',
    )
    for (const code of ['a1b2c3', '__proto__', 'constructor']) {
      const found = findPending(access, code, 1)
      must(found.is !== 'found' || isSenderId(found.pending.senderId), 'whoever it is, is no sender')
    }
    const change = { do: 'approve', senderId: '99', policy: 'allowlist' } as const
    const changed = applyAccessChange(fields, change)
    must(changed.dmPolicy === 'allowlist', 'the policy was not set')
    must(Array.isArray(changed.allowFrom) && changed.allowFrom.includes('99'), 'nobody was let in')
  }
  await feedPrefixes(samples.accessFiles, read)
  await feedGarbled(samples.accessFiles, 2_000, read)
})

test('access lists as they stand on the disk', async () => {
  const folder = temporaryFolder()
  await feedGarbled(samples.accessFiles, 50, (text) => {
    writeFileSync(join(folder, 'access.json'), text)
    must(readAccess(folder).is === (isTable(parse(text)) ? 'yes' : 'unknown'), 'not told')
  })
})

test('pid files of pollers', async () => {
  const folder = temporaryFolder()
  const read = (text: string): void => {
    writeFileSync(join(folder, 'bot.pid'), text)
    const pid = readPollerPid(folder)
    must(pid === null || (isCount(pid) && pid > 1 && text.includes(String(pid))), `read ${pid}`)
  }
  await feedGarbled(samples.pidFiles, 300, read)
})

test('answers of the Bot API', async () => {
  const token = '123456789:AAtest0000000000000000000000000000'
  const root = 'https://api.telegram.org'
  const me = { status: 200, body: samples.botAnswers[0]?.text ?? '' }
  const read = async (body: string): Promise<void> => {
    const says: unknown = parse(body)
    for (const status of [200, 401, 409]) {
      const request = async () => ({ status, body })
      const found = await probeTelegram(request, root, token, 5)
      // Of what was accepted a channel is live; of what was rejected it waits for a person.
      must(found.token !== 'accepted' || (status === 200 && isOk(says, true)), 'accepted')
      must(found.token !== 'rejected' || (status === 401 && isOk(says, false)), 'rejected')
      must(/^@\w+$/.test(found.account ?? '@x'), `its name is ${found.account}`)
      const onlyMe = async (url: string) => (url.endsWith('getMe') ? me : { status, body })
      const waiting = await probeTelegram(onlyMe, root, token, 5)
      must(isCount(waiting.pending ?? 0), `${waiting.pending} wait`)
      const chat = await readChat(request, root, token, '42')
      must(chat.is !== 'yes' || /^@\w+$/.test(chat.value.username ?? '@x'), 'no name')
      const all = [found, waiting, chat, await removeWebhook(request, root, token)]
      must(!JSON.stringify(all).includes(token), 'the token is told')
    }
  }
  await feedPrefixes(samples.botAnswers, read)
  await feedGarbled(samples.botAnswers, 1_000, read)
})

test('answers of Discord', async () => {
  const token = [Buffer.from('123456789012345678').toString('base64url'), 'Gtest0', 'x'.repeat(38)].join('.')
  const [me, , , application] = samples.discordAnswers.map(({ text }) => ({ status: 200, body: text }))
  const root = 'https://discord.com/api/v10'
  const read = async (body: string): Promise<void> => {
    const says = parse(body)
    for (const status of [200, 401, 429]) {
      const garbled = { status, body }
      const found = await probeDiscord(async () => garbled, root, token, 5)
      must(found.token !== 'accepted' || (status === 200 && isTable(says) && says.bot === true), 'accepted')
      must(
        found.token !== 'rejected' ||
          (isTable(says) && (status === 200 ? says.bot !== true : 'message' in says)),
        'rejected',
      )
      must(!/\p{Cc}/u.test(found.account ?? ''), `its name is ${found.account}`)
      const onlyMe = async (url: string) => (url.endsWith('/users/@me') && me !== undefined ? me : garbled)
      const half = await probeDiscord(onlyMe, root, token, 5)
      // That it lacks nothing is only said where all was answered.
      must(half.token === 'accepted' && (half.lacks !== null || half.detail !== null), 'lacks nothing')
      const onlyServers = async (url: string) =>
        url.includes('/guilds') ? garbled : (((await onlyMe(url)) === me ? me : application) ?? garbled)
      const { lacks, detail } = await probeDiscord(onlyServers, root, token, 5)
      const servers = status === 200 && Array.isArray(says) ? says.length : null
      must(
        servers === null ? detail !== null : detail === null && (lacks === 'server') === (servers === 0),
        `it lacks ${lacks}`,
      )
      const link = await readApplication(async () => garbled, root, token)
      must(link.is !== 'yes' || /^\d+$/.test(link.value.id), 'no id')
      const person = await readDiscordPerson(async () => garbled, root, token, '42')
      must(person.is !== 'yes' || /^@[\w.]+$/.test(person.value.username ?? '@x'), 'no name')
      must(!JSON.stringify([found, half, link, person]).includes(token), 'the token is told')
    }
  }
  await feedPrefixes(samples.discordAnswers, read)
  await feedGarbled(samples.discordAnswers, 1_000, read)
})

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isOk = (says: unknown, ok: boolean): boolean =>
  typeof says === 'object' && says !== null && 'ok' in says && says.ok === ok
