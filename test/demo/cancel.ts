type Listened = { readonly on: (event: NodeJS.Signals, heard: (name: NodeJS.Signals) => void) => unknown }
type Written = { readonly on: (event: 'error', heard: (error: Error) => void) => unknown }

/**
 * Aborted, with the reason in a word, by Ctrl-C, SIGTERM, SIGHUP, or once nobody reads the output. It listens for good:
 * a second Ctrl-C must not end a demo that is cleaning up, which takes a second.
 */
export const listenForCancel = (process: Listened, output: Written): AbortSignal => {
  const cancel = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => cancel.abort(name))
  output.on('error', () => cancel.abort('nobody reads this'))
  return cancel.signal
}
