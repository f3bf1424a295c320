import type { ProcessId } from '../core/process.ts'
import type { World } from '../deps.ts'

/**
 * Whether a process is a Claude Code client. Its executable is called `claude`, or after its version where the native
 * installer put it (`…/claude/versions/2.1.330`); a script client is run as `node …/claude`. What `ps` shows as its
 * name can be the version (field notes, section 2), so that is not asked.
 */
export const isClient = (world: Pick<World, 'processes'>, process: ProcessId): boolean =>
  world.processes.ask(process, ({ executable, command }) => {
    if (/\/claude(\.exe)?$|\/claude\/versions\/[^/]+$/.test(executable()?.path ?? '')) return true
    const [, script] = command() ?? []
    return script !== undefined && /(^|\/)claude(\.c?js)?$|\/claude-code\/cli\.js$/.test(script)
  }) ?? false
