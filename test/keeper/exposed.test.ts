import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findExposed } from '../../src/keeper/exposed.ts'
import { files } from '../../src/system/files.ts'
import { resolveFolders } from '../../src/system/folders.ts'
import { session } from '../core/evidence-builder.ts'
import { ownFolder } from '../system/own.ts'

/** Folders of ours and of a bot that are closed, and a folder of somebody's beside them. */
const machine = ({
  foreign = [],
  stateDir = 'bot',
}: {
  readonly foreign?: readonly string[]
  readonly stateDir?: string
} = {}) => {
  const top = files.realPath(ownFolder()) ?? ''
  const at = (path: string) => join(top, path)
  const write = (path: string, mode: number) => {
    mkdirSync(dirname(at(path)), { recursive: true, mode: 0o700 })
    writeFileSync(at(path), '')
    chmodSync(at(path), mode)
  }
  const link = (path: string, target: string) => symlinkSync(at(target), at(path))
  for (const path of ['state/sessions/work/run.json', 'config/config.json', 'bot/.env', 'bot/access.json'])
    write(path, 0o600)
  mkdirSync(at('else'))
  const world = {
    folders: {
      ...resolveFolders({ CHANNELS_HOME: at('config') }, top),
      state: at('state'),
    },
    files: {
      ...files,
      look: (path: string) => {
        const look = files.look(path)
        return look === null ? null : { ...look, own: !foreign.some((each) => at(each) === path) }
      },
    },
  }
  const bot = { ...session, channels: session.channels.map((each) => ({ ...each, stateDir: at(stateDir) })) }
  const find = () =>
    findExposed(world, [bot, { ...bot, name: 'play' }]).map((each) => {
      const near = (path: string) => path.replace(`${top}/`, '')
      const path = near(each.path)
      if (each.is === 'foreign') return `${path} is foreign in ${near(each.root)}`
      const modes = `${each.mode.toString(8)} -> ${each.wanted.toString(8)}`
      return each.is === 'open'
        ? `${path} ${modes}`
        : `${path} leads to ${near(each.target)} ${modes}${each.own ? '' : ', not own'}`
    })
  return { at, write, link, find }
}

test('what is closed is exposed to nobody', () => {
  expect(machine().find()).toEqual([])
})

test('what is open is told, in closed folders nothing is; others may read our configuration’s folder', () => {
  const { at, write, find } = machine()
  write('state/sessions/work/run.json', 0o644)
  chmodSync(at('config'), 0o755)
  expect(find()).toEqual([])
  for (const path of ['state', 'state/sessions', 'state/sessions/work', 'bot']) chmodSync(at(path), 0o755)
  write('bot/.env', 0o640)
  chmodSync(at('config'), 0o775)
  expect(find()).toEqual([
    'config 775 -> 755',
    'bot 755 -> 700',
    'bot/.env 640 -> 600',
    'state 755 -> 700',
    'state/sessions 755 -> 700',
    'state/sessions/work 755 -> 700',
    'state/sessions/work/run.json 644 -> 600',
  ])
})

test('a link’s own mode means nothing: where it leads counts, in closed folders, too', () => {
  const { write, link, find } = machine()
  write('else/closed', 0o600)
  write('else/open', 0o644)
  link('state/sessions/work/closed', 'else/closed')
  link('state/sessions/work/nowhere', 'else/none')
  link('state/sessions/work/circle', 'state/sessions/work/circle')
  // Kept by the folder it is in.
  write('state/own', 0o644)
  link('state/sessions/work/near', 'state/own')
  expect(find()).toEqual([])
  link('state/sessions/work/open', 'else/open')
  expect(find()).toEqual(['state/sessions/work/open leads to else/open 644 -> 600'])
})

test.each([
  ['the token’s file', 'bot/.env', 'else/env'],
  ['the configuration', 'config/config.json', 'else/config.json'],
])('%s that is a link out of our folders', (_, path, target) => {
  const { at, write, link, find } = machine()
  write(target, 0o644)
  files.remove(at(path))
  link(path, target)
  expect(find()).toEqual([`${path} leads to ${target} 644 -> 600`])
  chmodSync(at(target), 0o600)
  expect(find()).toEqual([])
})

test('below a folder that is a link nothing is in our folders', () => {
  const { at, write, link, find } = machine()
  files.rename(at('bot'), at('else/bot'))
  link('bot', 'else/bot')
  expect(find()).toEqual([])
  chmodSync(at('else/bot'), 0o755)
  write('else/bot/.env', 0o644)
  expect(find()).toEqual(['bot leads to else/bot 755 -> 700', 'bot/.env leads to else/bot/.env 644 -> 600'])
})

test('what people linked above our folders is no link of ours', () => {
  const { at, write, link, find } = machine({ stateDir: 'linked/bot' })
  files.rename(at('bot'), at('else/bot'))
  link('linked', 'else')
  expect(find()).toEqual([])
  chmodSync(at('else/bot'), 0o755)
  write('else/bot/.env', 0o644)
  // By its real path: no link on the way of what closes it.
  expect(find()).toEqual(['else/bot 755 -> 700', 'else/bot/.env 644 -> 600'])
})

test('what belongs to another user is told once, closed or not; where a link leads it may be shared with a group', () => {
  const { write, link, find } = machine({
    foreign: ['state/sessions', 'bot/.env', 'else/group', 'else/all'],
  })
  write('else/group', 0o640)
  link('state/group', 'else/group')
  const expected = ['bot/.env is foreign in bot', 'state/sessions is foreign in state']
  expect(find()).toEqual(expected)
  write('else/all', 0o644)
  link('state/all', 'else/all')
  expect(find().toSorted()).toEqual(
    [...expected, 'state/all leads to else/all 644 -> 600, not own'].toSorted(),
  )
})
