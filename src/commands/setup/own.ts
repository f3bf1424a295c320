import { parseChannelId } from '../../core/channel.ts'
import type { Session } from '../../core/session.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { type AskedChannel, type DescribeChannel, withoutBot } from './plan.ts'

/**
 * An own channel: a plugin that has to be there to be installed, or an MCP server the client knows, which is agreed to
 * as the file that names it now does. Throws an ExpectedError (1) for a server that nothing names, or that was refused
 * before.
 */
export const describeOwn: DescribeChannel = async (asked, deps) => {
  const { id, kind, stateDir, development } = asked
  const channel = parseChannelId(id)
  const agreedIn = channel?.type === 'server' ? checkServer(channel.server, asked, deps) : null
  return {
    ...withoutBot,
    channel: { id, kind, stateDir, account: null, botId: null, development, server: null, agreedIn },
    environment: {},
  }
}

/**
 * The servers of a session about which the client will ask, each with the command that agrees to it: nobody did, or to
 * one that another file named. Sentences.
 */
export const askedAbout = (session: Session, { claude }: Deps): readonly string[] => {
  const agreed = claude.agreedServers(session)
  return session.channels.flatMap(({ id }) => {
    const channel = parseChannelId(id)
    if (channel?.type !== 'server' || agreed.includes(channel.server)) return []
    const found = claude.findMcpServer(claude.sessionPaths(session), session, channel.server)
    if (found.is !== 'program' || found.server.askedIn === null || found.server.refusedIn !== null) return []
    return [
      `Claude will ask whether to start the MCP server ${channel.server} that ${found.server.file} names: nobody agreed to that one yet. \`channels setup ${id} --session ${session.name}\` shows it and agrees to it.`,
    ]
  })
}

/** The file in which the server is agreed to; null where the client asks nothing about it. */
const checkServer = (
  name: string,
  { paths, cwd, options, tell, ask }: AskedChannel,
  { claude }: Deps,
): string | null => {
  const told = { cwd, arguments: options.clientArguments }
  const found = claude.findMcpServer(paths, told, name)
  if (found.is === 'unknown') return null
  if (found.is === 'no-program') throw noProgram(name, found.file)
  if (found.is === 'nothing') throw missing(name, cwd, found.only, claude.mcpServers(paths, told))
  const { server } = found
  if (server.refusedIn !== null) {
    const { file, whose } = server.refusedIn
    throw new ExpectedError(
      exitStatus.wrong,
      `The MCP server \`${name}\` was refused${whose === 'person' ? '' : ' by this machine’s administrator'}: ${file} lists it under disabledMcpjsonServers.`,
      whose === 'person'
        ? 'Take it out of that list, then run the same command again. Nothing was changed.'
        : 'The administrator can take it out of that list; then run the same command again. Nothing was changed.',
    )
  }
  if (ask !== null)
    tell.done(`MCP server ${name}: ${[server.command, ...server.args].join(' ')} (${server.file})`)
  return server.askedIn
}

const noProgram = (name: string, file: string): ExpectedError =>
  new ExpectedError(
    exitStatus.wrong,
    `${file} names no program by \`${name}\`: a channel is one that Claude starts, not an address.`,
    'Give it a `command` there, then run the same command again. Nothing was changed.',
  )

const missing = (
  name: string,
  cwd: string,
  only: string | null,
  servers: readonly { readonly name: string }[],
): ExpectedError => {
  // The client knows servers by names that no channel can have.
  const known = servers.map((each) => `server:${each.name}`).filter((id) => parseChannelId(id) !== null)
  const there = known.length === 0 ? null : `There are: ${known.join(', ')}. Nothing was changed.`
  if (only !== null)
    return new ExpectedError(
      exitStatus.wrong,
      `No MCP server is called \`${name}\`: ${only}, beside which no other file counts, does not name it.`,
      there ?? 'This machine’s administrator can name it there. Nothing was changed.',
    )
  return new ExpectedError(
    exitStatus.wrong,
    `No MCP server is called \`${name}\`: ${cwd}/.mcp.json does not name it, nor does the client's own file.`,
    there ??
      `Name it there under mcpServers, or run \`claude mcp add ${name} -- <command>\` in ${cwd}. Nothing was changed.`,
  )
}
