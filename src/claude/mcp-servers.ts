import { join } from 'node:path'
import type { ClientPaths } from '../core/client.ts'
import { asFields, type Fields, objectField, textField } from './fields.ts'
import { readSettings } from './json-file.ts'

/** An MCP server by its name, as a person set it up. */
export type McpServer = {
  readonly command: string
  readonly args: readonly string[]
  /** The file that names it. */
  readonly file: string
  /** The file in which the person refused it; the client then never starts it, whatever else says. Null: none. */
  readonly refusedIn: string | null
}

/**
 * The server that the client means by `server:<name>`: of what it was told for this folder alone (`claude mcp add`), of
 * the folder's `.mcp.json`, or of what it was told for all folders, in this order. Null where none of them names it, or
 * names one that is no program of this machine. Never throws.
 */
export const mcpServer = (paths: ClientPaths, cwd: string, name: string): McpServer | null => {
  for (const { file, servers, isAsked } of places(paths, cwd)) {
    const found = objectField(servers, name)
    const command = found === null ? null : textField(found, 'command')
    if (found !== null && command !== null)
      return { command, args: wordsIn(found.args), file, refusedIn: isAsked ? refusedIn(cwd, name) : null }
  }
  return null
}

/** The names that could have been meant. Never throws. */
export const mcpServerNames = (paths: ClientPaths, cwd: string): readonly string[] => [
  ...new Set(places(paths, cwd).flatMap(({ servers }) => Object.keys(servers))),
]

/** `isAsked`: the client asks the person about these servers before it starts one. */
type Place = { readonly file: string; readonly isAsked: boolean; readonly servers: Fields }

const places = (paths: ClientPaths, cwd: string): readonly Place[] => {
  const json = fieldsOf(paths.json)
  const ofFolder = objectField(objectField(json, 'projects') ?? {}, cwd) ?? {}
  const project = join(cwd, '.mcp.json')
  return [
    { file: paths.json, isAsked: false, servers: objectField(ofFolder, 'mcpServers') ?? {} },
    { file: project, isAsked: true, servers: objectField(fieldsOf(project), 'mcpServers') ?? {} },
    { file: paths.json, isAsked: false, servers: objectField(json, 'mcpServers') ?? {} },
  ]
}

/** Seen on 2.1.139 and 2.1.330: `disabledMcpjsonServers` wins over what `--settings` enables. */
const refusedIn = (cwd: string, name: string): string | null => {
  const file = join(cwd, '.claude', 'settings.local.json')
  return wordsIn(fieldsOf(file).disabledMcpjsonServers).includes(name) ? file : null
}

const fieldsOf = (file: string): Fields => asFields(readSettings(file)) ?? {}

const wordsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []
