import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Sent } from '../../sim/bot-api/bot.ts'
import { exportOdd, oddNode, putOddNode, putOwnDate } from '../../sim/odd-node.ts'
import { setUpDiscord } from '../../sim/other-wards.ts'
import { until } from '../../sim/until.ts'
import { type Machine, makeMachine, setUp, type Ward, writeProgram } from '../faults/kit.ts'

/** What every notification begins with: an echo does not. */
const isNotice = ({ text }: Sent): boolean => /^(work (is|gave|does|waits)|This is how I tell you)/.test(text)

/** What the bot told its person, oldest first. */
export const notices = ({ bot }: Ward): readonly string[] =>
  bot
    .sent()
    .filter(isNotice)
    .map(({ chatId, text }) => {
      expect(chatId).toBe('4242')
      return text
    })

/** The notice that comes next after so many; and none besides. */
export const nextNotice = async (ward: Ward, after: number, ms = 30_000): Promise<string> => {
  await until('another notice', () => notices(ward).length > after, ms)
  const told = notices(ward).slice(after)
  expect(told).toHaveLength(1)
  return told[0] ?? ''
}

/** A machine whose clock can be set, and two sessions: work, that 4242 may write to, and chat, at Discord. */
export const openMachine = async () => {
  const home = await makeMachine({ env: oddNode('clock') })
  putOddNode(home, 'clock')
  putOwnDate(home)
  // Their clients have that clock as well: by it logs are told from those of an earlier client.
  const own = { env: { CHANNELS_CLAUDE: writeProgram(home, 'clocked', 'claude', exportOdd('clock')) } }
  return { home, ward: await setUp(home, 'work', own), chat: await setUpDiscord(home, 'chat', own) }
}

/** `notify.command` that keeps each event, and what it was given beside it; hands back the events so far. */
export const keepEvents = (home: Machine) => {
  const [file, env] = [join(home.root, 'events'), join(home.root, 'events.env')]
  const command = `cat >>'${file}'; env >'${env}'`
  return {
    command,
    events: (): readonly Readonly<Record<string, unknown>>[] =>
      existsSync(file)
        ? readFileSync(file, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
        : [],
    environment: (): string => readFileSync(env, 'utf8'),
  }
}

/** So many ends are a crash loop of this session. */
export const setAttempts = ({ channelsHome }: Machine, name: string, attempts: number): void => {
  const file = join(channelsHome, 'config.json')
  const settings = JSON.parse(readFileSync(file, 'utf8'))
  settings.sessions[name].restart.attempts = attempts
  writeFileSync(file, JSON.stringify(settings))
}
