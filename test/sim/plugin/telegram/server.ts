// A channel plugin for Telegram after the contract of field notes, section 3: a stdio MCP server without packages. Bun
// runs this folder as it is, Node runs it bundled. After start-up it prints nothing, whatever happens (section 2).
import { answerApprovals } from '../shared/approvals.ts'
import { serveRpc } from '../shared/rpc.ts'
import { homeConfig, openState } from '../shared/state.ts'
import { connectBot } from './bot-api.ts'
import { receive } from './inbound.ts'
import { relayPermissions } from './permission.ts'
import { pollUpdates } from './poll.ts'
import { leaveSlot, takeSlot } from './slot.ts'
import { callTool, instructions, toolList } from './tools.ts'

// Field notes, section 3: the official poller is gone at most 7 s after its client; 5 s to notice, 2 s to stop.
const orphanCheckMs = 5000
const stopMs = 2000
// The first platform error has to be printed before the client connects, later ones are copied nowhere (section 2).
const firstAnswerMs = 200

const main = async () => {
  const config = process.env.CLAUDE_CONFIG_DIR ?? homeConfig()
  const state = openState({ name: 'telegram', format: '123456789:AAH...', config }, process.env)
  if (state === null) {
    process.exitCode = 1
    return
  }
  const stop = new AbortController()
  const bot = connectBot(
    state.settings.TELEGRAM_API_ROOT ?? 'https://api.telegram.org',
    state.token,
    stop.signal,
  )
  takeSlot(state.dir)

  const rpc = serveRpc({
    name: 'telegram',
    experimental: { 'claude/channel': {}, 'claude/channel/permission': {} },
    instructions,
    tools: toolList,
    callTool: (name, input) => callTool(bot, name, input),
    notified: (method, params) => relay(method, params),
  })
  const relay = relayPermissions(bot, state.dir, rpc.notify)
  const handle = (update: unknown) => receive(update, { bot, stateDir: state.dir, notify: rpc.notify, relay })
  // The official plugin connects first, and then calls deleteWebhook, getMe and getUpdates. Here that begins before, so
  // that a refusal is printed in time on a slow machine, too; what waited is handed over before the client listens.
  const first = pollUpdates(bot, handle, stop.signal)
  const timers = [
    answerApprovals((chat_id, text) => bot.call('sendMessage', { chat_id, text }), state.dir),
    setInterval(() => (rpc.isOpen() ? undefined : leave()), orphanCheckMs),
  ]

  const leave = () => {
    if (stop.signal.aborted) return
    for (const timer of timers) clearInterval(timer)
    leaveSlot(state.dir)
    stop.abort()
    process.stdin.destroy()
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), stopMs).unref()
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave)

  await Promise.race([first, new Promise((done) => setTimeout(done, firstAnswerMs))])
  rpc.listen()
}

void main()
