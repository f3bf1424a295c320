import { existsSync } from 'node:fs'
import type { Answer } from '../core/answer.ts'
import { no, unknown, yes } from '../core/answer.ts'
import type { Multiplexer, TerminalPlace } from './port.ts'
import { callTmux, type TmuxParts, tmuxVariables } from './tmux-call.ts'
import {
  type LoopPane,
  paneFormat,
  parseLoopPane,
  parseTmuxVersion,
  pieces,
  refusal,
  type TmuxResult,
  tmuxTrouble,
} from './tmux-protocol.ts'
import { endServer } from './tmux-server.ts'
import { startTerminal } from './tmux-start.ts'

/** tmux as a keeper of terminals: one server per session, at a socket and with a configuration of its own. */
export const createTmux = (parts: TmuxParts): Multiplexer => ({
  kind: 'tmux',
  version: async () => {
    const result = await parts.run(parts.program, ['-V'], { timeoutMs: 5000, env: parts.env })
    if (result.notFound) return no('tmux is not installed')
    return tmuxTrouble(result) === null ? parseTmuxVersion(result.stdout) : refusal(result)
  },
  start: (place, command, options) => startTerminal(parts, place, command, options),
  state: async (place) => {
    const pane = await findPane(parts, place)
    return pane.is === 'yes' ? yes({ pid: pane.value.pid, attached: pane.value.attached }) : pane
  },
  capture: async (place, { history }) => {
    const pane = await findPane(parts, place)
    if (pane.is !== 'yes') return pane
    const lines = history > 0 ? ['-S', `-${history}`] : []
    const result = await callTmux(parts, place, [['capture-pane', '-p', '-t', pane.value.id, ...lines]])
    return tmuxTrouble(result) === null ? yes(result.stdout) : refusal(result)
  },
  shown: (text) => text,
  // tmux takes 16 KiB in one command.
  type: (place, text) =>
    sendKeys(
      parts,
      place,
      pieces(text, 1000).map((piece) => ['-l', '--', piece]),
    ),
  press: (place, key) => sendKeys(parts, place, [['--', key]]),
  attach: (place) => ({
    file: parts.program,
    args: ['-u', '-S', place.socket, 'attach-session', '-t', `=${place.session}`],
    unset: tmuxVariables,
    leave: 'Ctrl-b d',
  }),
  end: (place) => endServer(parts, place),
})

const findPane = async (parts: TmuxParts, place: TerminalPlace): Promise<Answer<LoopPane>> => {
  const list = () =>
    callTmux(parts, place, [['list-panes', '-s', '-t', `=${place.session}`, '-F', paneFormat]])
  const first = await list()
  const result = isPassing(first, place) ? await list() : first
  if (tmuxTrouble(result) !== null) return refusal(result)
  if (isLost(result)) return unknown('tmux named no pane of a session that is there')
  const pane = parseLoopPane(result.stdout)
  return pane === null
    ? no(`nothing of ours runs in the terminal of ${place.session}: ${JSON.stringify(result.stdout)}`)
    : yes(pane)
}

/** A socket that is made anew is gone for a moment; one that is there by now is asked again. */
const isPassing = (result: TmuxResult, place: TerminalPlace): boolean =>
  (tmuxTrouble(result) === 'no-terminal' && existsSync(place.socket)) || isLost(result)

/**
 * A session has a pane at least, so status 0 without a whole line is an answer that got lost. On a machine at a load of
 * 18 two looks of some ten thousand said of a terminal that was there that it held nothing of ours.
 */
const isLost = (result: TmuxResult): boolean => tmuxTrouble(result) === null && !result.stdout.endsWith('\n')

const sendKeys = async (
  parts: TmuxParts,
  place: TerminalPlace,
  keys: readonly (readonly string[])[],
): Promise<Answer<true>> => {
  const pane = await findPane(parts, place)
  if (pane.is !== 'yes') return pane
  const { id } = pane.value
  // While somebody scrolls back, keys would go to the scrolling.
  await callTmux(parts, place, [['copy-mode', '-q', '-t', id]])
  for (const words of keys) {
    const result = await callTmux(parts, place, [['send-keys', '-t', id, ...words]])
    if (tmuxTrouble(result) === 'timeout') return unknown('tmux did not take the keys in time')
    if (tmuxTrouble(result) !== null) return refusal(result)
  }
  return yes(true)
}
