import type { Commands, Grammar } from './grammar.ts'
import { duration } from './words.ts'

/** What brings a session up, down, and to its terminal. */
export const lifeCommands = ({ program, act }: Grammar) =>
  ({
    up: () =>
      program
        .command('up')
        .argument('[session...]')
        .description('wanted from now on: start, wait until live, say what is missing otherwise')
        .option('--no-wait', 'do not wait until it is live')
        .addOption(duration('--timeout <time>', 'how long to wait', '60s'))
        .option('--attach', 'take the terminal afterwards')
        .option(
          '--no-listen',
          'do not listen for another program that has the bot (4 s, after a minute of rest)',
        )
        .action(
          act(async (deps, names: readonly string[], { timeout, attach, ...options }: UpFlags) =>
            (await import('../commands/up.ts')).up(
              names,
              { ...options, timeoutMs: timeout, attach: attach ?? false },
              deps,
            ),
          ),
        ),

    down: () =>
      program
        .command('down')
        .argument('[session...]')
        .description('not wanted: stop politely, then firmly; leave no client and no plugin behind')
        .action(
          act(async (deps, names: readonly string[]) =>
            (await import('../commands/down.ts')).down(names, deps),
          ),
        ),

    restart: () =>
      program
        .command('restart')
        .argument('[session...]')
        .description('a new client in the same conversation')
        .option('--fresh', 'in a new conversation')
        .option('--conversation <id>', 'in an old one')
        .addOption(duration('--timeout <time>', 'how long to wait until it is live', '60s'))
        .action(
          act(
            async (
              deps,
              names: readonly string[],
              options: { fresh?: boolean; conversation?: string; timeout: number },
            ) =>
              (await import('../commands/restart.ts')).restart(
                names,
                {
                  fresh: options.fresh ?? false,
                  conversation: options.conversation ?? null,
                  timeoutMs: options.timeout,
                },
                deps,
              ),
          ),
        ),

    attach: () =>
      program
        .command('attach')
        .argument('[session]')
        .description('take the terminal; says how to leave it')
        .action(
          act(async (deps, name: string | undefined) =>
            (await import('../commands/attach.ts')).attach(name, deps),
          ),
        ),

    send: () =>
      program
        .command('send')
        .argument('<session>')
        .argument('<text>', 'one line; `-` reads it from stdin')
        .description('type a line into the session, as if at its terminal')
        .option('--force', 'also while Claude is busy, or somebody is attached')
        .addOption(duration('--timeout <time>', 'how long to wait until the client has taken it', '10s'))
        .action(
          act(async (deps, name: string, text: string, options: { force?: boolean; timeout: number }) =>
            (await import('../commands/send.ts')).send(
              name,
              text,
              { force: options.force ?? false, timeoutMs: options.timeout },
              deps,
            ),
          ),
        ),
  }) satisfies Commands

type UpFlags = {
  readonly wait: boolean
  readonly listen: boolean
  readonly timeout: number
  readonly attach?: boolean
}
