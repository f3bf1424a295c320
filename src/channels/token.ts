import { usageError } from '../errors.ts'

/** What a pasted text can be instead of a token, most telling first. */
export type TokenFault = { readonly found: RegExp; readonly says: string }

/** What the tokens of a messenger look like. */
export type TokenForm = {
  /** Telegram. */
  readonly label: string
  readonly pattern: RegExp
  readonly variable: string
  /** The messenger's own, before and after what anybody pastes. */
  readonly first: readonly TokenFault[]
  readonly last: readonly TokenFault[]
  /** Where to get a whole one. */
  readonly hint: string
}

/** What is wrong with a token, without showing it; null when nothing is. */
export const faultOf = ({ pattern, variable, first, last }: TokenForm, token: string): string | null => {
  if (pattern.test(token)) return null
  if (/^\s*$/.test(token)) return 'it is empty'
  if (token.includes(variable) || /^\s*export\s/.test(token))
    return 'it is a whole line of an .env file; give only what stands behind `=`'
  const found = [...first, ...pasted, ...last].find((fault) => fault.found.test(token))
  return found?.says ?? 'it holds characters no token has'
}

/**
 * The token in what a file or stdin held; what is blank around it is taken off, as where it is pasted at a question: a
 * line end that editors and `echo` add, a space that was copied with it. Throws ExpectedError (usage) that says what is
 * wrong with it, and never prints it.
 */
export const tokenIn = (form: TokenForm, text: string): string => {
  const token = text.trim()
  const fault = faultOf(form, token)
  if (fault === null) return token
  throw usageError(`That is no ${form.label} bot token: ${fault}.`, form.hint)
}

// What people really paste.
const pasted: readonly TokenFault[] = [
  { found: /bearer/i, says: 'it begins with `Bearer`' },
  { found: /https?:|\/bot\d/i, says: 'it is an address' },
  { found: /\r/, says: 'it holds a carriage return, as files from Windows do' },
  { found: /\n/, says: 'it holds a line break' },
  { found: /["'`\u201c\u201d\u2018\u2019]/, says: 'it stands in quotes' },
  { found: /\s/, says: 'it holds a space or tab' },
]
