/**
 * What the manual describes and comes with another branch. Each is looked at, and run, as soon as it is there; until then its
 * absence is no fault.
 */
export const awaited: {
  readonly commands: readonly string[]
  /** Beginnings of what `channels set` sets. */
  readonly settings: readonly string[]
  readonly paths: readonly string[]
} = {
  commands: ['doctor', 'completion'],
  settings: ['notify.'],
  paths: [
    'docs/quick-start.md',
    'docs/versions.md',
    'docs/events.schema.json',
    'docs/doctor.schema.json',
    'CHANGELOG.md',
    'completions',
    'man',
    'test/release',
    'src/core/notify',
    'src/core/doctor',
    'src/commands/doctor',
    'src/help',
  ],
}
