import type { ModelApi } from './server.ts'
import { startModelApi } from './server.ts'

const opened: ModelApi[] = []
/** Starts a model API that `closeAll` closes. */
export const start = async (): Promise<ModelApi> => {
  const api = await startModelApi()
  opened.push(api)
  return api
}
/** For afterEach. */
export const closeAll = async (): Promise<void> => {
  for (const api of opened.splice(0)) await api.close()
}

export const replyTool = {
  name: 'mcp__plugin_telegram_telegram__reply',
  input_schema: { properties: { chat_id: {}, text: {} } },
}
export const tools = [{ name: 'Bash' }, { name: 'Read' }, replyTool]
/** A channel message as the client shows it to the model. */
export const channel = (text: string, chat = '7') =>
  `<channel source="plugin:telegram:telegram" chat_id="${chat}" user="tester" ts="2026-11-22">\n${text}\n</channel>`

export type Body = {
  readonly content: readonly {
    readonly type: string
    readonly text?: string
    readonly id?: string
    readonly name?: string
    readonly input?: unknown
  }[]
  readonly stop_reason: string
}

export const post = (api: ModelApi, body: object): Promise<Response> =>
  fetch(`${api.root}/v1/messages?beta=true`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', ...body }),
  })

export const ask = async (api: ModelApi, messages: readonly object[]): Promise<Body> =>
  (await (await post(api, { tools, messages })).json()) as Body

export const user = (content: unknown) => ({ role: 'user', content })
