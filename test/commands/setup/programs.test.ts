import { expect, test } from 'vitest'
import { type Chosen, choose, chooseIn, describeChosen } from '../../../src/commands/setup/programs.ts'
import type { Tell } from '../../../src/commands/setup/questions.ts'
import { no, yes } from '../../../src/core/answer.ts'
import type { Deps } from '../../../src/deps.ts'

const shim = '/home/me/.asdf/shims/bun'
const versions: Readonly<Record<string, string>> = { '/home/me/site': '1.2.20', '/home/me/other': '1.3.0' }
const program = (version: string) => `/home/me/.asdf/installs/bun/${version}/bin/bun`

const deps = {
  env: { ASDF_DATA_DIR: '/home/me/.asdf', PATH: '/passing', GONE: undefined },
  run: undefined,
  claude: {
    lastingProgram: (path: string) => path.replace('/fnm_multishells/1', '/fnm/v22'),
    isPassing: (path: string) => path.includes('/_npx/'),
    recogniseShim: (path: string) =>
      path.includes('/shims/') ? { path, manager: 'asdf', program: 'asdf' } : null,
    askManager: async (_: unknown, { path }: { path: string }, folder: string, env: object) => {
      expect([path, env]).toEqual([shim, { ASDF_DATA_DIR: '/home/me/.asdf', PATH: '/stored' }])
      const version = versions[folder]
      return version === undefined ? no('`asdf which bun` says: No version is set') : yes(program(version))
    },
  },
} as unknown as Deps
const stored = { PATH: '/stored' }

const chosenIn = async (chosen: Chosen, folder: string) => {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const tell = { say, done: say, warn: (text: string) => void said.push(`! ${text}`) } as unknown as Tell
  return { ...(await chooseIn('Bun', chosen, folder, stored, tell, deps)), said }
}

test('a program by its path that lasts', async () => {
  const found = await choose('/fnm_multishells/1/bin/bun', '/home/me/site', stored, deps)
  expect(found).toEqual({ path: '/fnm/v22/bin/bun', shim: null })
  expect(describeChosen(found)).toBe('/fnm/v22/bin/bun')
  expect(await chosenIn(found, '/home/me/other')).toMatchObject({ path: '/fnm/v22/bin/bun', said: [] })
})

test('a shim: what it runs in the folder, both are told; in another folder it is asked about once more', async () => {
  const found = await choose(shim, '/home/me/site', stored, deps)
  expect(found.path).toBe(program('1.2.20'))
  expect(describeChosen(found)).toBe(
    `${program('1.2.20')} (what the asdf shim ${shim} runs in /home/me/site)`,
  )
  expect(await chosenIn(found, '/home/me/site')).toMatchObject({ path: program('1.2.20'), said: [] })
  expect(await chosenIn(found, '/home/me/other')).toMatchObject({
    path: program('1.3.0'),
    said: [`Bun: ${program('1.3.0')} (what the asdf shim ${shim} runs in /home/me/other)`],
  })
})

test('a shim of which nobody knows what it runs is kept, and that is said once the folder is known', async () => {
  const found = await choose(shim, '/home/me/none', stored, deps)
  expect(describeChosen(found)).toBe(shim)
  const { path, said } = await chosenIn(found, '/home/me/none')
  expect(path).toBe(shim)
  expect(said).toEqual([
    expect.stringMatching(/^! Bun: .* shim of asdf.*No version is set.*only where asdf has a version/),
  ])
  expect(await chosenIn(found, '/home/me/site')).toMatchObject({ path: program('1.2.20') })
})

test('what npx put there is taken, with a warning', async () => {
  const path = '/home/me/.npm/_npx/1/node_modules/.bin/bun'
  const { said } = await chosenIn({ path, shim: null }, '/home/me/site')
  expect(said).toEqual([expect.stringMatching(/^! Bun lies where npx .*may be gone tomorrow/)])
})
