import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { setUpDiscord, setUpFakechat, setUpPager, setUpServer } from '../sim/other-wards.ts'
import { signal } from '../sim/processes.ts'
import {
  type Machine,
  sessionIn,
  setUp,
  type Ward,
  type WardOptions,
  writeProgram,
} from '../simulated/faults/kit.ts'
import { through, type Way } from '../simulated/kinds/ways.ts'
import type { Scene } from './fault.ts'

export type Place = { readonly home: Machine; readonly ward: Ward }

/** A session called work, set up, with what is done to it. */
export const scene =
  (play: (place: Place) => Omit<Scene, 'ward'>, options: (home: Machine) => WardOptions = () => ({})) =>
  async (home: Machine): Promise<Scene> => {
    const ward = await setUp(home, 'work', options(home))
    return { ward, ...play({ home, ward }) }
  }

/** The same for a session of another kind: `ward` is what its set-up hands back. */
const sceneOf =
  <OfKind>(
    bringAbout: (home: Machine, name: string, options: WardOptions) => Promise<OfKind>,
    way: (home: Machine, ward: OfKind) => Way,
  ) =>
  (
    play: (place: { readonly home: Machine; readonly ward: OfKind }) => Omit<Scene, 'ward'>,
    options: (home: Machine) => WardOptions = () => ({}),
  ) =>
  async (home: Machine): Promise<Scene> => {
    const ward = await bringAbout(home, 'work', options(home))
    return { ward: way(home, ward), ...play({ home, ward }) }
  }

export const discordScene = sceneOf(setUpDiscord, through.discord)
export const fakechatScene = sceneOf(setUpFakechat, through.fakechat)
export const pagerScene = sceneOf(setUpPager, through.pager)
export const serverScene = sceneOf(setUpServer, through['server:pager'])

/** A client that runs these lines of shell first, and then is the home's. */
export const wrapped =
  (lines: (home: Machine) => readonly string[], flags: readonly string[] = []) =>
  (home: Machine): WardOptions => ({
    env: { CHANNELS_CLAUDE: writeProgram(home, 'wrapped', 'claude', ...lines(home)) },
    flags,
  })

/** Ends the process, or whatever the signal does to it; hands back when. Throws when it is not there. */
export const strike = (pid: number | undefined, name: NodeJS.Signals = 'SIGKILL'): number => {
  const at = Date.now()
  if (pid === undefined || pid < 2 || !signal(pid, name)) throw new Error(`no process ${pid} to signal`)
  return at
}

export const clientOf = async (home: Machine): Promise<number | undefined> =>
  sessionIn(await home.status(), 'work').client?.pid

export const pollerOf = async (home: Machine): Promise<number | undefined> =>
  sessionIn(await home.status(), 'work').channels[0]?.evidence.poller?.pid

/** A command of ours that the mending consists of. Throws when it fails. */
export const channels = async (home: Machine, words: readonly string[], input = ''): Promise<void> => {
  const outcome = await home.channels(words, { input, timeoutMs: 90_000 })
  if (outcome.code !== 0)
    throw new Error(
      `channels ${words.join(' ')} ended with ${outcome.code}: ${outcome.stdout}${outcome.stderr}`,
    )
}

type Json = Readonly<Record<string, unknown>>

/** Changes a JSON file of the client's. */
export const change = (file: string, how: (json: Json) => Json): void => {
  // Whole at any time, as a program would write it: it is read meanwhile.
  writeFileSync(`${file}.new`, JSON.stringify(how(JSON.parse(readFileSync(file, 'utf8')) as Json)), {
    mode: statSync(file).mode,
  })
  renameSync(`${file}.new`, file)
}
