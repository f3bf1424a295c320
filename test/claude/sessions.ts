import { defaultDialogs, defaultNotify, defaultRestart, type Session } from '../../src/core/session.ts'

/** A telegram session like those `setup` makes. */
export const telegramSession = (changes: Partial<Session> = {}): Session => ({
  name: 'work',
  cwd: '/home/me/site',
  channels: [
    {
      id: 'plugin:telegram@claude-plugins-official',
      kind: 'telegram',
      stateDir: '/home/me/.claude/channels/telegram-work',
      account: '@work_bot',
      botId: '123456789',
      development: false,
      server: null,
      agreedIn: null,
    },
  ],
  multiplexer: 'tmux',
  exclusive: true,
  trustRecorded: false,
  permissionMode: null,
  skipPermissions: false,
  arguments: [],
  environment: { PATH: '/usr/bin:/bin', HOME: '/home/me' },
  client: '/usr/bin/claude',
  bun: null,
  restart: defaultRestart,
  dialogs: defaultDialogs,
  notify: defaultNotify,
  ...changes,
})
