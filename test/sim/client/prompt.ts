import { readdirSync } from 'node:fs'
import { hasAgentView } from './background.ts'
import type { Conversation } from './conversation.ts'
import type { Key } from './keys.ts'
import type { Screen } from './screen.ts'
import type { World } from './world.ts'

export type PromptParts = {
  readonly world: World
  readonly screen: Screen
  readonly talk: Conversation
  readonly leave: (status: number) => void
  readonly fork: () => void
}

/** Of a name that is not whole Enter takes the first that it offers (seen on both versions). */
const commands = ['/bg', '/clear', '/exit', '/quit'] as const

const offered = (input: string): readonly string[] =>
  /^\/\S*$/.test(input) ? commands.filter((command) => command.startsWith(input)) : []

/** Lines that end it, as they are and alone (both versions). */
const farewells: readonly string[] = ['/exit', '/quit', 'exit', 'quit', ':q', ':q!', ':wq', ':wq!']

const mention = /(?<=^|\s)@([\w./-]*)$/

/** Files that it offers for a mention the line ends in; Enter takes the first, and submits nothing (2.1.139). */
const filesOffered = (input: string, cwd: string): readonly string[] => {
  const begun = mention.exec(input)?.[1]
  return begun === undefined ? [] : readdirSync(cwd).filter((name) => name.startsWith(begun))
}

// How long the first Ctrl-C waits for the second.
const twiceMs = 1000

/** The line at the bottom of a session: takes keys, submits on Enter, knows `/clear`, `/exit`, `/bg`, offers files. */
export const openPrompt = (parts: PromptParts): ((key: Key) => void) => {
  const { world, screen, talk } = parts
  let input = ''
  let interrupted = 0
  const set = (text: string) => {
    input = text
    screen.setInput(text)
    const lines = [
      ...offered(text).map((command) => `  ${command}   Does it`),
      ...filesOffered(text, world.cwd).map((name) => `+ ${name}`),
    ]
    screen.hint(lines.length === 0 ? null : lines.join('\r\n'))
  }
  const fork = () => {
    if (!hasAgentView(world)) return
    parts.fork()
    screen.show('  Session is running in the background')
  }
  const submit = (typed: string) => {
    const [file] = filesOffered(typed, world.cwd)
    if (file !== undefined) return set(typed.replace(mention, `@${file} `))
    const line = offered(typed.trim())[0] ?? typed.trim()
    set('')
    if (line === '') return
    if (farewells.includes(line)) return parts.leave(0)
    if (line === '/clear') return talk.clear()
    if (line === '/bg') return fork()
    if (/^\/[^\s/]+(\s|$)/.test(line)) return talk.unknown(line.split(/\s/, 1)[0] ?? line)
    void talk.take({ content: line, origin: null })
  }
  const interrupt = () => {
    if (Date.now() - interrupted < twiceMs) return parts.leave(0)
    interrupted = Date.now()
    set('')
    screen.hint('Press Ctrl-C again to exit')
    setTimeout(() => screen.hint(null), twiceMs).unref()
  }
  return (key) => {
    if (key.is === 'text') set(input + key.text)
    if (key.is === 'backspace') set(input.slice(0, -1))
    if (key.is === 'ctrl-u') set('')
    if (key.is === 'enter') submit(input)
    if (key.is === 'left' && input === '') fork()
    if (key.is === 'ctrl-c') interrupt()
    if (key.is === 'ctrl-z') suspend(screen)
  }
}

/**
 * No keyboard from here, the channel goes on answering, until SIGCONT (field notes, section 1). Below a shell with job
 * control SIGTSTP stops the process for real; in a pane of its own there is nobody to continue it and it runs on.
 */
const suspend = (screen: Screen) => {
  screen.suspend()
  process.stdout.write('\r\nClaude Code is suspended. Run `fg` to bring it back.\r\n')
  process.once('SIGCONT', screen.restore)
  process.kill(process.pid, 'SIGTSTP')
}
