import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createProcesses } from '../../src/system/processes.ts'
import { type Ps, parseEnvironment, parseTable } from '../../src/system/processes-macos.ts'

// As `ps -axo pid=,ppid=,state=,lstart=,comm=` of macOS prints it: the name is a path, and is not quoted.
const table = `    1     0 Ss   Sun Nov  1 08:00:01 2026     /sbin/launchd
  310     1 S    Sun Nov  1 08:01:12 2026     /System/Library/CoreServices/Some App.app/Contents/MacOS/Some App
  501     1 Ss   Sun Nov 22 09:05:07 2026     tmux
  502   501 S+   Sun Nov 22 09:05:08 2026     /Users/me/.local/bin/claude
  503   502 S+   Sun Nov 22 09:05:09 2026     /opt/homebrew/bin/bun
  504   503 R+   Sun Nov 22 09:05:09 2026     /opt/homebrew/bin/bun
  505   502 Z+   Sun Nov 22 09:06:00 2026     <defunct>
  506     1 T    Sun Nov 22 09:06:00 2026     -zsh
`

const claude = { pid: 502, start: 'Sun Nov 22 09:05:08 2026' }

const answering = (answers: Readonly<Record<string, string>>): { ps: Ps; asked: string[] } => {
  const asked: string[] = []
  const ps: Ps = (program, args) => {
    const line = [program, ...args].join(' ')
    asked.push(line)
    return answers[line] ?? ''
  }
  return { ps, asked }
}

const tableLine = 'ps -axo pid=,ppid=,state=,lstart=,comm='
const commandsLine = 'ps -axwwo pid=,command='
const environmentsLine = 'ps axeww -o pid=,command='

test('reads the table', () => {
  const processes = createProcesses('darwin', answering({ [tableLine]: table }))
  expect(processes.find(502)).toEqual({ ...claude, ppid: 501, state: 'S', comm: 'claude' })
  expect(processes.find(310)).toMatchObject({ comm: 'Some App', start: 'Sun Nov  1 08:01:12 2026' })
  expect(processes.find(506)).toMatchObject({ state: 'T', comm: '-zsh' })
  expect(processes.find(505)).toBeNull()
  expect(processes.children(502).map(({ pid }) => pid)).toEqual([503])
  expect(processes.ancestors(504).map(({ pid }) => pid)).toEqual([503, 502, 501, 1])
})

test('asks once for many questions, and again when 200 ms are over or the clock went back', () => {
  let time = 1000
  const { ps, asked } = answering({ [tableLine]: table })
  const processes = createProcesses('darwin', { ps, now: () => time })
  processes.find(502)
  processes.children(501)
  processes.all()
  expect(asked.length).toBe(1)
  time += 200
  processes.find(502)
  expect(asked.length).toBe(2)
  time -= 5000
  processes.find(502)
  expect(asked.length).toBe(3)
})

test('what is not in the table may be newer than it', () => {
  let text = table
  const processes = createProcesses('darwin', { ps: () => text, now: () => 1000 })
  expect(processes.find(600)).toBeNull()
  text += '  600   501 S    Sun Nov 22 09:10:00 2026     /bin/sleep\n'
  expect(processes.find(600)?.comm).toBe('sleep')
})

test('looks afresh before a signal', () => {
  let text = table
  const processes = createProcesses('darwin', { ps: () => text, now: () => 1000 })
  expect(processes.find(502)).not.toBeNull()
  text = table.replace('Sun Nov 22 09:05:08 2026', 'Sun Nov 22 09:30:00 2026')
  expect(processes.signal(claude, 'SIGKILL')).toBe('gone')
})

test('looks afresh where that is asked for', () => {
  let text = table
  const processes = createProcesses('darwin', { ps: () => text, now: () => 1000 })
  expect(processes.livesNow(claude)).toBe(true)
  text = table.replace('Sun Nov 22 09:05:08 2026', 'Sun Nov 22 09:30:00 2026')
  expect(processes.find(502)).toMatchObject(claude)
  expect(processes.livesNow(claude)).toBe(false)
})

test('reads command, environment, folder and executable', () => {
  const { ps } = answering({
    [tableLine]: table,
    'ps -p 502 -wwo command=': '/Users/me/.local/bin/claude --channels plugin:telegram@x\n',
    [commandsLine]: '  501 tmux\n  502 /Users/me/.local/bin/claude --channels plugin:telegram@x\n',
    [environmentsLine]:
      '  501 tmux A=1\n  502 /Users/me/.local/bin/claude --channels plugin:telegram@x HOME=/Users/me TITLE=two words X= CHANNELS_RUN=r1\n',
    'lsof -a -p 502 -d cwd -Fn': 'p502\nfcwd\nn/Users/me/my site\n',
  })
  const processes = createProcesses('darwin', { ps })
  expect(processes.command(claude)).toEqual([
    '/Users/me/.local/bin/claude',
    '--channels',
    'plugin:telegram@x',
  ])
  expect(processes.environment(claude)).toEqual({
    HOME: '/Users/me',
    TITLE: 'two words',
    X: '',
    CHANNELS_RUN: 'r1',
  })
  expect(processes.folder(claude)).toBe('/Users/me/my site')
  expect(processes.replaced(claude)).toBe(true)
})

test('the environments of all processes cost two ps, not two each', () => {
  const rows = Array.from({ length: 300 }, (_, i) => i + 1_000)
  const { ps, asked } = answering({
    [tableLine]: rows.map((pid) => `${pid} 1 S    Sun Nov 22 09:05:07 2026     /bin/sleep`).join('\n'),
    [commandsLine]: rows.map((pid) => ` ${pid} sleep 9`).join('\n'),
    [environmentsLine]: rows.map((pid) => ` ${pid} sleep 9 OF=${pid}`).join('\n'),
  })
  const processes = createProcesses('darwin', { ps, now: () => 1000 })
  for (const process of processes.all())
    expect(processes.environment(process)).toEqual({ OF: String(process.pid) })
  expect(asked).toEqual([tableLine, commandsLine, environmentsLine])
})

test('a command joined is the line as it was, spaces in its paths included', () => {
  const line = '/bin/sh /Users/me/My  State/sessions/web/loop.sh web'
  const { ps } = answering({ [tableLine]: table, 'ps -p 502 -wwo command=': `${line}\n` })
  expect(createProcesses('darwin', { ps }).command(claude)?.join(' ')).toBe(line)
})

const sockets = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  10.8.0.6.54433         1.2.3.4.443            ESTABLISHED
tcp4       0      0  127.0.0.1.50000        127.0.0.1.8787         ESTABLISHED
tcp4       0      0  127.0.0.1.8787         127.0.0.1.50000        ESTABLISHED
tcp46      0      0  *.80                   *.*                    LISTEN
tcp6       0      0  ::1.8788               *.*                    LISTEN
tcp4       0      0  127.0.0.1.18789        *.*                    LISTEN
`

test.each([
  [80, true],
  [8788, true],
  // A connection is none that listens, and the end of a longer number is no port.
  [8787, false],
  [8789, false],
  [443, false],
])('whether anything listens on port %s, by the table of sockets: %s', (port, listens) => {
  const { ps } = answering({ 'netstat -an -p tcp': sockets })
  expect(createProcesses('darwin', { ps }).listens(port)).toBe(listens)
})

test('without a table of sockets nothing is known of a port; a mistake of ours is no such thing', () => {
  const failing = (error: Error) =>
    createProcesses('darwin', {
      ps: () => {
        throw error
      },
    })
  expect(createProcesses('darwin', answering({})).listens(80)).toBeNull()
  expect(failing(Object.assign(new Error('ENOENT'), { status: null })).listens(80)).toBeNull()
  expect(() => failing(new TypeError('a bug')).listens(80)).toThrow('a bug')
})

test('an environment that is not shown is unknown, not empty', () => {
  const { ps } = answering({
    [tableLine]: table,
    [commandsLine]: '  502 claude\n',
    [environmentsLine]: '  502 claude\n',
  })
  const processes = createProcesses('darwin', { ps })
  expect(processes.environment(claude)).toBeNull()
  expect(processes.folder(claude)).toBeNull()
  expect(parseEnvironment('', '')).toBeNull()
  expect(parseEnvironment('claude', 'another A=1')).toBeNull()
})

test('a ps that fails is an error, not an empty machine', () => {
  expect(() => createProcesses('darwin', { ps: () => '' }).find(502)).toThrow('lists no processes')
  expect(() => createProcesses('darwin', { ps: () => 'garbage\n' }).all()).toThrow('lists no processes')
})

test('cut and garbled tables give fewer processes and never throw', () => {
  fc.assert(
    fc.property(fc.nat(table.length), fc.nat(table.length), fc.string(), (from, to, noise) => {
      const rows = parseTable(table.slice(0, from) + noise + table.slice(to))
      for (const [pid, row] of rows) expect(row.pid).toBe(pid)
      expect(parseTable(noise).size).toBe(0)
    }),
  )
})
