/**
 * Whether anything on this machine listens on a TCP port, by `netstat -an -p tcp` as macOS prints it: the port stands
 * behind the last dot of the local address. Null where it printed no table.
 */
export const listensInTable = (text: string, port: number): boolean | null =>
  /^Proto\b/m.test(text)
    ? new RegExp(`^tcp\\d*\\s+\\d+\\s+\\d+\\s+\\S*[.:]${port}\\s+\\S+\\s+LISTEN\\b`, 'm').test(text)
    : null
