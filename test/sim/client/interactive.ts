import { randomUUID } from 'node:crypto'
import { forkIntoBackground, hasAgentView } from './background.ts'
import { bannerLines } from './banner.ts'
import { type Conversation, openConversation } from './conversation.ts'
import type { Key } from './keys.ts'
import type { Options } from './options.ts'
import { openPrompt } from './prompt.ts'
import { channelPrompt } from './queue.ts'
import { noScreen, openScreen } from './screen.ts'
import { type Servers, startServers } from './servers.ts'
import { openSessionFile, type SessionFile } from './session-file.ts'
import { passDialogs } from './start-up.ts'
import type { World } from './world.ts'

/** A session at a terminal, or one of `←`'s without; resolves with the exit status. */
export const runInteractive = (world: World, options: Options): Promise<number> =>
  new Promise((ended) => {
    let conversation: Conversation | null = null
    let servers: Servers | null = null
    let sessionFile: SessionFile | null = null
    let leaving = false
    const typed = { press: (_key: Key): void => undefined }
    const usualHint = hasAgentView(world) ? '? for shortcuts · ← for agents' : '? for shortcuts'
    const screen = options.background === null ? openScreen(usualHint, (key) => typed.press(key)) : noScreen

    const leave = async (status: number) => {
      if (leaving) return
      leaving = true
      conversation?.stop()
      await servers?.stop()
      sessionFile?.remove()
      const id = conversation?.id()
      screen.close(id === undefined ? '' : `\r\nResume this session with:\r\nclaude --resume ${id}\r\n`)
      ended(status)
    }
    watchSignals((status) => void leave(status))

    const begin = async () => {
      await new Promise((done) => setTimeout(done, world.knobs.startMs))
      const file = openSessionFile(world)
      sessionFile = file
      const refused = await passDialogs(world, options, screen)
      if (refused !== null) return leave(refused)
      const around = { world, options, screen, servers: () => servers }
      const report: Parameters<typeof openConversation>[1]['report'] = (status, waitingFor) =>
        leaving ? undefined : file.write(conversation?.id() ?? '', status, waitingFor)
      const talk = openConversation(options.resume ?? options.sessionId ?? randomUUID(), {
        ...around,
        report,
      })
      conversation = talk
      typed.press = openPrompt({
        world,
        screen,
        talk,
        leave: (status) => void leave(status),
        fork: () => forkIntoBackground(world, options, talk.id()),
      })
      for (const line of bannerLines(world, options)) screen.show(line)
      report('idle')
      const received: Parameters<typeof startServers>[0]['received'] = (message) =>
        void talk.take(channelPrompt(message))
      const started = await startServers({ world, options, conversation: talk.id, received })
      if (leaving) return started.stop()
      servers = started
      if (options.resume !== null) await talk.resumeInterrupted()
    }
    void begin()
  })

/** Exit statuses of section 1: SIGINT 0, SIGTERM 143, SIGHUP 129, but 0 when a SIGTERM comes with it. */
const watchSignals = (leave: (status: number) => void) => {
  let hung: NodeJS.Timeout | null = null
  process.on('SIGINT', () => leave(0))
  process.on('SIGHUP', () => {
    hung = setTimeout(() => leave(129), 50)
  })
  process.on('SIGTERM', () => {
    if (hung !== null) clearTimeout(hung)
    leave(hung === null ? 143 : 0)
  })
}
