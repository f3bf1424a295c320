/** More than a keeper of a hundred sessions reads; what nobody reads any more goes with the rest. */
const mostKept = 1_000

/**
 * What the text of a file amounts to, parsed again only once it is another: a keeper reads the same few hundred small
 * files every two seconds, and to compare one with what it was takes a tenth of parsing and checking it. What is handed
 * out is handed out again: nobody may change it.
 *
 * @param parse throws nothing
 */
export const parseOnChange = <Parsed>(
  parse: (text: string) => Parsed,
): ((path: string, text: string) => Parsed) => {
  const known = new Map<string, { readonly text: string; readonly parsed: Parsed }>()
  return (path, text) => {
    const before = known.get(path)
    if (before?.text === text) return before.parsed
    const parsed = parse(text)
    if (known.size >= mostKept) known.clear()
    known.set(path, { text, parsed })
    return parsed
  }
}
