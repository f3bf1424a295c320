import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from '../core/duration.ts'
import type { Source } from '../core/log-line.ts'

export type { Command } from 'commander'

/** Only this file knows commander; here its words, and those that several commands take. */
export const createCommand = (name: string): Command => new Command(name)

export const option = (flags: string, description: string): Option => new Option(flags, description)

export const argument = (name: string): Argument => new Argument(name)

/** An option that takes a time, `standard` where it is left out; in milliseconds. */
export const duration = (flags: string, description: string, standard?: string): Option => {
  const taken = option(flags, description).argParser((text: string) => {
    const ms = parseDuration(text)
    if (ms === null) throw new InvalidArgumentError('It takes a time: 90s, 10m, 2h, 1d.')
    return ms
  })
  return standard === undefined ? taken : taken.default(parseDuration(standard), standard)
}

/** For an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

/** For an option that takes a whole number. */
export const count = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.')
  return Number(text)
}

/** For an option that takes several of them, with commas between. */
export const sources = (text: string): readonly Source[] => {
  const list = text.split(',')
  if (!list.every(isSource))
    throw new InvalidArgumentError('It takes keeper, channel and terminal, with commas between.')
  return list
}

const isSource = (text: string): text is Source => ['keeper', 'channel', 'terminal'].includes(text)

/** What commander throws where it ends a command line by itself: help, the version, wrong usage. Null: something else. */
export const endOf = (error: unknown): CommanderError | null =>
  error instanceof CommanderError ? error : null
