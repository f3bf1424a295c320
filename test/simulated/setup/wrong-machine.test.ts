import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findProgram } from '../../../src/claude/find-program.ts'
import { closeMachine, type Machine, makeMachine, setUp, writeProgram } from '../faults/kit.ts'
import { filesBelow, snapshot } from '../faults/secrets.ts'
import { folderAt, sitDownAt } from './desk.ts'

// What a machine lacks, found by the wizard before anything else: what is read, how it ends, and that nothing but the answers so far is kept.

let home: Machine
let before: ReturnType<typeof snapshot>
beforeAll(async () => {
  home = await makeMachine()
  await setUp(home, 'known')
  before = snapshot(home.home, home.channelsHome, home.project)
})
afterAll(async () => {
  try {
    expect(snapshot(home.home, home.channelsHome, home.project)).toEqual(before)
  } finally {
    await closeMachine(home)
  }
})

const sitDown = sitDownAt(() => home)
const folder = folderAt(() => home)

describe.concurrent('what the machine lacks', () => {
  const bin = (...programs: readonly ('claude' | 'bun' | 'tmux')[]) => {
    const path = folder(`bin-${programs.join('-')}`)
    for (const program of programs)
      symlinkSync(findProgram(program, home.env.PATH) ?? program, join(path, program))
    return { PATH: path }
  }
  test.each<[what: string, env: () => Record<string, string>, code: number, says: RegExp]>([
    [
      'the client',
      () => bin('bun', 'tmux'),
      69,
      /client is not there.*npm install -g @anthropic-ai\/claude-code/,
    ],
    ['Bun', () => bin('claude', 'tmux'), 69, /Bun.*Install Bun/],
    ['a multiplexer', () => bin('claude', 'bun'), 69, /neither tmux nor screen.*Install `tmux`/],
    [
      'a new client',
      () => ({ CHANNELS_CLAUDE: writeProgram(home, 'old', 'claude', 'export FAKE_CLAUDE_VERSION=2.1.70') }),
      69,
      /too old for channels.*2\.1\.70.*claude update/,
    ],
    ['a login', () => ({ ANTHROPIC_API_KEY: '' }), 1, /no login.*claude auth login/],
    [
      'a client that takes keys',
      () => ({
        CHANNELS_CLAUDE: writeProgram(home, 'keyless', 'claude', 'export FAKE_CLAUDE_VERSION=2.1.112'),
      }),
      1,
      /signed in by key \(api_key\).*2\.1\.112.*claude update/,
    ],
  ])('%s', async (_, env, code, says) => {
    const person = await sitDown({ env: env() })
    const said = await person.ends(code)
    expect(said).toMatch(says)
    expect(said).not.toMatch(/Which folder/)
    person.expectUntouched()
  })

  test('channels switched off for the client: said, and left to the person', async () => {
    const config = folder('config-without-gate')
    writeFileSync(join(config, '.claude.json'), '{"cachedGrowthBookFeatures":{"tengu_harbor":false}}')
    const env = { CLAUDE_CONFIG_DIR: config, CLAUDE_CODE_USE_BEDROCK: '1' }
    const person = await sitDown({ env })
    await person.answers(/Which folder/, folder('gated'))
    await person.answers(/Do you trust what is in/, 'y')
    await person.sees(
      /! .*CLAUDE_CODE_USE_BEDROCK is set in its environment; .*takes it out of this shell\) Unset what is named there/,
    )
    await person.sees(/! .*tengu_harbor is false in .*\.claude\.json/)
    await person.answers(/Name of the session/, '', 'C-c')
    expect(await person.ends(130)).toMatch(
      /Nothing was changed\. Run the same command again: it goes on where it\s+stopped\./,
    )
    person.expectUntouched()
  })

  test('an organization that has switched channels off: file, key and who, before the bot is asked for', async () => {
    const managed = folder('forbidden')
    writeFileSync(join(managed, 'managed-settings.json'), '{"channelsEnabled":false}')
    const person = await sitDown({ env: { CHANNELS_MANAGED_SETTINGS: managed } })
    await person.answers(/Which folder/, folder('governed'))
    await person.answers(/Do you trust what is in/, 'y')
    const said = await person.ends(1)
    expect(said).toMatch(/channelsEnabled is false in .*managed-settings\.json; this machine’s administrator/)
    expect(said).not.toMatch(/Name of the session/)
    person.expectUntouched()
  })

  test('a terminal for keys, but none to show questions on: 2 and the flag, at once', async () => {
    const said = join(home.root, 'said')
    const person = await sitDown({ after: `2>'${said}'` }, '--no-pair', '--cwd', home.project)
    expect(await person.ends(2)).not.toMatch(/\?/)
    expect(filesBelow(home.root)).toContain(said)
    person.expectUntouched()
  })
})
