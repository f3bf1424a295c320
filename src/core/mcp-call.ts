/** How an MCP server is started, as a person wrote it down. */
export type McpCall = {
  readonly command: string
  readonly args: readonly string[]
  /** What its environment has beside that of the client. */
  readonly env: Variables
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * The same with `${NAME}` and `${NAME:-otherwise}` in it as the client replaces them, by its own environment; a name that
 * is neither set nor has a value otherwise stays as it is.
 */
export const expandCall = ({ command, args, env }: McpCall, variables: Variables): McpCall => ({
  command: expand(command, variables),
  args: args.map((argument) => expand(argument, variables)),
  env: Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, expand(value ?? '', variables)] as const),
  ),
})

const expand = (text: string, variables: Variables): string =>
  text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (whole, name: string, otherwise: string | undefined) =>
      (Object.hasOwn(variables, name) ? variables[name] : undefined) ?? otherwise ?? whole,
  )

/**
 * Whether a process with this command was called like that: a script is shown behind its interpreter, what it was called
 * with stands at the end. Compared as one text, since `ps` tells no space in a word from one between two.
 */
export const isCalled = (words: readonly string[], { command, args }: McpCall): boolean => {
  const line = words.join(' ')
  const behind = args.map((argument) => ` ${argument}`).join('')
  if (!line.endsWith(behind)) return false
  const before = line.slice(0, line.length - behind.length)
  const name = command.slice(command.lastIndexOf('/') + 1)
  return name !== '' && (before === name || before.endsWith(` ${name}`) || before.endsWith(`/${name}`))
}

/** The words of a call by which it is told from others: what a program that took its place may still be called with. */
export const tellingWords = ({ args }: McpCall, others: readonly McpCall[]): readonly string[] =>
  args.filter(
    (argument) =>
      argument.length >= 3 &&
      !argument.startsWith('-') &&
      !others.some((other) => other.args.includes(argument)),
  )
