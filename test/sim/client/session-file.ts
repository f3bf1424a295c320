import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeJson } from './json.ts'
import { since, type World } from './world.ts'

export type Status = 'idle' | 'busy' | 'waiting' | 'shell'

export type SessionFile = {
  readonly write: (conversation: string, status: Status, waitingFor?: string) => void
  readonly remove: () => void
}

/** `<config>/sessions/<pid>.json` (field notes, section 2). Removed at an orderly end, left behind by SIGKILL. */
export const openSessionFile = (world: World): SessionFile => {
  const file = join(world.config, 'sessions', `${process.pid}.json`)
  const startedAt = Date.now()
  mkdirSync(join(world.config, 'sessions'), { recursive: true })
  // Beside it 2.1.330 keeps a key whose name begins alike, already while a start-up dialog is open (seen).
  const key = join(world.config, 'sessions', `${process.pid}.${randomBytes(32).toString('hex')}.key`)
  if (since(world.version, '2.1.300')) writeFileSync(key, '')
  return {
    remove: () => {
      for (const one of [file, key]) rmSync(one, { force: true })
    },
    write: (conversation, status, waitingFor) => {
      const now = Date.now()
      const state = {
        status,
        updatedAt: now,
        statusUpdatedAt: now,
        ...(waitingFor === undefined ? {} : { waitingFor }),
      }
      writeJson(file, {
        pid: process.pid,
        sessionId: conversation,
        cwd: world.cwd,
        startedAt,
        procStart: startOf(process.pid),
        version: world.version,
        kind: 'interactive',
        entrypoint: 'cli',
        ...(since(world.version, '2.1.139') ? state : {}),
      })
    },
  }
}

/** Field 22 of `/proc/<pid>/stat`; counted behind the command's name, which may hold anything. */
const startOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
