import fc from 'fast-check'
import type { KeeperStart } from '../../src/service/port.ts'

export const plainStart: KeeperStart = {
  node: '/usr/bin/node',
  script: '/usr/lib/node_modules/claude-channels/bin/channels.js',
  environment: { PATH: '/usr/bin:/bin', HOME: '/home/me' },
}

/** Text without control characters, made of what unit files and property lists give a meaning, and of anything else. */
export const hostileText = fc
  .array(
    fc.oneof(fc.constantFrom(...'%$"\\\'; {}&<>]-x0aHOME=#'), fc.string({ unit: 'grapheme', maxLength: 3 })),
  )
  .map((parts) => parts.join('').replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ''))
