import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keeperCommand } from '../../src/service/command.ts'
import {
  agentLabel,
  agentText,
  commandOfAgent,
  environmentOfAgent,
  isOurAgent,
} from '../../src/service/launchd-agent.ts'
import { readPlist } from './plist-reader.ts'
import { hostileText, plainStart } from './starts.ts'

const log = '/Users/me/.local/state/channels/keeper/service.log'

test('the property list says what launchd is to do', () => {
  expect(readPlist(agentText(plainStart, log))).toEqual({
    Label: agentLabel,
    ProgramArguments: keeperCommand(plainStart),
    // An agent of the login at the screen: the Keychain opens nowhere else.
    LimitLoadToSessionType: 'Aqua',
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: 10,
    // Without it the terminals would be ended with the keeper.
    AbandonProcessGroup: true,
    ProcessType: 'Interactive',
    EnvironmentVariables: plainStart.environment,
    StandardOutPath: log,
    StandardErrorPath: log,
  })
})

test('it is well-formed whatever stands in it, and holds that word for word', () => {
  const path = hostileText.map((text) => `/opt/${text}`)
  const variables = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/), hostileText)
  fc.assert(
    fc.property(path, path, path, variables, (node, script, file, environment) => {
      const start = { node, script, environment }
      const text = agentText(start, file)
      expect(isOurAgent(text)).toBe(true)
      expect(commandOfAgent(text)).toEqual(keeperCommand(start))
      expect(environmentOfAgent(text)).toEqual(environment)
      expect(readPlist(text)).toMatchObject({
        ProgramArguments: keeperCommand(start),
        EnvironmentVariables: environment,
        StandardErrorPath: file,
      })
    }),
  )
})

test.each(['', '<plist/>', '<key>ProgramArguments</key><string>node</string>'])(
  'nothing is read out of %j',
  (text) => {
    expect(commandOfAgent(text)).toEqual([])
    expect(isOurAgent(text)).toBe(false)
  },
)

test('what is no property list is found', () => {
  const good = agentText(plainStart, log)
  for (const bad of [
    good.replace('</dict>', ''),
    good.replace('/usr/bin/node', 'a & b'),
    good.replace('<true/>', '<true>'),
    good.replace(' again it', ' again -- it'),
  ]) {
    expect(bad).not.toBe(good)
    expect(() => readPlist(bad)).toThrow()
  }
})
