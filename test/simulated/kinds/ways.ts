import { openFakechat } from '../../sim/fakechat.ts'
import type { Home } from '../../sim/home.ts'
import {
  type DiscordWard,
  type FakechatWard,
  type PagerWard,
  setUpDiscord,
  setUpFakechat,
  setUpPager,
  setUpServer,
} from '../../sim/other-wards.ts'
import { setUp, type Ward, type WardOptions } from '../../sim/ward.ts'

/** A session with one channel, as the person at the other end has it. */
export type Way = {
  readonly name: string
  readonly channel: string
  readonly cwd: string
  /** Says something, and waits until the echo of it is back: `ms` milliseconds at the most. */
  readonly echo: (text: string, ms?: number) => Promise<void>
}

type Named = { readonly name: string; readonly cwd: string }
type Told = (text: string) => (seen: { readonly text: string }) => boolean

const back: Told = (text) => (seen) => seen.text === `echo: ${text}`
const echoMs = 20_000

const wayOf = ({ name, cwd }: Named, channel: string, echo: Way['echo']): Way => ({
  name,
  cwd,
  channel,
  echo,
})

/** A session of each kind that was set up, as a way to talk to it. */
export const through = {
  telegram: (home: Home, ward: Ward): Way =>
    wayOf(ward, home.channelOf('telegram'), async (text, ms = echoMs) => {
      ward.bot.push(text)
      await ward.bot.waitForSent(back(text), ms)
    }),
  discord: (home: Home, ward: DiscordWard): Way =>
    wayOf(ward, home.channelOf('discord'), async (text, ms = echoMs) => {
      ward.bot.push(text)
      await ward.bot.waitForSent(back(text), ms)
    }),
  fakechat: (home: Home, ward: FakechatWard): Way =>
    wayOf(ward, home.channelOf('fakechat'), async (text, ms = echoMs) => {
      const page = await openFakechat(ward.address)
      page.say(text)
      await page.waitForAnswer(back(text), ms).finally(page.close)
    }),
  pager: (home: Home, ward: PagerWard): Way => wayOf(ward, home.channelOf('pager'), echoBy(ward)),
  'server:pager': (_: Home, ward: PagerWard): Way => wayOf(ward, 'server:pager', echoBy(ward)),
} as const

/** How a session of each kind is set up, and talked to. */
export const ways = {
  telegram: async (home: Home, name: string, options?: WardOptions): Promise<Way> =>
    through.telegram(home, await setUp(home, name, options)),
  discord: async (home: Home, name: string, options?: WardOptions): Promise<Way> =>
    through.discord(home, await setUpDiscord(home, name, options)),
  fakechat: async (home: Home, name: string, options?: WardOptions): Promise<Way> =>
    through.fakechat(home, await setUpFakechat(home, name, options)),
  pager: async (home: Home, name: string, options?: WardOptions): Promise<Way> =>
    through.pager(home, await setUpPager(home, name, options)),
  'server:pager': async (home: Home, name: string, options?: WardOptions): Promise<Way> =>
    through['server:pager'](home, await setUpServer(home, name, options)),
} as const

export type WayName = keyof typeof ways

function echoBy({ pager }: PagerWard): Way['echo'] {
  return async (text, ms = echoMs) => {
    pager.say(text)
    await pager.waitForAnswer((seen) => seen === `echo: ${text}`, ms)
  }
}
