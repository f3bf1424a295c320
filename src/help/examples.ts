export type Example = {
  /** One line, as it is typed. */
  readonly command: string
  /** What it is for, where that is not plain. */
  readonly says?: string
}

/** Of every command. Help and man page show them, and a test runs each as it stands here (test/simulated/help). */
export const examples = {
  setup: [
    { command: 'channels setup telegram', says: 'asks for what it needs, and ends with a proof' },
    {
      command:
        'channels setup telegram --session site --cwd ~/site --token-file ~/bot-token --allow 123456789 --trust --yes',
      says: 'asks nothing, as without a terminal',
    },
    {
      command: 'channels setup fakechat --session try --cwd ~/site --trust --yes',
      says: 'no bot: a page on your machine',
    },
    {
      command:
        'channels setup discord --session site --token-file ~/discord-token --allow 184695080709324800 --yes',
      says: 'a session that has no such channel yet gets it beside those it has',
    },
    { command: 'channels setup telegram --session site --check', says: 'the proof once more' },
  ],
  pair: [{ command: 'channels pair', says: 'asks for the code' }, { command: 'channels pair site a1b2c3' }],
  status: [
    { command: 'channels status' },
    { command: 'channels status site --json' },
    { command: 'channels status --watch', says: 'q leaves' },
    { command: 'channels status --quiet || echo "not all are live"' },
    { command: 'channels status --probe ready', says: 'for a container' },
  ],
  up: [
    { command: 'channels up', says: 'all of them' },
    { command: 'channels up site --timeout 2m' },
    { command: 'channels up site --attach' },
  ],
  down: [{ command: 'channels down site' }, { command: 'channels down', says: 'all of them' }],
  attach: [{ command: 'channels attach site' }],
  send: [
    { command: 'channels send site "read notes.md and carry on"' },
    { command: 'channels send site /clear', says: 'a command of the client' },
    { command: 'echo "the tests are green" | channels send site -' },
  ],
  list: [{ command: 'channels list' }, { command: 'channels list --json' }],
  logs: [
    { command: 'channels logs site' },
    { command: 'channels logs site --follow', says: 'Ctrl-C leaves' },
    { command: 'channels logs site --since 2h --source keeper,channel,terminal' },
    { command: 'channels logs site --json -n 20' },
  ],
  doctor: [
    { command: 'channels doctor' },
    { command: 'channels doctor site --fix', says: 'does what is safe first, and says so' },
    { command: 'channels doctor --report', says: 'for an issue: no names, no paths' },
  ],
  restart: [
    { command: 'channels restart site' },
    { command: 'channels restart site --fresh', says: 'in a new conversation' },
  ],
  set: [
    { command: 'channels set site', says: 'show it' },
    { command: 'channels set site folder=~/other --trust' },
    { command: 'channels set site permission-mode=acceptEdits model=opus' },
    { command: 'channels set site env.HTTPS_PROXY=http://127.0.0.1:3128' },
    { command: 'channels set site environment=here', says: 'the variables of this shell' },
    {
      command: 'channels set site notify.to=123456789 notify.quiet=22:00-08:00',
      says: 'whom the bot tells of trouble, and when it does not',
    },
  ],
  access: [
    { command: 'channels access site' },
    { command: 'channels access site allow 123456789' },
    { command: 'channels access site remove 123456789' },
    { command: 'channels access site deny 123456789', says: 'take the code away from who asked' },
    { command: 'channels access site policy allowlist', says: 'nobody gets a code' },
    { command: 'channels access site --channel discord', says: 'where it has several' },
  ],
  token: [
    { command: 'channels token site --token-file ~/new-token' },
    { command: 'channels token site --token-stdin <~/new-token' },
  ],
  remove: [
    { command: 'channels remove try --yes' },
    { command: 'channels remove site --channel discord --yes', says: 'only this channel of it' },
    { command: 'channels remove site --purge --yes', says: 'with token, access list and inbox' },
  ],
  service: [
    { command: 'channels service install' },
    { command: 'channels service status' },
    { command: 'channels service uninstall --yes' },
  ],
  'service install': [
    { command: 'channels service install', says: 'shows what it writes and runs, and asks' },
    { command: 'channels service install --no-boot --yes', says: 'at login, not at boot' },
  ],
  'service status': [{ command: 'channels service status' }, { command: 'channels service status --json' }],
  'service uninstall': [{ command: 'channels service uninstall --yes' }],
  run: [
    { command: 'channels run', says: 'in a unit, or to watch it; Ctrl-C leaves' },
    { command: 'channels run --own', says: 'in a container' },
    { command: 'channels run --stop', says: 'take all sessions down' },
  ],
  completion: [
    {
      command:
        'mkdir -p ~/.local/share/bash-completion/completions && channels completion bash >~/.local/share/bash-completion/completions/channels',
      says: 'bash, where the package bash-completion is installed',
    },
    { command: 'eval "$(channels completion bash)"', says: 'bash without it: in ~/.bashrc' },
    {
      command: 'mkdir -p ~/.zfunc && channels completion zsh >~/.zfunc/_channels',
      says: 'zsh, with `fpath+=(~/.zfunc)` before `compinit` in ~/.zshrc',
    },
    { command: 'source <(channels completion zsh)', says: 'or this in ~/.zshrc, behind `compinit`' },
    {
      command:
        'mkdir -p ~/.config/fish/completions && channels completion fish >~/.config/fish/completions/channels.fish',
      says: 'fish',
    },
  ],
} as const satisfies Readonly<Record<string, readonly Example[]>>
