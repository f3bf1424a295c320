import { type Channel, shortName } from '../channel.ts'
import { hasToken } from '../kinds.ts'
import type { NotifySettings, Recipient, Session } from '../session.ts'
import { formatQuietHours, parseQuietHours } from './quiet.ts'

/** What `channels set` shows and changes of whom the keeper tells. That somebody is approved is for the command to see. */
export const notifySettings = {
  'notify.to': {
    help: 'whom the bot tells of trouble: the id of an approved sender, telegram:4242 where there are several bots; empty: nobody',
    show: (session: Session) => showRecipient(session),
    change: (session: Session, value: string) => {
      const to = value === '' ? null : recipientIn(session, value)
      return to !== null && 'fault' in to ? to : withNotify(session, { to })
    },
  },
  'notify.command': {
    help: 'a command for /bin/sh that gets each such event as JSON on its stdin; empty: none',
    show: ({ notify }: Session) => notify.command ?? '',
    change: (session: Session, value: string) =>
      withNotify(session, { command: value.trim() === '' ? null : value }),
  },
  'notify.quiet': {
    help: 'hours in which nobody is told, by local time: 22:00-08:00; empty: none',
    show: ({ notify }: Session) => (notify.quiet === null ? '' : formatQuietHours(notify.quiet)),
    change: (session: Session, value: string) => {
      const quiet = value === '' ? null : parseQuietHours(value)
      return value !== '' && quiet === null
        ? { fault: 'it is a time and another one: 22:00-08:00' }
        : withNotify(session, { quiet })
    },
  },
}

/** `telegram:4242`; a channel that the session has no more by its id. */
export const showRecipient = ({ notify: { to }, channels }: Session): string => {
  if (to === null) return ''
  const channel = channels.find(({ id }) => id === to.channel)
  return `${channel === undefined ? to.channel : shortName(channel)}:${to.sender}`
}

/** The session without whom `notify.to` names, where that is one of these; else the very same. */
export const forgetRecipient = (
  session: Session,
  fits: (channel: Channel, sender: string) => boolean,
): Session => {
  const { to } = session.notify
  const channel = session.channels.find(({ id }) => id === to?.channel)
  if (to === null || channel === undefined || !fits(channel, to.sender)) return session
  return withNotify(session, { to: null })
}

const withNotify = (session: Session, change: Partial<NotifySettings>): Session => ({
  ...session,
  notify: { ...session.notify, ...change },
})

const recipientIn = ({ channels }: Session, value: string): Recipient | { readonly fault: string } => {
  const bots = channels.filter(hasToken)
  const at = value.lastIndexOf(':')
  const [name, sender] = [value.slice(0, Math.max(at, 0)), value.slice(at + 1)]
  if (!/^\d{1,20}$/.test(sender))
    return { fault: 'the id of a sender has digits only: 4242, or telegram:4242' }
  const meant = name === '' ? bots : bots.filter((bot) => shortName(bot) === name || bot.id === name)
  const [channel] = meant
  const named = bots.map((bot) => `${shortName(bot)}:${sender}`).join(' or ')
  if (channel === undefined)
    return {
      fault: bots.length === 0 ? 'the session has no bot' : `the session has no bot called so: ${named}`,
    }
  return meant.length === 1 ? { channel: channel.id, sender } : { fault: `it has several bots: ${named}` }
}
