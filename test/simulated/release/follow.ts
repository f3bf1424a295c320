import { expect } from 'vitest'
import { chapterOf } from '../../docs/quick-start.ts'
import { shows } from '../wizard/play.ts'
import { untilAsks } from '../wizard/rig.ts'
import type { Shell } from './shell.ts'

/** What a person types at each question; `down` is the key of that name. */
export type Answers = Readonly<Record<string, () => string | Promise<string>>>
export const enter = () => ''
export const yes = () => 'y'
export const down = () => 'Down'

/** Types every line of a block, one after the other; each has to end with 0. */
export const typeBlock = async (shell: Shell, lines: readonly string[]): Promise<void> => {
  for (const line of lines) {
    await shell.start(line)
    expect({ line, status: await shell.ended(), shown: await endOf(shell) }).toMatchObject({ status: 0 })
  }
}

/** From the first block of a chapter to the proof, which is seen in the terminal, and to the truth about all sessions. */
export const follow = async (
  shell: Shell,
  title: string,
  answers: Answers,
  prove: () => Promise<unknown>,
): Promise<void> => {
  const { blocks, questions } = chapterOf(title)
  const [setup = [], status = []] = blocks
  expect(blocks).toHaveLength(2)
  try {
    await typeBlock(shell, setup.slice(0, -1))
    await shell.start(setup.at(-1) ?? '')
    await answerAll(shell, questions, answers)
    await shows(shell.wizard, 'Waiting for your message to arrive', 60_000)
    await prove()
    expect(await shell.ended()).toBe(0)
    expect(await endOf(shell)).toContain('✓ The answer went out: "echo: hello"')
    await typeBlock(shell, status)
  } catch (cause) {
    throw new Error(`not to the end of ${title}:\n${await endOf(shell)}`, { cause })
  }
}

/** Answers what the chapter's table says is asked, in that order; a question without an answer here is one too many. */
const answerAll = async (
  { wizard }: Shell,
  questions: readonly string[],
  answers: Answers,
): Promise<void> => {
  expect(Object.keys(answers)).toEqual(questions)
  for (const question of questions) {
    const answer = answers[question] ?? enter
    // The name that follows is another each time.
    const [beginning = ''] = question.split('…')
    await untilAsks(wizard.look, beginning, 60_000)
    if (answer === down) await wizard.answer(beginning, '', 'Down')
    else await wizard.answer(beginning, await answer())
  }
}

const endOf = async ({ shown }: Shell): Promise<string> =>
  (await shown()).trimEnd().split('\n').slice(-40).join('\n')
