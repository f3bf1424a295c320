import { formatDuration, parseDuration } from './duration.ts'
import { notifySettings } from './notify/settings.ts'
import type { Session } from './session.ts'

/** What `channels set` shows and changes, that is a matter of the session's own record: folder and environment are not. */
export type SessionSetting = {
  readonly help: string
  readonly show: (session: Session) => string
  /** The session with this value, or what is wrong with the value in a sentence. */
  readonly change: (session: Session, value: string) => Session | { readonly fault: string }
}

export const sessionSettings: Readonly<Record<string, SessionSetting>> = {
  'permission-mode': {
    help: "the client's permission mode; empty for the client's own",
    show: ({ permissionMode }) => permissionMode ?? '',
    change: (session, value) => ({ ...session, permissionMode: value === '' ? null : value }),
  },
  model: {
    help: 'the model, as `claude --model` takes it; empty for the client’s own',
    show: ({ arguments: words }) => modelIn(words) ?? '',
    change: (session, value) => {
      if (value.startsWith('-') || (value !== '' && value.trim() === ''))
        return { fault: 'no model is called like that' }
      // Where there is only one, its place among the others and how it is written mean nothing.
      if (value !== '' && modelIn(session.arguments) === value && isOnce(session.arguments)) return session
      const words = withoutModel(session.arguments)
      const end = endOf(words)
      const model = value === '' ? [] : ['--model', value]
      return { ...session, arguments: [...words.slice(0, end), ...model, ...words.slice(end)] }
    },
  },
  arguments: {
    help: 'what the client gets besides, split at spaces; or a JSON list of words',
    show: ({ arguments: words }) =>
      words.some((word) => /\s/.test(word) || word === '') || words[0]?.startsWith('[')
        ? JSON.stringify(words)
        : words.join(' '),
    change: (session, value) => {
      const words = wordsOf(value)
      return words === null
        ? { fault: 'a list of words is written ["--one", "two words"]' }
        : { ...session, arguments: words }
    },
  },
  'dangerously-skip-permissions': {
    help: 'yes: whoever may write to the bot runs ANYTHING on this machine, unasked',
    show: ({ skipPermissions }) => (skipPermissions ? 'yes' : 'no'),
    change: (session, value) =>
      value === 'yes' || value === 'no'
        ? { ...session, skipPermissions: value === 'yes' }
        : { fault: 'it is yes or no' },
  },
  multiplexer: {
    help: 'what keeps its terminal, tmux or screen; only while it is down',
    show: ({ multiplexer }) => multiplexer,
    change: (session, value) =>
      value === 'tmux' || value === 'screen'
        ? { ...session, multiplexer: value }
        : { fault: 'it is tmux or screen' },
  },
  'restart.attempts': {
    help: 'so many unexplained ends within the window are a crash loop',
    show: ({ restart }) => String(restart.attempts),
    change: (session, value) =>
      /^[1-9]\d{0,5}$/.test(value)
        ? { ...session, restart: { ...session.restart, attempts: Number(value) } }
        : { fault: 'it is a whole number from 1 to 999999' },
  },
  'restart.window': {
    help: 'the time in which those ends are counted: 30m',
    show: ({ restart }) => formatDuration(restart.windowMs),
    change: (session, value) => withTime(session, value, 'windowMs'),
  },
  'restart.retry': {
    help: 'how long to wait between tries once it is one: 5m',
    show: ({ restart }) => formatDuration(restart.retryMs),
    change: (session, value) => withTime(session, value, 'retryMs'),
  },
  'restart.update': {
    help: 'for how long nobody has to have written before an updated client is started anew: 5m; or never',
    show: ({ restart: { updateMs } }) => (updateMs === null ? 'never' : formatDuration(updateMs)),
    change: (session, value) =>
      value === 'never'
        ? { ...session, restart: { ...session.restart, updateMs: null } }
        : withTime(session, value, 'updateMs'),
  },
  resume: {
    help: 'how to answer the picker for an old conversation after a restart of ours: ask, full or summary',
    show: ({ dialogs }) => dialogs.resume,
    change: (session, value) =>
      value === 'ask' || value === 'full' || value === 'summary'
        ? { ...session, dialogs: { ...session.dialogs, resume: value } }
        : { fault: 'it is ask, full or summary' },
  },
  development: {
    help: 'accept: the warning before development channels is answered at every start; else ask',
    show: ({ dialogs }) => dialogs.development,
    change: (session, value) =>
      value === 'ask' || value === 'accept'
        ? { ...session, dialogs: { ...session.dialogs, development: value } }
        : { fault: 'it is ask or accept' },
  },
  ...notifySettings,
}

const withTime = (
  session: Session,
  value: string,
  field: 'windowMs' | 'retryMs' | 'updateMs',
): Session | { readonly fault: string } => {
  const ms = parseDuration(value)
  return ms === null || ms === 0
    ? { fault: 'it is a time: 90s, 10m, 2h, 1d' }
    : { ...session, restart: { ...session.restart, [field]: ms } }
}

/** The client's own options end at `--`: a word behind it is no option. */
const endOf = (words: readonly string[]): number => {
  const end = words.indexOf('--')
  return end === -1 ? words.length : end
}

const modelIn = (words: readonly string[]): string | null => {
  const options = words.slice(0, endOf(words))
  const at = options.lastIndexOf('--model')
  if (at !== -1) return options[at + 1] ?? null
  return options.findLast((word) => word.startsWith('--model='))?.slice('--model='.length) ?? null
}

const isOnce = (words: readonly string[]): boolean =>
  words.slice(0, endOf(words)).filter((word) => word === '--model' || word.startsWith('--model=')).length ===
  1

const withoutModel = (words: readonly string[]): readonly string[] => {
  const end = endOf(words)
  return words.filter(
    (word, i) =>
      i >= end || !(word === '--model' || word.startsWith('--model=') || words[i - 1] === '--model'),
  )
}

const wordsOf = (value: string): readonly string[] | null => {
  if (!value.trimStart().startsWith('[')) return value.split(/\s+/).filter((word) => word !== '')
  try {
    const list: unknown = JSON.parse(value)
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : null
  } catch {
    return null
  }
}
