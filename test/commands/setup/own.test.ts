import { expect, test } from 'vitest'
import type { FoundServer, McpServer } from '../../../src/claude/mcp-servers.ts'
import { describeOwn } from '../../../src/commands/setup/own.ts'
import type { Deps } from '../../../src/deps.ts'
import { askedOf, refusalOf } from './asked.ts'

const pager: McpServer = {
  ...{ name: 'pager', command: 'node', env: { TOKEN: 'secret' }, file: '/site/.mcp.json' },
  ...{ askedIn: '/real/.mcp.json', refusedIn: null },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file.
  args: ['pager.mjs', '${TOKEN}'],
}
const describe = async (
  id: string,
  servers: readonly McpServer[],
  nobody = false,
  otherwise: FoundServer = { is: 'nothing', only: null },
) => {
  const { asked, said } = askedOf(id, { development: true })
  const claude = {
    findMcpServer: (_: unknown, { cwd }: { readonly cwd: string }, name: string): FoundServer => {
      const server = servers.find((each) => cwd === '/site' && each.name === name)
      return server === undefined ? otherwise : { is: 'program', server }
    },
    mcpServers: () => servers,
  }
  const described = await describeOwn({ ...asked, ...(nobody ? { ask: null } : {}) }, {
    claude,
  } as unknown as Deps)
  return { described, said }
}

test('a server that the folder names is shown as it is written, secrets not replaced', async () => {
  const { described, said } = await describe('server:pager', [pager])
  expect(described).toMatchObject({
    channel: { id: 'server:pager', kind: 'custom', stateDir: '/state', development: true, account: null },
    ...{ token: null, environment: {} },
  })
  expect(described.channel.agreedIn).toBe('/real/.mcp.json')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as above.
  expect(said).toEqual(['+ MCP server pager: node pager.mjs ${TOKEN} (/site/.mcp.json)'])
  expect((await describe('server:pager', [pager], true)).said).toEqual([])
})

test('one that nothing names: which there are, or how to name it', async () => {
  expect(
    await refusalOf(
      describe('server:pagr', [pager, { ...pager, name: 'other' }, { ...pager, name: 'my pager' }]),
    ),
  ).toEqual({
    status: 1,
    message: expect.stringMatching(/^No MCP server is called `pagr`: \/site\/\.mcp\.json /),
    hint: 'There are: server:pager, server:other. Nothing was changed.',
  })
  expect(await refusalOf(describe('server:pager', []))).toMatchObject({
    status: 1,
    hint: expect.stringContaining('`claude mcp add pager -- <command>` in /site'),
  })
})

test('one that was refused before: where to take that back', async () => {
  const refused = (file: string, whose: 'person' | 'administrator') =>
    refusalOf(describe('server:pager', [{ ...pager, refusedIn: { file, whose } }]))
  expect(await refused('/site/.claude/settings.json', 'person')).toMatchObject({
    status: 1,
    message:
      'The MCP server `pager` was refused: /site/.claude/settings.json lists it under disabledMcpjsonServers.',
    hint: expect.stringMatching(/^Take it out of that list, .*run the same command again/),
  })
  expect(await refused('/etc/x.json', 'administrator')).toMatchObject({
    message: expect.stringMatching(/refused by this machine’s administrator: \/etc\/x\.json lists it/),
    hint: expect.stringMatching(/^The administrator can take it out/),
  })
})

test('one that may be given on the command line is taken, and nothing agreed to', async () => {
  const { described } = await describe('server:pager', [], true, { is: 'unknown' })
  expect(described.channel).toMatchObject({ id: 'server:pager', agreedIn: null })
})

test('one that an administrator’s list does not name, beside which no other counts', async () => {
  const only = { is: 'nothing', only: '/etc/claude-code/managed-mcp.json' } as const
  expect(await refusalOf(describe('server:pager', [], true, only))).toEqual({
    status: 1,
    message:
      'No MCP server is called `pager`: /etc/claude-code/managed-mcp.json, beside which no other file counts, does not name it.',
    hint: 'This machine’s administrator can name it there. Nothing was changed.',
  })
})

test('one at an address: what a channel is', async () => {
  expect(
    await refusalOf(describe('server:pager', [], true, { is: 'no-program', file: '/site/.mcp.json' })),
  ).toEqual({
    status: 1,
    message: expect.stringMatching(/^\/site\/\.mcp\.json names no program by `pager`: /),
    hint: expect.stringContaining('run the same command again'),
  })
})

test('a plugin needs no server of the folder', async () => {
  const { described } = await describe('plugin:pager@mine', [])
  expect(described.channel).toMatchObject({ id: 'plugin:pager@mine', kind: 'custom' })
})
