import type { MultiplexerKind } from '../core/session.ts'
import { ExpectedError, exitStatus } from '../errors.ts'
import type { Multiplexer } from './port.ts'

/** The multiplexer of that kind. Throws ExpectedError (69) when this release has none of it. */
export const chooseMultiplexer = (kind: MultiplexerKind, among: readonly Multiplexer[]): Multiplexer => {
  const chosen = among.find((multiplexer) => multiplexer.kind === kind)
  if (chosen !== undefined) return chosen
  const known = among.map((multiplexer) => multiplexer.kind).join(', ')
  throw new ExpectedError(
    exitStatus.missing,
    `This release does not drive ${kind}.`,
    `Set the session up with one it does: ${known}.`,
  )
}
