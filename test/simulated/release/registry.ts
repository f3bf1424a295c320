import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import type { Package } from './package.ts'

export type Registry = {
  readonly address: string
  /** What was asked for, oldest first: `GET /claude-channels`. */
  readonly asked: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Stands for npm's registry, and knows one package. */
export const startRegistry = async ({ tarball, folder }: Package): Promise<Registry> => {
  const asked: string[] = []
  const bytes = readFileSync(tarball)
  const server = createServer(({ method, url = '' }, response) => {
    asked.push(`${method} ${url}`)
    if (url === `/${basename(tarball)}`) return void response.end(bytes)
    const document = url === '/claude-channels' ? packument() : null
    response.writeHead(document === null ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document ?? { error: 'not found' }))
  })
  const packument = (): object => {
    const json = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly version: string
    }
    const dist = {
      tarball: `${address}${basename(tarball)}`,
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    }
    const { version } = json
    return {
      name: 'claude-channels',
      'dist-tags': { latest: version },
      versions: { [version]: { ...json, dist } },
    }
  }
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    address,
    asked: () => asked,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}
