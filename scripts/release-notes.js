// `node scripts/release-notes.js v1.2.3`, in the checkout: prints that version's section of CHANGELOG.md, for the release of that
// tag. Ends with 1 where tag, package.json and CHANGELOG.md do not say the same, or the section has no date yet.
import { readFileSync } from 'node:fs'

const [tag = ''] = process.argv.slice(2)
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1)
const section = sections.find((text) => text.startsWith(`[${version}] - `)) ?? ''
const [heading = '', ...lines] = section.split('\n')

const problem = () => {
  if (tag !== `v${version}`) return `The tag is ${tag || 'missing'}, and package.json says ${version}.`
  if (section === '') return `CHANGELOG.md has no section "## [${version}] - <date>".`
  if (!/ - \d{4}-\d\d-\d\d$/.test(heading))
    return `The section of ${version} in CHANGELOG.md has no date yet.`
  return null
}

const found = problem()
if (found === null) process.stdout.write(`${lines.join('\n').trim()}\n`)
else {
  process.stderr.write(`${found}\n`)
  process.exitCode = 1
}
