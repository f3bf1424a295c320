import type { BasicDeps } from '../deps.ts'
import { type ExitStatus, exitStatus } from '../errors.ts'

/** channels completion: what makes a shell complete the commands, as it ships. */
export const completion = async (
  shell: keyof typeof files,
  { shipped, output }: BasicDeps,
): Promise<ExitStatus> => {
  const lines = shipped(`completions/${files[shell]}`).trimEnd().split('\n')
  output.printAll(lines.map((line) => [line]))
  return exitStatus.done
}

/** Called as each shell looks for them. */
const files = { bash: 'channels.bash', zsh: '_channels', fish: 'channels.fish' } as const
