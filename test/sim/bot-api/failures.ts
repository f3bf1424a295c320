import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.ts'
import { refusal } from './answer.ts'

export type Failure = {
  /** Only this method; every call when absent. */
  readonly method?: string
  /** How often, for good when absent. */
  readonly times?: number
} & (
  | {
      readonly how: 'refuse'
      readonly status: number
      readonly description: string
      readonly retryAfter?: number
    }
  /** Never answers. */
  | { readonly how: 'hang' }
  /** Answers as ever, `ms` milliseconds later. */
  | { readonly how: 'slow'; readonly ms: number }
  /** Answers as ever once the rule is lifted. */
  | { readonly how: 'held' }
  /** Hangs up without an answer. */
  | { readonly how: 'reset' }
  /** Answers something that is not the service's, as a captive portal does. */
  | { readonly how: 'garbage' }
)

/** Switchable failures of a service, refused in its own form: the first rule that fits decides. */
export const failures = (refuse: Refuse = refusal) => {
  const rules: Rule[] = []

  /** The answer a rule gives in place of the real one; null lets the real one through. Waits as the rule says. */
  const apply = async (method: string, request: IncomingMessage): Promise<Answer | null> => {
    const rule = rules.find(({ failure, left }) => left > 0 && (failure.method ?? method) === method)
    if (rule === undefined) return null
    rule.left -= 1
    return play(rule, refuse, request)
  }

  const add = (failure: Failure): (() => void) => {
    const { promise: lifted, resolve: lift } = withResolvers()
    const rule = { failure, left: failure.times ?? Number.POSITIVE_INFINITY, lifted }
    rules.push(rule)
    return () => {
      rule.left = 0
      lift()
    }
  }
  return { add, apply }
}

type Refuse = (status: number, description: string, retryAfter?: number) => Answer
type Rule = { readonly failure: Failure; left: number; readonly lifted: Promise<void> }

const withResolvers = () => {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

const play = async (
  { failure, lifted }: Rule,
  refuse: Refuse,
  request: IncomingMessage,
): Promise<Answer | null> => {
  switch (failure.how) {
    case 'refuse':
      return refuse(failure.status, failure.description, failure.retryAfter)
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, failure.ms).unref())
      return null
    case 'held':
      await lifted
      return null
    case 'hang':
      return new Promise((resolve) => request.socket.once('close', () => resolve(null)))
    case 'reset':
      request.socket.destroy()
      return null
    case 'garbage':
      return {
        status: 200,
        body: '<html><body>Please sign in to this network</body></html>',
        type: 'text/html',
      }
  }
}
