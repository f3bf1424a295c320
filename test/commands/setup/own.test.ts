import { expect, test } from 'vitest'
import type { McpServer } from '../../../src/claude/mcp-servers.ts'
import { describeOwn } from '../../../src/commands/setup/own.ts'
import type { Deps } from '../../../src/deps.ts'
import { askedOf, refusalOf } from './asked.ts'

const pager: McpServer = {
  ...{ name: 'pager', command: 'node', env: { TOKEN: 'secret' }, file: '/site/.mcp.json', refusedIn: null },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file.
  args: ['pager.mjs', '${TOKEN}'],
}
const describe = async (
  id: string,
  servers: readonly McpServer[],
  nobody = false,
  elsewhere: string | null = null,
) => {
  const { asked, said } = askedOf(id, { development: true })
  const claude = {
    mcpServer: (_: unknown, cwd: string, name: string) =>
      servers.find((each) => cwd === '/site' && each.name === name) ?? null,
    mcpServers: () => servers,
    mcpServerElsewhere: () => elsewhere,
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
  const refusedIn = '/site/.claude/settings.local.json'
  expect(await refusalOf(describe('server:pager', [{ ...pager, refusedIn }]))).toMatchObject({
    status: 1,
    message: expect.stringContaining(`${refusedIn} lists it under disabledMcpjsonServers`),
    hint: expect.stringContaining('run the same command again'),
  })
})

test('one at an address: what a channel is', async () => {
  expect(await refusalOf(describe('server:pager', [], true, '/site/.mcp.json'))).toEqual({
    status: 1,
    message: expect.stringMatching(/^\/site\/\.mcp\.json names no program by `pager`: /),
    hint: expect.stringContaining('run the same command again'),
  })
})

test('a plugin needs no server of the folder', async () => {
  const { described } = await describe('plugin:pager@mine', [])
  expect(described.channel).toMatchObject({ id: 'plugin:pager@mine', kind: 'custom' })
})
