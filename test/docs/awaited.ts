/**
 * Commands and settings that the manual describes and that come with another branch: they are looked at, and run, as soon
 * as the grammar has them.
 */
export const awaited: readonly string[] = ['doctor', 'completion', 'notify.']
