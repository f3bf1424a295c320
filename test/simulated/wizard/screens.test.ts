import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectReadable } from './expect.ts'
import { type Held, openMachine } from './machine.ts'
import { type Recorded, record, withoutChance } from './record.ts'

const looks = {
  '80-columns': { columns: 80, env: {} },
  '60-columns': { columns: 60, env: {} },
  ascii: { columns: 80, env: { LANG: 'C', NO_COLOR: '1' } },
} as const
type Look = keyof typeof looks

const homes: Held[] = []
const runs = new Map<string, Recorded>()
const run = (look: Look): Recorded => {
  const found = runs.get(look)
  if (found === undefined) throw new Error(`no run ${look}`)
  return found
}

beforeAll(() =>
  Promise.all(
    (Object.keys(looks) as Look[]).map(async (look) => {
      const home = await openMachine()
      homes.push(home)
      runs.set(look, await record(home, looks[look]))
    }),
  ),
)
afterAll(async () => {
  for (const { wizard } of runs.values()) await wizard.close()
  for (const home of homes) await home.end()
})

test.each(Object.keys(looks) as Look[])('from start to proof, %s', async (look) => {
  await expect(run(look).parts).toMatchFileSnapshot(`screens/${look}.txt`)
})

test.each(Object.keys(looks) as Look[])('no token, nothing wider than the terminal, %s', async (look) => {
  await expectReadable(run(look).home, run(look).wizard)
})

test('without colour and UTF-8 everything is ASCII, unpainted, and nothing is lost', () => {
  const { parts, painted } = run('ascii')
  expect(parts).toMatch(/^[\n -~]*$/)
  // Nothing stands for a sign that could not be shown.
  expect(parts).not.toMatch(/\w\?\w|\s\?\s/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
  expect(painted).not.toMatch(/\x1b\[[\d;]*m/)
  expect(run('80-columns').painted).toContain('\x1b[')
})

test('at 60 columns stands word for word what stands at 80', async () => {
  const words = async (look: Look) => {
    const { home, wizard } = run(look)
    return withoutChance(home, (await wizard.all('joined')).replace(/ +$/gm, '')).split(/\s+/)
  }
  expect(await words('60-columns')).toEqual(await words('80-columns'))
})
