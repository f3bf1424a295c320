/**
 * What the manual describes and comes with another branch: commands, settings, pages, folders. Each is looked at, and run, as
 * soon as it is there; until then its absence is no fault.
 */
export const awaited: readonly string[] = [
  'doctor',
  'completion',
  'notify.',
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
]
