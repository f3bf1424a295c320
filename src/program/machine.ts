import { usageError } from '../errors.ts'
import type { Commands, Grammar } from './grammar.ts'
import { argument, count, option } from './words.ts'

/** The keeper, what starts it, and what shells and loops call. */
export const machineCommands = ({ program, act, basic }: Grammar) =>
  ({
    service: () => {
      const service = program
        .command('service')
        .description(
          'have systemd or launchd start the keeper, at boot or login: install | uninstall | status',
        )
        .argument('[order]', 'install, uninstall or status')
        .action(async (order: string | undefined) => {
          throw usageError(
            order === undefined ? '`service` has to be told what to do.' : `\`service\` knows no ${order}.`,
            '`channels service install`, `channels service uninstall` or `channels service status`.',
          )
        })
      const order = act(async (deps, asked: ServiceOrder) =>
        (await import('../commands/service.ts')).service(asked, deps),
      )
      service
        .command('install')
        .description('show what is written and run, ask, and do it; again after an upgrade')
        .option('--no-boot', 'leave lingering as it is: it starts when you log in')
        .option('--yes', 'do it')
        .action(({ yes = false, boot }: { yes?: boolean; boot: boolean }) =>
          order({ do: 'install', yes, boot }),
        )
      service
        .command('uninstall')
        .description('take it back; sessions that are up stay up')
        .option('--yes', 'do it')
        .action(({ yes = false }: { yes?: boolean }) => order({ do: 'uninstall', yes }))
      service
        .command('status')
        .description('whether the keeper starts by itself; 0 as it should be, 1 not, 3 nothing installed')
        .option('--json', 'one JSON document')
        .action(({ json = false }: { json?: boolean }) => order({ do: 'status', json }))
      return service
    },

    run: () =>
      program
        .command('run')
        .description('the keeper in the foreground: what a unit or a container runs')
        .option('--own', 'for a container: told to leave, it takes all sessions down; they stay wanted')
        .addOption(
          option(
            '--stop',
            'for a unit: take all sessions down and have the keeper leave; they stay wanted',
          ).conflicts(['own', 'inTerminal', 'every']),
        )
        .addOption(
          option('--in-terminal', 'started by `up` in a terminal of its own').conflicts('own').hideHelp(),
        )
        .addOption(
          option('--every <ms>', 'time between two looks, for measuring').argParser(count).hideHelp(),
        )
        .action(
          act(async (deps, { own, stop, inTerminal, every }: RunFlags) =>
            stop
              ? (await import('../commands/stop.ts')).stop(deps)
              : (await import('../commands/run.ts')).run(
                  {
                    where: inTerminal ? 'terminal' : 'foreground',
                    own: own ?? false,
                    everyMs: every ?? null,
                  },
                  deps,
                ),
          ),
        ),

    completion: () =>
      program
        .command('completion')
        .addArgument(argument('<shell>').choices(['bash', 'zsh', 'fish']))
        .description('print what makes a shell complete commands, options, sessions and folders')
        .action(
          basic(async (deps, shell: 'bash' | 'zsh' | 'fish') =>
            (await import('../commands/completion.ts')).completion(shell, deps),
          ),
        ),

    launch: () =>
      program
        .command('launch', { hidden: true })
        .argument('<session>')
        .description('for the loop: 0 = launch.sh is written, 11 = wait, 10 = end')
        .addOption(option('--loop <pid>', 'process id of the loop').argParser(count).makeOptionMandatory())
        .addOption(option('--protocol <number>', 'version of the loop').argParser(count).default(1))
        .option('--interrupted', 'a person pressed Ctrl-C at the waiting line')
        .action(
          act(
            async (deps, name: string, options: { loop: number; protocol: number; interrupted?: boolean }) =>
              (await import('../commands/launch.ts')).launch(
                name,
                { ...options, interrupted: options.interrupted ?? false },
                deps,
              ),
          ),
        ),
  }) satisfies Commands

type RunFlags = { own?: boolean; stop?: boolean; inTerminal?: boolean; every?: number }

type ServiceOrder =
  | { do: 'install'; yes: boolean; boot: boolean }
  | { do: 'uninstall'; yes: boolean }
  | { do: 'status'; json: boolean }
