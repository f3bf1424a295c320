import { existsSync } from 'node:fs'
import type { Home } from '../sim/home.ts'
import { signal } from '../sim/processes.ts'
import { untilNobody } from '../sim/until.ts'

/** Takes all down as a person would, then removes the home. Hands back what went wrong, a sentence each. */
export const closeStage = async (home: Home): Promise<readonly string[]> => {
  const wrong: string[] = []
  try {
    const down = await home.channels(['down'])
    if (down.code !== 0) wrong.push(`\`channels down\` ended with ${down.code}: ${down.stdout}${down.stderr}`)
    const keeper = (await home.status()).keeper?.pid
    if (keeper === undefined) wrong.push('no keeper ran in the end')
    else signal(keeper, 'SIGTERM')
    await untilNobody('no process left', home.processes, 15_000)
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error))
  }
  await home.close()
  return existsSync(home.root) ? [...wrong, `left behind: ${home.root}`] : wrong
}
