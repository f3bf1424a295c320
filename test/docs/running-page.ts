import { readFileSync } from 'node:fs'

/** `docs/running.md`, and the files in it. */
export const page = readFileSync(new URL('../../docs/running.md', import.meta.url), 'utf8')

/** The blocks of one language, in the order of the page. */
export const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text ?? '',
  )

export type Instruction = { readonly name: string; readonly words: string }

/** The instructions of the image that is run: those behind the last FROM, continued lines joined. */
export const imageInstructions = (): readonly Instruction[] => {
  const [text = ''] = blocks('dockerfile')
  const all = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .flatMap((line) => {
      const [, name = '', words = ''] = /^([A-Z]+) +(.+)$/.exec(line) ?? []
      return name === '' ? [] : [{ name, words: words.replace(/\s+/g, ' ').trim() }]
    })
  return all.slice(all.findLastIndex(({ name }) => name === 'FROM'))
}

/** What one of its instructions says; throws where there is none, or more than one. */
export const instruction = (name: string): string => {
  const [only, ...more] = imageInstructions().filter((each) => each.name === name)
  if (only === undefined || more.length > 0)
    throw new Error(`${name}: ${more.length + 1} in the Containerfile`)
  return only.words
}

/** The command of process 1, as the image has it. */
export const imageCommand = (): readonly string[] =>
  ['ENTRYPOINT', 'CMD'].flatMap((name) => JSON.parse(instruction(name)) as readonly string[])

/** The variables the image sets. */
export const imageEnvironment = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    instruction('ENV')
      .split(' ')
      .map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']),
  )
