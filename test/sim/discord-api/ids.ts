import { createHash, randomBytes, randomInt } from 'node:crypto'

/** The person who writes unless told otherwise. */
export const someone = '424242424242424242'

/** An id as Discord counts them, of 18 or 19 digits. */
export const randomSnowflake = (): string =>
  `${randomInt(100_000, 2_000_000)}${String(randomInt(1_000_000_000_000)).padStart(12, '0')}`

/** A token of the account with this id, made up: the id, six characters and 38. */
export const tokenOf = (id: string): string =>
  `${Buffer.from(id).toString('base64url')}.${word(6)}.${word(38)}`

/** Whose a token is. */
export const idIn = (token: string): string =>
  Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')

/** The direct channel of these two: always the same. */
export const directChannel = (bot: string, user: string): string => {
  const number = createHash('sha256').update(`${bot} ${user}`).digest().readBigUInt64BE() % 10n ** 17n
  return `1${String(number).padStart(17, '0')}`
}

const word = (length: number): string => randomBytes(length).toString('base64url').slice(0, length)
