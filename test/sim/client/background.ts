import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Options } from './options.ts'
import { transcriptFile } from './transcript.ts'
import type { World } from './world.ts'

/** Whether `←` and `/bg` are there: CLAUDE_CODE_DISABLE_AGENT_VIEW=1 takes them away (field notes, section 1). */
export const hasAgentView = (world: World): boolean =>
  world.environment.CLAUDE_CODE_DISABLE_AGENT_VIEW !== '1'

/**
 * Sends the session into the background: a worker with the same conversation, settings and channels, and a spare client
 * that starts the plugin too. With ours these are three pollers, and they outlive the pane (section 1).
 */
export const forkIntoBackground = (world: World, options: Options, conversation: string) => {
  const known = existsSync(transcriptFile(world, conversation)) ? '--resume' : '--session-id'
  const settings = ['--settings', JSON.stringify(options.settings)]
  const channels = options.channels.length === 0 ? [] : ['--channels', ...options.channels]
  start(world, ['--background', 'worker', known, conversation, ...settings, ...channels])
  start(world, ['--background', 'spare', ...settings])
}

const start = (world: World, words: readonly string[]) => {
  const env = { ...world.environment }
  spawn(process.execPath, [process.argv[1] ?? '', ...words], {
    cwd: world.cwd,
    env,
    detached: true,
    stdio: 'ignore',
  }).unref()
}
