import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { within } from '../../patience.ts'
import { standIns } from '../../sim/build.ts'
import { type Home, makeHome } from '../../sim/home.ts'
import { untilNobody } from '../../sim/until.ts'
import { configFile, sessionOf, succeeded } from './rig.ts'

// Which multiplexer a session gets, and that it stays with it.

let home: Home
beforeAll(async () => {
  home = await makeHome({ ...standIns, server: 'compiled' })
  succeeded(await home.claude(['plugin', 'marketplace', 'add', `${home.root}/market`]))
})
afterAll(() => home?.close())

const remembered = (): unknown => JSON.parse(readFileSync(configFile(home), 'utf8')).multiplexer
/** A PATH with these multiplexers only: a folder of links to everything else there is. */
const pathWith = (...multiplexers: readonly string[]): Record<string, string> => {
  const folder = join(home.root, `path-${multiplexers.join('-')}`)
  if (!existsSync(folder)) {
    mkdirSync(folder)
    for (const from of (home.env.PATH ?? '').split(':').filter((each) => existsSync(each)))
      for (const name of readdirSync(from))
        if (
          !existsSync(join(folder, name)) &&
          (!['tmux', 'screen'].includes(name) || multiplexers.includes(name))
        )
          link(join(from, name), join(folder, name))
  }
  return { PATH: folder }
}
const link = (to: string, at: string): void => {
  try {
    symlinkSync(to, at)
  } catch (error) {
    // A link that leads nowhere is there for all that.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
const kindOf = async () => (await sessionOf(home)).terminal.kind

test('as a flag says, and from then on', within(120_000), async () => {
  succeeded(
    await home.channels(['setup', home.channel, ...flags('work'), '--multiplexer', 'screen'], token()),
  )
  expect([await kindOf(), remembered()]).toEqual(['screen', 'screen'])
  succeeded(await home.channels(['up', 'work', '--no-listen']))
  expect((await sessionOf(home)).state).toBe('live')
})

test('a session that runs is not moved; one that is down is', within(120_000), async () => {
  const asked = ['set', 'work', 'multiplexer=tmux']
  const refused = await home.channels(asked)
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('`channels down work` first') })
  expect(await kindOf()).toBe('screen')
  succeeded(await home.channels(['down', 'work']))
  succeeded(await home.channels(asked))
  expect([await kindOf(), remembered()]).toEqual(['tmux', 'tmux'])
  succeeded(await home.channels(['up', 'work', '--no-listen']))
  expect((await sessionOf(home)).state).toBe('live')
  succeeded(await home.channels(['down', 'work']))
  succeeded(await home.channels(['remove', 'work', '--yes', '--purge']))
})

test('without a flag what there is; with neither nothing is changed', within(120_000), async () => {
  const command = ['setup', home.channel, ...flags('other')]
  const none = await home.channels(command, { ...token(), env: pathWith() })
  expect(none).toMatchObject({ code: 69, stderr: expect.stringMatching(/neither tmux nor screen.*Install/s) })
  const wrong = await home.channels([...command, '--multiplexer', 'tmux'], {
    ...token(),
    env: pathWith('screen'),
  })
  expect(wrong).toMatchObject({ code: 69, stderr: expect.stringContaining('`--multiplexer screen`') })
  expect((await home.channels(['status'])).code).toBe(3)
  succeeded(await home.channels(command, { ...token(), env: pathWith('screen') }))
  expect(await kindOf()).toBe('screen')
  // The keeper, too, takes what there is.
  succeeded(await home.channels(['up', 'other', '--no-listen'], { env: pathWith('screen') }))
  const tmuxes = home.processes().filter(({ comm }) => comm.startsWith('tmux'))
  expect(tmuxes).toEqual([])
  succeeded(await home.channels(['down', 'other']))
  const left = () => home.processes().filter(({ argv }) => argv.includes('other'))
  await untilNobody('nothing left of it', left)
})

const token = () => ({ input: `${home.bot.bot.token}\n` })
const flags = (name: string): readonly string[] => [
  ...['--session', name, '--cwd', home.project, '--token-stdin', '--trust', '--allow', '4242'],
  ...['--yes', '--no-start', '--permission-mode', 'default'],
]
