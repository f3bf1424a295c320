# Completion of `channels` for bash 3.2 or later; `channels completion --help` says where it goes.
# All it offers stands in the tables of this file, but for the names of sessions: `channels list --names`. What is typed,
# and what that prints, is compared and never evaluated. test/completions fails when a table lacks something.

_channels_commands='setup pair status up down attach send list doctor logs restart set access token remove service run completion'
_channels_orders='install uninstall status'

# Options of a command; `=` behind one that takes a value.
_channels_table_of_options() {
  case $1 in
    setup)
      options='--session= --cwd= --token-file= --token-stdin --allow= --trust --exclusive --shared --state-dir= --port=
        --development= --multiplexer= --permission-mode= --dangerously-skip-permissions --remove-webhook --move
        --take-over --notify --no-notify --no-start --no-pair --yes --check --timeout='
      ;;
    up) options='--no-wait --timeout= --attach --no-listen' ;;
    restart) options='--fresh --conversation= --timeout=' ;;
    status) options='--json --watch --plain --quiet --probe=' ;;
    logs) options='--follow -f --lines= -n= --since= --source= --json' ;;
    send) options='--force --timeout=' ;;
    list) options='--names --json' ;;
    doctor) options='--fix --json --report' ;;
    pair) options='--channel=' ;;
    access) options='--channel= --json' ;;
    set) options='--trust' ;;
    token) options='--token-file= --token-stdin --channel= --timeout= --yes' ;;
    remove) options='--channel= --purge --yes' ;;
    'service install') options='--no-boot --yes' ;;
    'service uninstall') options='--yes' ;;
    'service status') options='--json' ;;
    run) options='--own --stop' ;;
    *) options='' ;;
  esac
  options="$options --help"
}

# What an option's value may be.
_channels_table_of_values() {
  case $1 in
    'setup --session') _channels_sessions ;;
    'setup --cwd' | 'setup --state-dir') _channels_folders ;;
    'setup --token-file' | 'token --token-file') _channels_files ;;
    'setup --development') _channels_offer 'ask accept' ;;
    'setup --multiplexer') _channels_offer 'tmux screen' ;;
    'setup --permission-mode') _channels_offer 'default acceptEdits plan auto dontAsk' ;;
    'status --probe') _channels_offer 'live ready' ;;
    'logs --source') _channels_offer_list 'keeper channel terminal' ;;
    'pair --channel' | 'access --channel' | 'token --channel' | 'remove --channel')
      _channels_offer 'telegram discord imessage fakechat'
      ;;
  esac
}

# What the arguments of a command may be; $2: how many stand there.
_channels_table_of_arguments() {
  case "$1 $2" in
    'up '* | 'down '* | 'restart '* | 'status '*) _channels_sessions ;;
    'doctor 0' | 'logs 0' | 'attach 0' | 'send 0' | 'pair 0' | 'access 0' | 'set 0' | 'token 0' | 'remove 0') _channels_sessions ;;
    'setup 0') _channels_offer 'telegram discord imessage fakechat plugin: server:' ;;
    'access 1') _channels_offer 'list allow remove deny policy' ;;
    'access 2') if [[ $second == policy ]]; then _channels_offer 'pairing allowlist disabled'; fi ;;
    'set '*) _channels_setting ;;
    'completion 0') _channels_offer 'bash zsh fish' ;;
    'service 0') _channels_offer "$_channels_orders" ;;
    'help 0') _channels_offer "$_channels_commands" ;;
    'help 1') if [[ $first == service ]]; then _channels_offer "$_channels_orders"; fi ;;
  esac
}

# What `channels set` can set, and to what.
_channels_setting() {
  case $key in
    '')
      _channels_offer 'folder= permission-mode= model= arguments= dangerously-skip-permissions= multiplexer=
        restart.attempts= restart.window= restart.retry= restart.update= resume= development=
        notify.to= notify.command= notify.quiet= client= bun= environment=here env.'
      ;;
    folder) _channels_folders ;;
    client | bun) _channels_files ;;
    permission-mode) _channels_offer 'default acceptEdits plan auto dontAsk' ;;
    dangerously-skip-permissions) _channels_offer 'yes no' ;;
    multiplexer) _channels_offer 'tmux screen' ;;
    restart.update) _channels_offer 'never' ;;
    resume) _channels_offer 'ask full summary' ;;
    development) _channels_offer 'ask accept' ;;
    environment) _channels_offer 'here' ;;
  esac
}

_channels() {
  local IFS=$' \t\n' cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} at=2
  local options='' option='' key='' first='' second='' count=0 standing=' '
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _channels_offer "$_channels_commands help"
    if [[ $cur == -* ]]; then _channels_offer '--version --help'; fi
    return
  fi
  if [[ $command == service ]] && ((COMP_CWORD > 2)); then command="service ${COMP_WORDS[2]}" at=3; fi
  _channels_table_of_options "$command"
  _channels_read_words
  if [[ $cur == '=' ]]; then cur=''; fi
  if [[ $option == -?* && $option != '--' ]]; then
    _channels_table_of_values "$command $option"
  elif [[ $option == '' && $cur == -* ]]; then
    _channels_offer "${options//=/}"
  else
    _channels_table_of_arguments "$command" "$count"
  fi
}

# option: the one whose value is to come, `--` behind that. first, second, count: the arguments there are. standing: all
# words that need not be offered again. key: where a value of `channels set` is to come. What bash breaks at = and : comes
# in several words.
_channels_read_words() {
  local i word former=''
  for ((i = at; i <= COMP_CWORD; i += 1)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then
      if [[ $option == '' ]]; then key=$former; fi
    elif ((i == COMP_CWORD)); then
      :
    elif [[ $option == '' && $word == '--' ]]; then
      option='--'
    elif [[ $option == '' && $word == -* ]]; then
      if [[ $word != --allow ]]; then standing="$standing$word "; fi
      if [[ " $options " == *[[:space:]]"$word="[[:space:]]* ]]; then option=$word; fi
    elif [[ $option == -?* && $option != '--' ]]; then
      option=''
    elif [[ $former == '=' || $word == ':' || $former == ':' ]]; then
      key=''
    else
      standing="$standing$word " key=''
      if ((count == 0)); then first=$word; fi
      if ((count == 1)); then second=$word; fi
      count=$((count + 1))
    fi
    former=$word
  done
}

# A space behind what is whole by hand: `nospace` can't be taken back for one word in bash 3.2.
_channels_offer() {
  local word
  for word in $1; do
    if [[ $word == "$cur"* && $standing != *" $word "* ]]; then
      case $word in
        *[=:.]) COMPREPLY+=("$word") ;;
        *) COMPREPLY+=("$word ") ;;
      esac
    fi
  done
}

# The last of several, with commas between.
_channels_offer_list() {
  local word before=''
  case $cur in *,*) before=${cur%,*}, ;; esac
  for word in $1; do
    if [[ $before$word == "$cur"* && ",$before" != *",$word,"* ]]; then COMPREPLY+=("$before$word"); fi
  done
}

_channels_sessions() {
  local name
  while IFS= read -r name; do
    case $name in
      '' | *[!A-Za-z0-9_-]*) ;;
      *) _channels_offer "$name" ;;
    esac
  done <<<"$(command channels list --names 2>/dev/null </dev/null)"
}

# Bash itself completes these, with its own quoting; 3.2 has no compopt and completes files where nothing else fits.
_channels_folders() {
  if type compopt >/dev/null 2>&1; then compopt +o nospace -o dirnames; fi
}

_channels_files() {
  if type compopt >/dev/null 2>&1; then compopt +o nospace -o default; fi
}

if type compopt >/dev/null 2>&1; then
  complete -o nospace -F _channels channels
else
  complete -o nospace -o default -F _channels channels
fi
