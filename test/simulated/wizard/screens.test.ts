import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../sim/until.ts'
import { expectComplete, expectReadable } from './expect.ts'
import { type Held, openMachine } from './machine.ts'
import { openWizard, type Wizard } from './rig.ts'
import { walk } from './walk.ts'

const looks = {
  '80-columns': { columns: 80, env: {} },
  '60-columns': { columns: 60, env: {} },
  ascii: { columns: 80, env: { LANG: 'C', NO_COLOR: '1' } },
} as const
type Look = keyof typeof looks

type Run = { readonly home: Held; readonly wizard: Wizard; readonly parts: string; readonly painted: string }

const homes: Held[] = []
const runs = new Map<string, Run>()
const run = (look: Look): Run => {
  const found = runs.get(look)
  if (found === undefined) throw new Error(`no run ${look}`)
  return found
}

/** From start to proof, by keys; what stood there since the last answer is kept at each question, and at the end. */
const record = async (look: Look): Promise<void> => {
  const home = await openMachine()
  homes.push(home)
  const wizard = await openWizard(home, looks[look])
  const parts: string[] = []
  const keep = async (name: string): Promise<void> => {
    parts.push(`##### ${name}`, sinceAnswer(await still(wizard)))
  }
  try {
    const person = { home, bot: home.bot.bot, folder: home.project, session: 'site' }
    const { ended, screen } = await walk(wizard, person, { at: ({ name }) => keep(name) })
    expect({ ended, screen }).toMatchObject({ ended: 0 })
    expect(await wizard.disorder()).toEqual([])
    await keep('to the end')
    await expectComplete(home, 'site')
    runs.set(look, {
      home,
      wizard,
      parts: plain(home, parts.join('\n')),
      painted: await wizard.all('painted'),
    })
  } catch (cause) {
    throw new Error(`${look}:\n${await wizard.all()}`, { cause })
  }
}

beforeAll(() => Promise.all((Object.keys(looks) as Look[]).map(record)))
afterAll(async () => {
  for (const { wizard } of runs.values()) await wizard.close()
  for (const home of homes) await home.end()
})

/** A frame that is being drawn is not what anybody reads. */
const still = async (wizard: Wizard): Promise<string> => {
  let last = ''
  return until('a still screen', async () => {
    const now = await wizard.all()
    const same = now === last
    last = now
    return same ? { now } : null
  }).then(({ now }) => now)
}

const sinceAnswer = (text: string): string => {
  const lines = text.trimEnd().split('\n')
  const answered = lines.findLastIndex((line) => /^(◇|o) {2}/.test(line))
  return lines.slice(Math.max(0, answered)).join('\n')
}

/** Without what differs from run to run. Names are as long in each, so lines break at the same place. */
const plain = (home: Held, text: string): string => {
  const { username } = home.bot.bot
  return text
    .replaceAll(home.root, '<root>')
    .replaceAll(username, '<bot>')
    .replace(/tmux \d\S*/g, 'tmux <version>')
    .replace(/^[0-9a-f]{6}$/gm, '<code>')
    .replace(/asked \d+s ago/g, 'asked <time> ago')
    .replace(/(?:^[█▀▄ ]{20,}\n?)+/gm, '<QR code>\n')
}

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
    return plain(home, (await wizard.all('joined')).replace(/ +$/gm, '')).split(/\s+/)
  }
  expect(await words('60-columns')).toEqual(await words('80-columns'))
})
