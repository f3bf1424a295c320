import type { Socket } from 'node:net'
import { NetworkError } from './network-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The proxy for an https address from HTTPS_PROXY and NO_PROXY, small letters first as curl does; null for none. */
export const proxyFor = (url: URL, env: Environment): URL | null => {
  const proxy = setting(env, 'https_proxy') ?? setting(env, 'all_proxy')
  if (proxy === null || isExempt(url, setting(env, 'no_proxy') ?? '')) return null
  const address = proxy.includes('://') ? proxy : `http://${proxy}`
  // It may hold a password, so it is not repeated.
  if (!URL.canParse(address)) throw new NetworkError('HTTPS_PROXY is not a URL', null)
  const found = new URL(address)
  if (found.protocol === 'http:' || found.protocol === 'https:') return found
  throw new NetworkError(`HTTPS_PROXY is a ${found.protocol} proxy; only http and https are supported`, null)
}

/** Asks the proxy for a connection to the host of `url` (CONNECT, RFC 9110); TLS to that host is the caller's. */
export const openTunnel = async (proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> => {
  const { request } = proxy.protocol === 'https:' ? await import('node:https') : await import('node:http')
  const host = `${url.hostname}:${portOf(url)}`
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  const authorization =
    user === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }
  return new Promise((resolve, reject) => {
    const connect = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: portOf(proxy),
      method: 'CONNECT',
      path: host,
      headers: { host, ...authorization },
      agent: false,
      signal,
    })
    connect.once('connect', (response, socket) => {
      if (response.statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(new NetworkError(`the proxy ${proxy.host} answered ${response.statusCode} for ${host}`, null))
    })
    connect.once('error', reject)
    connect.end()
  })
}

const portOf = (url: URL): string => (url.port !== '' ? url.port : url.protocol === 'https:' ? '443' : '80')

const setting = (env: Environment, name: string): string | null => {
  const value = env[name] ?? env[name.toUpperCase()] ?? ''
  return value === '' ? null : value
}

const isExempt = (url: URL, noProxy: string): boolean =>
  noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, name = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? []
      if (port !== undefined && port !== portOf(url)) return false
      return url.hostname === name || url.hostname.endsWith(`.${name}`)
    })
