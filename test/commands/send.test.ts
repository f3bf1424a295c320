import { describe, expect, test } from 'vitest'
import { endsInMenu, ownLine } from '../../src/claude/own-lines.ts'
import { send } from '../../src/commands/send.ts'
import type { Evidence } from '../../src/core/evidence.ts'
import type { Prompt } from '../../src/core/prompt.ts'
import { emptySettings } from '../../src/core/settings.ts'
import type { Submitted } from '../../src/core/submitted.ts'
import type { Deps } from '../../src/deps.ts'
import { client, evidence, noon, session, sessionFile, withoutClient } from '../core/evidence-builder.ts'

type Activity = ReturnType<typeof sessionFile>['activity'] | 'busy' | 'waiting'

const at = (activity: Activity): Evidence =>
  evidence({ client: client({ file: { ...sessionFile(), activity } }) })

/** A client as far as its prompt goes; what it is at can be changed by what is done to it. */
type Scene = {
  /** What stands in its prompt before. */
  readonly draft?: string
  readonly attached?: number
  readonly shell?: boolean
  readonly offers?: readonly string[]
  /** What is seen in place of the prompt as soon as something is typed. */
  readonly turnsInto?: 'dialog' | 'waiting' | 'busy'
  /** What it shows in place of what is typed. */
  readonly draws?: string
  /** Shows nothing of what is typed. */
  readonly blind?: boolean
  /** What the transcript has to it once Enter was pressed, and what the client is then. */
  readonly takes?: (text: string) => readonly Submitted[]
  readonly after?: Evidence
  /** What the client makes of the line at Enter, from a menu, in place of submitting it. */
  readonly chooses?: string
  /** What it has taken after all, a second after it was taken back. */
  readonly takesLate?: (text: string) => readonly Submitted[]
  /** The prompt is empty after Enter, though the transcript has nothing. */
  readonly goes?: boolean
  readonly first?: Evidence
  readonly inside?: boolean
  readonly piped?: string
  /** Ctrl-C as something is typed, or as Enter is pressed. */
  readonly cancelAt?: 'type' | 'enter'
}

const taken = (text: string): readonly Submitted[] => [{ at: noon, text, is: 'taken' }]

const play = async (text: string, scene: Scene = {}, options: { force?: boolean } = {}) => {
  const abort = new AbortController()
  const keys: string[] = []
  const [printed, journal, signalled]: [string[], object[], string[]] = [[], [], []]
  let [prompt, entered, time] = [scene.draft ?? '', false, 0]
  let rows: readonly Submitted[] = []
  let erasedAt = Number.POSITIVE_INFINITY
  const typed = () => keys.some((key) => key.startsWith('type'))
  const seen = (): Evidence => {
    if (entered) return scene.after ?? at('idle')
    if (typed() && scene.turnsInto === 'waiting') return at('waiting')
    if (typed() && scene.turnsInto === 'busy') return at('busy')
    return scene.first ?? at('idle')
  }
  const keyboard: Awaited<ReturnType<Deps['keyboard']>> = {
    attached: async () => scene.attached ?? 0,
    prompt: async (): Promise<Prompt | null> =>
      typed() && scene.turnsInto === 'dialog'
        ? null
        : { text: prompt, shell: scene.shell ?? false, offers: scene.offers ?? [] },
    shown: (text) => text,
    type: async (piece) => {
      keys.push(`type ${piece}`)
      if (scene.cancelAt === 'type') abort.abort()
      if (!scene.blind) prompt += scene.draws ?? piece
      return true
    },
    erase: async (letters) => {
      keys.push(`erase ${letters}`)
      prompt = [...prompt].slice(0, -letters).join('')
      erasedAt = time
      return true
    },
    enter: async () => {
      keys.push('enter')
      if (scene.cancelAt === 'enter') abort.abort()
      entered = true
      rows = (scene.takes ?? taken)(prompt)
      if (rows.length > 0 || scene.goes) prompt = ''
      else prompt = scene.chooses ?? prompt
      return true
    },
    submitted: () => (time >= erasedAt + 1_000 ? (scene.takesLate?.(text) ?? rows) : rows),
  }
  const deps = {
    claude: { ownLine, endsInMenu },
    env: scene.inside ? { CHANNELS_SESSION: 'work' } : {},
    settings: { read: () => ({ ...emptySettings, sessions: { work: session } }) },
    processes: {
      self: () => ({ pid: 1 }),
      ancestors: () => [],
      signal: (_: unknown, name: string) => void signalled.push(name),
    },
    folders: { session: () => ({ send: '/state/sessions/work/send' }) },
    withLock: (path: string, action: () => unknown) => {
      keys.push(`lock ${path}`)
      return action()
    },
    clock: {
      now: () => noon,
      elapsed: () => time,
      sleep: async (ms: number) => {
        time += ms
      },
    },
    journal: { append: (_: string, event: object) => void journal.push(event) },
    observe: async () => seen(),
    keyboard: async () => keyboard,
    readStdin: async () => scene.piped ?? 'from stdin\n',
    cancelled: abort.signal,
    output: { print: (line: string) => void printed.push(line) },
  } as unknown as Deps
  const outcome = await send('work', text, { force: options.force ?? false, timeoutMs: 10_000 }, deps).then(
    (status) => ({ status, message: printed.join('\n') }),
    (error: { status: number; message: string; hint: string }) => ({
      status: error.status,
      message: `${error.message} ${error.hint}`,
    }),
  )
  const did = keys.filter((key) => !key.startsWith('lock'))
  return { ...outcome, did, prompt: () => prompt, journal, signalled, locks: keys.length - did.length }
}

test('is typed, then submitted; the client gets its keyboard back first', async () => {
  const sent = await play('hello')
  expect(sent).toMatchObject({ status: 0, did: ['type hello', 'enter'], locks: 1 })
  expect(sent.message).toContain('has taken it')
  expect(sent.signalled).toEqual(['SIGCONT', 'SIGCONT'])
  expect(sent.journal).toEqual([{ type: 'asked', what: 'send', by: 'command' }])
  expect(JSON.stringify(sent.journal)).not.toContain('hello')
})

test('may be piped in, and may be long', async () => {
  expect((await play('-')).did).toEqual(['type from stdin', 'enter'])
  const long = 'é'.repeat(450)
  expect((await play(long)).did).toEqual([
    `type ${'é'.repeat(200)}`,
    `type ${'é'.repeat(200)}`,
    `type ${'é'.repeat(50)}`,
    'enter',
  ])
})

test('a blank closes the menu that the line may end in', async () => {
  const sent = await play('read @no', { takes: () => taken('read @no') })
  expect(sent).toMatchObject({ status: 0, did: ['type read @no ', 'enter'] })
  const refused = await play('read @no', { draft: 'half' })
  expect(refused).toMatchObject({ status: 1, did: ['type read @no ', 'erase 9'] })
  expect(refused.prompt()).toBe('half')
})

describe('nothing is typed', () => {
  test.each<readonly [string, string, Scene, number, string]>([
    ['of what is no line', 'a\nb', {}, 2, 'several lines'],
    ['of what would end the client', 'exit', {}, 2, 'would end the client'],
    ['of what would end the client, piped in', '-', { piped: ' :wq!\n' }, 2, '`channels down` stops'],
    ['when Claude itself asks', 'hello', { inside: true }, 1, 'is not for Claude'],
    ['without a client', 'hello', { first: withoutClient() }, 1, 'has no client'],
    ['at a question', 'hello', { first: at('waiting') }, 1, 'waits for a person'],
    ['when busy', 'hello', { first: at('busy') }, 1, 'busy'],
    ['when somebody is attached', 'hello', { attached: 1 }, 1, 'attached'],
    ['into a shell prompt', 'hello', { shell: true }, 1, 'shell command'],
  ])('%s', async (_, text, scene, status, why) => {
    const sent = await play(text, scene)
    expect(sent).toMatchObject({ status, did: [], journal: [] })
    expect(sent.message).toContain(why)
  })

  test('at a question, forced or not', async () => {
    expect(await play('y', { first: at('waiting') }, { force: true })).toMatchObject({ status: 1, did: [] })
  })
})

describe('Enter is not pressed', () => {
  test("where somebody's half-typed line would go along, and that line stays", async () => {
    const sent = await play('hello', { draft: 'half a li' })
    expect(sent).toMatchObject({ status: 1, did: ['type hello', 'erase 5'], journal: [] })
    expect(sent.prompt()).toBe('half a li')
    expect(sent.message).toMatch(/half-typed line .* was taken back/)
  })

  test('and nothing taken back, where a dialog came in between', async () => {
    const shown = await play('hello', { turnsInto: 'dialog' })
    expect(shown).toMatchObject({ status: 1, did: ['type hello'] })
    expect(shown.message).toContain('may still stand in its prompt')
  })

  test.each([
    ['a question', 'waiting', 'waits for a person'],
    ['a turn', 'busy', 'busy'],
  ] as const)('where %s came in between', async (_, turnsInto, why) => {
    const sent = await play('hello', { turnsInto })
    expect(sent).toMatchObject({ status: 1, did: ['type hello', 'erase 5'] })
    expect(sent.message).toContain(why)
  })

  test('where nothing is seen of what was typed', async () => {
    const sent = await play('hello', { blind: true })
    expect(sent).toMatchObject({ status: 1, did: ['type hello'] })
    expect(sent.message).toContain('not to be seen')
  })

  test('of a command that is not named in full', async () => {
    const sent = await play('/exi', { offers: ['/exit'] })
    expect(sent).toMatchObject({ status: 1, did: ['type /exi', 'erase 4'] })
    expect(sent.message).toContain('offers no command `/exi`')
    expect(await play('/clear', { offers: ['/clear'] })).toMatchObject({ status: 0 })
    expect(await play('/clear now')).toMatchObject({ status: 0, did: ['type /clear now', 'enter'] })
  })

  test('and what the client made of it is taken back, where nobody else can have typed', async () => {
    // As it shows a paste.
    const drawn = '[Pasted text #1]'
    const sent = await play('hello', { draws: drawn })
    expect(sent).toMatchObject({ status: 1, did: ['type hello', `erase ${drawn.length + 2}`] })
    expect(sent.prompt()).toBe('')
    const attached = await play('hello', { draws: drawn, attached: 1 }, { force: true })
    expect(attached).toMatchObject({ status: 1, did: ['type hello'] })
    expect(attached.message).toContain('may still stand')
    const drafted = await play('hello', { draws: drawn, draft: 'old ' })
    expect(drafted.prompt()).toBe(`old ${drawn}`)
  })

  test('after Ctrl-C', async () => {
    const sent = await play('hello', { cancelAt: 'type' })
    expect(sent).toMatchObject({ status: 130, did: ['type hello', 'erase 5'] })
    expect(sent.message).toContain('was taken back')
  })
})

describe('what became of it', () => {
  const forced = { force: true }
  const never = () => []
  test('Enter left it standing: it is taken back, lest the next line be refused for it', async () => {
    const sent = await play('hello', { takes: never })
    expect(sent).toMatchObject({ status: 1, did: ['type hello', 'enter', 'erase 5'] })
    expect(sent.message).toMatch(/Enter did not send the line .* was taken back/)
    expect(sent.prompt()).toBe('')
  })

  test('Enter chose from a menu: what it made of the line is taken back', async () => {
    const sent = await play('so happy', { takes: never, chooses: 'so 😄 ' })
    expect(sent.did).toEqual(['type so happy', 'enter', 'erase 7'])
    expect(sent.prompt()).toBe('')
    expect(sent.message).toContain('was taken back')
  })

  test('somebody attached may have typed on: taken back where the line alone stands there, and nowhere else', async () => {
    const alone = await play('hello', { takes: never, attached: 1 }, forced)
    expect(alone.did).toEqual(['type hello', 'enter', 'erase 5'])
    for (const [chooses, why] of [
      ['hello and', 'Enter did not send it'],
      ['hi there', 'not seen to arrive'],
    ] as const) {
      const other = await play('hello', { takes: never, chooses, attached: 1 }, forced)
      expect(other).toMatchObject({ status: 1, did: ['type hello', 'enter'] })
      expect(other.message).toContain(why)
    }
    // Behind a command the client itself shows more; that somebody typed it can't be told.
    const command = { takes: never, chooses: 'read a/b and', attached: 1 }
    expect((await play('read a/b', command, forced)).did).toEqual(['type read a/b', 'enter'])
    // Came, left half a line, and went again while the line was waited for.
    const rests = at('idle')
    const visited = { ...rests, terminal: { ...rests.terminal, attached: 1 } }
    const left = await play('hello', { takes: never, chooses: 'half a line', after: visited }, forced)
    expect(left.did).toEqual(['type hello', 'enter'])
    expect(left.prompt()).toBe('half a line')
  })

  test('it went at the last moment: that is what is said', async () => {
    const sent = await play('hello', { takes: never, takesLate: taken })
    expect(sent).toMatchObject({ status: 0 })
    expect(sent.message).toContain('has taken it')
  })

  test('waits for the end of a turn', async () => {
    const takes = (text: string): readonly Submitted[] => [{ at: noon, text, is: 'waiting' }]
    const sent = await play('hello', { first: at('busy'), after: at('busy'), takes }, forced)
    expect(sent).toMatchObject({ status: 0 })
    expect(sent.message).toContain('when the present turn is over')
  })

  test('is worked on, where a command takes long; its row comes with its end', async () => {
    const takes = (): readonly Submitted[] => []
    expect(await play('/compact x', { takes, after: at('busy'), goes: true })).toMatchObject({
      status: 0,
      message: 'work is at work on /compact.',
    })
    expect(await play('/compact x', { takes, after: at('idle'), goes: true })).toMatchObject({ status: 1 })
    expect(await play('hello', { takes, after: at('busy'), goes: true })).toMatchObject({ status: 1 })
  })

  test.each<readonly [string, string, Scene, number, string]>([
    ['the client ended', 'hello', { takes: () => [], after: withoutClient() }, 1, 'ended as Enter'],
    [
      'an unknown command',
      '/nosuch x',
      { takes: () => [{ at: noon, text: '/nosuch', is: 'unknown' }] },
      1,
      'knows no command',
    ],
    ['a dialog', '/config x', { takes: () => [], after: at('waiting') }, 1, 'opened a dialog'],
    [
      'a line of before',
      'hello',
      { takes: () => [{ at: noon - 1, text: 'hello', is: 'taken' }] },
      1,
      'not seen',
    ],
    ['Ctrl-C', 'hello', { takes: () => [], cancelAt: 'enter' }, 130, 'Enter pressed'],
  ])('%s', async (_, text, scene, status, why) => {
    const sent = await play(text, scene)
    expect(sent.status).toBe(status)
    expect(sent.message).toContain(why)
    expect(sent.did.at(-1)).toBe('enter')
  })
})
