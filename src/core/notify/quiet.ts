import type { QuietHours } from '../session.ts'

/** Hours as `22:00-08:00` has them; null for anything else, and for none at all. */
export const parseQuietHours = (text: string): QuietHours | null => {
  const [, ...parts] = /^(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)$/.exec(text) ?? []
  const [fromHour, fromMinute, toHour, toMinute] = parts.map(Number)
  const [from, to] = [minuteOf(fromHour, fromMinute), minuteOf(toHour, toMinute)]
  return from === null || to === null || from === to ? null : { from, to }
}

/** The same as text. */
export const formatQuietHours = ({ from, to }: QuietHours): string => `${clockOf(from)}-${clockOf(to)}`

/** Whether a time, in ms since 1970, lies in such hours by the machine's time zone; they may go over midnight. */
export const isQuiet = (quiet: QuietHours | null, at: number): boolean => {
  if (quiet === null) return false
  const date = new Date(at)
  const minute = date.getHours() * 60 + date.getMinutes()
  const { from, to } = quiet
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

/** A time of the day for people, by the machine's time zone; with its date where that is not today. */
export const localTime = (at: number, now: number): string => {
  const [date, today] = [new Date(at), new Date(now)]
  const clock = clockOf(date.getHours() * 60 + date.getMinutes())
  if (date.toDateString() === today.toDateString()) return clock
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`
}

const minuteOf = (hour = Number.NaN, minute = Number.NaN): number | null =>
  hour < 24 && minute < 60 ? hour * 60 + minute : null

const clockOf = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`

const two = (count: number): string => String(count).padStart(2, '0')
