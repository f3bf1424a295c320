import type { Home } from '../sim/home.ts'
import type { ClientVersion } from './versions.ts'

/** What a person sees, without what differs from machine to machine and from run to run. */
export const withoutWhatVaries = (screen: string, home: Home): string =>
  screen
    .split('\n')
    // A QR code: of the link above it.
    .filter((line) => !/^[█▀▄ ]{20,}$/.test(line))
    .join('\n')
    .replaceAll(home.root, '<root>')
    .replaceAll(home.bot.bot.username, '<bot>')
    // Sessions of other tests on this machine.
    .replace(
      /^! Claude \(process \d+\) in (?!<root>).+ with this plugin and another bot\.\n {2}It goes on\..+\n/gm,
      '',
    )
    .replace(/^(✓ tmux) .+$/m, '$1 <version>')
    .replace(/^[0-9a-f]{6}$/m, '<code>')
    .replace(/asked \d+s ago/g, 'asked <time> ago')
    .replace(/process \d+/g, 'process <pid>')

export const screens = {
  trust: (version: ClientVersion): string => `What is here
✓ Claude Code ${version}: <root>/bin/claude
✓ Bun: <root>/bin/bun
✓ tmux <version>
✓ Logged in (api_key)

Folder and name
◇  Which folder shall Claude work in?
<root>/project
Claude Code follows instructions, settings and hooks that it finds in its folder; some of them run commands.
◆  Do you trust what is in <root>/project?
○ Yes / ● No`,
  permissions: `Permissions
◆  What may Claude do without asking?
● Nothing but read (it asks in the chat, with buttons)
○ Edit files in the folder (acceptEdits)
○ What the client takes for safe (auto)
○ Nothing at all: it only plans (plan)
↑/↓ to navigate • Enter: confirm`,
  who: `Let yourself in
https://t.me/<bot>
Write anything to @<bot> from your phone. It answers with a code of six characters.
Its answer names a command for Claude, /telegram:access. Leave that: here Claude may not change who has access. Type the code instead:
◇  Code (Enter alone if none came)
<code>
That is "Test" @tester (id 4242, asked <time> ago).
◆  Let them in? Whoever may write to @<bot> works on this machine.
○ Yes / ● No`,
  inUse: `Bot
◇  Which bot?
@<bot> (in <root>/home/.claude/channels/telegram/.env)
✓ Telegram knows it: @<bot>
! This bot's token lies in <root>/home/.claude/channels/telegram, where every Claude session that loads the plugin finds it.
◇  Move that folder, access list and all, to <root>/home/.claude/channels/telegram-work?
Yes
! This bot is in use on this machine: Claude (process <pid>) in <root>/project.
Two that have one bot take each other the messages, or both answer, so that one has to end.
◆  End it when setting up? Its conversation can go on here.
○ Yes / ● No`,
  whole: (version: ClientVersion): string => `What is here
✓ Claude Code ${version}: <root>/bin/claude
✓ Bun: <root>/bin/bun
✓ tmux <version>
✓ Logged in (api_key)

Folder and name
◇  Which folder shall Claude work in?
<root>/project
Claude Code follows instructions, settings and hooks that it finds in its folder; some of them run commands.
◇  Do you trust what is in <root>/project?
Yes
◇  Name of the session, for commands such as \`channels status <name>\`
work

Bot
https://t.me/BotFather
Telegram makes bots in a chat with BotFather. Best at the desk, in Telegram’s app or https://web.telegram.org: the token has to get here.
  1. Open that link and press Start.
  2. Send /newbot. For a bot you have already: /mybots, the bot, API Token.
  3. Send a name, any you like, then a username that ends in \`bot\`.
  4. Copy the token from its answer: digits, a colon, some 35 characters.
◇  The token (it is kept in a file only you can read)
••••••••••••••••••••••••••••••••••••••••••••
✓ Telegram knows it: @<bot>

Permissions
◇  What may Claude do without asking?
Nothing but read (it asks in the chat, with buttons)

What will be done
Session work: @<bot> answers from <root>/project
  client: <root>/bin/claude
  plugin: telegram@channels-tests, enabled for this session only
  bot's state: <root>/home/.claude/channels/telegram-work (token, access list, inbox; readable by you only)
  may write: those who are in its access list; nobody is added by this
  trust: recorded for <root>/project in the client's own file
  permissions: default
  environment: DISCORD_API_ROOT HOME TELEGRAM_API_ROOT ANTHROPIC_BASE_URL PATH ANTHROPIC_API_KEY SHELL DISABLE_AUTOUPDATER IS_SANDBOX
Files that are written:
  <root>/home/.claude/channels/telegram-work/.env: the token
  <root>/home/.claude/channels/telegram-work/access.json: who may write
  <root>/home/.claude/plugins: the plugin, by \`claude plugin install\`
  <root>/home/.claude/settings.json: the plugin disabled for other sessions, by \`claude plugin\`
  <root>/home/.claude.json: the folder is trusted
  <root>/own/config.json: the session
  <root>/own/state/events.jsonl: what happened
  <root>/own/state/sessions/work: what runs
  <root>/own/state/terminals: its terminal
  <root>/own/state/keeper: the keeper, which looks after it
  <root>/own/state/setup.json: your answers, until all is done (never the token)
◇  Set it up like this?
Yes
✓ work is set up for @<bot>.

Start
work is live as @<bot>.

Let yourself in
https://t.me/<bot>
Write anything to @<bot> from your phone. It answers with a code of six characters.
Its answer names a command for Claude, /telegram:access. Leave that: here Claude may not change who has access. Type the code instead:
◇  Code (Enter alone if none came)
<code>
That is "Test" @tester (id 4242, asked <time> ago).
◇  Let them in? Whoever may write to @<bot> works on this machine.
Yes
✓ "Test" @tester (id 4242, asked <time> ago) may write to @<bot>.
✓ Locked: nobody else can ask to be let in.
◇  Shall @<bot> tell 4242 when work is blocked, gave up or is down?
Yes
✓ A first message went to telegram:4242: look whether it is there.

The proof
Write something to @<bot> from your phone, such as "hello".
  https://t.me/<bot>
✓ It arrived in the conversation, from tester: "hello"
✓ The answer went out: "echo: hello"
From now on:
  channels status: is it live, and why not
  channels logs work: what happened
  channels attach work: its terminal
  channels down work: stop it; \`channels up work\` starts it again
[ended with 0]`,
} as const
