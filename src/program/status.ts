import type { Source } from '../core/log-line.ts'
import type { Commands, Grammar } from './grammar.ts'
import { count, duration, option, sources } from './words.ts'

/** How it stands, and why. */
export const statusCommands = ({ program, act, looking, basic }: Grammar) =>
  ({
    status: () =>
      program
        .command('status')
        .argument('[session...]')
        .description('the truth about every session; 0 when all that are wanted are live')
        .option('--json', 'one JSON document; with --watch one a line, at each change')
        .option('--watch', 'look every second, mark what changed; q or Ctrl-C leaves, with 0')
        .addOption(
          option('--plain', 'a sentence a session, nothing drawn (as ACCESSIBLE=1)').conflicts('json'),
        )
        .addOption(option('--quiet', 'only the exit status').conflicts(['json', 'watch', 'plain']))
        .addOption(
          option(
            '--probe <kind>',
            'one line, for a container: live fails only when the keeper is lost, ready when not live',
          )
            .choices(['live', 'ready'])
            .conflicts(['json', 'watch', 'plain', 'quiet']),
        )
        .action((names: readonly string[], { json, watch, plain, quiet, probe }: StatusFlags) =>
          probe !== undefined
            ? looking(async (deps) => {
                const { probeLive, probeReady } = await import('../commands/status-probe.ts')
                return probe === 'live' ? probeLive(names, deps) : probeReady(names, deps)
              })()
            : watch
              ? act(async (deps) => {
                  const { watchStatus } = await import('../commands/watch-status.ts')
                  return watchStatus(names, json ? 'json' : plain ? 'lines' : 'picture', deps)
                })()
              : looking(async (deps) => {
                  const { status } = await import('../commands/status.ts')
                  return status(names, json ? 'json' : plain ? 'plain' : quiet ? 'nothing' : 'table', deps)
                })(),
        ),

    logs: () =>
      program
        .command('logs')
        .argument('[session]')
        .description('what happened, and why; of all sessions where none is named')
        .option('-f, --follow', 'go on as it happens')
        .addOption(
          option('-n, --lines <count>', 'at most so many lines')
            .argParser(count)
            .default(null, '100; with --since, all'),
        )
        .addOption(duration('--since <time>', 'not older than: 10m, 2h, 1d'))
        .addOption(
          option('--source <list>', 'keeper,channel,terminal')
            .argParser(sources)
            .default(['keeper', 'channel'], 'keeper,channel'),
        )
        .option('--json', 'one JSON document a line')
        .action(
          act(async (deps, name: string | undefined, options: LogFlags) =>
            (await import('../commands/logs.ts')).logs(
              name,
              {
                follow: options.follow ?? false,
                last: options.lines,
                since: options.since === undefined ? null : deps.clock.now() - options.since,
                sources: options.source,
                json: options.json ?? false,
              },
              deps,
            ),
          ),
        ),

    doctor: () =>
      program
        .command('doctor')
        .argument('[session]')
        .description('everything that must be true, checked, each with its remedy')
        .option('--fix', 'first do what is safe to do, and say so')
        .option('--json', 'one JSON document')
        .addOption(
          option('--report', 'for an issue: no names, ids, paths, tokens or screen text').conflicts('json'),
        )
        .action(
          act(
            async (
              deps,
              name: string | undefined,
              { fix = false, json = false, report = false }: DoctorFlags,
            ) => (await import('../commands/doctor.ts')).doctor(name, { fix, json, report }, deps),
          ),
        ),

    list: () =>
      program
        .command('list')
        .description('the sessions that are set up')
        .addOption(option('--names', 'names only, one a line').conflicts('json'))
        .option('--json', 'one JSON document')
        .action(
          basic(async (deps, { names, json }: { names?: boolean; json?: boolean }) =>
            (await import('../commands/list.ts')).list({ names: names ?? false, json: json ?? false }, deps),
          ),
        ),
  }) satisfies Commands

type StatusFlags = {
  json?: boolean
  watch?: boolean
  plain?: boolean
  quiet?: boolean
  probe?: 'live' | 'ready'
}

type DoctorFlags = { fix?: boolean; json?: boolean; report?: boolean }

type LogFlags = {
  follow?: boolean
  lines: number | null
  since?: number
  source: readonly Source[]
  json?: boolean
}
