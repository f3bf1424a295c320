import type { BotApi, BotApiOptions } from './server.ts'
import { startBotApi } from './server.ts'

const opened: BotApi[] = []

/** Starts a Bot API that `closeAll` closes. */
export const start = async (options?: BotApiOptions): Promise<BotApi> => {
  const api = await startBotApi(options)
  opened.push(api)
  return api
}
/** For afterEach. */
export const closeAll = async (): Promise<void> => {
  for (const api of opened.splice(0)) await api.close()
}

export type Reply = {
  readonly ok: boolean
  readonly error_code?: number
  readonly description?: string
  readonly result?: unknown
}

/** Calls a method as the plugin does: POST, JSON. */
export const call = async (
  api: BotApi,
  method: string,
  params: object = {},
  token = api.bot.token,
): Promise<Reply> => {
  const response = await fetch(`${api.root}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  })
  return (await response.json()) as Reply
}
