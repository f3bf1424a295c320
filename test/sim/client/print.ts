import { randomUUID } from 'node:crypto'
import { isLoggedIn } from './auth.ts'
import { openConversation } from './conversation.ts'
import type { Options } from './options.ts'
import { noScreen } from './screen.ts'
import { type Servers, startServers } from './servers.ts'
import type { World } from './world.ts'

/**
 * `claude -p`: starts every enabled plugin, as a thief does (field notes, section 4), works on one prompt and prints the
 * answer. Without a terminal and without a prompt it is the error of section 1.
 */
export const runPrint = async (world: World, options: Options): Promise<number> => {
  const prompt = options.prompt ?? (process.stdin.isTTY ? '' : await readInput())
  if (prompt.trim() === '')
    return fail(
      'Error: Input must be provided either through stdin or as a prompt argument when using --print',
    )
  if (!isLoggedIn(world)) return fail('Not logged in · Please run /login')
  const stop: { servers: Servers | null } = { servers: null }
  const around = { world, options: { ...options, print: true }, screen: noScreen }
  const id = options.resume ?? options.sessionId ?? randomUUID()
  const talk = openConversation(id, { ...around, servers: () => stop.servers, report: () => undefined })
  const end = () => void stop.servers?.stop().then(() => talk.stop())
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end)
  stop.servers = await startServers({ ...around, conversation: talk.id, received: () => undefined })
  process.stdout.write(`${await talk.take({ content: prompt.trim(), origin: null })}\n`)
  await stop.servers.stop()
  return 0
}

const fail = (text: string): number => {
  process.stderr.write(`${text}\n`)
  return 1
}

const readInput = async (): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
