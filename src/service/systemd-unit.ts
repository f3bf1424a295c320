import { handedOver, keeperCommand } from './command.ts'
import type { KeeperStart } from './port.ts'
import { readUnitWords, unitVariable, unitWord } from './systemd-words.ts'

export const unitName = 'channels.service'

/**
 * The user unit that runs the keeper. Its terminals stay in the unit's control group and inherit whatever it is
 * restricted to, so that each line says why it is there, or why it is not. `leaves`: the same, but stopping it touches
 * no session, which is how it is uninstalled.
 */
export const unitText = (start: KeeperStart, stopping: 'ends sessions' | 'leaves sessions'): string => {
  const command = keeperCommand(start)
  const stop = [start.node, start.script, 'run', '--stop'].map((word) => unitWord(word)).join(' ')
  return `${isOurs}; installed again it is written anew.
# What you want otherwise goes into \`systemctl --user edit channels\`.

[Unit]
Description=channels: keeps Claude Code channel sessions reachable
# A user's unit can't wait for the system's network-online.target: the keeper starts without a network, says so, and
# goes on once there is one.
# Never given up: whatever is wrong now may be right in a minute, and nobody is there to start it again.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${command.map((word, i) => unitWord(word, i === 0 ? 'program' : 'argument')).join(' ')}
${stopping === 'ends sessions' ? stopLines(stop) : ''}# The terminals live in this unit's control group. A keeper that crashes or is replaced leaves them alone.
KillMode=process
# Also after it was told to leave (kill, an upgrade), which ends it with 0: \`systemctl --user stop\` is how it stays away.
Restart=always
RestartSec=3
# What runs out of memory below the client costs nobody else anything.
OOMPolicy=continue
# The client and all that Claude starts count as this unit's.
TasksMax=infinity
SyslogIdentifier=channels
# No sandbox. The terminals would inherit it, and the client and whatever Claude runs with them: NoNewPrivileges would take
# sudo away, PrivateTmp give them another /tmp, ProtectHome and ProtectSystem hide their files, RestrictNamespaces and
# SystemCallFilter break containers and the client's own sandbox, MemoryDenyWriteExecute every JIT, UMask change the
# files they make. What the client may do is for its permission mode to say.
${handedOver(start.environment)
  .map(([name, value]) => `${unitVariable(name, value)}\n`)
  .join('')}
[Install]
WantedBy=default.target
`
}

const isOurs = '# Written by `channels service install`'

export const isOurUnit = (text: string): boolean => text.startsWith(isOurs)

// systemd runs ExecStop after a keeper that left by itself, too, then without $MAINPID (systemd 252).
const stopLines = (
  stop: string,
): string => `# Sessions go down in order, and stay wanted. Not where the keeper has left by itself: systemd comes by here then, too.
ExecStop=/bin/sh -c 'if [ -n "$$MAINPID" ]; then exec "$$@"; fi' sh ${stop}
# A client gets 5 s to end politely.
TimeoutStopSec=80
`

/** What a unit of ours starts; empty where it can't be told. */
export const commandOfUnit = (text: string): readonly string[] =>
  readUnitWords(linesOf(text, 'ExecStart')[0] ?? '') ?? []

/** The variables it is started with, those that can be told. */
export const environmentOfUnit = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    linesOf(text, 'Environment').flatMap((line) => {
      const [word] = readUnitWords(line) ?? []
      const [, name, value = ''] = /^(\w+)=([\s\S]*)$/.exec(word ?? '') ?? []
      return name === undefined ? [] : [[name, value]]
    }),
  )

/** Not by a pattern: to that a line separator within a value would end the line, too. */
const linesOf = (text: string, name: string): readonly string[] =>
  text.split('\n').flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []))
