import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Wanted } from '../../../src/core/records.ts'
import type { SessionReport } from '../../../src/core/report.ts'
import { standIns } from '../../sim/build.ts'
import type { Outcome } from '../../sim/cli.ts'
import type { Home } from '../../sim/home.ts'
import { makeHome } from '../../sim/home.ts'
import { readProcess, signal, type TestProcess } from '../../sim/processes.ts'
import { screen, servers, typeLine } from '../../sim/terminals.ts'
import { until, untilNobody } from '../../sim/until.ts'
import {
  clients,
  delivered,
  journal,
  type LiveSession,
  pollers,
  registrations,
  untilLive,
} from '../../sim/watch.ts'

export type SessionSettings = {
  restart: { attempts: number }
  client: string
}

/** A machine with the stand-ins and a session called work, set up (with these variables, too) and not yet started. */
export const openSession = async (env: Readonly<Record<string, string>> = {}): Promise<Home> => {
  const home = await makeHome({ ...standIns, server: 'compiled' })
  try {
    succeeded(await home.claude(['plugin', 'marketplace', 'add', `${home.root}/market`]))
    const flags = [
      '--session',
      'work',
      '--cwd',
      home.project,
      '--token-stdin',
      '--trust',
      '--allow',
      '4242',
      '--yes',
      '--no-start',
    ]
    const input = `${home.bot.bot.token}\n`
    succeeded(await home.channels(['setup', home.channel, ...flags], { input, env }))
    return home
  } catch (error) {
    await home.close()
    throw error
  }
}

/** The same, live, once it has echoed a text; and the conversation that is in. */
export const openLive = async (
  text: string,
): Promise<{ readonly home: Home; readonly conversation: string | null }> => {
  const home = await openSession()
  try {
    await channels(home, 'up')
    await expectAnswer(home, text)
    return { home, conversation: (await untilLive(home)).client.conversation }
  } catch (error) {
    await home.close()
    throw error
  }
}

/** Changes the session's configuration where no command does yet. */
export const configure = (home: Home, change: (session: SessionSettings) => void): void => {
  const file = configFile(home)
  const settings = JSON.parse(readFileSync(file, 'utf8')) as { sessions: { work: SessionSettings } }
  change(settings.sessions.work)
  writeFileSync(file, JSON.stringify(settings))
}

export const configFile = (home: Home): string => join(home.channelsHome, 'config.json')

/** Many kills on purpose within half an hour would be a crash loop. */
export const allowCrashes = (home: Home): void =>
  configure(home, (session) => {
    session.restart.attempts = 1_000
  })

/** Hands the outcome on when it exited 0; else the test fails with what it printed. */
export const succeeded = (outcome: Outcome): Outcome => {
  expect(outcome, outcome.stdout + outcome.stderr).toMatchObject({ code: 0 })
  return outcome
}

/** `channels up work`, `channels down work` and so on; it has to exit 0. */
export const channels = async (home: Home, command: string, ...more: readonly string[]): Promise<Outcome> =>
  succeeded(await home.channels([command, 'work', ...more]))

export const sessionOf = async (home: Home): Promise<SessionReport> => {
  const [session] = (await home.status()).sessions
  if (session === undefined) throw new Error('status knows no session')
  return session
}

/** The session as soon as it is as wanted. */
export const untilSession = (
  home: Home,
  what: string,
  fits: (session: SessionReport) => boolean,
  ms = 10_000,
) =>
  until(
    what,
    async () => {
      const session = await sessionOf(home)
      return fits(session) ? session : null
    },
    ms,
  )

/** A file in the session's folder of our state; null while it is not there. */
export const ownFile = (home: Home, name: string): string => join(home.state, 'sessions', 'work', name)

export const readWanted = (home: Home): Wanted =>
  JSON.parse(readFileSync(ownFile(home, 'wanted.json'), 'utf8')) as Wanted

/** Waits until a command that runs meanwhile has written what it wants. */
export const untilOrdered = async (home: Home, before: Wanted, by: Wanted['by']) =>
  until(`the order of ${by}`, () => {
    const wanted = readWanted(home)
    return wanted.at > before.at && wanted.by === by
  })

/** A message goes out and its echo comes back, once. */
export const expectAnswer = async (home: Home, text: string): Promise<void> => {
  home.bot.bot.push(text)
  try {
    await home.bot.bot.waitForSent((sent) => sent.text === `echo: ${text}`, 15_000)
  } catch (cause) {
    throw new Error(`no answer to ${JSON.stringify(text)}\n${await howItStands(home, text)}`, { cause })
  }
  expect(home.bot.bot.sent().filter((sent) => sent.text === `echo: ${text}`)).toHaveLength(1)
}

/** Where a message got stuck: at the Bot API, in a poller that is nobody's, in the conversation, or on its way back. */
const howItStands = async (home: Home, text: string): Promise<string> => {
  const { bot } = home.bot
  const facts = {
    waiting: bot.pending(),
    delivered: delivered(home, text).length,
    sent: bot.sent().map((sent) => sent.text),
    processes: home
      .processes()
      .map(({ pid, ppid, argv }) => `${pid} ${ppid} ${argv.join(' ').slice(0, 200)}`),
    status: await home.status(),
    journal: journal(home).slice(-20),
  }
  return `${JSON.stringify(facts, null, 2)}\n${await screen(home)}`
}

/** What `end` does to a live session costs it its client; hands the session back once another one made it live. */
export const comesBack = async (
  home: Home,
  end: (session: LiveSession) => unknown,
): Promise<{ readonly before: LiveSession; readonly after: LiveSession }> => {
  const before = await untilLive(home)
  const starts = registrations(home).length
  await end(before)
  // A look into a log costs next to nothing; `status` again and again costs the other tests a core.
  await until('another start', () => registrations(home).length > starts, 20_000)
  return { before, after: await untilLive(home, { not: before.client.pid }) }
}

/** Signals a process, which has to be there; says when. */
export const send = (pid: number | undefined, name: NodeJS.Signals = 'SIGKILL'): number => {
  const at = Date.now()
  expect(pid).toBeGreaterThan(1)
  expect(signal(pid ?? 0, name)).toBe(true)
  return at
}

/** The shells that run the session's loop. */
export const loops = (home: Home): readonly TestProcess[] =>
  home.processes().filter(({ argv }) => argv[1]?.endsWith('/loop.sh') && argv[2] === 'work')

/** Client, plugin, loop and terminal of the session. */
export const sessionProcesses = (home: Home): readonly TestProcess[] => [
  ...clients(home),
  ...pollers(home),
  ...loops(home),
  ...servers(home),
]

/** Asks the keeper to leave; hands back when it and its terminal are gone, as they are only if it exited with 0. */
export const withoutKeeper = async (home: Home): Promise<void> => {
  const pid = (await home.status()).keeper?.pid
  if (pid === undefined) return
  send(pid, 'SIGTERM')
  await until('the keeper to leave', () => readProcess(pid) === null && servers(home, 'keeper').length === 0)
}

/** `/clear` at the terminal; the id of the conversation it began. */
export const clear = async (home: Home): Promise<string> => {
  const before = (await untilLive(home)).client.conversation
  await typeLine(home, '/clear')
  const { client } = await untilSession(
    home,
    'a new conversation',
    (each) => each.client?.conversation !== before,
  )
  return client?.conversation ?? ''
}

/** Takes everything down in order, and finds nothing left; then removes the home. */
export const closeEmpty = async (home: Home | undefined): Promise<void> => {
  if (home === undefined) return
  try {
    await channels(home, 'down')
    expect(sessionProcesses(home)).toEqual([])
    await withoutKeeper(home)
    await untilNobody('no process left', home.processes)
  } finally {
    await home.close()
  }
}
