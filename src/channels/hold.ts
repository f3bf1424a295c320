/** A line of MCP over stdio that is a message of a channel; answers to permission prompts are another method. */
const message = /"method"\s*:\s*"notifications\/claude\/channel"/
const handshake = /"result"\s*:\s*\{\s*"protocolVersion"\s*:/
const tools = /"result"\s*:\s*\{\s*"tools"\s*:/

/** The client asks for the tools right before it registers; a busy machine takes its time between. */
const afterToolsMs = 1_000
/** For a client that would ask for no tools. */
const afterHandshakeMs = 5_000

/**
 * Keeps a channel's messages from a client that does not listen yet: it drops what a plugin hands over before it has
 * registered the channel, 10 to 60 ms after the handshake (2.1.139, 2.1.330), and Telegram never sends again what was
 * fetched. Without this, what waited while a client restarted is lost wherever Telegram answers quickly.
 *
 * Takes what the plugin writes to its client, one item with its text after the other: `send` gets it now, a message once
 * the client listens. True for what is kept, else what `send` says. `later` calls back once after so many milliseconds.
 * `note` is told before the first one is kept, and once all were sent: the plugin takes what is kept for delivered, and
 * Telegram with it, so that it is lost with a plugin that is ended in between.
 */
export const createHold = <T>(
  send: (item: T) => boolean,
  later: (ms: number, open: () => void) => void,
  note: (keeps: boolean) => void,
): ((text: string, item: T) => boolean) => {
  let kept: readonly T[] | null = []
  const open = () => {
    const waiting = kept ?? []
    kept = null
    for (const item of waiting) send(item)
    if (waiting.length > 0) note(false)
  }
  return (text, item) => {
    if (kept === null) return send(item)
    // Never more than the message itself: an answer kept with it would be missed by the client.
    if (message.test(text) && !text.trimEnd().includes('\n')) {
      if (kept.length === 0) note(true)
      kept = [...kept, item]
      return true
    }
    if (tools.test(text)) later(afterToolsMs, open)
    else if (handshake.test(text)) later(afterHandshakeMs, open)
    return send(item)
  }
}
