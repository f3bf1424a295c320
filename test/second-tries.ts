import type { Reporter, TestCase } from 'vitest/node'

/** Says which tests passed at a second try only, and what went wrong at the first: a fault may hide there. */
export default class SecondTries implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky !== true) return
    const [error] = test.result().errors ?? []
    console.log(
      `needed a second try: ${test.module.relativeModuleId} > ${test.fullName}: ${error?.message ?? ''}`,
    )
  }
}
