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

// How long the first Ctrl-C waits for the second.
const twiceMs = 1000

/** The line at the bottom of a session: takes keys, submits on Enter, knows `/clear`, `/exit`, `/bg`. */
export const openPrompt = (parts: PromptParts): ((key: Key) => void) => {
  const { world, screen, talk } = parts
  let input = ''
  let interrupted = 0
  const set = (text: string) => {
    input = text
    screen.setInput(text)
    const offers = offered(text)
    screen.hint(offers.length === 0 ? null : offers.map((command) => `  ${command}   Does it`).join('\r\n'))
  }
  const fork = () => {
    if (!hasAgentView(world)) return
    parts.fork()
    screen.show('  Session is running in the background')
  }
  const submit = (typed: string) => {
    const line = offered(typed)[0] ?? typed
    set('')
    if (line === '') return
    if (line === '/exit' || line === '/quit') return parts.leave(0)
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
    if (key.is === 'enter') submit(input.trim())
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
