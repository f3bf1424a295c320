import { expect, test } from 'vitest'
import type { Plan } from '../../../src/commands/setup/plan.ts'
import { touchedFiles } from '../../../src/commands/setup/show-plan.ts'
import { yes } from '../../../src/core/answer.ts'
import type { Deps } from '../../../src/deps.ts'
import { resolveFolders } from '../../../src/system/folders.ts'
import { channel, session } from '../../core/evidence-builder.ts'

const home = '/home/me'
const plan: Plan = {
  session,
  former: null,
  channel: channel().channel,
  environment: {},
  ...{ token: '', allow: [], trust: 'trusted', replaces: null, webhook: null, moveFrom: null },
  ...{ takeOver: [], conversation: null },
}

/** The paths alone, below `own`. */
const pathsOf = (how: Parameters<typeof touchedFiles>[1], own: string): readonly string[] => {
  const deps = {
    folders: resolveFolders({ CHANNELS_HOME: own }, home),
    claude: {
      sessionPaths: () => ({ config: `${home}/.claude`, json: `${home}/.claude.json`, logs: '', home }),
      pluginInstalled: () => yes(''),
      pluginEnabled: () => false,
    },
  } as unknown as Deps
  const bot = session.channels[0]?.stateDir ?? ''
  return touchedFiles(plan, how, deps)
    .map((line) => line.slice(0, line.indexOf(': ')))
    .filter((path) => !path.startsWith(bot))
    .map((path) => path.replace(`${own}/`, ''))
}

test('without a start nothing but configuration and journal, and the answers only where they are given', () => {
  const always = ['config.json', 'state/events.jsonl']
  expect(pathsOf({ asks: false, starts: false }, '/own')).toEqual(always)
  expect(pathsOf({ asks: true, starts: false }, '/own')).toEqual([...always, 'state/setup.json'])
})

test('a start writes what runs, the terminal and the keeper', () => {
  const started = ['config.json', 'state/events.jsonl', 'state/sessions/work']
  expect(pathsOf({ asks: false, starts: true }, '/own')).toEqual([
    ...started,
    'state/terminals',
    'state/keeper',
  ])
  // No room for a socket there.
  expect(pathsOf({ asks: false, starts: true }, `/${'own'.repeat(40)}`)).toEqual([
    ...started,
    '/home/me/.channels',
    'state/keeper',
  ])
})
