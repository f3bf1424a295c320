import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ownFolder, thrown } from './own.ts'

const mounts = (args: readonly string[]) => spawnSync('mount', args, { stdio: 'ignore' }).status === 0

/** A file system of 64 KiB at a folder of its own, unmounted after the test; null where that takes rights we lack. */
export const smallDisk = (): string | null => {
  const folder = join(ownFolder(), 'disk')
  mkdirSync(folder)
  if (process.platform !== 'linux' || !mounts(['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', folder]))
    return null
  onTestFinished(() => {
    spawnSync('umount', [folder], { stdio: 'ignore' })
  })
  return folder
}

export const makeReadOnly = (disk: string): boolean => mounts(['-o', 'remount,ro', disk])

/** Fills a disk to the last page. */
export const fill = (disk: string): void => {
  for (let count = 0; count < 1000; count += 1)
    if (thrown(() => writeFileSync(join(disk, `filler-${count}`), Buffer.alloc(4096))) !== null) return
}
