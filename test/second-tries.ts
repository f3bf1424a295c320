import { appendFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

type Failure = { readonly message: string; readonly cause?: unknown }

/**
 * Says at once which tests passed at a second try only, and what went wrong at the first: a fault may hide there; and why
 * one failed, which is said again at the end of a run that gets there. The tests of one file often share a session, and
 * where one failed half way the second try finds it in another state than it expects: such a file is named in
 * CHANNELS_FAILED_FILES, a line `<project> <file> <failed tests>` each, for `.ci/run` to try afresh.
 */
export default class SecondTries implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result()
    const name = `${test.module.relativeModuleId} > ${test.fullName}`
    const why = errors.map((error) => messages(error).join('; in '))
    if (test.diagnostic()?.flaky === true) console.log(`needed a second try: ${name}: ${why[0] ?? ''}`)
    // Of a run that is cut short nobody else would tell.
    else if (state === 'failed') console.log(`failed: ${name}: ${why.join('\nand then: ')}`)
  }

  onTestModuleEnd(module: TestModule): void {
    const list = process.env.CHANNELS_FAILED_FILES
    const { config, name } = module.project
    if (list === undefined || module.state() !== 'failed' || !config.retry) return
    const tests = [...module.children.allTests('failed')]
    appendFileSync(list, `${name} ${module.relativeModuleId} ${tests.length}\n`)
  }
}

/** What went wrong and what that was the cause of, innermost first: an outer one may fill a screen. */
const messages = ({ message, cause }: Failure): readonly string[] => [
  ...(isFailure(cause) ? messages(cause) : []),
  message,
]

const isFailure = (cause: unknown): cause is Failure =>
  typeof cause === 'object' && cause !== null && 'message' in cause && typeof cause.message === 'string'
