import type { Prompt } from '../core/prompt.ts'

/**
 * The client's prompt, read off its screen (2.1.139 and 2.1.330): a mark and what is typed, between two rules. Null where
 * there is none: in a dialog or a view of its own, and where the terminal is too small to show all of it.
 */
export const readPrompt = (screen: string): Prompt | null => {
  const lines = screen.split('\n')
  const first = lines.findLastIndex((line, at) => mark.test(line) && isRule(lines[at - 1]))
  const end = lines.findIndex((line, at) => at > first && isRule(line))
  if (first === -1 || end === -1) return null
  const [, sign, begun = ''] = mark.exec(lines[first] ?? '') ?? []
  const more = lines.slice(first + 1, end).map((line) => line.trimEnd())
  return {
    text: [begun, ...more].join('\n').trim(),
    shell: sign === '!',
    offers: lines.slice(end + 1).flatMap(offered),
  }
}

/**
 * Behind the mark stands a blank that does not break; a terminal cuts off one at the end of a line. Of the mark a hardcopy
 * of screen leaves an `o` (field notes, section 7).
 */
const mark = /^([\u276f!]|o(?=[\u00a0 ]|$))(?:[\u00a0 ](.*))?$/u

const isRule = (line: string | undefined): boolean => /^\u2500{8}/.test(line ?? '')

/** One line of the menu of commands: `/usage (cost)   Show …`; 2.1.330 marks the one that Enter takes (`o` in a hardcopy). */
const offered = (line: string): readonly string[] => {
  const [, name, also] =
    /^\s*(?:\u276f\s*|o\s+)?(\/[\w:.-]+)(?: \(([^)]*)\))?(?:\s{2,}|\s*$)/u.exec(line) ?? []
  if (name === undefined) return []
  return [name, ...(also ?? '').split(/,\s*/).flatMap((other) => (other === '' ? [] : [`/${other}`]))]
}
