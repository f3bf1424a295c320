import { staySilent } from '../shared/approvals.ts'
import { asRecord } from '../shared/record.ts'
import { DiscordAPIError, type Rest } from './rest.ts'

const againMs = 1000

/**
 * Logs in and hands over messages until `signal`. Resolves with the bot's name once Discord has greeted; throws where
 * the first try fails. A gateway that is lost later is connected again and again, without a word.
 */
export const login = (
  rest: Rest,
  handle: (message: unknown) => Promise<void>,
  signal: AbortSignal,
): Promise<string> =>
  new Promise((greeted, failed) => {
    const listen = async () => {
      for await (const { t, d } of rest.events()) {
        if (t === 'READY') greeted(String(asRecord(asRecord(d).user).username))
        // A handler that fails loses its message, not the gateway.
        if (t === 'MESSAGE_CREATE') await handle(d).catch(staySilent)
      }
    }
    const keepListening = async () => {
      await listen().catch((error) => failed(inWords(error)))
      while (!signal.aborted) {
        await sleep(againMs, signal)
        await listen().catch(staySilent)
      }
    }
    void keepListening()
  })

/** As the official plugin's library says it. */
const inWords = (error: unknown): string => {
  if (!(error instanceof DiscordAPIError)) return String(error)
  if (error.status === 401) return 'Error [TokenInvalid]: An invalid token was provided.'
  return error.status === 400 ? 'Error: Used disallowed intents' : String(error)
}

const sleep = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      done()
    })
  })
