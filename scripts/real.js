// `npm run test:real`: the unmodified client. What CI runs; with `--versions 2.1.160,2.1.300,latest` the whole suite on
// exactly those clients. Also taken: any other dist-tag, and `2.1.x` for the newest of a row. Further words go to vitest:
// `npm run test:real -- --versions latest test/real/life.test.ts`. Needs dist: `npm run build`.
import { execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const usage = 'Usage: npm run test:real -- [--versions <version|dist-tag|2.1.x>,...] [vitest arguments]'
const client = '@anthropic-ai/claude-code'
/** The suite signs in by key, which clients take for channels from this one on. */
const oldest = '2.1.128'
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))

const main = async () => {
  const { versions, words } = read(process.argv.slice(2))
  const found = versions === null ? null : resolve(versions, await askRegistry())
  if (found !== null) console.error(`On client ${found.join(', ')}.`)
  const env = { ...process.env, ...(found === null ? {} : { CHANNELS_CLIENT_VERSIONS: found.join(',') }) }
  const run = spawn(process.execPath, [vitest, 'run', '--project', 'real', '--project', 'last', ...words], {
    stdio: 'inherit',
    env,
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill(signal))
  run.on('exit', (status) => {
    process.exitCode = status ?? 1
  })
}

class Refused extends Error {
  constructor(message, status) {
    super(message)
    this.status = status
  }
}

/** The versions asked for, null where nobody asked, and what is vitest's. */
const read = (given) => {
  const at = given.findIndex((word) => word === '--versions' || word.startsWith('--versions='))
  if (at === -1) return { versions: null, words: given }
  const inOne = given[at].startsWith('--versions=')
  const list = inOne ? given[at].slice('--versions='.length) : (given[at + 1] ?? '')
  const words = given.toSpliced(at, inOne ? 1 : 2)
  if (words.some((word) => word.startsWith('--versions')))
    throw new Refused(`--versions is there twice: give one list, with commas.\n${usage}`, 2)
  const versions = list.split(',').map((each) => each.trim())
  const wrong = versions.find((each) => !/^(\d+\.\d+\.(\d+|x)|[a-z][a-z0-9-]*)$/.test(each))
  if (wrong !== undefined)
    throw new Refused(`Not a version, nor the name of one: ${JSON.stringify(wrong)}.\n${usage}`, 2)
  return { versions, words }
}

/** What there is: by npm, whose registry and proxy are set up where it is used. */
const askRegistry = async () => {
  const args = ['view', client, 'dist-tags', 'versions', '--json']
  const { error, stdout, stderr } = await new Promise((done) =>
    execFile('npm', args, { timeout: 60_000 }, (error, stdout, stderr) => done({ error, stdout, stderr })),
  )
  const answer = error === null ? parse(stdout) : null
  if (Array.isArray(answer?.versions)) return { versions: answer.versions, tags: answer['dist-tags'] ?? {} }
  const [said = 'It said something else.'] = [stderr, error?.message ?? ''].filter(
    (each) => each.trim() !== '',
  )
  const lines = said.trim().split('\n').slice(0, 3).join('\n')
  throw new Refused(
    `The npm registry did not say which clients there are (\`npm view ${client}\`):\n${lines}`,
    69,
  )
}

const parse = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const resolve = (asked, { versions, tags }) => {
  const numbered = versions.filter((each) => /^\d+\.\d+\.\d+$/.test(each)).sort(compare)
  const found = asked.map((each) => {
    const version = each.endsWith('.x')
      ? numbered.findLast((one) => one.startsWith(each.slice(0, -1)))
      : (tags[each] ?? versions.find((one) => one === each))
    if (version !== undefined) return version
    const names = [...Object.keys(tags), ...numbered.slice(-5)].join(', ')
    throw new Refused(
      `The npm registry has no client ${each}; it has ${names} among others: \`npm view ${client} versions\` lists them.`,
      2,
    )
  })
  const old = found.find((each) => compare(each, oldest) < 0)
  if (old !== undefined)
    throw new Refused(
      `The suite signs in by key, which clients take for channels from ${oldest} on: not ${old}.`,
      2,
    )
  return [...new Set(found)]
}

const compare = (a, b) => {
  const [left, right] = [a, b].map((each) => each.split('.').map(Number))
  return left.map((part, i) => part - right[i]).find((difference) => difference !== 0) ?? 0
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Refused)) throw error
  console.error(error.message)
  process.exitCode = error.status
}
