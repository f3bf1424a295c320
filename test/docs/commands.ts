import { blocksOf, inlineOf, type Page } from './pages.ts'
import { linesOf, partsOf } from './shell-words.ts'

/** A command line of ours as a page has it, without `channels` and with something in place of what it leaves open. */
export type CommandLine = { readonly page: string; readonly words: readonly string[] }

/** What stands for what. `site` is the session of every example. */
const open: Readonly<Record<string, string>> = {
  '<session>': 'site',
  '<channel>': 'telegram',
  '<command>': 'status',
  '<code>': 'a1b2c3',
  '<id>': '123456789',
  '<shell>': 'bash',
}

/** Every one between backticks in sentences and tables. */
export const inlineCommandsOf = (page: Page): readonly CommandLine[] =>
  inlineOf(page)
    .filter((code) => code.startsWith('channels ') && !code.includes('…'))
    // `live|ready` in a sentence is either.
    .flatMap((code) => alternatives(partsOf(code.replaceAll('|', '\\|'))[0] ?? []))
    .map((words) => ({ page: page.path, words: fill(words.slice(1), page) }))

/** Every program that the sh blocks of a page call, in its words. */
export const programsOf = (page: Page): readonly (readonly string[])[] =>
  blocksOf(page)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => linesOf(text))
    .flatMap(partsOf)
    // What stands before a program is its environment.
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))

/** Every one in its sh blocks. */
export const typedCommandsOf = (page: Page): readonly CommandLine[] =>
  programsOf(page)
    .filter(([program]) => program === 'channels')
    .map(([, ...words]) => ({ page: page.path, words: fill(words, page) }))

/** Whether only a command's name is said, not how it is called. */
export const isMention = ({ words }: CommandLine): boolean => words.length === 1 && !words[0]?.startsWith('-')

const alternatives = (words: readonly string[]): readonly (readonly string[])[] =>
  words.reduce<readonly (readonly string[])[]>(
    (so, word) => word.split('|').flatMap((each) => so.map((before) => [...before, each])),
    [[]],
  )

const fill = (words: readonly string[], { path }: Page): readonly string[] =>
  words.map((word) =>
    word.replace(/<[^<>]+>/g, (name) => {
      const filled = open[name]
      if (filled === undefined) throw new Error(`${path}: what is ${name} in ${words.join(' ')}?`)
      return filled
    }),
  )
