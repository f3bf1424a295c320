import { expect, test } from 'vitest'
import { installedVersion } from '../../src/claude/installed-version.ts'

const files: Readonly<Record<string, string>> = {
  '/n/lib/node_modules/@anthropic-ai/claude-code/package.json': '{"name":"x","version":"2.1.331"}',
  '/m/lib/node_modules/@anthropic-ai/claude-code/package.json': '{"name":"x","vers',
}

test.each([
  ['/home/me/.local/share/claude/versions/2.1.331', '2.1.331'],
  ['/opt/homebrew/Caskroom/claude-code/2.1.331/claude', '2.1.331'],
  ['/opt/homebrew/Caskroom/claude-code@latest/2.1.331/claude', '2.1.331'],
  ['/home/me/.local/share/mise/installs/npm-anthropic-ai-claude-code/2.1.331/bin/claude', '2.1.331'],
  ['/n/lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe', '2.1.331'],
  ['/n/lib/node_modules/@anthropic-ai/claude-code/cli.js', '2.1.331'],
  ['/m/lib/node_modules/@anthropic-ai/claude-code/cli.js', null],
  ['/home/me/.nvm/versions/node/v22.1.0/bin/claude', null],
  ['/usr/bin/claude', null],
])('%s is %s', (real, version) => {
  expect(installedVersion(real, (path) => files[path] ?? null)).toBe(version)
})
