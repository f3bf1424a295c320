import { parseChannelId } from '../../core/channel.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError, exitStatus } from '../../errors.ts'
import { type AskedChannel, type DescribeChannel, withoutBot } from './plan.ts'

/**
 * An own channel: a plugin that has to be there to be installed, or an MCP server the client knows. Throws an
 * ExpectedError (1) for a server that nothing names, or that the person refused before.
 */
export const describeOwn: DescribeChannel = async (asked, deps) => {
  const { id, kind, stateDir, development } = asked
  const channel = parseChannelId(id)
  if (channel?.type === 'server') checkServer(channel.server, asked, deps)
  return {
    ...withoutBot,
    channel: { id, kind, stateDir, account: null, botId: null, development, server: null },
    environment: {},
  }
}

const checkServer = (name: string, { paths, cwd, tell, ask }: AskedChannel, { claude }: Deps): void => {
  const server = claude.mcpServer(paths, cwd, name)
  if (server === null)
    throw missing(name, cwd, claude.mcpServerElsewhere(paths, cwd, name), claude.mcpServers(paths, cwd))
  if (server.refusedIn !== null)
    throw new ExpectedError(
      exitStatus.wrong,
      `The MCP server \`${name}\` was refused in this folder: ${server.refusedIn} lists it under disabledMcpjsonServers.`,
      'Take it out of that list, then run the same command again. Nothing was changed.',
    )
  if (ask !== null)
    tell.done(`MCP server ${name}: ${[server.command, ...server.args].join(' ')} (${server.file})`)
}

const missing = (
  name: string,
  cwd: string,
  elsewhere: string | null,
  servers: readonly { readonly name: string }[],
): ExpectedError => {
  if (elsewhere !== null)
    return new ExpectedError(
      exitStatus.wrong,
      `${elsewhere} names no program by \`${name}\`: a channel is one that Claude starts, not an address.`,
      'Give it a `command` there, then run the same command again. Nothing was changed.',
    )
  // The client knows servers by names that no channel can have.
  const known = servers.map((each) => `server:${each.name}`).filter((id) => parseChannelId(id) !== null)
  return new ExpectedError(
    exitStatus.wrong,
    `No MCP server is called \`${name}\`: ${cwd}/.mcp.json does not name it, nor does the client's own file.`,
    known.length === 0
      ? `Name it there under mcpServers, or run \`claude mcp add ${name} -- <command>\` in ${cwd}. Nothing was changed.`
      : `There are: ${known.join(', ')}. Nothing was changed.`,
  )
}
