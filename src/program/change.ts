import type { Commands, Grammar } from './grammar.ts'
import { duration } from './words.ts'

/** Who may write, and what `setup` asked for. */
export const changeCommands = ({ program, act }: Grammar) =>
  ({
    pair: () =>
      program
        .command('pair')
        .argument('[session]', 'may be left out where there is one')
        .argument('[code]', 'what the bot answered; without it you are asked')
        .description('let the person in who got this code')
        .option('--channel <kind>', whichChannel)
        .action(
          act(
            async (
              deps,
              session: string | undefined,
              code: string | undefined,
              { channel }: { channel?: string },
            ) => (await import('../commands/pair.ts')).pair(session, code, channel ?? null, deps),
          ),
        ),

    access: () =>
      program
        .command('access')
        .argument('<session>')
        .argument('[action]', 'list, allow <id>, remove <id>, deny <code or id>, policy <policy>', 'list')
        .argument('[value]')
        .description('who may write to the bot: list | allow | remove | deny | policy')
        .option('--channel <kind>', whichChannel)
        .option('--json', 'list as one JSON document')
        .action(
          act(
            async (
              deps,
              name: string,
              action: string,
              value: string | undefined,
              { channel, json }: { channel?: string; json?: boolean },
            ) =>
              (await import('../commands/access.ts')).access(
                name,
                { action, value: value ?? null, channel: channel ?? null, json: json ?? false },
                deps,
              ),
          ),
        ),

    set: () =>
      program
        .command('set')
        .argument('<session>')
        .argument('[key=value...]')
        .description('change what setup asked for; without a value show it')
        .option('--trust', 'you trust what is in the new folder')
        .action(
          act(async (deps, name: string, pairs: readonly string[], { trust }: { trust?: boolean }) =>
            (await import('../commands/set.ts')).set(name, pairs, { trust: trust ?? false }, deps),
          ),
        ),

    token: () =>
      program
        .command('token')
        .argument('<session>')
        .description('a new bot token, checked and swapped in; the conversation goes on')
        .option('--token-file <file>', 'file that holds the bot token')
        .option('--token-stdin', 'read the bot token from stdin')
        .option('--channel <kind>', whichChannel)
        .addOption(duration('--timeout <time>', 'how long to wait until Claude is idle', '10m'))
        .option('--yes', "also when it is another bot's")
        .action(
          act(async (deps, name: string, options: TokenFlags) =>
            (await import('../commands/token.ts')).token(
              name,
              {
                channel: options.channel ?? null,
                tokenFile: options.tokenFile ?? null,
                tokenStdin: options.tokenStdin ?? false,
                yes: options.yes ?? false,
                timeoutMs: options.timeout,
              },
              deps,
            ),
          ),
        ),

    remove: () =>
      program
        .command('remove')
        .argument('<session>')
        .description('forget a session, put back what setup changed')
        .option('--channel <kind>', 'only this one of its channels')
        .option('--purge', "also remove the bot's token, access list and inbox")
        .option('--yes', 'do it')
        .action(
          act(async (deps, name: string, { channel, yes = false, purge = false }: RemoveFlags) =>
            channel === undefined
              ? (await import('../commands/remove.ts')).remove(name, { yes, purge }, deps)
              : (await import('../commands/remove-channel.ts')).removeChannel(
                  name,
                  { channel, yes, purge },
                  deps,
                ),
          ),
        ),
  }) satisfies Commands

const whichChannel = 'which of its channels, where it has several: telegram, discord'

type RemoveFlags = { channel?: string; yes?: boolean; purge?: boolean }

type TokenFlags = {
  channel?: string
  tokenFile?: string
  tokenStdin?: boolean
  yes?: boolean
  timeout: number
}
