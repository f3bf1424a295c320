import { type Page, proseOf } from './pages.ts'

/** Where the links of a page lead. */
export const linksOf = (page: Page): readonly string[] => [
  ...[...withoutCode(page).matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].map(([, target = '']) => target),
  ...[...withoutCode(page).matchAll(/<(https?:\/\/[^>\s]+)>/g)].map(([, target = '']) => target),
]

/** The anchors that a page's headings have, by GitHub's rules: a second one of the same words ends in `-1`. */
export const anchorsOf = (page: Page): readonly string[] => {
  const seen = new Map<string, number>()
  return [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const slug = slugOf(heading)
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before}`
  })
}

/** Small letters, digits, `-` and `_`; a space becomes a `-`, what else there is goes. Of a link only its text counts. */
const slugOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\-_ ]/gu, '')
    .replaceAll(' ', '-')

const withoutCode = (page: Page): string => proseOf(page).replace(/`[^`]+`/g, '')
