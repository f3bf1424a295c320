import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What a person reads, by its path below the repository: `README.md`, `docs/running.md`. */
export type Page = { readonly path: string; readonly text: string }

/** The folder that all paths here are below of. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

const below = (folder: string): readonly string[] =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)

/** Every page of the manual, those at the root first. */
export const pages: readonly Page[] = [...readdirSync(root), ...below('docs')]
  .filter((path) => path.endsWith('.md'))
  .sort()
  .map((path) => ({ path, text: readFileSync(`${root}${path}`, 'utf8') }))

/** A page; throws where there is none. */
export const pageAt = (path: string): Page => {
  const found = pages.find((page) => page.path === path)
  if (found === undefined) throw new Error(`there is no page ${path}`)
  return found
}

/** A block of code, with what stands right above it in an HTML comment, '' where nothing does. */
export type Block = {
  readonly page: string
  readonly heading: string
  readonly language: string
  readonly remark: string
  readonly text: string
}

/** Every block between fences, in the order of the page. */
export const blocksOf = ({ path, text }: Page): readonly Block[] =>
  [...text.matchAll(/(?:^<!-- (.*) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map((found) => {
    const [, remark = '', language = '', code = ''] = found
    const heading = [...text.slice(0, found.index).matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? ''
    return { page: path, heading, language, remark, text: code }
  })

/** The page without its blocks and comments: what is read as sentences. */
export const proseOf = ({ text }: Page): string =>
  text.replace(/^```\w*\n[\s\S]*?^```$/gm, '').replace(/<!--[\s\S]*?-->/g, '')

/** What stands between backticks in sentences and tables; one that a line's end breaks is one all the same. */
export const inlineOf = (page: Page): readonly string[] =>
  [...proseOf(page).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\s+/g, ' '))

/** The rows of the table whose head has these words, as cells without the white space around them. */
export const tableOf = (page: Page, ...head: readonly string[]): readonly (readonly string[])[] => {
  const lines = page.text.split('\n')
  const at = lines.findIndex((line) => line.startsWith('|') && head.join() === cellsOf(line).join())
  if (at === -1) throw new Error(`${page.path} has no table with ${head.join(' | ')}`)
  const rest = lines.slice(at + 2)
  const end = rest.findIndex((line) => !line.startsWith('|'))
  return rest.slice(0, end === -1 ? rest.length : end).map(cellsOf)
}

const cellsOf = (line: string): readonly string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').trim())
