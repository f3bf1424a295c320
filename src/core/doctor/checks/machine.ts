import type { Checks } from './check.ts'

const machine = { of: 'machine', needs: [], reasons: [] } as const

/** What holds for all sessions. */
export const machineChecks = {
  configuration: { ...machine, title: 'configuration', looksAt: 'our configuration file' },
  modes: {
    ...machine,
    title: 'modes',
    looksAt:
      'our folders, the bots’ state folders and the files in them: modes, whose they are, where links lead',
  },
  disk: { ...machine, title: 'disk', looksAt: 'the room on the disks of our state and of the client’s' },
  keeper: {
    ...machine,
    title: 'keeper',
    looksAt: 'the keeper’s record, its process, and when it looked last',
    needs: ['configuration'],
  },
  service: {
    ...machine,
    title: 'start at boot',
    looksAt: 'systemd or launchd: the unit or agent, and lingering',
  },
  shell: {
    ...machine,
    title: 'this shell',
    looksAt: 'variables exported here that a `claude` started by hand would go by',
  },
} as const satisfies Checks
