import { type Example, examples } from './examples.ts'
import { notes, settings } from './notes.ts'

/** What stands behind the options in a command's `--help`: `name` as it is called, `service install`. */
export const helpAfter = (name: string): string =>
  [
    ...(notes[name] ?? []).map((note) => `\n${broken(note)}`),
    ...(name === 'set' ? ['\nKeys:', ...settings.map(row)] : []),
    ...(examplesOf(name).length === 0 ? [] : ['\nExamples:', ...examplesOf(name).map(shown)]),
  ].join('\n')

export const examplesOf = (name: string): readonly Example[] =>
  Object.hasOwn(examples, name) ? examples[name as keyof typeof examples] : []

const columns = 80

const shown = ({ command, says }: Example): string => {
  const line = `  $ ${command}`
  if (says === undefined) return continued(line)
  const both = `${line}  # ${says}`
  return both.length <= columns ? both : `  # ${says}\n${continued(line)}`
}

/** Too long for a line, it goes on as a shell takes it: an option stays with its value. */
export const continued = (line: string): string => {
  const lines: string[] = []
  for (const piece of line.split(/ (?=--|&& |>)/)) {
    const longer = `${lines.at(-1)} ${piece}`
    if (lines.length > 0 && longer.length + 2 <= columns) lines.splice(-1, 1, longer)
    else lines.push(lines.length === 0 ? piece : `      ${piece}`)
  }
  return lines.join(' \\\n')
}

/** As commander has its options: a column, and what goes on below it. */
const row = ([key, what]: readonly [string, string]): string => {
  const wide = Math.max(...settings.map(([each]) => each.length)) + 4
  const lines = broken(what, columns - wide).split('\n')
  return lines.map((line, i) => `${(i === 0 ? `  ${key}` : '').padEnd(wide)}${line}`).join('\n')
}

const broken = (text: string, width = columns): string =>
  text.replace(new RegExp(`(.{1,${width}}|\\S+)(?: |$)`, 'g'), '$1\n').trimEnd()
