import { randomUUID } from 'node:crypto'
import { messagesFrom, wasInterrupted } from './history.ts'
import type { Message } from './model.ts'
import type { Options } from './options.ts'
import { permissionMode } from './permissions.ts'
import { openQueue, type Prompt } from './queue.ts'
import { runTool } from './run-tool.ts'
import type { Screen } from './screen.ts'
import type { Servers } from './servers.ts'
import type { Status } from './session-file.ts'
import { openShells } from './tools.ts'
import { openTranscript, readTranscript } from './transcript.ts'
import { runTurn } from './turn.ts'
import type { World } from './world.ts'

export type Conversation = {
  readonly id: () => string
  /** Works on it, or lets it wait its turn; resolves with the answer's text when this call did the work. */
  readonly take: (prompt: Prompt) => Promise<string>
  /** A command that there is not. */
  readonly unknown: (command: string) => void
  /** `/clear`: another id, nothing remembered (field notes, section 1). */
  readonly clear: () => void
  /** What was being worked on when the last client died, if that was asked for. */
  readonly resumeInterrupted: () => Promise<string>
  readonly stop: () => void
}

export type Surroundings = {
  readonly world: World
  readonly options: Options
  readonly screen: Screen
  readonly servers: () => Servers | null
  readonly report: (status: Status, waitingFor?: string) => void
}

export const openConversation = (first: string, around: Surroundings): Conversation => {
  const { world, options, screen } = around
  const mode = permissionMode(world, options)
  const stopped = new AbortController()
  let id = first
  let transcript = openTranscript(world, id, mode)
  let messages: Message[] = [...messagesFrom(readTranscript(world, id))]
  let busy = false
  const queue = openQueue(world, () => transcript)
  const report = () => around.report(busy ? 'busy' : shells.inBackground() > 0 ? 'shell' : 'idle')
  const shells = openShells(world, () => id, report)
  const waiting: Parameters<typeof runTool>[0]['waiting'] = (what) =>
    what === null ? around.report('busy') : around.report('waiting', what)
  const tools = { world, options, screen, shells, servers: around.servers, waiting }

  const work = () =>
    runTurn({
      ...{ world, options, screen, queue, transcript, messages, signal: stopped.signal },
      serverTools: around.servers()?.tools() ?? [],
      runTool: (name, input) => runTool(tools, name, input),
    })
  const whileBusy = async (doIt: () => Promise<string>): Promise<string> => {
    busy = true
    report()
    let text = await doIt()
    for (let next = dequeue(); next !== null; next = dequeue()) text = await begin(next)
    busy = false
    if (!stopped.signal.aborted) report()
    return text
  }
  // One that is being stopped begins nothing more: what waits stays in the queue, and in the transcript as waiting.
  const dequeue = () => (stopped.signal.aborted ? null : queue.dequeue())
  const begin = (prompt: Prompt) => {
    const { content, origin } = prompt
    const meta = origin === null ? {} : { isMeta: true, origin }
    transcript.add({ type: 'user', message: { role: 'user', content }, ...meta, permissionMode: mode })
    messages.push({ role: 'user', content })
    screen.show(origin === null ? `❯ ${content}` : `← ${content}`)
    return work()
  }
  return {
    id: () => id,
    take: async (prompt) => {
      // What is typed into an idle client is no row of the queue, what a channel brings is (seen on both versions).
      if (!busy && prompt.origin === null) return whileBusy(() => begin(prompt))
      queue.enqueue(prompt)
      return busy ? '' : whileBusy(async () => '')
    },
    unknown: (command) => {
      const content = `Unknown command: ${command}`
      transcript.add({ type: 'system', subtype: 'informational', content, level: 'warning' })
    },
    clear: () => {
      id = randomUUID()
      transcript = openTranscript(world, id, mode)
      messages = []
      // The new transcript is there at once, with the command in it (seen on both versions).
      const content = '<command-name>/clear</command-name>'
      transcript.add({ type: 'user', message: { role: 'user', content }, commandRow: true })
      around.servers()?.registerAgain()
      report()
    },
    resumeInterrupted: async () => {
      if (world.environment.CLAUDE_CODE_RESUME_INTERRUPTED_TURN !== '1') return ''
      const age = Number(
        world.environment.CLAUDE_CODE_RESUME_INTERRUPTED_TURN_MAX_AGE_MS ?? Number.POSITIVE_INFINITY,
      )
      return wasInterrupted(readTranscript(world, id), age, Date.now()) ? whileBusy(work) : ''
    },
    stop: () => {
      stopped.abort()
      shells.stop()
    },
  }
}
