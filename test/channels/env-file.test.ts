import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as envFile from '../../src/channels/env-file.ts'
import { replaceFile } from '../../src/system/replace-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

const { envFaults, meantToken, readEnvValue, readToken, setEnvValue } = envFile
const writeToken = envFile.writeToken(replaceFile)

const key = 'TELEGRAM_BOT_TOKEN'
const token = '123456789:AAtest0000000000000000000000000000'

/** The telegram plugin's own reading of the file (its source, 0.0.7). */
const asThePluginReads = (text: string): string | undefined => {
  const env: Record<string, string | undefined> = {}
  for (const line of text.split('\n')) {
    const [, name, value] = line.match(/^(\w+)=(.*)$/) ?? []
    if (name !== undefined && env[name] === undefined) env[name] = value
  }
  return env[key]
}

test.each([
  ['plain', `${key}=x\n`, 'x'],
  ['no line end', `${key}=x`, 'x'],
  ['the first counts', `${key}=x\n${key}=y\n`, 'x'],
  ['quotes belong to it', `${key}="x"`, '"x"'],
  ['a CR breaks the line', `${key}=x\r\n`, null],
  ['a broken line is passed over', `${key}=x\r\n${key}=y\n`, 'y'],
  ['export is not understood', `export ${key}=x`, null],
  ['spaces are not understood', ` ${key}=x\n${key} =y`, null],
  ['a comment', `# ${key}=x`, null],
  ['another key', `MY_${key}=x`, null],
  ['empty', `${key}=`, ''],
  ['nothing', '', null],
])('%s', (_, text, expected) => {
  expect(readEnvValue(text, key)).toBe(expected)
  expect(asThePluginReads(text) ?? null).toBe(expected)
})

test.each([
  ['a new file', '', `${key}=t\n`],
  ['another line', 'A=1\n', `A=1\n${key}=t\n`],
  ['no line end', 'A=1', `A=1\n${key}=t\n`],
  ['in its place', `A=1\n${key}=old\nB=2\n`, `A=1\n${key}=t\nB=2\n`],
  ['a CRLF file', `A=1\r\n${key}=old\r\nB=2\r\n`, `A=1\r\n${key}=t\nB=2\r\n`],
  ['the rest of old tokens go', `${key}=old\nA=1\n${key}=older\r\n`, `${key}=t\nA=1\n`],
  ['comments stay', `# ${key}=example\n\n${key}=old`, `# ${key}=example\n\n${key}=t`],
])('set: %s', (_, text, expected) => {
  const set = setEnvValue(text, key, 't')
  expect(set).toBe(expected)
  expect(readEnvValue(set, key)).toBe('t')
})

const line = fc.oneof(
  fc.constantFrom(
    `${key}=old`,
    `${key}=old\r`,
    `${key}=`,
    'A=1',
    'A=1\r',
    '# c',
    '',
    '\r',
    `X${key}=1`,
    `${key}X=1`,
    `${key}_OLD=${token}`,
    `${key}`,
    `${key} =old`,
    ` ${key}=old`,
    `export ${key}=old`,
    `export ${key}="old"\r`,
    `${key}="old"`,
    `${key}='old'\r`,
    `${key}=o\0ld`,
    '\0',
    '\u2028',
    `\ufeff${key}=old`,
    'B = 2',
  ),
  fc.string(),
)
const file = fc
  .tuple(fc.array(line), fc.boolean())
  .map(([lines, end]) => `${lines.join('\n')}${end ? '\n' : ''}`)
const ofOthers = (text: string) =>
  text.split('\n').filter((each) => each !== '' && !each.startsWith(`${key}=`))

test('after setting, the plugin reads the value, and every line of others is there byte for byte', () => {
  fc.assert(
    fc.property(file, (text) => {
      const set = setEnvValue(text, key, token)
      expect(asThePluginReads(set)).toBe(token)
      expect(ofOthers(set)).toEqual(ofOthers(text))
      expect(setEnvValue(set, key, token)).toBe(set)
    }),
  )
})

const bytes = fc.oneof(
  file.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)),
  fc
    .tuple(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(`\n${key}=old\n`, `\n${key}=old\r\n`, `\nexport ${key}=old`),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(([head, set, tail]) => Buffer.concat([head, Buffer.from(set), tail])),
)

test('the same for a file of any bytes on the disk: no byte of another line changes', () => {
  const stateDir = temporaryFolder()
  const path = join(stateDir, '.env')
  const lines = (of: Buffer) => ofOthers(of.toString('latin1'))
  fc.assert(
    fc.property(bytes, (before) => {
      writeFileSync(path, before)
      envFile.writeToken((target, text) => {
        writeFileSync(target, text)
        return true
      })(stateDir, key, token)
      const after = readFileSync(path)
      expect(lines(after)).toEqual(lines(before))
      expect(asThePluginReads(after.toString('utf8'))).toBe(token)
      expect(readToken(stateDir, key)).toEqual({ is: 'yes', value: token })
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['as it should be', `A="1"\r\n${key}=t\nexport B=1\n`, [], 't'],
  ['not there', `A=1\n# ${key}=t\n${key}X=t\n`, [], null],
  ['no file', '', [], null],
  ['a CR', `${key}=t\r\n`, ['crlf'], 't'],
  ['export', `export ${key}=t\n`, ['export'], 't'],
  ['indented export', `  export  ${key}=t`, ['export'], 't'],
  ['double quotes', `${key}="t"\n`, ['quoted'], 't'],
  ['single quotes', `${key}='t'\n`, ['quoted'], 't'],
  ['all of them', `export ${key}="t"\r\n`, ['crlf', 'export', 'quoted'], 't'],
  ['twice: the first counts', `${key}=t\n${key}=u\n`, ['twice'], 't'],
  ['an empty one before it', `${key}=\n${key}=t\n`, ['twice'], 't'],
  ['a broken one before it', `${key}=u\r\n${key}=t\n`, ['crlf', 'twice'], 't'],
  ['quotes first, plain second', `${key}="t"\n${key}=u\n`, ['quoted', 'twice'], 't'],
  ['an export beside a good one hinders nobody', `export ${key}=u\n${key}=t\n`, [], 't'],
  ['empty', `${key}=\n`, [], null],
  ['one quote is no pair', `${key}="t\n`, [], '"t'],
  ['a quote within', `${key}=t"t\n`, [], 't"t'],
  ['empty quotes', `${key}=""\n`, ['quoted'], null],
])('faults: %s', (_, text, faults, meant) => {
  expect(envFaults(text, key)).toEqual(faults)
  expect(meantToken(text, key)).toBe(meant)
})

test('what was set has no faults, and is what was meant; without a fault the plugin reads what was meant', () => {
  fc.assert(
    fc.property(file, (text) => {
      const set = setEnvValue(text, key, token)
      expect(envFaults(set, key)).toEqual([])
      expect(meantToken(set, key)).toBe(token)
      const meant = meantToken(text, key)
      if (meant !== null && !/[\r\u2028]/.test(meant) && envFaults(text, key).length === 0)
        expect(asThePluginReads(text)).toBe(meant)
    }),
  )
})

test('reading never throws and says what the plugin says', () => {
  fc.assert(
    fc.property(file, (text) => {
      expect(readEnvValue(text, key)).toBe(asThePluginReads(text) ?? null)
    }),
  )
})

test.each(['a\nb', 'a\rb', 'a\u2028b'])('%j can not stand in a line', (value) => {
  expect(() => setEnvValue('', key, value)).toThrow('can hold neither')
})

test('written for its owner alone, in a folder of its own', () => {
  const stateDir = join(temporaryFolder(), 'channels', 'telegram-work')
  expect(readToken(stateDir, key).is).toBe('no')
  writeToken(stateDir, key, token)
  expect(readToken(stateDir, key)).toEqual({ is: 'yes', value: token })
  expect(statSync(join(stateDir, '.env')).mode & 0o777).toBe(0o600)
  expect(statSync(stateDir).mode & 0o777).toBe(0o700)
  expect(readdirSync(stateDir)).toEqual(['.env'])
})

test('an open file and folder are closed; other lines stay', () => {
  const stateDir = temporaryFolder()
  writeFileSync(join(stateDir, '.env'), 'OTHER=1\r\n')
  chmodSync(join(stateDir, '.env'), 0o644)
  chmodSync(stateDir, 0o755)
  writeToken(stateDir, key, token)
  expect(readFileSync(join(stateDir, '.env'), 'utf8')).toBe(`OTHER=1\r\n${key}=${token}\n`)
  expect(statSync(join(stateDir, '.env')).mode & 0o777).toBe(0o600)
  expect(statSync(stateDir).mode & 0o777).toBe(0o700)
})

test('a link that leads out of the folder is not followed', () => {
  const folder = temporaryFolder()
  const stateDir = join(folder, 'state')
  mkdirSync(stateDir)
  writeFileSync(join(folder, 'elsewhere'), 'A=1\n')
  symlinkSync('../elsewhere', join(stateDir, '.env'))
  expect(() => writeToken(stateDir, key, token)).toThrow(
    expect.objectContaining({ name: 'ExpectedError', status: 77 }),
  )
  expect(readFileSync(join(folder, 'elsewhere'), 'utf8')).toBe('A=1\n')
})

test('nor one that leads nowhere; one within the folder is', () => {
  const stateDir = temporaryFolder()
  symlinkSync('/nonexistent/file', join(stateDir, '.env'))
  expect(() => writeToken(stateDir, key, token)).toThrow(expect.objectContaining({ status: 77 }))
  const other = temporaryFolder()
  writeFileSync(join(other, 'real'), 'A=1\n')
  symlinkSync('real', join(other, '.env'))
  writeToken(other, key, token)
  expect(lstatSync(join(other, '.env')).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(other, 'real'), 'utf8')).toContain(token)
})

test('what can not be read is unknown, and is not replaced', () => {
  const stateDir = temporaryFolder()
  mkdirSync(join(stateDir, '.env'))
  expect(readToken(stateDir, key).is).toBe('unknown')
  expect(() => writeToken(stateDir, key, token)).toThrow(expect.objectContaining({ status: 77 }))
})

test('what can not be written says so, without the token', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'file'), '')
  const refused = () => writeToken(join(folder, 'file', 'below'), key, token)
  expect(refused).toThrow(expect.objectContaining({ name: 'ExpectedError' }))
  expect(refused).not.toThrow(token)
})
