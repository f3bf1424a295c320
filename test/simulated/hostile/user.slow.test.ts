import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { strike } from '../../faults/scene.ts'
import { within } from '../../patience.ts'
import { cli } from '../../sim/cli.ts'
import { openTerminal } from '../../sim/terminal.ts'
import { screen } from '../../sim/terminals.ts'
import { tested } from '../../sim/tested.ts'
import { until, untilNobody } from '../../sim/until.ts'
import { clients } from '../../sim/watch.ts'
import {
  closeMachine,
  expectEcho,
  live,
  type Machine,
  makeMachine,
  sessionIn,
  setUp,
  unhurried,
} from '../faults/kit.ts'
import { hostiles } from './hostiles.ts'
import { type OwnServer, startOwnServer } from './own-server.ts'

// Whatever somebody has made of their shell and their tmux, a session lives its whole life in it; and theirs is left alone.

const cases = hostiles
  .filter((each) => each.kinds.includes(tested))
  .map((each) => [tested, each.name, each] as const)

test.concurrent.each(cases)('%s: %s', within(120_000), async (_, name, { put }) => {
  const home = await makeMachine()
  let own: OwnServer | null = null
  try {
    own = startOwnServer(home)
    const env = put({ home, own })
    if (env === null) return console.log(`not tried: ${name}`)
    const before = own.state()
    await liveThrough(withEnv(home, own, env))
    expect(own.state()).toBe(before)
  } finally {
    await closeMachine(home)
  }
})

/** Every command in the environment that this person has it in. */
const withEnv = (
  home: Machine,
  own: OwnServer,
  env: (call: number) => Readonly<Record<string, string>>,
): Machine => {
  let calls = 0
  const channels: Machine['channels'] = (words, call = {}) => {
    calls += 1
    return home.channels(words, { ...call, env: { ...own.env, ...env(calls), ...call.env } })
  }
  const status: Machine['status'] = async () => JSON.parse((await channels(['status', '--json'])).stdout)
  return { ...home, env: { ...home.env, ...own.env, ...env(0) }, channels, status }
}

/** Set up, up, status, attach, send, killed, down. */
const liveThrough = async (home: Machine): Promise<void> => {
  const ward = await setUp(home, 'work')
  const does = async (...words: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await home.channels(words, { timeoutMs: 90_000 })
    expect(code, `${words.join(' ')}\n${stdout}${stderr}`).toBe(0)
  }
  await does('up', 'work', ...unhurried)
  await expectEcho(ward, 'hello')
  await attach(home)
  await does('send', 'work', 'typed for it')
  await until('it to stand there', async () => (await screen(home)).includes('typed for it'))
  await until('it to rest', async () => sessionIn(await home.status(), 'work').client?.activity === 'idle')
  const before = await live(home, 'work')
  strike(before)
  await live(home, 'work', before)
  await expectEcho(ward, 'again')
  expect(clients(home)).toHaveLength(1)
  await does('down', 'work')
  await untilNobody('no client and no loop', () =>
    home
      .processes()
      .filter(
        ({ argv, env }) =>
          env.CHANNELS_SESSION === 'work' || argv.some((word) => word.endsWith('/sessions/work/loop.sh')),
      ),
  )
}

const ownRc = (home: Machine): string => join(home.channelsHome, 'screenrc')

/** By a person in a terminal of theirs, who leaves it running. */
const attach = async (home: Machine): Promise<void> => {
  // What runs the command is the test's own shell; theirs, which may never come to it, is what the command has of it.
  const { SHELL = '/bin/sh' } = home.env
  const terminal = { ...home, env: { ...home.env, SHELL: '/bin/sh' } }
  const command = `SHELL='${SHELL}' '${process.execPath}' '${cli}' attach work`
  const person = await openTerminal(terminal, 'person', home.project, command)
  const attached = async () => sessionIn(await home.status(), 'work').terminal.attached
  await until('somebody attached', async () => (await attached()) === 1)
  // What the status line says, whatever their prefix is.
  const said = (await person.screen()).includes('Ctrl-a d') ? 'C-a' : 'C-b'
  // GNU screen says nowhere what its escape key is.
  const isOther =
    tested === 'screen' && existsSync(ownRc(home)) && readFileSync(ownRc(home), 'utf8').includes('escape ^B')
  await person.press(isOther ? 'C-b' : said, 'd')
  await until('the end of it', async () => (await person.screen()).includes('[ended with 0]'))
  await person.close()
  expect(await attached()).toBe(0)
}
