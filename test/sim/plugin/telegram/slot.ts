import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readText } from '../shared/state.ts'

/**
 * Makes this process the poller of its state folder: SIGTERMs the one named in `bot.pid` when its command line has
 * `server.ts`, then writes its own pid, before polling begins (field notes, section 3).
 */
export const takeSlot = (dir: string) => {
  const holder = Number.parseInt(readText(join(dir, 'bot.pid')) ?? '', 10)
  if (holder > 1 && holder !== process.pid && commandOf(holder).includes('server.ts')) end(holder)
  writeFileSync(join(dir, 'bot.pid'), String(process.pid))
}

/** Removes `bot.pid` unless a newcomer has it by now. */
export const leaveSlot = (dir: string) => {
  const file = join(dir, 'bot.pid')
  if (Number.parseInt(readText(file) ?? '', 10) === process.pid) rmSync(file, { force: true })
}

const commandOf = (pid: number): string =>
  readText(`/proc/${pid}/cmdline`) ??
  spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).stdout ??
  ''

const end = (pid: number) => {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // Gone between reading and signalling: the slot is free, which is all that was wanted.
  }
}
