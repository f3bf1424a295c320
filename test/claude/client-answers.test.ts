import fc from 'fast-check'
import { expect, test } from 'vitest'
import { authStatus, loginFault } from '../../src/claude/auth.ts'
import { clientVersion, compareVersions, oldestClient } from '../../src/claude/version.ts'
import { fakeRun } from './fake-run.ts'

// What the real clients printed: with an API key, and without anything.
const newest =
  '{\n  "loggedIn": true,\n  "authMethod": "api_key",\n  "apiProvider": "firstParty",\n  "analyticsDisabled": false,\n  "projectsDirectory": "/home/me/.claude/projects",\n  "configDirectory": "/home/me/.claude",\n  "loginExpiresAt": null,\n  "consoleProfileSignInOffered": true,\n  "apiKeySource": "ANTHROPIC_API_KEY"\n}\n'
const oldest =
  '{\n  "loggedIn": true,\n  "authMethod": "api_key",\n  "apiProvider": "firstParty",\n  "apiKeySource": "ANTHROPIC_API_KEY"\n}\n'
const loggedOut = '{\n  "loggedIn": false,\n  "authMethod": "none",\n  "apiProvider": "firstParty"\n}\n'
const helper =
  '{"loggedIn":true,"authMethod":"api_key_helper","apiProvider":"firstParty","apiKeySource":"apiKeyHelper"}'
const elsewhere = '{"loggedIn":true,"authMethod":"third_party","apiProvider":"foundry"}'
const expiring = '{"loggedIn":true,"authMethod":"claude.ai","loginExpiresAt":"2026-12-01T00:00:00.000Z"}'

test.each([
  ['2.1.330 with a key', { stdout: newest }, { is: 'yes', value: { method: 'api_key', expiresAt: null } }],
  ['2.1.139 with a key', { stdout: oldest }, { is: 'yes', value: { method: 'api_key', expiresAt: null } }],
  [
    'a login that expires',
    { stdout: expiring },
    { is: 'yes', value: { method: 'claude.ai', expiresAt: '2026-12-01T00:00:00.000Z' } },
  ],
  ['2.1.139 with a helper for keys', { stdout: helper }, { is: 'yes', value: { method: 'api_key_helper' } }],
  ['2.1.139 on another service', { stdout: elsewhere }, { is: 'yes', value: { method: 'third_party' } }],
  ['logged out', { stdout: loggedOut, status: 1 }, { is: 'no' }],
  ['logged in but failed', { stdout: newest, status: 1 }, { is: 'unknown' }],
  ['something else', { stdout: 'Logged in as me\n' }, { is: 'unknown' }],
  ['nothing', {}, { is: 'unknown' }],
  ['too slow', { timedOut: true, status: null }, { is: 'unknown' }],
  ['not there', { notFound: true, status: null }, { is: 'unknown' }],
])('auth status: %s', async (_, result, expected) => {
  const { run, calls } = fakeRun(result)
  expect(await authStatus(run, '/bin/claude', {})).toMatchObject(expected)
  expect(calls).toEqual([['/bin/claude', 'auth', 'status']])
})

test.each([
  ['api_key', '2.1.127', true],
  ['api_key_helper', '2.1.80', true],
  ['api_key', '2.1.128', false],
  ['api_key', null, false],
  ['claude.ai', '2.1.80', false],
  ['oauth_token', '2.1.80', false],
  ['third_party', '2.1.80', false],
  [null, '2.1.80', false],
])('a login by %s is none for channels with %s: %s', (method, version, is) => {
  expect(loginFault(method, version) !== null).toBe(is)
})

test.each([
  ['2.1.330', { stdout: '2.1.330 (Claude Code)\n' }, { is: 'yes', value: '2.1.330' }],
  ['a pre-release', { stdout: '3.0.0-beta.1 (Claude Code)\n' }, { is: 'yes', value: '3.0.0-beta.1' }],
  ['a warning before it', { stdout: 'warning: x\n2.1.80 (Claude Code)\n' }, { is: 'yes', value: '2.1.80' }],
  ['another program', { stdout: 'v20.1.0\n' }, { is: 'unknown' }],
  ['a failure', { stdout: '2.1.330 (Claude Code)\n', status: 1 }, { is: 'unknown' }],
  ['too slow', { timedOut: true, status: null }, { is: 'unknown' }],
  ['not there', { notFound: true, status: null }, { is: 'no' }],
])('version: %s', async (_, result, expected) => {
  expect(await clientVersion(fakeRun(result).run, '/bin/claude', {})).toMatchObject(expected)
})

test.each([
  [
    'its first line',
    { stdout: '\nls 9.1\nCopyright\n' },
    '`/bin/ls --version` answered "ls 9.1" (exit status 0)',
  ],
  [
    'an error',
    { stderr: 'no option\n', status: 2 },
    '`/bin/ls --version` answered "no option" (exit status 2)',
  ],
  ['nothing', { status: null, signal: 'SIGKILL' }, '`/bin/ls --version` answered nothing (SIGKILL)'],
  ['not too much', { stdout: 'y'.repeat(1000) }, expect.stringMatching(/answered "y{80}" /)],
  ['in time', { timedOut: true, status: null }, '`/bin/ls --version` did not answer within 15 s'],
  ['never started', { status: null, stderr: 'spawn ETXTBSY' }, "/bin/ls can't be started: spawn ETXTBSY"],
])('what another program said is told: %s', async (_, result, detail) => {
  expect(await clientVersion(fakeRun(result).run, '/bin/ls', {})).toEqual({ is: 'unknown', detail })
})

test.each([
  ['2.1.80', '2.1.80', 0],
  ['2.1.79', oldestClient, -1],
  ['2.1.330', oldestClient, 1],
  ['2.1.9', '2.1.10', -1],
  ['3.0.0-beta.1', '2.1.330', 1],
  ['2.1.330-dev.7', '2.1.330', 0],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign)
})

test('comparing is an order', () => {
  const version = fc.tuple(fc.nat(9), fc.nat(99), fc.nat(999)).map((parts) => parts.join('.'))
  fc.assert(
    fc.property(
      version,
      version,
      (a, b) =>
        Math.sign(compareVersions(a, b)) === -Math.sign(compareVersions(b, a)) || compareVersions(a, b) === 0,
    ),
  )
})
