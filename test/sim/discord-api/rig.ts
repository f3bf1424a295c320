import type { DiscordApi } from './server.ts'

/** Calls a route as the plugin does; what came back, `{}` where that was nothing. */
export const call = async (
  api: DiscordApi,
  route: string,
  body: object | null = null,
  authorization = `Bot ${api.bot.token}`,
): Promise<{ readonly status: number; readonly body: unknown; readonly retryAfter: string | null }> => {
  const [method = '', path = ''] = route.split(' ')
  const response = await fetch(`${api.root}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    body: text === '' ? {} : JSON.parse(text),
    retryAfter: response.headers.get('retry-after'),
  }
}

export type Event = {
  readonly t: string
  readonly d: { readonly content?: string; readonly user?: { readonly username: string } }
}

/** Connects a gateway as the plugin does; its events so far, and whether it is over. */
export const connect = async (api: DiscordApi, token = api.bot.token) => {
  const stop = new AbortController()
  const headers = { authorization: `Bot ${token}` }
  const response = await fetch(`${api.root}/gateway/stream`, { headers, signal: stop.signal })
  const events: Event[] = []
  const state = { over: false }
  const read = async () => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      events.push(...lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Event))
    }
  }
  void read()
    .catch(() => undefined)
    .finally(() => {
      state.over = true
    })
  return {
    status: response.status,
    events: () => events,
    isOver: () => state.over,
    close: () => stop.abort(),
  }
}
