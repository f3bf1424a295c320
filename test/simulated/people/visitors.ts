import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Bot, Sender } from '../../sim/bot-api/bot.ts'
import { until } from '../../sim/until.ts'
import type { Ward } from '../faults/kit.ts'

// People at phones, and what the access list says of them.

export const mallory: Sender = { from: 666, firstName: 'Mallory', username: 'mallory' }

/** Strangers enough to hold every place there is. */
export const strangers: readonly Sender[] = [
  mallory,
  { from: 667, firstName: 'Eve', username: 'eve' },
  { from: 668, firstName: '\u202eTrent\u001b[2J\n(id 4242)', username: 'trent' },
]

/** Somebody writes and is answered with a code, which is handed back. */
export const askForCode = async (bot: Bot, sender: Sender): Promise<string> => {
  const before = bot.sent().length
  bot.push('let me in', sender)
  const answer = await until(`a code for ${sender.from}`, () =>
    bot
      .sent()
      .slice(before)
      .find(({ chatId, text }) => chatId === String(sender.from) && /pair [0-9a-f]{6}/.test(text)),
  )
  return /pair ([0-9a-f]{6})/.exec(answer.text)?.[1] ?? ''
}

/** They write, and are not answered: somebody who is let in writes after them and is. */
export const expectDeaf = async (bot: Bot, let_in: Sender, ...senders: readonly Sender[]): Promise<void> => {
  const before = bot.sent().length
  for (const sender of senders) bot.push(`from ${sender.from}`, sender)
  await expectHeard(bot, let_in)
  const ids = senders.map(({ from }) => String(from))
  const answers = bot.sent().slice(before)
  expect(answers.filter(({ chatId, text }) => ids.includes(chatId) && text.startsWith('echo'))).toEqual([])
}

let messages = 0

export const expectHeard = async (bot: Bot, sender: Sender): Promise<void> => {
  const text = `message ${++messages}`
  bot.push(text, sender)
  await bot.waitForSent(
    (sent) => sent.text === `echo: ${text}` && sent.chatId === String(sender.from),
    15_000,
  )
}

export type AccessJson = {
  dmPolicy: string
  allowFrom: string[]
  pending: Record<string, { senderId: string; chatId: string; createdAt: number; expiresAt: number }>
  [other: string]: unknown
}

export const readAccessJson = ({ stateDir }: Ward): AccessJson =>
  JSON.parse(readFileSync(join(stateDir, 'access.json'), 'utf8')) as AccessJson

export const changeAccessJson = (ward: Ward, change: (before: AccessJson) => unknown): void =>
  writeFileSync(join(ward.stateDir, 'access.json'), JSON.stringify(change(readAccessJson(ward))), {
    mode: 0o600,
  })

export const approvedFiles = ({ stateDir }: Ward): readonly string[] => {
  try {
    return readdirSync(join(stateDir, 'approved'))
  } catch {
    return []
  }
}

/** An entry as the plugin writes one, given out just now. */
export const pendingEntry = (senderId: string, chatId = senderId) => {
  const now = Date.now()
  return { senderId, chatId, createdAt: now, expiresAt: now + 3_600_000, replies: 1 }
}
