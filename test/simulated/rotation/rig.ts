import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { within } from '../../patience.ts'
import { cli } from '../../sim/cli.ts'
import { signal } from '../../sim/processes.ts'
import { expectUp, type Machine, sessionIn, setUp, type Ward } from '../faults/kit.ts'
import { type Account, expectWhole, type Load, settle, startLoad, starts } from './load.ts'

/** A live session that is written to all the time. */
export type Rotation = {
  readonly home: Machine
  readonly ward: Ward
  readonly conversation: string
  readonly load: Load
  /** Clients started so far, and the one that runs. */
  readonly started: number
  readonly client: number
}

export const begin = async (home: Machine, name: string): Promise<Rotation> => {
  const ward = await setUp(home, name)
  await expectUp(home, name, 0, `${name} is live`)
  const { client } = sessionIn(await home.status(), name)
  const load = startLoad(ward)
  await load.more(10)
  return {
    home,
    ward,
    conversation: client?.conversation ?? '',
    load,
    started: starts(home, name),
    client: client?.pid ?? 0,
  }
}

/** Beside the tests of others a swap waits long for a client that rests. */
export const patient = within(240_000)

/**
 * At least that many messages in all, each in the conversation; that many new clients, all whole. Answers are left to
 * the test: what a token refused meanwhile could not send is never sent.
 */
export const expectNothingLost = async (
  { home, ward: { name, bot }, conversation, load, started }: Rotation,
  clients: readonly number[],
  messages = 40,
): Promise<Account> => {
  await load.more(Math.max(15, messages - load.texts().length))
  load.stop()
  const account = await settle(home, bot, conversation, load.texts())
  expect(account).toMatchObject({ lost: [] })
  expect(clients).toContain(starts(home, name) - started)
  await expectWhole(home, name, conversation)
  return account
}

export const tokenIn = ({ stateDir }: Ward): string =>
  readFileSync(join(stateDir, '.env'), 'utf8').replace(/^TELEGRAM_BOT_TOKEN=|\n$/g, '')

/** `channels token` until it is killed. */
export const startToken = ({ home, ward: { name } }: Rotation, given: string) => {
  const child = spawn(process.execPath, [cli, 'token', name, '--token-stdin'], {
    cwd: home.project,
    env: { ...home.env },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stdin.end(`${given}\n`)
  return {
    kill: async (): Promise<void> => {
      expect(signal(child.pid ?? 0, 'SIGKILL')).toBe(true)
      await ended
      expect(child.signalCode).toBe('SIGKILL')
    },
  }
}
