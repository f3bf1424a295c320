import { dialogs } from '../../src/claude/dialogs.ts'
import { mcpLogLines } from '../../src/claude/mcp-log-lines.ts'
import { checkNames, checks } from '../../src/core/doctor/checks.ts'
import { formatDuration } from '../../src/core/duration.ts'
import { failedReason, skippedReason } from '../../src/core/log-reasons.ts'
import { type Reason, type ReasonName, reasons, type State } from '../../src/core/reasons.ts'
import { reasonOfDialog } from '../../src/core/verdict.ts'

/** `docs/faults.md`: everything that can be wrong, by the table the program itself goes by. */
export const faultsPage = (): string =>
  [
    '# Everything that can be wrong',
    '',
    'What `channels status` calls a fault, what it has seen then, and what helps. Made from `src/core/reasons.ts` by',
    '`npm run docs`; a test compares the two. `<session>` stands for the name of yours.',
    '',
    '| it says | state | it means |',
    '| --- | --- | --- |',
    ...all.map(([name, { state, sentence }]) => `| [${name}](#${name}) | ${state} | ${sentence} |`),
    '',
    ...states.flatMap((state) => [
      `## ${titles[state]}`,
      '',
      ...all
        .filter(([, reason]) => reason.state === state)
        .flatMap(([name, reason]) => section(name, reason)),
    ]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n')

const all = Object.entries(reasons) as readonly (readonly [ReasonName, Reason])[]

const titles = {
  blocked: 'Blocked: only a person can help',
  recovering: 'Recovering: it heals by itself',
  down: 'Down: given up for now',
  unknown: 'Unknown: it can’t be told',
} as const satisfies Partial<Record<State, string>>
const states = Object.keys(titles) as readonly (keyof typeof titles)[]

const section = (name: ReasonName, reason: Reason): readonly string[] => [
  `### ${name}`,
  '',
  reason.sentence,
  '',
  `- **What helps:** ${reason.remedy}`,
  `- **Whose it is:** ${whose[reason.whose]}`,
  `- **Seen by:** ${reason.evidence}. Named within ${formatDuration(reason.withinS * 1_000)}.`,
  `- **By itself:** ${swaps[name] ?? healings[reason.healing]}${budgetOf(reason)}`,
  `- **In \`channels doctor\`:** ${checksOf(name)}.`,
  ...seenTexts(name),
  `- **Evidence from:** ${reason.seenOn}.`,
  '',
]

const whose = {
  command: 'a command of `channels`.',
  person: 'yours.',
  'somebody-else': 'somebody else’s: an administrator, the service.',
  nobody: 'nobody’s: nothing has to be done.',
} as const satisfies Record<Reason['whose'], string>

const healings = {
  loop: 'the loop in the session’s terminal starts the client again.',
  resume:
    'the client is ended as soon as it is idle (after an hour if it is busy), and its conversation resumed.',
  park: 'at rest, and with nobody attached, the client is ended and kept ended, so that messages wait at the platform.',
  continue: 'it is let go on (SIGCONT).',
  client: 'the client tries again; nothing is ended.',
  terminal: 'the terminal is started again.',
  keeper: 'the next keeper lets it go on, in the same conversation.',
  look: 'nothing; it is looked at again and again, and goes on once the cause is gone.',
} as const satisfies Record<Reason['healing'], string>

/** A client that hears and answers is never ended at work. */
const swaps: Readonly<Partial<Record<string, string>>> = {
  'client-replaced': 'the client is ended as soon as it is idle, and its conversation resumed.',
  'client-updated':
    'once the new one has answered its version, and nobody has written for `restart.update` (5m) or is attached, the client is ended, and its conversation resumed.',
}

const budgetOf = ({ budget }: Reason): string =>
  budget === null ? '' : ` At most ${budget.times} times within ${formatDuration(budget.withinMs)}.`

const checksOf = (name: ReasonName): string => {
  const failing = checkNames.filter((check) =>
    (checks[check].reasons as readonly ReasonName[]).includes(name),
  )
  return failing.map((check) => `*${checks[check].title}* fails`).join(', or ')
}

/** What stands in the client's log or on its screen, for who searches for it. */
const seenTexts = (name: ReasonName): readonly string[] => {
  const texts = [...logTexts(name), ...dialogTexts(name)]
  return texts.length === 0 ? [] : ['- **Text you may see:**', ...texts.map((text) => `  - \`${text}\``)]
}

const logTexts = (name: ReasonName): readonly string[] =>
  mcpLogLines.flatMap(({ start, pattern, meaning }) => {
    const reason =
      meaning.is === 'skipped'
        ? skippedReason[meaning.why]
        : meaning.is === 'failed' || meaning.is === 'cause'
          ? failedReason[meaning.why]
          : meaning.is === 'token-rejected'
            ? 'token-rejected'
            : null
    return reason === name ? [pattern === undefined ? start : `${start} … ${plain(pattern)}`] : []
  })

const dialogTexts = (name: ReasonName): readonly string[] =>
  dialogs
    .filter((dialog) => reasonOfDialog[dialog.name] === name && name !== 'permission-prompt')
    .map(({ words }) => words.map(plain).join(' … '))

/** A pattern as a person reads it. */
const plain = (pattern: RegExp): string =>
  pattern.source
    // A folder that may stand before a program's name.
    .replace('([^"]*\\/)?', '')
    .replace(/\\b|\^|(?<!\\)\$/g, '')
    .replace(/\\\$/g, '$$')
    .replace(/\\d\+?/g, '<number>')
    .replace(/\\([.?()/])/g, '$1')
    .replace(/\(([^|()]*)\|[^()]*\)/g, '$1')
    .replace(/(\w)\.(\w)/g, "$1'$2")
    .trim()
