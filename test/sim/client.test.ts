import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildStandIns } from './build.ts'
import { type Lab, openLab, supervised } from './client/lab.ts'
import { respond } from './model-api/respond.ts'
import { until } from './until.ts'

const id = '11111111-1111-4111-8111-111111111111'
let lab: Lab
beforeAll(async () => {
  await buildStandIns()
})
beforeEach(async () => {
  lab = await openLab()
})
afterEach(() => lab.close())

test('a message from the phone becomes a turn and its answer goes back (section 2)', async () => {
  lab.start(supervised('--session-id', id))
  await lab.registered()
  expect(existsSync(join(lab.config, 'projects'))).toBe(false)
  lab.bot.bot.push('hello')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: hello')
  await until('idle', () => lab.status() === 'idle')
  const rows = lab.transcript(id)
  expect(rows.find(({ origin }) => origin !== undefined)).toMatchObject({
    type: 'user',
    origin: { kind: 'channel', server: 'plugin:telegram:telegram' },
    message: { content: expect.stringMatching(/^<channel source="plugin:telegram:telegram" chat_id="4242"/) },
  })
  expect(rows.flatMap(({ operation }) => (operation === undefined ? [] : [operation]))).toEqual([
    'enqueue',
    'dequeue',
  ])
  expect(lab.log()).toContain('notifications/claude/channel (5 chars)')
})

test('/clear moves the conversation in session file, transcript and the same log (section 1)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await lab.registered()
  await terminal.press('/clear', 'Enter')
  const moved = await until('another id', () =>
    lab
      .sessions()
      .map((file) => String(file.sessionId))
      .find((one) => one !== id),
  )
  await lab.registered(3)
  lab.bot.bot.push('after')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: after')
  expect([lab.transcript(id), lab.transcript(moved).length > 2]).toEqual([[], true])
})

test('messages that come while it works join that turn, or are lost with a kill (section 2)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await lab.registered()
  lab.bot.bot.push('run: sleep 2')
  await until('busy', () => lab.status() === 'busy')
  lab.bot.bot.push('meanwhile')
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: meanwhile')
  expect(
    lab
      .transcript(id)
      .filter(({ operation }) => operation !== undefined)
      .map(({ operation }) => operation),
  ).toEqual([...['enqueue', 'dequeue', 'enqueue', 'remove']])
  await until('idle', () => lab.status() === 'idle')
  lab.bot.bot.push('run: sleep 30')
  await until('at work', () =>
    lab.transcript(id).some((row) => row.type === 'assistant' && JSON.stringify(row).includes('sleep 30')),
  )
  lab.bot.bot.push('never seen')
  await until(
    'both taken',
    () => lab.transcript(id).filter(({ operation }) => operation === 'enqueue').length === 4,
  )
  process.kill(terminal.pid(), 'SIGKILL')
  await terminal.ended()
  lab.model.setResponder(() => ({ text: 'done after all' }))
  const again = lab.start(supervised('--resume', id), { CLAUDE_CODE_RESUME_INTERRUPTED_TURN: '1' })
  await until('the interrupted turn', () => again.screen().includes('● done after all'))
  await until('idle', () => lab.sessions().some((file) => file.pid === again.pid() && file.status === 'idle'))
  expect(JSON.stringify(lab.model.turns().at(-1)?.body.messages)).not.toContain('never seen')
})

test('a turn is resumed with what came in the middle of it (seen on 2.1.330)', async () => {
  const terminal = lab.start(supervised('--session-id', id))
  await lab.registered()
  lab.bot.bot.push('run: sleep 1; echo one')
  await until('busy', () => lab.status() === 'busy')
  lab.bot.bot.push('two')
  const absorbed = () => lab.transcript(id).some(({ type }) => type === 'attachment')
  lab.model.setResponder((request) => ({ ...respond(request), ...(absorbed() ? { afterMs: 60_000 } : {}) }))
  await until('it to be absorbed', absorbed)
  process.kill(terminal.pid(), 'SIGKILL')
  await terminal.ended()
  lab.model.setResponder(respond)
  lab.start(supervised('--resume', id), { CLAUDE_CODE_RESUME_INTERRUPTED_TURN: '1' })
  await lab.bot.bot.waitForSent(({ text }) => text === 'echo: two')
  expect(lab.bot.bot.sent().map(({ text }) => text)).toEqual(['one', 'echo: two'])
})

test('a usage limit is a row, and the session is idle again (section 2, transcript)', async () => {
  lab.start(supervised('--session-id', id))
  await lab.registered()
  lab.model.fail({ status: 429, retry: false, times: 1 })
  lab.bot.bot.push('hello')
  const row = await until('the failure', () =>
    lab.transcript(id).find(({ isApiErrorMessage }) => isApiErrorMessage === true),
  )
  expect(row).toMatchObject({ type: 'assistant', apiErrorStatus: 429, error: 'rate_limit' })
  await until('idle', () => lab.status() === 'idle')
})

test('start errors, each with status 1 and before anything is shown (section 1)', async () => {
  lab.start(supervised('--session-id', id))
  await lab.registered()
  lab.bot.bot.push('hello')
  await lab.bot.bot.waitForSent(() => true)
  expect(lab.run([])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Input must be provided either through stdin'),
  })
  expect(lab.run(['--session-id', id])).toMatchObject({
    status: 1,
    stderr: `Error: Session ID ${id} is already in use.\n`,
  })
  const unknown = id.replaceAll('1', '2')
  expect(lab.run(['--resume', unknown])).toMatchObject({
    status: 1,
    stderr: `No conversation found with session ID: ${unknown}\n`,
  })
  expect(lab.run(['--channels', 'telegram'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('--channels entries must be tagged: telegram'),
  })
})
