import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { isThere, names, openShell, type Shell, type Start } from './shells.ts'

const starts: readonly Start[] = [
  { shell: 'bash', line: 'eval "$(channels completion bash)"' },
  { shell: 'zsh', line: 'source <(channels completion zsh)' },
  { shell: 'fish', line: 'channels completion fish | source' },
]

/** As a file that the shell finds by itself, and in a bash as old as macOS has it: 3.2 knows no compopt. */
const otherStarts: readonly (Start & { readonly how: string })[] = [
  { how: 'zsh, autoloaded', shell: 'zsh', line: '', file: '.zfunc/_channels' },
  { how: 'fish, by its folder', shell: 'fish', line: '', file: '.config/fish/completions/channels.fish' },
  { how: 'bash, sourced', shell: 'bash', line: '. ~/channels.bash', file: 'channels.bash' },
  {
    how: 'bash without compopt',
    shell: 'bash',
    line: 'enable -n compopt; eval "$(channels completion bash)"',
  },
]

const spaced = / (my\\ folder|'my folder|"my folder)\/?['"]? ?$/

test.each(otherStarts.filter(({ shell }) => isThere(shell)))(
  '$how: a command, an option, a session, a folder',
  async (start) => {
    const shell = await openShell(start)
    onTestFinished(shell.close)
    expect(await shell.completed('channels stat')).toBe('channels status ')
    expect(await shell.completed('channels status --pl')).toBe('channels status --plain ')
    expect(await shell.completed('channels status wi')).toBe('channels status wiki ')
    expect(await shell.completed('channels setup --cwd my')).toMatch(spaced)
  },
)

describe.each(starts.filter(({ shell }) => isThere(shell)))('$shell', (start) => {
  let shell: Shell
  beforeAll(async () => {
    shell = await openShell(start)
  })
  afterAll(() => shell?.close())

  test.each([
    ['channels stat', 'channels status '],
    ['channels serv', 'channels service '],
    ['channels service inst', 'channels service install '],
    ['channels status --pl', 'channels status --plain '],
    ['channels setup --tok', 'channels setup --token-'],
    ['channels setup disc', 'channels setup discord '],
    ['channels setup plu', 'channels setup plugin:'],
    ['channels setup telegram --mult', 'channels setup telegram --multiplexer '],
    ['channels setup --multiplexer tm', 'channels setup --multiplexer tmux '],
    ['channels status --probe re', 'channels status --probe ready '],
    ['channels up wi', 'channels up wiki '],
    ['channels up wiki no', 'channels up wiki notes '],
    ['channels up --timeout 5m no', 'channels up --timeout 5m notes '],
    ['channels setup --session wi', 'channels setup --session wiki '],
    ['channels logs --source keeper,ch', 'channels logs --source keeper,channel'],
    ['channels access site pol', 'channels access site policy '],
    ['channels access site policy al', 'channels access site policy allowlist '],
    ['channels set site mod', 'channels set site model='],
    ['channels set site restart.att', 'channels set site restart.attempts='],
    ['channels set site multiplexer=scr', 'channels set site multiplexer=screen'],
    ['channels token site --token-file bot-t', 'channels token site --token-file bot-token'],
    ['channels completion fi', 'channels completion fish '],
    ['channels help rest', 'channels help restart '],
  ])('%s', async (typed, completed) => {
    // Zsh puts a comma behind one of a list, to be taken back by whatever else is typed.
    expect((await shell.completed(typed)).replace(/[ ,]+$/, '')).toBe(completed.trimEnd())
  })

  test('what could stand there: all that it is, and nothing that is for no person', async () => {
    const commands = await shell.offered('channels ', 'setup', 'status', 'service', 'completion')
    expect(commands).not.toMatch(/\blaunch\b/)
    await shell.offered('channels down ', ...names)
    expect(await shell.offered('channels down site ', 'notes', 'wiki')).not.toMatch(/\bsite +(notes|wiki|\()/)
    const options = await shell.offered('channels run --', '--own', '--stop')
    expect(options).not.toMatch(/--in-terminal|--every/)
  })

  test('folders: one with a space, below ~, behind folder=', async () => {
    expect(await shell.completed('channels setup --cwd my')).toMatch(spaced)
    expect(await shell.completed('channels setup --state-dir site-f')).toMatch(/--state-dir site-files\/ ?$/)
    // Files are no folders.
    expect(await shell.completed('channels setup --cwd bot')).toBe('channels setup --cwd bot')
    expect(await shell.completed('channels setup --cwd ~/site-f')).toMatch(/ (~|\/.*)\/site-files\/ ?$/)
    expect(await shell.completed('channels set site folder=site-f')).toMatch(/ folder=site-files\/ ?$/)
    expect(await shell.completed('channels set site folder=my')).toMatch(
      / folder=['"]?my\\? folder\/['"]? ?$/,
    )
  })

  test('nothing is run that stands on the line', async () => {
    // For any command zsh runs what the word under the cursor substitutes, before it completes: not so by this key.
    const shell = await openShell({
      ...start,
      more: start.shell === 'zsh' ? "bindkey '^I' complete-word" : '',
    })
    onTestFinished(shell.close)
    const substituted = ['$(touch x)', '`touch x`', '"$(touch x)"']
    const broken = ["'$(touch x)", '"`touch x`', '; touch x;', '<(touch x)', '*']
    const lines = [
      ...substituted.flatMap((trap) => [
        `channels ${trap}`,
        `channels status ${trap} wi`,
        `channels setup --session ${trap}`,
        `channels setup --cwd ${trap}/`,
        `channels setup --token-file ${trap}/`,
        `channels set site folder=${trap}/`,
        `channels ${trap} site `,
        `channels logs --source ${trap},ch`,
      ]),
      ...broken.flatMap((trap) => [`channels status ${trap}`, `channels setup --cwd ${trap}`]),
    ]
    for (const line of lines) await shell.completed(line)
    expect(readdirSync(shell.home)).not.toContain('x')
    expect(await shell.completed('channels status $(touch x) wi')).toBe('channels status $(touch x) wiki ')
    expect(readdirSync(shell.home)).not.toContain('x')
  })
})
