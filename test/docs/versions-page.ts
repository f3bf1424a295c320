import { oldestVersions, triedVersions } from '../../src/core/tried-versions.ts'
import { differences } from '../real/differences.ts'
import { trials } from '../real/versions.ts'

/** `docs/versions.md`: what was tried with what, by the tables the suites go by. */
export const versionsPage = (): string =>
  [
    '# Versions that were tried',
    '',
    'What `channels` is known to work with, and since when clients do things in another way. Made from `test/real/versions.ts`,',
    '`test/real/differences.ts` and `src/core/tried-versions.ts` by `npm run docs`; a test compares them.',
    '',
    '## Claude Code',
    '',
    `Needed is ${oldestVersions.client} or later: channels exist from there on. These clients, unmodified from the npm registry, were put to`,
    '`test/real` on Linux, against local servers in the place of Telegram, Discord and the model API. Each check of the',
    'project (`npm run test:real`) plays all of it on the newest and the oldest, and on those in between one story: set up,',
    'live, a message answered, a line sent, `/clear`, client and plugin killed, a permission prompt, a failing model API, down,',
    'the trust dialog. The table has what of it was green on each, and when:',
    '',
    '| client | each check | tried | with | |',
    '| --- | --- | --- | --- | --- |',
    ...trials.map(
      ({ version, part, triedAt, played, notes }) =>
        `| ${version} | ${part} | ${triedAt} | ${played === 'all' ? 'all' : played.join(', ')} | ${notes} |`,
    ),
    '',
    'All of it on others, or on some of these; `latest` and `2.1.x` are names for what the registry has:',
    '',
    '<!-- not run: it takes a client of hundreds of megabytes and minutes; test/scripts/real.test.ts has what it takes -->',
    '```sh',
    'npm run test:real -- --versions latest,2.1.260',
    '```',
    '',
    'Downloaded clients (200 to 400 MB each) stay in `~/.cache/claude-channels-test`, or where `CHANNELS_TEST_CACHE` says.',
    '',
    '## What differs between them',
    '',
    'Of the clients above, the first in which it was seen; where it came between two of them is not known.',
    '',
    '| from | before | since then | what `channels` makes of it |',
    '| --- | --- | --- | --- |',
    ...Object.values(differences).map(
      ({ from, before, since, handled }) => `| ${from} | ${before} | ${since} | ${handled} |`,
    ),
    '',
    '## The rest',
    '',
    '| program | tried | needed |',
    '| --- | --- | --- |',
    `| Node | ${triedVersions.node.join(', ')} | ${oldestVersions.node} |`,
    `| Bun | ${triedVersions.bun.join(', ')} | ${oldestVersions.bun}: an older one runs the plugins, and loses what comes before the client listens |`,
    `| tmux | ${triedVersions.tmux.join(', ')} | not known |`,
    `| GNU screen | ${triedVersions.screen.join(', ')} | not known |`,
    '',
    'The tests bring channel plugins of their own, written after the official ones in these versions:',
    `${Object.entries(triedVersions.plugins)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}. The official telegram and fakechat were run by hand, with clients 2.1.197 and 2.1.330.`,
    '',
  ].join('\n')
