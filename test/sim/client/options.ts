import { readFileSync } from 'node:fs'
import { type Fields, fields } from './json.ts'

export type Options = {
  readonly print: boolean
  readonly prompt: string | null
  readonly sessionId: string | null
  readonly resume: string | null
  readonly settings: Fields
  readonly permissionMode: string | null
  readonly model: string
  readonly allowedTools: readonly string[]
  readonly skipPermissions: boolean
  readonly channels: readonly string[]
  readonly developmentChannels: readonly string[]
  /** What `←` forks: a worker that resumes the conversation, a spare that waits (field notes, section 1). */
  readonly background: 'worker' | 'spare' | null
}

const single = [
  '--session-id',
  '--resume',
  '--settings',
  '--permission-mode',
  '--model',
  '--background',
] as const
const flags = ['--print', '--dangerously-skip-permissions'] as const
const lists = ['--channels', '--dangerously-load-development-channels', '--allowedTools'] as const
const aliases: Readonly<Record<string, string>> = {
  '-p': '--print',
  '-r': '--resume',
  '--allowed-tools': '--allowedTools',
}

/**
 * Reads the client's arguments. A list swallows every word up to the next option or `--` (field notes, section 1).
 * Returns the client's own message for an option it does not know.
 */
export const readOptions = (words: readonly string[]): Options | string => {
  const values = new Map<string, string[]>()
  const rest = [...words]
  const prompt: string[] = []
  while (rest.length > 0) {
    const word = rest.shift() ?? ''
    if (word === '--') return toOptions(values, [...prompt, ...rest])
    const [written = word, inline] = word.startsWith('--') ? word.split(/=(.*)/s) : [word]
    const name = aliases[written] ?? written
    const kept = values.get(name) ?? []
    if (lists.some((list) => list === name))
      values.set(name, [...kept, ...(inline ? [inline] : takeList(rest))])
    else if (single.some((one) => one === name)) values.set(name, [inline ?? rest.shift() ?? ''])
    else if (flags.some((flag) => flag === name)) values.set(name, [])
    else if (word.startsWith('-')) return `error: unknown option '${written}'`
    else prompt.push(word)
  }
  return toOptions(values, prompt)
}

const takeList = (rest: string[]): readonly string[] => {
  const end = rest.findIndex((word) => word.startsWith('-'))
  return rest.splice(0, end === -1 ? rest.length : end)
}

const toOptions = (values: ReadonlyMap<string, readonly string[]>, prompt: readonly string[]): Options => {
  const one = (name: (typeof single)[number]) => values.get(name)?.[0] ?? null
  const list = (name: (typeof lists)[number]) => values.get(name) ?? []
  const background = one('--background')
  return {
    print: values.has('--print'),
    prompt: prompt[0] ?? null,
    sessionId: one('--session-id'),
    resume: one('--resume'),
    settings: readSettings(one('--settings') ?? '{}'),
    permissionMode: one('--permission-mode'),
    model: one('--model') ?? 'claude-opus-5-5',
    allowedTools: list('--allowedTools').flatMap((entry) => entry.split(',')),
    skipPermissions: values.has('--dangerously-skip-permissions'),
    channels: list('--channels'),
    developmentChannels: list('--dangerously-load-development-channels'),
    background: background === 'worker' || background === 'spare' ? background : null,
  }
}

/** `--settings` takes a file or the JSON itself. */
const readSettings = (given: string): Fields =>
  fields(JSON.parse(given.trim().startsWith('{') ? given : readFileSync(given, 'utf8')))
