import { openFakechat } from '../../sim/fakechat.ts'
import type { Home } from '../../sim/home.ts'
import { setUpDiscord, setUpFakechat, setUpPager, setUpServer } from '../../sim/other-wards.ts'
import type { Pager } from '../../sim/pager.ts'
import { setUp, type WardOptions } from '../../sim/ward.ts'

/** A session with one channel, as the person at the other end has it. */
export type Way = {
  readonly name: string
  readonly channel: string
  readonly cwd: string
  /** Says something, and waits until the echo of it is back. */
  readonly echo: (text: string) => Promise<void>
}

const back = (text: string) => (seen: { readonly text: string }) => seen.text === `echo: ${text}`

/** How a session of each kind is set up, and talked to. */
export const ways = {
  telegram: async (home: Home, name: string, options: WardOptions = {}): Promise<Way> => {
    const { bot, cwd } = await setUp(home, name, options)
    const echo = async (text: string) => {
      bot.push(text)
      await bot.waitForSent(back(text), 20_000)
    }
    return { name, channel: home.channelOf('telegram'), cwd, echo }
  },
  discord: async (home: Home, name: string, options: WardOptions = {}): Promise<Way> => {
    const { bot, cwd } = await setUpDiscord(home, name, options)
    const echo = async (text: string) => {
      bot.push(text)
      await bot.waitForSent(back(text), 20_000)
    }
    return { name, channel: home.channelOf('discord'), cwd, echo }
  },
  fakechat: async (home: Home, name: string, options: WardOptions = {}): Promise<Way> => {
    const { address, cwd } = await setUpFakechat(home, name, options)
    const echo = async (text: string) => {
      const page = await openFakechat(address)
      page.say(text)
      await page.waitForAnswer(back(text), 20_000).finally(page.close)
    }
    return { name, channel: home.channelOf('fakechat'), cwd, echo }
  },
  pager: async (home: Home, name: string, options: WardOptions = {}): Promise<Way> => {
    const { pager, cwd } = await setUpPager(home, name, options)
    return { name, channel: home.channelOf('pager'), cwd, echo: echoBy(pager) }
  },
  'server:pager': async (home: Home, name: string, options: WardOptions = {}): Promise<Way> => {
    const { pager, cwd } = await setUpServer(home, name, options)
    return { name, channel: 'server:pager', cwd, echo: echoBy(pager) }
  },
} as const satisfies Readonly<
  Record<string, (home: Home, name: string, options?: WardOptions) => Promise<Way>>
>

export type WayName = keyof typeof ways

const echoBy = (pager: Pager) => async (text: string) => {
  pager.say(text)
  await pager.waitForAnswer((seen) => seen === `echo: ${text}`, 20_000)
}
