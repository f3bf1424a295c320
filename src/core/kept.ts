/** The file in a session's `bun` folder that is there while the plugin with this pid keeps messages from its client. */
export const keptName = (pid: number): string => `kept.${pid}`

export const isKeptName = (name: string): boolean => /^kept\.\d+$/.test(name)
