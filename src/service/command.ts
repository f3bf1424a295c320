import type { KeeperStart } from './port.ts'

/** The keeper as a service manager starts it, with the memory budget of `keeper-loop.sh` (design, section 10). */
export const keeperCommand = ({ node, script }: KeeperStart): readonly string[] => [
  node,
  ...lean,
  script,
  'run',
]

const lean = [
  '--max-semi-space-size=1',
  '--max-old-space-size=32',
  '--optimize-for-size',
  '--no-opt',
  '--no-sparkplug',
  '--expose-gc',
  '--no-memory-reducer',
] as const

/** Variables that can be handed over: no service manager takes a control character, and a name is one word. */
export const handedOver = (environment: KeeperStart['environment']): readonly (readonly [string, string])[] =>
  Object.entries(environment).filter(
    ([name, value]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !control.test(value),
  )

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const control = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/u
