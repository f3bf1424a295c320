import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { messengerOf } from '../../src/channels/messenger.ts'
import { isStored, staysOut } from '../../src/claude/environment-names.ts'
import { clientSettings } from '../../src/claude/settings.ts'
import { inlineOf, pageAt, root, tableOf } from './pages.ts'

// What docs/security.md claims and pure code decides; what lies on the disk is compared in test/simulated/docs.

const page = pageAt('docs/security.md')
const codes = new Set(inlineOf(page))
const session = {
  channels: [{ id: 'plugin:telegram@a', kind: 'telegram', stateDir: '/s', server: null }],
} as unknown as Parameters<typeof clientSettings>[0]
const { deny } = clientSettings(session, []).permissions

test('the commands that Claude is denied are those that the page names', () => {
  const denied = new Set(deny.flatMap((rule) => /^Bash\(\*channels (\w+)\*\)$/.exec(rule)?.[1] ?? []))
  const [, list = ''] = /^- the commands ([^.]+)\./m.exec(page.text) ?? []
  const named = [...list.matchAll(/`(?:channels )?(\w+)`/g)].map(([, name]) => name)
  expect(new Set(named)).toEqual(denied)
  expect(denied.size).toBeGreaterThan(5)
})

test('so are the files', () => {
  const files = new Set(deny.flatMap((rule) => /^Read\(\/\/s\/(.*)\)$/.exec(rule)?.[1] ?? []))
  const [, list = ''] = /^- the plugin's ([^,]+(?:,[^,]+)*), by file tools/m.exec(page.text) ?? []
  expect(new Set([...list.matchAll(/`([^`]+)`/g)].map(([, file]) => file?.replace(/\/$/, '/**')))).toEqual(
    files,
  )
})

test('the hosts are those that the program asks', () => {
  const own = (['telegram', 'discord'] as const).map(
    (kind) => new URL(messengerOf(kind)?.apiRoot({}) ?? '').host,
  )
  const told = tableOf(page, 'to', 'what', 'when').flatMap(([to = '']) => /^`([^`]+)`$/.exec(to)?.[1] ?? [])
  expect(told.sort()).toEqual(own.sort())
})

test('whatever is asked of Telegram is on the page', () => {
  const sources = readdirSync(`${root}src/channels`).map((name) =>
    readFileSync(`${root}src/channels/${name}`, 'utf8'),
  )
  const methods = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/'((?:get|set|send|delete|edit)[A-Z]\w+)'/g)].map(([, name = '']) => name),
    ),
  )
  expect(methods.size).toBeGreaterThan(4)
  expect([...methods].filter((name) => !codes.has(name))).toEqual([])
})

test('of the shell’s environment no token and no agent is stored', () => {
  for (const name of ['TELEGRAM_BOT_TOKEN', 'DISCORD_BOT_TOKEN', 'SSH_AUTH_SOCK', 'GITHUB_TOKEN'])
    expect(isStored(name)).toBe(false)
  expect(staysOut('TELEGRAM_BOT_TOKEN')).toBe(true)
  for (const name of ['ANTHROPIC_API_KEY', 'HTTPS_PROXY']) expect(isStored(name)).toBe(true)
})
