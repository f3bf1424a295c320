// A channel plugin for Discord after the contract of the official one, 0.0.4 (its source): a stdio MCP server without
// packages. It connects to the client first and to Discord afterwards, so a token that is refused ends it behind the
// handshake, where the client copies nothing of what it says any more (field notes, section 2).
import { answerApprovals } from '../shared/approvals.ts'
import { serveRpc } from '../shared/rpc.ts'
import { homeConfig, openState } from '../shared/state.ts'
import { login } from './gateway.ts'
import { receive } from './inbound.ts'
import { connectRest } from './rest.ts'
import { callTool, instructions, toolList } from './tools.ts'

const stopMs = 2000

const main = () => {
  const bot = { name: 'discord', format: 'MTIz...', config: homeConfig() } as const
  const state = openState(bot, process.env)
  if (state === null) {
    process.exitCode = 1
    return
  }
  const stop = new AbortController()
  const apiRoot = state.settings.DISCORD_API_ROOT ?? 'https://discord.com/api/v10'
  const rest = connectRest(apiRoot, state.token, stop.signal)
  const rpc = serveRpc({
    name: 'discord',
    experimental: { 'claude/channel': {} },
    instructions,
    tools: toolList,
    callTool: (name, input) => callTool(rest, state.dir, name, input),
    notified: (method) => {
      if (method === 'notifications/initialized') void connect()
    },
  })
  const handle = (message: unknown) => receive(message, { rest, stateDir: state.dir, notify: rpc.notify })
  const connect = () =>
    login(rest, handle, stop.signal).then(
      (username) => process.stderr.write(`discord channel: gateway connected as ${username}\n`),
      (error) => {
        if (stop.signal.aborted) return
        process.stderr.write(`discord channel: login failed: ${String(error)}\n`)
        process.exitCode = 1
        leave()
      },
    )
  const say = (chatId: string, text: string) =>
    rest.call('POST', `/channels/${chatId}/messages`, { content: text })
  const approvals = answerApprovals(say, state.dir)

  const leave = () => {
    if (stop.signal.aborted) return
    clearInterval(approvals)
    stop.abort()
    process.stdin.destroy()
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), stopMs).unref()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, leave)
  void rpc.closed.then(leave)
  rpc.listen()
}

main()
