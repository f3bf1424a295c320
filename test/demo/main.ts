import { marketplace } from '../sim/home.ts'
import { perform, type Step } from './perform.ts'

const intro = [
  'This is the real `channels`, in a real tmux. What it works with are stand-ins, so that you need no bot, no login and no client: the Claude Code client, its Telegram plugin, Bun, the Telegram Bot API and the model API. They are small programs of the tests that keep the rules of the real ones. The model repeats what it is told.',
]

/** As a person types them; the real plugin is just `telegram`. */
const setupWords = [
  ...['setup', `plugin:telegram@${marketplace}`, '--session', 'demo', '--cwd', '~/project'],
  ...['--token-file', '~/bot-token', '--allow', '4242', '--trust', '--yes', '--no-start'],
]

const steps: readonly Step[] = [
  {
    title: 'Set a bot up',
    play: async ({ say, channels }) => {
      say('The token lies in a file that only its owner can read; 4242 is the person at the phone.')
      await channels(...setupWords)
      say(
        '`setup` asked the Bot API whose token that is, and says what it wrote. With the real plugin it is `channels setup telegram`.',
      )
    },
  },
  {
    title: 'Bring it up',
    play: async ({ say, channels, status }) => {
      await channels('up')
      await status()
      say(
        'Live means: seen just now, not remembered. The client listens to the channel, and its plugin polls the bot.',
      )
      await channels('logs', '--source', 'keeper')
    },
  },
  {
    title: 'Write to it',
    play: async ({ say, phone, channels }) => {
      phone.writes('hello')
      await phone.reads('echo: hello')
      await channels('logs', '--source', 'channel', '-n', '3')
      say("From the phone to the bot, to the plugin, to the client, and back. The log is the client's own.")
    },
  },
  {
    title: 'Kill the client',
    play: async ({ say, sessionAtRest, kill, status, liveAgain, channels }) => {
      const before = await sessionAtRest()
      const killed = kill(before.client.pid, 'the client')
      await status()
      const { seconds, after } = await liveAgain(killed, before)
      const same = before.client.conversation === after.client.conversation
      say(`Live again after ${seconds} s, in ${same ? 'the same' : 'another'} conversation.`)
      await status()
      await channels('logs', '--source', 'keeper', '-n', '4')
      say('A loop in the terminal starts the client again. It needs nobody who watches it.')
    },
  },
  {
    title: 'Kill the plugin, which the client does not notice',
    play: async ({ say, sessionAtRest, kill, phone, statusWith, liveAgain, channels }) => {
      const before = await sessionAtRest()
      const killed = kill(before.channels[0]?.evidence.poller?.pid, 'the plugin')
      phone.writes('are you there')
      const seen = await statusWith('plugin-exited')
      say(
        seen
          ? 'The client still runs and looks well, but nobody fetches messages. `status` looks for itself, and says so.'
          : 'That was healed before `status` could look. The log below has it.',
      )
      const { seconds } = await liveAgain(killed, before)
      say(`Live again after ${seconds} s, with another client. The message had waited:`)
      await phone.reads('echo: are you there')
      await channels('status')
      await channels('logs', '--source', 'keeper', '-n', '8')
    },
  },
  {
    title: 'Stop it, and forget it',
    play: async ({ say, channels, status }) => {
      await channels('down')
      await status()
      await channels('remove', 'demo', '--purge', '--yes')
      say(
        '`remove` puts back what `setup` changed; with --purge, the token and the list of people go, too. The keeper, one process for all sessions, still runs: the demo ends it.',
      )
    },
  },
]

const outro = [
  'That was it. With the client and Bun, and a bot of your own or none:',
  '  npm link                  # puts `channels` into your PATH\n  channels setup telegram   # asks for what it needs; discord, too\n  channels setup fakechat   # no bot: a page on this machine\n  channels --help',
  'README.md says the rest.',
]

/** `npm run demo`: what a newcomer sees without bot, login or client. Answers the exit status. */
export const demo = (): Promise<number> => perform({ intro, steps, outro })
