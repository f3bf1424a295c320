import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Machine, setUp } from './kit.ts'

export const plugin = 'telegram@channels-tests'

/** How the plugin stood before channels came. */
export const befores = ['enabled', 'disabled', 'absent'] as const
export type Before = (typeof befores)[number]

/** Two that have the plugin for themselves, and one that shares it. */
export const names = ['one', 'shared', 'two'] as const
export type Name = (typeof names)[number]

export const orders: readonly (readonly Name[])[] = names.flatMap((first) =>
  names
    .filter((each) => each !== first)
    .map((second) => [first, second, ...names.filter((each) => each !== first && each !== second)]),
)

/**
 * Sets three sessions up and removes them again in this order: disabled for the user as long as one has the plugin for
 * itself, as the user had it or a plain install leaves it while it is only shared, and in the end as it was.
 */
export const expectPutBack = async (
  home: Machine,
  before: Before,
  setups: readonly Name[],
  removes: readonly Name[],
): Promise<void> => {
  await bring(home, before)
  const was = pluginOf(home)
  const there = new Set<Name>()
  const expectRight = (): void => {
    const own = there.has('one') || there.has('two')
    const shared = before === 'absent' && there.has('shared') ? true : was.enabled
    expect({ there: [...there], enabled: pluginOf(home).enabled }).toEqual({
      there: [...there],
      enabled: own ? false : shared,
    })
  }
  for (const name of setups) {
    await setUp(home, name, name === 'shared' ? { flags: ['--shared'] } : {})
    there.add(name)
    expectRight()
  }
  for (const name of removes) {
    const removed = await home.channels(['remove', name, '--yes', '--purge'])
    expect(removed, removed.stderr).toMatchObject({ code: 0, stderr: '' })
    there.delete(name)
    expectRight()
  }
  expect(pluginOf(home)).toEqual(was)
}

/** What the client's own files say of it. */
export const pluginOf = (home: Machine) => {
  const enabledPlugins = readJson(settingsFile(home)).enabledPlugins as Record<string, boolean> | undefined
  const { plugins } = readJson(pluginList(home)) as { readonly plugins?: Record<string, unknown> }
  return { enabled: enabledPlugins?.[plugin], installed: Object.hasOwn(plugins ?? {}, plugin) }
}

/** As on a machine where the user had it like that. */
export const bring = async (home: Machine, before: Before): Promise<void> => {
  const { enabledPlugins: _, ...settings } = readJson(settingsFile(home))
  writeFileSync(settingsFile(home), JSON.stringify(settings))
  await home.claude(['plugin', 'uninstall', plugin])
  if (before !== 'absent') await home.claude(['plugin', 'install', plugin])
  if (before === 'disabled') await home.claude(['plugin', 'disable', plugin])
  const enabled = { enabled: true, disabled: false, absent: undefined }[before]
  expect(pluginOf(home)).toEqual({ enabled, installed: before !== 'absent' })
}

const settingsFile = ({ home }: Machine): string => join(home, '.claude', 'settings.json')
const pluginList = ({ home }: Machine): string => join(home, '.claude', 'plugins', 'installed_plugins.json')

const readJson = (file: string): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
  } catch {
    // No plugin was ever installed.
    return {}
  }
}
