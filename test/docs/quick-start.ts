import { readFileSync } from 'node:fs'

export type Chapter = {
  readonly title: string
  /** The lines of each `sh` block. */
  readonly blocks: readonly (readonly string[])[]
  /** How the questions begin that the wizard is said to ask, in their order. */
  readonly questions: readonly string[]
  readonly text: string
}

/** The page's chapters by their titles, in order. */
export const readChapters = (): readonly Chapter[] =>
  readFileSync(new URL('../../docs/quick-start.md', import.meta.url), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((whole) => {
      const [title = '', ...lines] = whole.split('\n')
      const text = lines.join('\n')
      return { title, text, blocks: shellBlocks(text), questions: questionsIn(text) }
    })

/** The one with this title; throws where there is none. */
export const chapterOf = (title: string): Chapter => {
  const found = readChapters().find((chapter) => chapter.title === title)
  if (found === undefined) throw new Error(`docs/quick-start.md has no chapter ${title}`)
  return found
}

/** The lines of each block that is fenced as `sh`. */
export const shellBlocks = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block.trimEnd().split('\n'))

const questionsIn = (text: string): readonly string[] => {
  const [, table = ''] = /^\| it asks \| you \|\n\| --- \| --- \|\n((?:\|.*\n)*)/m.exec(text) ?? []
  return [...table.matchAll(/^\| (.*?) \|/gm)].map(([, question = '']) => question)
}
