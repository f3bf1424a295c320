import type { Event } from '../../src/core/events.ts'
import { noon } from './evidence-builder.ts'

type Row<Type extends Event['type']> = readonly (readonly [Extract<Event, { type: Type }>, string])[]
const ended = {
  type: 'client-ended',
  run: 'r',
  code: null,
  signal: null,
  reason: 'client-exited',
  unexplained: true,
} as const

/** Each type of event there is, as it is told. */
export const eventRows = {
  'client-started': [
    [
      { type: 'client-started', run: 'r', conversation: 'c', resumed: true, pid: null },
      'client started, resuming conversation c',
    ],
    [
      { type: 'client-started', run: 'r', conversation: 'c', resumed: false, pid: 7 },
      'client started, new conversation c',
    ],
  ],
  'client-ended': [
    [{ ...ended, signal: 'SIGKILL' }, 'client ended by SIGKILL: nobody asked it to [client-exited]'],
    [{ ...ended, code: 1 }, 'client ended with exit status 1: nobody asked it to [client-exited]'],
    [ended, 'client ended, nobody saw how: nobody asked it to [client-exited]'],
    [
      { ...ended, signal: 'SIGTERM', reason: 'plugin-exited', unexplained: false },
      'client ended by SIGTERM: The channel plugin died; the client does not notice [plugin-exited]',
    ],
    [
      { ...ended, code: 0, reason: 'asked', unexplained: false },
      'client ended with exit status 0: another one was asked for [asked]',
    ],
  ],
  waiting: [
    [
      { type: 'waiting', reason: 'stopped', detail: null, untilMs: noon + 90_000 },
      'no client for 1m 30s: it was stopped [stopped]',
    ],
    [
      { type: 'waiting', reason: 'crash-loop', detail: '5 exits', untilMs: noon + 300_000 },
      'no client for 5m: The client keeps ending; it is tried again, but seldom; seen: 5 exits [crash-loop]',
    ],
  ],
  state: [
    [{ type: 'state', channel: null, from: null, to: 'live', reason: null, detail: null }, 'session is live'],
    [
      {
        type: 'state',
        channel: 'server:x',
        from: 'live',
        to: 'recovering',
        reason: 'plugin-exited',
        detail: 'gone',
      },
      'server:x is recovering, was live: The channel plugin died; the client does not notice; seen: gone [plugin-exited]',
    ],
  ],
  healing: [
    [
      { type: 'healing', reason: 'plugin-exited', action: 'end the client' },
      'what is done about it: end the client [plugin-exited]',
    ],
  ],
  reaped: [
    [
      { type: 'reaped', run: 'r', pid: 7, command: 'bun' },
      'ended process 7 (bun), left over from an ended client',
    ],
  ],
  survivor: [
    [
      { type: 'survivor', run: 'r', pid: 7, command: 'node' },
      'process 7 (node) runs on: Claude started it and it is no plugin',
    ],
  ],
  conversation: [
    [{ type: 'conversation', run: 'r', from: 'a', to: 'b' }, 'conversation moved from a to b'],
    [{ type: 'conversation', run: 'r', from: null, to: 'b' }, 'conversation moved to b'],
  ],
  terminal: [
    [{ type: 'terminal', what: 'started', detail: 'tmux' }, 'terminal started (tmux)'],
    [{ type: 'terminal', what: 'lost', detail: '' }, 'terminal lost'],
  ],
  asked: [[{ type: 'asked', what: 'restart', by: 'command' }, 'asked: channels restart']],
  left: [[{ type: 'left', by: 'person' }, 'a person ended the client at its terminal; not wanted any more']],
  gap: [
    [
      {
        ...{ type: 'gap', from: noon - 90_000, to: noon, reason: 'plugin-exited' },
        ...{ waited: 3, unanswered: 1, maybeLost: true },
      },
      'nobody listened for 1m 30s: The channel plugin died; the client does not notice; 3 waited at the platform; 1 had reached Claude and stay unanswered; some may be lost [plugin-exited]',
    ],
    [
      {
        ...{ type: 'gap', from: noon, to: noon, reason: 'a later release' },
        ...{ waited: null, unanswered: 2, maybeLost: false },
      },
      'lost: a later release; 2 had reached Claude and stay unanswered [a later release]',
    ],
  ],
  keeper: [
    [
      { type: 'keeper', what: 'took-over', pid: 7, version: '1.0.0' },
      'keeper started in place of another (pid 7, version 1.0.0)',
    ],
  ],
  told: [
    [
      { type: 'told', event: 'blocked', reason: 'login-expired', by: 'bot', outcome: 'sent', detail: null },
      'told by the bot: blocked, The login of the client has expired; it answers nothing [login-expired]',
    ],
    [
      {
        ...{ type: 'told', event: 'back', reason: null, by: 'command', outcome: 'failed' },
        detail: 'it ended with 3',
      },
      'could not be told by notify.command: back (it ended with 3)',
    ],
    [
      { type: 'told', event: 'back', reason: null, by: 'bot', outcome: 'unsure', detail: 'no answer' },
      'may have been told by the bot: back (no answer)',
    ],
  ],
  fault: [
    [
      { type: 'fault', what: 'health', detail: 'no space' },
      'channels itself had trouble with `health`: no space',
    ],
  ],
} as const satisfies { readonly [Type in Event['type']]: Row<Type> }
