import { handedOver, keeperCommand } from './command.ts'
import type { KeeperStart } from './port.ts'

/** Of the agent, and the name of its file. */
export const agentLabel = 'claude-channels.keeper'

/** The launchd agent that runs the keeper, as a property list. `log` takes what the keeper prints. */
export const agentText = (start: KeeperStart, log: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
${isOurs}; installed again it is written anew. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${agentLabel}</string>
  <key>ProgramArguments</key>
  <array>
${keeperCommand(start)
  .map((word) => `    <string>${xml(word)}</string>\n`)
  .join('')}  </array>
  <!-- An agent of the login at the screen, no daemon: the client's login lies in the Keychain, which only opens there. -->
  <key>LimitLoadToSessionType</key>
  <string>Aqua</string>
  <key>RunAtLoad</key>
  <true/>
  <!-- Also after it was told to leave (kill, an upgrade), which ends it with 0. -->
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <!-- Else launchd ends the terminals with the keeper. -->
  <key>AbandonProcessGroup</key>
  <true/>
  <!-- Background would slow the clients down, too, which inherit it. -->
  <key>ProcessType</key>
  <string>Interactive</string>
  <key>EnvironmentVariables</key>
  <dict>
${handedOver(start.environment)
  .map(([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>\n`)
  .join('')}  </dict>
  <key>StandardOutPath</key>
  <string>${xml(log)}</string>
  <key>StandardErrorPath</key>
  <string>${xml(log)}</string>
</dict>
</plist>
`

const isOurs = '<!-- Written by `channels service install`'

export const isOurAgent = (text: string): boolean => text.includes(isOurs)

/** What an agent of ours starts; empty where it can't be told. */
export const commandOfAgent = (text: string): readonly string[] => {
  const [, list = ''] = /<key>ProgramArguments<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(text) ?? []
  return [...list.matchAll(/<string>([^<]*)<\/string>/g)].map(([, word = '']) => plain(word))
}

/** The variables it is started with, likewise. */
export const environmentOfAgent = (text: string): Readonly<Record<string, string>> => {
  const [, list = ''] = /<key>EnvironmentVariables<\/key>\s*<dict>([\s\S]*?)<\/dict>/.exec(text) ?? []
  const pairs = [...list.matchAll(/<key>([^<]*)<\/key>\s*<string>([^<]*)<\/string>/g)]
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [plain(name), plain(value)]))
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const

const xml = (text: string): string =>
  Object.entries(entities).reduce((done, [letter, entity]) => done.replaceAll(letter, entity), text)

const plain = (text: string): string =>
  Object.entries(entities).reduceRight((done, [letter, entity]) => done.replaceAll(entity, letter), text)
