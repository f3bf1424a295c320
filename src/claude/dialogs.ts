import type { Dialog, DialogName } from '../core/client.ts'

type Row = { readonly name: DialogName; readonly words: readonly RegExp[]; readonly seen: string }

/**
 * Dialogs word for word: every one of a row's words must be there, wherever it stands, since order, numbers and the
 * answer that is selected differ between versions (field notes, section 1).
 */
export const dialogs: readonly Row[] = [
  {
    name: 'trust-dialog',
    words: [/Accessing workspace:/, /Yes, I trust this folder/, /No, exit/],
    seen: '2.1.139 to 2.1.332',
  },
  {
    name: 'development-dialog',
    words: [/WARNING: Loading development channels/, /I am using this for local development/],
    seen: '2.1.139, 2.1.330',
  },
  {
    name: 'bypass-dialog',
    words: [/running in Bypass Permissions mode/, /Yes, I accept/, /No, exit/],
    seen: '2.1.139, 2.1.330',
  },
  {
    name: 'mcp-dialog',
    words: [/New MCP server found in /, /Use this MCP server/, /Continue without using this MCP server/],
    seen: '2.1.139, 2.1.330',
  },
  {
    name: 'mcp-dialog',
    words: [/\d new MCP servers found in /, /wish to enable/],
    seen: 'code of 2.1.139, 2.1.330',
  },
  {
    name: 'resume-dialog',
    words: [/Resume from summary/, /Resume full session as-is/],
    seen: '2.1.139',
  },
  {
    name: 'resume-dialog',
    words: [/Resume this conversation\?/, /Start a new conversation/],
    seen: '2.1.330, code of 2.1.300',
  },
  { name: 'login-screen', words: [/Select login method:/], seen: '2.1.139, 2.1.330' },
  { name: 'login-screen', words: [/Browser didn.t open\?/, /sign in/], seen: 'code of 2.1.139, 2.1.330' },
  {
    name: 'login-screen',
    words: [/Choose the text style that looks best/],
    seen: 'code of 2.1.139, 2.1.330',
  },
  {
    name: 'permission-prompt',
    words: [
      /Do you want to (?!use this API key)[^?]{0,2000}\?/,
      /^[^\w\n]*(o[^\w\n]+)?(1\. )?Yes\b/m,
      /^[^\w\n]*(o[^\w\n]+)?(\d\. )?No\b/m,
    ],
    seen: '2.1.139 to 2.1.332',
  },
]

// No blank of these patterns reaches across a line's end, and what repeats has an end: else a tall empty screen takes long.
/** What every menu has, known or not: a footer that says which key answers, or a selected choice among others. */
const menus: readonly RegExp[] = [
  /Enter to (confirm|select|continue|submit)/i,
  /^[^\S\n]*[\u276f\u203a>o][^\S\n]+\d+\.\s(.*\n){1,8}?[^\S\n]*\d+\.\s/m,
  /^[^\S\n]*\d+\.\s(.*\n){1,8}?[^\S\n]*[\u276f\u203a>o][^\S\n]+\d+\.\s/m,
  /^[^\S\n]*[\u276f\u203a>o][^\S\n]+(Yes|No)\b(.*\n){1,3}?[^\S\n]*(Yes|No)\b/m,
  /^[^\S\n]*(Yes|No)\b(.*\n){1,3}?[^\S\n]*[\u276f\u203a>o][^\S\n]+(Yes|No)\b/m,
]

/**
 * The dialog on a screen, as tmux (UTF-8) or screen's hardcopy (the low byte of each character) captured it. Null when
 * there is none; `unknown-dialog` for what looks like a menu that no row knows word for word. Its text is private.
 */
export const recogniseDialog = (screen: string): Dialog | null => {
  const seen = belowPrompt(screen)
  const name =
    dialogs.find(({ words }) => words.every((word) => word.test(seen)))?.name ??
    (menus.some((menu) => menu.test(seen)) ? 'unknown-dialog' : null)
  return name === null ? null : { name, text: tidy(seen) }
}

/**
 * What stands below the last prompt of a screen, all of it where there is none. A conversation may quote any dialog, and
 * no dialog leaves the prompt on the screen; but a client that ended does, and the next one's dialog stands below that
 * (seen on 2.1.139 and 2.1.330).
 */
export const belowPrompt = (screen: string): string => {
  const last = [...screen.matchAll(promptPattern)].at(-1)
  return last === undefined ? screen : screen.slice(last.index + last[0].length)
}

// The prompt stands between two rules: 2.1.139, 2.1.330. In a hardcopy a rule is a row of NULs, and the prompt's mark an
// `o`.
const promptPattern = /^[\u2500\0]{8}.*\n[\u276f>o](?![a-z]).*\n(.*\n){0,20}?(?=[\u2500\0]{8})/gm

const tidy = (screen: string): string =>
  screen
    .replaceAll('\0', '')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
