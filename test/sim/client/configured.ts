import { join } from 'node:path'
import type { McpServer } from './installed.ts'
import { type Fields, fields, readJson, strings, writeJson } from './json.ts'
import type { Options } from './options.ts'
import { fieldsOfProject, type World } from './world.ts'

/**
 * The servers a person configured, started beside those of plugins: of the folder's `.mcp.json` as far as it was agreed
 * to, of `~/.claude.json` for everywhere and for this folder, for which nobody is asked (seen on 2.1.139 and 2.1.330).
 */
export const configuredServers = (world: World, options: Options): readonly McpServer[] => {
  const json = readJson(world.json)
  const agreed = Object.entries(ofFolder(world)).filter(([name]) => answer(world, options, name) === 'yes')
  const found = [
    ...Object.entries(fields(json.mcpServers)),
    ...agreed,
    ...Object.entries(fields(fieldsOfProject(json, world.cwd).mcpServers)),
  ]
  return [...new Map(found)].map(([name, definition]) => ({
    name,
    command: String(fields(definition).command),
    arguments: strings(fields(definition).args),
    environment: fields(fields(definition).env),
    plugin: null,
  }))
}

/** What `.mcp.json` of the folder names and nobody has answered for. */
export const unansweredServers = (world: World, options: Options): readonly string[] =>
  Object.keys(ofFolder(world)).filter((name) => answer(world, options, name) === null)

/** Answers for a server, in the folder's own settings (seen). */
export const answerFor = (world: World, name: string, yes: boolean) => {
  const key = yes ? 'enabledMcpjsonServers' : 'disabledMcpjsonServers'
  const settings = readJson(ownSettings(world))
  writeJson(ownSettings(world), { ...settings, [key]: [...strings(settings[key]), name] })
}

const ofFolder = (world: World): Fields => fields(readJson(join(world.cwd, '.mcp.json')).mcpServers)

/** A no in settings of the folder or the user stands, whatever `--settings` says; a yes may stand in any (seen on both). */
const answer = (world: World, options: Options, name: string): 'yes' | 'no' | null => {
  const user = readJson(join(world.config, 'settings.json'))
  const files = [readJson(ownSettings(world)), readJson(join(world.cwd, '.claude', 'settings.json')), user]
  if (files.some(({ disabledMcpjsonServers }) => strings(disabledMcpjsonServers).includes(name))) return 'no'
  const all = [options.settings, ...files]
  const isAgreed = all.some(
    ({ enabledMcpjsonServers, enableAllProjectMcpServers }) =>
      enableAllProjectMcpServers === true || strings(enabledMcpjsonServers).includes(name),
  )
  return isAgreed ? 'yes' : null
}

const ownSettings = (world: World): string => join(world.cwd, '.claude', 'settings.local.json')
