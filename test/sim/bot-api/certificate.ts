import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes a self-signed certificate for 127.0.0.1 and localhost, valid for a day, and leaves it in `folder` as `ca.pem`
 * for NODE_EXTRA_CA_CERTS. Encoded here by hand (X.509, RFC 5280) since node:crypto reads certificates but makes none,
 * and a machine need not have openssl.
 */
export const makeCertificate = (folder: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'))
  const name = sequence(set(sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from('Bot API of a test')))))
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(Date.now()),
    algorithm,
    name,
    sequence(time(Date.now() - hour), time(Date.now() + 24 * hour)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(authority(), addresses())),
  )
  const signature = sign('sha256', body, privateKey)
  const cert = pem('CERTIFICATE', sequence(body, algorithm, bits(signature)))
  mkdirSync(folder, { recursive: true })
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, cert)
  return { cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }), caFile }
}

const hour = 3_600_000

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts)
const set = (...parts: readonly Buffer[]): Buffer => tagged(0x31, ...parts)
const octets = (content: Buffer): Buffer => tagged(0x04, content)
const bits = (content: Buffer): Buffer => tagged(0x03, Buffer.from([0]), content)

const integer = (value: number): Buffer => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return tagged(0x02, (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

const base128 = (value: number): readonly number[] => {
  const low = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) low.unshift((left & 0x7f) | 0x80)
  return low
}

const time = (at: number): Buffer =>
  tagged(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]|\..*/g, '')}Z`))

const authority = (): Buffer =>
  sequence(oid('2.5.29.19'), octets(sequence(tagged(0x01, Buffer.from([0xff])))))

const addresses = (): Buffer => {
  const names = sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.from([127, 0, 0, 1])))
  return sequence(oid('2.5.29.17'), octets(names))
}

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`
