import { type Answer, askModel } from './model.ts'
import { since, type World } from './world.ts'

// Field notes, section 8: 401 is retried 10 times over about 2.5 minutes before it shows.
const usualRetries = 10
const longestMs = 32_000

/**
 * Asks until there is an answer, or an error to show. With CLAUDE_CODE_RETRY_WATCHDOG=1 a 429 or 529 is retried without
 * end, other errors 300 times (section 1). `tell` gets the line for the screen, null when it is over.
 */
export const askPatiently = async (
  world: World,
  request: Parameters<typeof askModel>[1],
  requested: () => void,
  tell: (line: string | null) => void,
  signal: AbortSignal,
): Promise<Answer> => {
  const unattended = world.environment.CLAUDE_CODE_RETRY_WATCHDOG === '1'
  const first = world.knobs.retryMs
  for (let attempt = 1; ; attempt += 1) {
    requested()
    const answer = await askModel(world, request, signal)
    const most = mostRetries(world, answer, unattended)
    tell(null)
    if (answer.is === 'answer' || attempt > most || signal.aborted) return answer
    const wait = Math.min(first * 2 ** (attempt - 1), longestMs)
    tell(
      `${saidOf(answer, attempt)} · retrying in ${Math.ceil(wait / 1000)}s · attempt ${attempt}/${Number.isFinite(most) ? most : 300}`,
    )
    await sleep(wait, signal)
  }
}

/** The first two attempts say the same of every answer (2.1.330, seen). */
const saidOf = (answer: Extract<Answer, { is: 'refused' }>, attempt: number): string => {
  if (attempt <= 2) return 'API error'
  if (answer.status === 0) return 'Connection refused — a firewall or proxy may be blocking it (ECONNREFUS…'
  return answer.status === 529 ? '529 Overloaded' : `${answer.status} ${answer.message}`
}

const mostRetries = (world: World, answer: Answer, unattended: boolean): number => {
  if (answer.is === 'answer' || !answer.retry) return 0
  if (!unattended || !since(world.version, '2.1.139')) return usualRetries
  return answer.status === 429 || answer.status === 529 ? Number.POSITIVE_INFINITY : 300
}

const sleep = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      done()
    })
  })
