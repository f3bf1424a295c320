import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { typeLine } from '../../sim/terminals.ts'
import { registrations, untilLive } from '../../sim/watch.ts'
import { attachAt } from './attach.ts'
import {
  allowCrashes,
  channels,
  clear,
  closeEmpty,
  comesBack,
  expectAnswer,
  openSession,
  send,
  untilSession,
  withoutKeeper,
} from './rig.ts'

let home: Home
beforeAll(async () => {
  home = await openSession()
  allowCrashes(home)
  await channels(home, 'up')
  await expectAnswer(home, 'in the first conversation')
})
afterAll(() => closeEmpty(home))

/** Moves the conversation, ends the client like that, and expects it back where it had moved. */
const follow = async (
  signal: NodeJS.Signals,
  end: { readonly code: number | null; readonly signal: string | null },
) => {
  const moved = await clear(home)
  await expectAnswer(home, `in ${moved}`)
  const { after } = await comesBack(home, ({ client }) => send(client.pid, signal))
  expect(after.client.conversation).toBe(moved)
  expect(after.restarts.last).toMatchObject({ reason: 'client-exited', ...end })
}

test('/clear, then SIGKILL: the new conversation is resumed', () =>
  follow('SIGKILL', { code: null, signal: 'SIGKILL' }))

test('/clear, then SIGTERM: the new conversation is resumed', () =>
  follow('SIGTERM', { code: null, signal: 'SIGTERM' }))

test('/clear, then SIGKILL during its very first message: what can be neither resumed nor begun is left', async () => {
  const moved = await clear(home)
  const known = transcripts(home)[0] ?? ''
  const metadata = { type: 'queue-operation', operation: 'enqueue', sessionId: moved }
  writeFileSync(join(dirname(known), `${moved}.jsonl`), `${JSON.stringify(metadata)}\n{"type":"user","mess`)
  const { before, after } = await comesBack(home, ({ client }) => send(client.pid))
  expect(after.client.conversation).not.toBe(moved)
  expect(after.restarts.total).toBe(before.restarts.total + 1)
  await expectAnswer(home, 'in one that could be begun')
})

test('restart asked for by Claude itself: once, and the turn that asked is not repeated', async () => {
  const starts = registrations(home).length
  const command = `CHANNELS_HOME='${home.channelsHome}' '${process.execPath}' '${cli}' restart work`
  const { before, after } = await comesBack(home, () => home.bot.bot.push(`run: ${command}`))
  expect(after.client.conversation).toBe(before.client.conversation)
  expect(after.restarts).toMatchObject({ streak: 0, last: { reason: 'asked' } })
  await expectAnswer(home, 'after the restart')
  expect(registrations(home)).toHaveLength(starts + 1)
  const asked = home.model
    .turns()
    .filter(({ turn }) => String(turn?.tool?.input.command).endsWith('restart work'))
  expect(asked).toHaveLength(1)
  const answers = home.bot.bot
    .sent()
    .filter(({ text }) => text.includes('restarts as soon as this turn is over'))
  expect(answers).toHaveLength(1)
})

test('/clear, then an exit with 0 that nobody attached saw: the new conversation is resumed', () =>
  follow('SIGINT', { code: 0, signal: null }))

test('the same without a keeper', async () => {
  await withoutKeeper(home)
  await follow('SIGKILL', { code: null, signal: 'SIGKILL' })
  expect((await home.status()).keeper).toBeNull()
})

test('an exit with somebody attached: not wanted any more, and everything says how to start it again', async () => {
  await channels(home, 'up')
  const { client } = await untilLive(home)
  const person = await attachAt(home)
  try {
    await typeLine(home, '/exit')
    await person.shows('You left work: it is not wanted any more. `channels up work` starts it again.')
  } finally {
    await person.close()
  }
  const stopped = await untilSession(home, 'the end of the terminal', ({ terminal }) => !terminal.running)
  expect(stopped).toMatchObject({ state: 'stopped', wanted: false, client: null })
  expect((await home.channels(['status'])).stdout).toContain(
    'work is not wanted; `channels up work` starts it.',
  )
  expect((await channels(home, 'logs')).stdout).toContain('a person ended the client at its terminal')
  await channels(home, 'up')
  expect((await untilLive(home, { not: client.pid })).client.conversation).toBe(client.conversation)
})

const transcripts = ({ home: folder }: Home): readonly string[] => {
  const projects = join(folder, '.claude', 'projects')
  return readdirSync(projects, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(projects, name))
}
