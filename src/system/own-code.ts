import { createRequire } from 'node:module'

/** What `bin/channels.js` gives the built files in place of Node's own; whoever runs the sources has Node's. */
type Loader = NodeJS.Require & { readonly keepAll?: (besides: readonly string[]) => void }

/** What asks or shows somebody something, or changes settings: 0.7 MiB of text, by the names of scripts/build.js. */
export const forPeople: readonly string[] = [
  'help.js',
  'list.js',
  'people.js',
  'status.js',
  'watch.js',
  'vendor/clack-prompts.js',
  'vendor/conf.js',
  'vendor/uqr.js',
]

/**
 * Has all code of ours that is not loaded yet read now: an upgrade of the program takes its files away under whoever runs
 * on. A keeper has nobody to ask, changes no settings, and has to stay small.
 */
export const keepCode = (whose: 'command' | 'keeper' = 'command'): void => {
  const loader: Loader = createRequire(import.meta.url)
  loader.keepAll?.(whose === 'keeper' ? forPeople : [])
}
