import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pluginKey } from '../../../src/core/channel.ts'
import { signal } from '../../sim/processes.ts'
import { until } from '../../sim/until.ts'
import type { Fault } from './fault.ts'
import { findPoller, pollerOf } from './targets.ts'

/** Another session that loads the plugin with this bot's state folder: it takes the messages and drops them. */
export const thief: Fault = {
  named: ['poller-stolen', 'poller-contested', 'plugin-exited', 'starting'],
  forMs: [5_000, 9_000],
  deaf: 'until-restart',
  loses: 'polled',
  mutes: true,
  hits: 'session',
  provoke: async ({ home, ward, forMs }) => {
    if ((await findPoller(ward)) === null) return { missed: 'nothing there to be stolen' }
    const cwd = join(home.root, 'elsewhere')
    mkdirSync(cwd, { recursive: true })
    const settings = JSON.stringify({ enabledPlugins: { [pluginKey(home.channel) ?? '']: true } })
    const prompt = `slow: ${Math.ceil(forMs / 1_000)}`
    const before = home.processes().map(({ pid }) => pid)
    // How it ends is nothing to us; that it does is waited for.
    const ended = home
      .claude(['-p', '--model', 'thief', '--settings', settings, prompt], {
        cwd,
        env: { TELEGRAM_STATE_DIR: ward.stateDir },
      })
      .catch(() => undefined)
    const own = () =>
      home.processes().filter(({ pid, argv }) => !before.includes(pid) && argv.includes('thief'))
    const end = async (): Promise<void> => {
      for (const { pid } of own()) signal(pid, 'SIGTERM')
      await ended
    }
    let stolenAt = 0
    try {
      await until(
        'the thief',
        () => pollerOf(ward)?.env.CHANNELS_SESSION !== ward.name && pollerOf(ward) !== null,
      )
      stolenAt = Date.now()
    } catch (error) {
      await end()
      return { missed: error instanceof Error ? error.message : String(error) }
    }
    return {
      feltAt: () => stolenAt,
      mend: async () => {
        await end()
        const { sessions } = await home.status()
        const isContested = sessions.some(
          ({ name, reason }) => name === ward.name && reason === 'poller-contested',
        )
        // As its remedy says, now that the other session is closed.
        if (isContested) await home.channels(['restart', ward.name])
      },
    }
  },
}
