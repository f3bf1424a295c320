import type { ServiceFacts } from '../../core/doctor/facts.ts'
import type { Deps } from '../../deps.ts'
import { ExpectedError } from '../../errors.ts'
import { findProblems } from '../service/status.ts'

/** Whether something starts the keeper by itself, and what is wrong with that. Never throws an ExpectedError. */
export const lookAtService = async (deps: Deps): Promise<ServiceFacts> => {
  try {
    const service = await deps.service()
    const state = await service.state()
    if (state.installed === 'no') return { is: 'not installed' }
    return { is: 'installed', startsAt: state.startsAt, problems: findProblems(service, state, deps) }
  } catch (error) {
    if (error instanceof ExpectedError) return { is: 'none', detail: error.message }
    throw error
  }
}
