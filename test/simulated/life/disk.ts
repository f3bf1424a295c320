import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const mounts = (...words: readonly string[]): boolean =>
  process.platform === 'linux' && spawnSync('mount', words, { stdio: 'ignore' }).status === 0

/** Puts a file system of 2 MiB and 200 files in place of a folder, with what was in it; false where that takes rights we lack. */
export const mountDisk = (folder: string): boolean => {
  const aside = mkdtempSync(join(tmpdir(), 'chan-aside-'))
  try {
    cpSync(folder, aside, { recursive: true })
    const options = 'size=2m,nr_inodes=200,mode=700'
    if (!mounts('-t', 'tmpfs', '-o', options, 'tmpfs', folder)) return false
    cpSync(aside, folder, { recursive: true })
    return true
  } finally {
    rmSync(aside, { recursive: true })
  }
}

export const unmountDisk = (folder: string): void => {
  spawnSync('umount', ['-l', folder])
}

/** To the last byte, and to the last file: neither a lock folder nor a record can be made any more. */
export const fillDisk = (folder: string): void => {
  const filler = join(folder, 'filler')
  for (let size = 65_536; size >= 1; size = Math.floor(size / 16))
    while (!isFull(() => writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })));
  for (let i = 0; !isFull(() => writeFileSync(`${filler}-${i}`, '')); i++);
}

/** False while a file in it is open for writing. */
export const makeReadOnly = (folder: string): boolean => mounts('-o', 'remount,ro', folder)

/** Takes back what the two above did. */
export const makeRoom = (folder: string): void => {
  mounts('-o', 'remount,rw', folder)
  for (const name of readdirSync(folder)) if (name.startsWith('filler')) rmSync(join(folder, name))
}

const isFull = (write: () => void): boolean => {
  try {
    write()
    return false
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return true
    throw error
  }
}
