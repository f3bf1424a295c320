import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { press, screen } from '../sim/terminals.ts'
import { until } from '../sim/until.ts'
import { journal, namedAt } from '../sim/watch.ts'
import * as causes from '../simulated/faults/causes.ts'
import { choose, untilShown } from '../simulated/faults/choose.ts'
import type { Machine } from '../simulated/faults/kit.ts'
import type { Fault } from './fault.ts'
import { change, channels, scene, wrapped } from './scene.ts'

const atStart = { when: 'start', where: 'both', heals: 'once mended' } as const
const whileLive = { ...atStart, when: 'live' } as const

/** What only a person can answer: named, left alone, and live once it is answered. */
export const dialogs: readonly Fault[] = [
  {
    ...atStart,
    name: 'trust dialog',
    says: 'trust-dialog',
    open: async (home) => ({
      ...(await causes.trustDialog(home)),
      appears: () => untilShown(home, 'trust', 'Yes, I trust this folder'),
    }),
  },
  {
    ...atStart,
    name: 'development dialog',
    says: 'development-dialog',
    open: scene(
      ({ home }) => ({
        break: () => undefined,
        appears: () => untilShown(home, 'work', 'I am using this for local development'),
        mend: () => choose(home, 'work', 'I am using this for local development'),
      }),
      wrapped(() => [asDevelopment]),
    ),
  },
  {
    ...atStart,
    name: 'development dialog, to be accepted',
    says: 'development-dialog',
    heals: 'by itself',
    open: scene(
      ({ home }) => ({
        break: () => channels(home, ['set', 'work', 'development=accept']),
        // Answered sooner than a test looks: from the start of the client.
        appears: () =>
          until('a client', () => journal(home).some(({ type }) => type === 'client-started'), 20_000),
      }),
      wrapped(() => [asDevelopment]),
    ),
  },
  {
    ...atStart,
    name: 'dialog of an MCP server',
    says: 'mcp-dialog',
    open: scene(({ home, ward }) => ({
      break: () =>
        writeFileSync(
          join(ward.cwd, '.mcp.json'),
          JSON.stringify({ mcpServers: { other: { command: 'true', args: [] } } }),
        ),
      appears: () => untilShown(home, 'work', 'New MCP server found'),
      mend: () => choose(home, 'work', 'Continue without using this MCP server'),
    })),
  },
  {
    ...atStart,
    name: 'bypass dialog',
    says: 'bypass-dialog',
    open: scene(
      ({ home }) => ({
        break: () => undefined,
        appears: () => untilShown(home, 'work', 'Yes, I accept'),
        mend: () => choose(home, 'work', 'Yes, I accept'),
      }),
      () => ({ flags: ['--dangerously-skip-permissions'] }),
    ),
  },
  {
    ...whileLive,
    where: 'simulation',
    name: 'resume dialog',
    says: 'resume-dialog',
    open: scene(({ home }) => ({
      break: () => resumeOld(home),
      mend: () => choose(home, 'work', 'Resume full session as-is'),
    })),
  },
  {
    ...whileLive,
    where: 'simulation',
    name: 'resume dialog, to be answered',
    says: 'resume-dialog',
    heals: 'by itself',
    open: scene(({ home }) => ({
      break: async () => {
        await channels(home, ['set', 'work', 'resume=full'])
        return resumeOld(home)
      },
    })),
  },
  {
    ...atStart,
    name: 'dialog nobody knows',
    says: 'unknown-dialog',
    open: async (home) => ({
      ...(await causes.unknownDialog(home)),
      appears: () => untilShown(home, 'asks', 'Rather not'),
    }),
  },
  {
    ...whileLive,
    name: 'permission prompt',
    says: 'permission-prompt',
    open: scene(({ home, ward }) => ({
      break: async () => {
        forgetAllowed(home)
        // Settings are read at the start.
        await channels(home, ['restart', 'work'])
        ward.bot.push('run: touch asked-for')
        return untilWaiting(home)
      },
      mend: () => press(home, ['Enter']),
    })),
  },
  {
    ...whileLive,
    name: 'question of Claude’s',
    says: 'question',
    open: scene(({ home, ward }) => ({
      break: () => {
        ward.bot.push('ask: Which of them?')
        return untilWaiting(home)
      },
      mend: () => press(home, ['Enter']),
    })),
  },
]

/** As `--channels` of an entry that is being developed. */
const asDevelopment =
  'for word; do shift; [ "$word" != --channels ] || word=--dangerously-load-development-channels; set -- "$@" "$word"; done'

/**
 * Goes on with a conversation that has become large and old; hands back when the client asked about that. A dialog that is
 * answered by itself may be over before it was seen here: then it was there when the keeper named it.
 */
const resumeOld = async (home: Machine): Promise<number> => {
  await channels(home, ['down', 'work'])
  for (const file of transcripts(home)) appendFileSync(file, '{"type":"stand-in-large-and-old"}\n')
  const asked = Date.now()
  await channels(home, ['up', 'work', '--no-wait'])
  const isShown = async () => (await screen(home, 'work')).includes('Resume full session as-is')
  return until(
    'the client to ask how to go on',
    async () => namedAt(home, 'resume-dialog', asked) ?? ((await isShown()) ? Date.now() : null),
    20_000,
  )
}

const forgetAllowed = ({ home }: Machine): void =>
  change(join(home, '.claude', 'settings.json'), (json) => ({ ...json, permissions: {} }))

/** When the client's own file says that it waits for somebody, in ms since 1970. */
const untilWaiting = ({ home }: Machine): Promise<number> =>
  until(
    'a client that waits',
    () => (sessionFiles(home).some((text) => text.includes('"waiting"')) ? Date.now() : null),
    20_000,
  )

const sessionFiles = (home: string): readonly string[] => {
  const folder = join(home, '.claude', 'sessions')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

const transcripts = ({ home }: Machine): readonly string[] => {
  const folder = join(home, '.claude', 'projects')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(folder, name))
}
