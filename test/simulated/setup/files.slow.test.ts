import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeMachine, type Machine, makeMachine } from '../faults/kit.ts'
import { setupArgs } from '../faults/refuse.ts'
import { snapshot } from '../faults/secrets.ts'

// README: `setup` shows every file it will write before it writes the first.

let home: Machine
beforeAll(async () => {
  home = await makeMachine()
})
afterAll(() => closeMachine(home))

test.each<[how: string, noStart: true | null]>([
  ['without a start', true],
  ['with a start', null],
])('the files that are listed are those that are written, %s', async (_, noStart) => {
  const before = snapshot(home.home, home.channelsHome)
  const session = noStart ? 'calm' : 'begun'
  const args = setupArgs(home, { session, 'no-start': noStart })
  const { code, stderr } = await home.channels(args, { input: home.bot.addBot().token })
  expect(code, stderr).toBe(0)
  const [, list = ''] = /^Files that are written:\n((?: {2}.*\n)+)/m.exec(stderr) ?? []
  const listed = [...list.matchAll(/^ {2}(\/[^:]*): /gm)].map(([, path = '']) => path)
  expect(listed.filter((path) => !existsSync(path))).toEqual([])
  // The client and its plugin keep their own files, once they run.
  const ours = noStart ? home.root : home.channelsHome
  const written = Object.entries(snapshot(home.home, home.channelsHome)).filter(
    ([path, content]) => path.startsWith(ours) && before[path] !== content,
  )
  const isListed = (path: string) =>
    listed.some((one) => `${one}/`.startsWith(`${path}/`) || path.startsWith(`${one}/`))
  expect(written.map(([path]) => path).filter((path) => !isListed(path))).toEqual([])
  expect(written.length).toBeGreaterThan(3)
})
