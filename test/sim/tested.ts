import type { MultiplexerKind } from '../../src/core/session.ts'

/** What keeps the terminals of this run of the tests: `CHANNELS_TEST_MULTIPLEXER`, else tmux. */
export const tested: MultiplexerKind = process.env.CHANNELS_TEST_MULTIPLEXER === 'screen' ? 'screen' : 'tmux'
