import { afterEach, expect, test } from 'vitest'
import { recogniseDialog } from '../../src/claude/dialogs.ts'
import { foldMcpLog } from '../../src/claude/mcp-log.ts'
import { parseSessionFile } from '../../src/claude/session-file.ts'
import { foldTranscript } from '../../src/claude/transcript-rows.ts'
import { emptyMcpLog, emptyTranscript } from '../../src/core/client.ts'
import { report } from '../../src/core/report.ts'
import {
  channel,
  client,
  clientProcess,
  evidence,
  firstConversation,
  noon,
  run,
} from '../core/evidence-builder.ts'
import { feedGarbled, feedPrefixes, mutations } from './feed.ts'
import { garbage, garble } from './garble.ts'
import { must, mustBeUnpolluted, slowestMs } from './must.ts'
import { pick, type Random, seeded } from './random.ts'
import * as samples from './samples.ts'

/** Of files that are not as the client writes them a session must never be called live. All else is well here. */
type Files = {
  readonly log: string
  readonly file: string
  readonly transcript: string
  readonly screen: string
}

afterEach(mustBeUnpolluted)

const named = (list: readonly samples.Sample[], name: string): string => {
  const found = list.find((sample) => sample.name === name)
  if (found === undefined) throw new Error(`no sample ${name}`)
  return found.text
}

/** Of a long one its last rows, which is what a keeper reads. */
const ending = (text: string): string => (text.length < 4_000 ? text : text.split('\n').slice(-3).join('\n'))

const transcripts = samples.transcripts.map(({ name, text }) => ({ name, text: ending(text) }))

const well: Files = {
  log: named(samples.logs, 'messages-2.1.330.jsonl'),
  file: samples.sessionFiles[0]?.text ?? '',
  transcript: ending(named(samples.transcripts, 'answered-2.1.330.jsonl')),
  screen: named(samples.screens, 'session-channels-2.1.330.txt'),
}

/** As `keeper/gather.ts` puts them together, and as `status --json` tells it. */
const stateOf = ({ log: logText, file: fileText, transcript, screen }: Files): string => {
  const log = lines(logText).reduce(foldMcpLog, emptyMcpLog)
  const read = parseSessionFile(fileText)
  const isOurs =
    read?.pid === clientProcess.pid && (read.procStart ?? clientProcess.start) === clientProcess.start
  const file = isOurs ? read : null
  const [session] = report(
    [
      evidence({
        client: client({
          file,
          transcript:
            file?.conversation == null ? null : lines(transcript).reduce(foldTranscript, emptyTranscript),
          dialog: file === null ? recogniseDialog(screen) : null,
        }),
        channels: [channel({ log: log.conversations.includes(firstConversation) ? log : null })],
      }),
    ],
    null,
    noon,
  ).sessions
  return session?.state ?? 'none'
}

const lines = (text: string): readonly string[] => text.split('\n')

/** The first thing in these files that speaks against live, told without any parser of ours; null when nothing does. */
const against = ({ log, file, transcript }: Files): string | null => {
  const said = lines(log).map(rowOf).filter(isDated).map(saidIn)
  const last = said.findLastIndex((text) => text.startsWith('Channel notifications registered'))
  if (last < 0) return 'nothing was registered'
  const undone = /^(Channel notifications skipped|Connection failed|Starting connection with timeout)/
  if (said.slice(last).some((text) => undone.test(text))) return 'what was registered is over'
  if (!log.includes(firstConversation)) return 'the log is of another client'
  const session = rowOf(file)
  if (
    session.pid !== clientProcess.pid ||
    ![undefined, '200', 200].some((start) => start === session.procStart)
  )
    return null
  if (session.status === 'waiting') return 'the client waits for a person'
  const answers = lines(transcript).filter((line) => line.includes('assistant'))
  const answer = rowOf(answers.at(-1) ?? '')
  const isFailure = answer.type === 'assistant' && answer.isApiErrorMessage === true && isDated(answer)
  const at = isFailure ? Date.parse(String(answer.timestamp)) : 0
  const isOfRun = at >= run().startedAt && at <= noon
  return isOfRun &&
    typeof session.sessionId === 'string' &&
    [401, 403, 429].some((status) => status === answer.apiErrorStatus)
    ? 'the last answer was refused'
    : null
}

type Row = Readonly<Record<string, unknown>>

const rowOf = (text: string): Row => {
  try {
    const row: unknown = JSON.parse(text)
    return typeof row === 'object' && row !== null ? (row as Row) : {}
  } catch {
    return {}
  }
}

const isDated = ({ timestamp }: Row): boolean =>
  typeof timestamp === 'string' &&
  /^[\d-]{10}T[\d:.]{8,}(Z|[+-][\d:]{5})$/.test(timestamp) &&
  !Number.isNaN(Date.parse(timestamp))

const saidIn = ({ debug, error }: Row): string =>
  typeof debug === 'string' ? debug : typeof error === 'string' ? error : ''

test('files as they should be are those of a live session', () => {
  expect(stateOf(well)).toBe('live')
  expect(against(well)).toBeNull()
  for (const { name, text } of samples.logs) {
    const files = { ...well, log: text }
    // By its log alone a server that ended right after the handshake listens: its process says otherwise.
    const isLive = /^(live|messages|connected-again|cleared|ended-after-handshake)/.test(name)
    expect([name, stateOf(files) === 'live', against(files) === null], name).toEqual([
      name,
      isLive,
      isLive || name.startsWith('token-rejected'),
    ])
  }
})

test('a log is none of a live session until its row is whole', async () => {
  const [log = ''] = [named(samples.logs, 'live-2.1.139.jsonl')]
  const whole = log.indexOf('}', log.indexOf('Channel notifications registered')) + 1
  expect(whole).toBeGreaterThan(400)
  await feedPrefixes([{ name: 'log', text: log }], (text) => {
    must((stateOf({ ...well, log: text }) === 'live') === text.length >= whole, 'live too soon, or too late')
  })
})

test(
  'what speaks against live is heeded, whatever else is garbled',
  async () => {
    const states = new Map<string, number>()
    await feedGarbled(samples.logs, mutations, (text, random) => {
      const files = garbledFiles(text, random)
      const state = stateOf(files)
      states.set(state, (states.get(state) ?? 0) + 1)
      const objection = state === 'live' ? against(files) : null
      if (objection !== null) throw new Error(`live, though ${objection}: ${JSON.stringify(files)}`)
    })
    expect(states.get('live')).toBeGreaterThan(mutations / 10)
    expect(states.get('blocked')).toBeGreaterThan(mutations / 20)
  },
  slowestMs,
)

/** The log garbled, or another of the files, or all of them. */
const garbledFiles = (log: string, random: Random): Files => {
  const [file, transcript, screen] = [samples.sessionFiles, transcripts, samples.screens].map((list) => {
    const { text } = pick(random, list)
    return random() < 0.4 ? garble(text, random, pick(random, list).text) : text
  })
  const other = random() < 0.4 ? pick(random, samples.logs).text : log
  return { log: other, file: file ?? '', transcript: transcript ?? '', screen: screen ?? '' }
}

test('text of no origin is no log of a live session, and with it in all files nothing is', () => {
  for (let seed = 1; seed <= mutations; seed += 1) {
    const random = seeded(seed)
    const log = garbage(random)
    const files =
      seed % 4 === 0
        ? { log, file: garbage(random), transcript: garbage(random), screen: garbage(random) }
        : { ...well, log }
    if (stateOf(files) === 'live') throw new Error(`seed ${seed}: live out of ${JSON.stringify(files)}`)
  }
})
