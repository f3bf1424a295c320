# Completion of `channels` for fish 3; `channels completion --help` says where it goes.
# All it offers stands in this file, but for the names of sessions: `channels list --names`. What is typed, and what that
# prints, is compared and never evaluated. test/completions fails when something is missing here.

# The words before the cursor, `channels` left out.
function __channels_words
    set -l words (commandline -opc)
    set -e words[1]
    set -q words[1]; and printf '%s\n' $words
end

function __channels_start
    test (count (__channels_words)) = 0
end

# Whether this is the command: one word, or two with `service`.
function __channels_at
    set -l words (__channels_words)
    set -l length (count $argv)
    test (count $words) -ge $length; and test "$words[1..$length]" = "$argv"
end

# The arguments of the command, without options and their values.
function __channels_arguments
    set -l words (__channels_words)
    set -e words[1]
    set -l valued --session --cwd --token-file --allow --state-dir --port --development --multiplexer \
        --permission-mode --timeout --conversation --probe --lines -n --since --source --channel
    set -l skip 0
    set -l behind 0
    for word in $words
        if test $skip = 1
            set skip 0
        else if test $behind = 1
            printf '%s\n' $word
        else if test "$word" = --
            set behind 1
        else if contains -- $word $valued
            set skip 1
        else if not string match -q -- '-*' $word
            printf '%s\n' $word
        end
    end
end

# Whether so many arguments of this command stand there: __channels_argument 0 logs.
function __channels_argument
    __channels_at $argv[2..-1]; and test (count (__channels_arguments)) = $argv[1]
end

# Those that stand there already are not offered again.
function __channels_sessions
    set -l standing (__channels_arguments)
    for name in (command channels list --names 2>/dev/null </dev/null)
        if string match -qr '^[A-Za-z0-9_-]+$' -- $name; and not contains -- $name $standing
            printf '%s\tsession\n' $name
        end
    end
end

# What `channels set` can set, and to what.
function __channels_settings
    set -l typed (commandline -ct)
    switch "$typed"
        case 'folder=*'
            string replace -r '^' 'folder=' -- (__fish_complete_directories (string replace 'folder=' '' -- $typed) '')
        case 'permission-mode=*'
            printf 'permission-mode=%s\n' default acceptEdits plan auto dontAsk
        case 'dangerously-skip-permissions=*'
            printf 'dangerously-skip-permissions=%s\n' yes no
        case 'multiplexer=*'
            printf 'multiplexer=%s\n' tmux screen
        case 'restart.update=*'
            printf 'restart.update=%s\n' never
        case 'resume=*'
            printf 'resume=%s\n' ask full summary
        case 'development=*'
            printf 'development=%s\n' ask accept
        case 'environment=*'
            printf 'environment=%s\n' here
        case '*=*'
        case '*'
            printf '%s\t%s\n' \
                folder= 'the folder Claude works in' \
                permission-mode= 'of the client' \
                model= 'as the client takes it' \
                arguments= 'what the client gets besides' \
                dangerously-skip-permissions= 'whoever may write to the bot runs ANYTHING here, unasked' \
                multiplexer= 'what keeps its terminal' \
                restart.attempts= 'so many unexplained ends within the window are a crash loop' \
                restart.window= 'the time in which they are counted' \
                restart.retry= 'how long to wait between tries then' \
                restart.update= 'how long nobody has to have written before an updated client is started' \
                resume= 'how to answer the picker for an old conversation' \
                development= 'how to answer the warning before development channels' \
                notify.to= 'whom the bot tells of trouble' \
                notify.command= 'a command that is told of it, as JSON on stdin' \
                notify.quiet= 'when nobody is told: 22:00-08:00' \
                client= 'absolute path of the client' \
                bun= 'absolute path of Bun' \
                environment= 'here: the variables of this shell' \
                env. 'a variable of the client'
    end
end

# The last of several, with commas between.
function __channels_sources
    set -l before (string match -r '^.*,' -- (commandline -ct))
    for source in keeper channel terminal
        if not string match -q -- "*,$source,*" ",$before"
            printf '%s%s\n' "$before" $source
        end
    end
end

complete -c channels -f
complete -c channels -s h -l help -d 'options and examples'
complete -c channels -n __channels_start -s V -l version -d 'the version'

complete -c channels -n __channels_start -a setup -d 'a bot, from nothing to an answer; asks what it needs'
complete -c channels -n __channels_start -a pair -d 'let the person in who got this code from the bot'
complete -c channels -n __channels_start -a status -d 'the truth about every session: live, and if not why'
complete -c channels -n __channels_start -a up -d 'start, wait until live, say what is missing otherwise'
complete -c channels -n __channels_start -a down -d 'stop politely, then firmly; leave nothing behind'
complete -c channels -n __channels_start -a attach -d 'take the terminal of a session; says how to leave it'
complete -c channels -n __channels_start -a send -d 'type a line into a session, as if at its terminal'
complete -c channels -n __channels_start -a list -d 'the sessions that are set up'
complete -c channels -n __channels_start -a doctor -d 'all that has to be so, checked, each with its remedy'
complete -c channels -n __channels_start -a logs -d 'what happened, and why'
complete -c channels -n __channels_start -a restart -d 'a new client in the same conversation'
complete -c channels -n __channels_start -a set -d 'what setup asked for: folder, model and more'
complete -c channels -n __channels_start -a access -d 'who may write to the bot'
complete -c channels -n __channels_start -a token -d 'a new bot token; the conversation goes on'
complete -c channels -n __channels_start -a remove -d 'forget a session, put back what setup changed'
complete -c channels -n __channels_start -a service -d 'have systemd or launchd start the keeper by itself'
complete -c channels -n __channels_start -a run -d 'the keeper in the foreground, for unit or container'
complete -c channels -n __channels_start -a completion -d 'what makes bash, zsh or fish complete all this'
complete -c channels -n __channels_start -a help -d 'all commands, or one'
complete -c channels -n '__channels_argument 0 help' -a 'setup pair status up down attach send list doctor logs restart set access token remove service run completion'
complete -c channels -n '__channels_at help service; and __channels_argument 1 help' -a 'install uninstall status'

complete -c channels -n '__channels_argument 0 setup' -a 'telegram discord imessage fakechat plugin: server:'
complete -c channels -n '__channels_at setup' -l session -x -a '(__channels_sessions)' -d 'name of the session'
complete -c channels -n '__channels_at setup' -l cwd -x -a '(__fish_complete_directories)' -d 'folder Claude works in'
complete -c channels -n '__channels_at setup' -l token-file -r -F -d 'file that holds the bot token'
complete -c channels -n '__channels_at setup' -l token-stdin -d 'read the bot token from stdin'
complete -c channels -n '__channels_at setup' -l allow -x -d 'user id that may write to the bot'
complete -c channels -n '__channels_at setup' -l trust -d 'you trust what is in the folder'
complete -c channels -n '__channels_at setup' -l exclusive -d 'no other session loads the plugin (default)'
complete -c channels -n '__channels_at setup' -l shared -d 'leave the plugin and its state folder as its README has them'
complete -c channels -n '__channels_at setup' -l state-dir -x -a '(__fish_complete_directories)' -d 'where the state folder of the bot is to be'
complete -c channels -n '__channels_at setup' -l port -x -d 'of fakechat: where its page is'
complete -c channels -n '__channels_at setup' -l development -x -a 'ask accept' -d 'how the warning about an unapproved channel is answered'
complete -c channels -n '__channels_at setup' -l multiplexer -x -a 'tmux screen' -d 'what keeps its terminal'
complete -c channels -n '__channels_at setup' -l permission-mode -x -a 'default acceptEdits plan auto dontAsk' -d 'of the client'
complete -c channels -n '__channels_at setup' -l dangerously-skip-permissions -d 'whoever may write to the bot runs ANYTHING here, unasked'
complete -c channels -n '__channels_at setup' -l remove-webhook -d 'remove a webhook that is set on the bot'
complete -c channels -n '__channels_at setup' -l move -d 'make the state folder of the plugin the one of the session'
complete -c channels -n '__channels_at setup' -l take-over -d 'end whoever else uses the bot on this machine'
complete -c channels -n '__channels_at setup' -l notify -d 'the bot tells the one who is let in of trouble'
complete -c channels -n '__channels_at setup' -l no-notify -d 'it tells nobody'
complete -c channels -n '__channels_at setup' -l no-start -d 'do not start it'
complete -c channels -n '__channels_at setup' -l no-pair -d 'let nobody in yet'
complete -c channels -n '__channels_at setup' -l yes -d 'ask nothing'
complete -c channels -n '__channels_at setup' -l check -d 'watch a message arrive and its answer go out'
complete -c channels -n '__channels_at setup' -l timeout -x -d 'how long --check waits'

complete -c channels -n '__channels_argument 0 pair' -a '(__channels_sessions)'
complete -c channels -n '__channels_at pair' -l channel -x -a 'telegram discord imessage fakechat' -d 'which of its channels'

complete -c channels -n '__channels_at status' -a '(__channels_sessions)'
complete -c channels -n '__channels_at status' -l json -d 'one JSON document; with --watch one a line'
complete -c channels -n '__channels_at status' -l watch -d 'look every second, mark what changed'
complete -c channels -n '__channels_at status' -l plain -d 'a sentence a session, nothing drawn'
complete -c channels -n '__channels_at status' -l quiet -d 'only the exit status'
complete -c channels -n '__channels_at status' -l probe -x -a 'live ready' -d 'one line, for a container'

complete -c channels -n '__channels_at up' -a '(__channels_sessions)'
complete -c channels -n '__channels_at up' -l no-wait -d 'do not wait until it is live'
complete -c channels -n '__channels_at up' -l timeout -x -d 'how long to wait'
complete -c channels -n '__channels_at up' -l attach -d 'take the terminal afterwards'
complete -c channels -n '__channels_at up' -l no-listen -d 'do not listen for another program that has the bot'

complete -c channels -n '__channels_at down' -a '(__channels_sessions)'

complete -c channels -n '__channels_argument 0 attach' -a '(__channels_sessions)'

complete -c channels -n '__channels_argument 0 send' -a '(__channels_sessions)'
complete -c channels -n '__channels_at send' -l force -d 'also while Claude is busy, or somebody is attached'
complete -c channels -n '__channels_at send' -l timeout -x -d 'how long to wait until the client has taken it'

complete -c channels -n '__channels_at list' -l names -d 'names only, one a line'
complete -c channels -n '__channels_at list' -l json -d 'one JSON document'

complete -c channels -n '__channels_argument 0 doctor' -a '(__channels_sessions)'
complete -c channels -n '__channels_at doctor' -l fix -d 'first do what is safe to do, and say so'
complete -c channels -n '__channels_at doctor' -l json -d 'one JSON document'
complete -c channels -n '__channels_at doctor' -l report -d 'for an issue: no names, ids, paths, tokens or screen text'

complete -c channels -n '__channels_argument 0 logs' -a '(__channels_sessions)'
complete -c channels -n '__channels_at logs' -s f -l follow -d 'go on as it happens'
complete -c channels -n '__channels_at logs' -s n -l lines -x -d 'at most so many lines'
complete -c channels -n '__channels_at logs' -l since -x -a '10m 2h 1d' -d 'not older than'
complete -c channels -n '__channels_at logs' -l source -x -a '(__channels_sources)' -d 'whose lines'
complete -c channels -n '__channels_at logs' -l json -d 'one JSON document a line'

complete -c channels -n '__channels_at restart' -a '(__channels_sessions)'
complete -c channels -n '__channels_at restart' -l fresh -d 'in a new conversation'
complete -c channels -n '__channels_at restart' -l conversation -x -d 'in an old one'
complete -c channels -n '__channels_at restart' -l timeout -x -d 'how long to wait until it is live'

complete -c channels -n '__channels_argument 0 set' -a '(__channels_sessions)'
complete -c channels -n '__channels_at set; and not __channels_argument 0 set' -a '(__channels_settings)'
complete -c channels -n '__channels_at set; and string match -qr "^(client|bun)=" -- (commandline -ct)' -F
complete -c channels -n '__channels_at set' -l trust -d 'you trust what is in the new folder'

complete -c channels -n '__channels_argument 0 access' -a '(__channels_sessions)'
complete -c channels -n '__channels_argument 1 access' -a 'list allow remove deny policy'
complete -c channels -n '__channels_argument 2 access; and contains policy (__channels_arguments)' -a 'pairing allowlist disabled'
complete -c channels -n '__channels_at access' -l channel -x -a 'telegram discord imessage fakechat' -d 'which of its channels'
complete -c channels -n '__channels_at access' -l json -d 'list as one JSON document'

complete -c channels -n '__channels_argument 0 token' -a '(__channels_sessions)'
complete -c channels -n '__channels_at token' -l token-file -r -F -d 'file that holds the bot token'
complete -c channels -n '__channels_at token' -l token-stdin -d 'read the bot token from stdin'
complete -c channels -n '__channels_at token' -l channel -x -a 'telegram discord imessage fakechat' -d 'which of its channels'
complete -c channels -n '__channels_at token' -l timeout -x -d 'how long to wait until Claude is idle'
complete -c channels -n '__channels_at token' -l yes -d 'also when it is the token of another bot'

complete -c channels -n '__channels_argument 0 remove' -a '(__channels_sessions)'
complete -c channels -n '__channels_at remove' -l channel -x -a 'telegram discord imessage fakechat' -d 'only this one of its channels'
complete -c channels -n '__channels_at remove' -l purge -d 'also remove token, access list and inbox of the bot'
complete -c channels -n '__channels_at remove' -l yes -d 'do it'

complete -c channels -n '__channels_argument 0 service' -a install -d 'show what is written and run, ask, and do it'
complete -c channels -n '__channels_argument 0 service' -a uninstall -d 'take it back; sessions that are up stay up'
complete -c channels -n '__channels_argument 0 service' -a status -d 'whether the keeper starts by itself'
complete -c channels -n '__channels_at service install' -l no-boot -d 'leave lingering as it is: it starts when you log in'
complete -c channels -n '__channels_at service install' -l yes -d 'do it'
complete -c channels -n '__channels_at service uninstall' -l yes -d 'do it'
complete -c channels -n '__channels_at service status' -l json -d 'one JSON document'

complete -c channels -n '__channels_at run' -l own -d 'for a container: told to leave, it takes all sessions down'
complete -c channels -n '__channels_at run' -l stop -d 'for a unit: take all sessions down and have the keeper leave'

complete -c channels -n '__channels_argument 0 completion' -a 'bash zsh fish'
