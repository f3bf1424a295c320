// A channel plugin for Telegram after the contract of field notes, section 3: a stdio MCP server without packages. Bun
// runs this folder as it is, Node runs it bundled. After start-up it prints nothing, whatever happens (section 2).
import { answerApprovals } from './approvals.ts'
import { connectBot } from './bot-api.ts'
import { receive } from './inbound.ts'
import { relayPermissions } from './permission.ts'
import { pollUpdates } from './poll.ts'
import { serveRpc } from './rpc.ts'
import { leaveSlot, takeSlot } from './slot.ts'
import { openState } from './state.ts'
import { callTool, instructions, toolList } from './tools.ts'

// Field notes, section 3: the official poller is gone at most 7 s after its client; 5 s to notice, 2 s to stop.
const orphanCheckMs = 5000
const stopMs = 2000
// The first platform error has to be printed before the client connects, later ones are copied nowhere (section 2).
const firstAnswerMs = 200

// The official plugin connects first; then its bot calls deleteWebhook, getMe and getUpdates, each a round trip to
// Telegram of 50 ms and more, and the client has registered the channel long before the first message is there. A Bot
// API on this machine answers in 2 ms, and what is handed over before the client has registered is lost. So nothing is
// fetched until the client has its tools, the last thing it asks before it registers, and two round trips more. What
// differs: deleteWebhook comes before the connection, so that its refusal is printed in time on a slow machine, too.
const roundTripMs = 50

const main = async () => {
  const state = openState(process.env)
  if (state === null) {
    process.exitCode = 1
    return
  }
  const stop = new AbortController()
  const bot = connectBot(state.apiRoot, state.token, stop.signal)
  takeSlot(state.dir)

  const rpc = serveRpc({
    instructions,
    tools: toolList,
    callTool: (name, input) => callTool(bot, name, input),
    notified: (method, params) => relay(method, params),
  })
  const relay = relayPermissions(bot, state.dir, rpc.notify)
  const handle = (update: unknown) => receive(update, { bot, stateDir: state.dir, notify: rpc.notify, relay })
  const ready = rpc.met.then(() => new Promise((done) => setTimeout(done, 2 * roundTripMs)))
  const first = pollUpdates(bot, handle, stop.signal, ready)
  const timers = [
    answerApprovals(bot, state.dir),
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
