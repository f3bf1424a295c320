/** The file in a session's `bun` folder that is there while the plugin with this pid keeps messages from its client. */
export const keptName = (pid: number): string => `kept.${pid}`

/** The pid that such a file names; null for any other file. */
export const keptBy = (name: string): number | null => {
  const found = /^kept\.(\d+)$/.exec(name)
  return found === null ? null : Number(found[1])
}
