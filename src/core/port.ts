import type { Channel } from './channel.ts'
import type { Session } from './session.ts'

/** Names the port that fakechat serves its page on; without it 8787 (fakechat 0.0.1). */
export const portVariable = 'FAKECHAT_PORT'
const usualPort = 8787

/** The TCP port that a channel of a session listens on, on this machine; null: it listens on none. */
export const portOf = ({ environment }: Pick<Session, 'environment'>, { kind }: Pick<Channel, 'kind'>) => {
  if (kind !== 'fakechat') return null
  const named = Number(environment[portVariable] ?? '')
  return isPort(named) ? named : usualPort
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535

/** Where a person finds what listens there. */
export const addressOf = (port: number): string => `http://localhost:${port}`
