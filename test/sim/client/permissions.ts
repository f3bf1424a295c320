import { join } from 'node:path'
import { type Fields, fields, readJson, strings } from './json.ts'
import type { Options } from './options.ts'
import { since, type World } from './world.ts'

export type Verdict = 'allow' | 'deny' | 'ask'

/** The mode a session is in: from 2.1.330 one signed in by key starts in `auto` (field notes, section 3). */
export const permissionMode = (world: World, options: Options): string => {
  if (options.skipPermissions) return 'bypassPermissions'
  const byKey = (world.environment.ANTHROPIC_API_KEY ?? '') !== ''
  return options.permissionMode ?? (byKey && since(world.version, '2.1.330') ? 'auto' : 'default')
}

/**
 * Whether a tool may run: rules of the user's settings, `--settings` and `--allowedTools`, deny first. In mode `default`
 * even the channel's answer asks (section 3).
 */
export const judge = (world: World, options: Options, tool: string, input: Fields): Verdict => {
  const settings = [readJson(join(world.config, 'settings.json')), options.settings].map((one) =>
    fields(one.permissions),
  )
  const matches = (rule: string) => matchesRule(world, rule, tool, input)
  if (settings.flatMap((one) => strings(one.deny)).some(matches)) return 'deny'
  const allowed = [...settings.flatMap((one) => strings(one.allow)), ...options.allowedTools]
  if (allowed.some(matches)) return 'allow'
  const mode = permissionMode(world, options)
  if (mode === 'auto' || mode === 'bypassPermissions') return 'allow'
  if (mode === 'dontAsk') return 'deny'
  const path = String(input.file_path ?? '')
  return tool === 'Read' && (path === world.cwd || path.startsWith(`${world.cwd}/`)) ? 'allow' : 'ask'
}

const matchesRule = (world: World, rule: string, tool: string, input: Fields): boolean => {
  const [, name = rule, pattern] = /^([^(]+)(?:\((.*)\))?$/s.exec(rule) ?? []
  if (name !== tool && !(name.endsWith('*') && tool.startsWith(name.slice(0, -1)))) return false
  if (pattern === undefined) return true
  // In a command a star stands for anything, a slash too; in a path two of them do.
  if (tool === 'Bash')
    return globPattern(pattern.replace(/:\*$/, '*').replaceAll('*', '**')).test(String(input.command ?? ''))
  return globPattern(absolute(world, pattern)).test(String(input.file_path ?? ''))
}

/** The client's spelling of paths in rules: `//abs`, `~/home`, `/relative to the settings`, else relative to the folder. */
const absolute = (world: World, pattern: string): string => {
  if (pattern.startsWith('//')) return pattern.slice(1)
  if (pattern.startsWith('~/')) return join(world.environment.HOME ?? '', pattern.slice(2))
  return join(world.cwd, pattern)
}

const globPattern = (glob: string): RegExp => {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\?]/g, '\\$&')
    .replaceAll('**', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '.*')
  return new RegExp(`^${source}$`, 's')
}
