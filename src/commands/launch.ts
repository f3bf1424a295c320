import type { Deps } from '../deps.ts'

export type LaunchOptions = {
  readonly loop: number
  readonly protocol: number
  readonly interrupted: boolean
}

/** channels launch: for the loop. 0 = launch.sh is written, run it; 11 = wait (seconds on stdout); 10 = end the loop. */
export const launch = async (name: string, options: LaunchOptions, deps: Deps): Promise<0 | 10 | 11> => {
  const { status, answer } = await deps.launch(name, options)
  if (answer !== '') deps.output.print(answer)
  return status
}
