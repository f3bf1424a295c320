import type { Fields } from './json.ts'
import type { Answer } from './model.ts'
import type { World } from './world.ts'

/** The row of an API failure (field notes, section 2, transcript; texts as seen on 2.1.330). */
export const failureRow = (world: World, refused: Extract<Answer, { is: 'refused' }>): Fields => {
  const { status, message } = refused
  const error =
    { 401: 'authentication_failed', 403: 'authentication_failed', 429: 'rate_limit' }[status] ?? 'unknown'
  return {
    type: 'assistant',
    message: {
      role: 'assistant',
      model: '<synthetic>',
      content: [{ type: 'text', text: failureText(world, status, message) }],
    },
    error,
    isApiErrorMessage: true,
    apiErrorStatus: status === 0 ? null : status,
  }
}

const failureText = (world: World, status: number, message: string): string => {
  const byKey = (world.environment.ANTHROPIC_API_KEY ?? '') !== ''
  if (status === 401)
    return byKey ? 'Invalid API key · Fix external API key' : `Please run /login · API Error: 401 ${message}`
  if (status === 429) return `API Error: Request rejected (429) · ${message}`
  return `API Error: ${status === 0 ? 'Connection error.' : `${status} ${message}`}`
}
