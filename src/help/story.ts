/**
 * The commands as somebody meets them, for `channels --help`: one screen of 80 columns and 24 rows, its last row the
 * prompt's. What the completions say of a command is said here first.
 */
export const story = {
  'Set up': {
    setup: 'a bot, from nothing to an answer; asks what it needs',
    pair: 'let the person in who got this code from the bot',
  },
  'Live with it': {
    status: 'the truth about every session: live, and if not why',
    up: 'start, wait until live, say what is missing otherwise',
    down: 'stop politely, then firmly; leave nothing behind',
    attach: 'take the terminal of a session; says how to leave it',
    send: 'type a line into a session, as if at its terminal',
    list: 'the sessions that are set up',
  },
  'When it fails': {
    doctor: 'all that has to be so, checked, each with its remedy',
    logs: 'what happened, and why',
    restart: 'a new client in the same conversation',
  },
  'Change it': {
    set: 'what setup asked for: folder, model and more',
    access: 'who may write to the bot',
    token: 'a new bot token; the conversation goes on',
    remove: 'forget a session, put back what setup changed',
  },
  'The machine': {
    service: 'have systemd or launchd start the keeper by itself',
    run: 'the keeper in the foreground, for unit or container',
    completion: 'what makes bash, zsh or fish complete all this',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>

/** `channels --help`. */
export const tellStory = (about: string): string =>
  [
    'Usage: channels <command> [options]',
    about,
    '',
    ...Object.entries(story).flatMap(([title, commands]) =>
      Object.entries<string>(commands).map(
        ([name, what], i) => `${(i === 0 ? title : '').padEnd(14)}${name.padEnd(12)}${what}`,
      ),
    ),
    '',
    '`channels <command> --help` has options and examples; `channels --version`.',
    '',
  ].join('\n')
