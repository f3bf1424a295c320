#!/bin/sh
# The loop of one session (design, section 7): starts the client as often as `channels launch` says, and is the only
# thing that owns the terminal. POSIX sh, run in the session's terminal as `sh loop.sh <session> <folder>`.
#
# In <folder>: launcher (paths of node and of the script, two lines), launch.sh (how the client is started), exit (how
# it ended: `<status> <run>`), wake (ends a wait), launch-failed (`<status> <epoch>`), launch.log (launch's stderr).
# Launch answers 0: run launch.sh, the run id on stdout; 11: wait, `<seconds> <sentence>`; 10 and 12: end.

session=$1
folder=$2
protocol=1
log=$folder/launch.log
leave=${CHANNELS_LEAVE:-Ctrl-b d}
backoff=0
interrupted=0
asked=

main() {
  # Node does not start in a folder that is gone; launch.sh goes where the client belongs.
  cd /
  shell=$(command -v sh)
  calm=$(stty -g 2>/dev/null)
  deaf
  while :; do
    launch
    case $status in
      0) if [ -n "$answer" ]; then run_client; else failed; fi ;;
      11) if is_number "${answer%% *}"; then wait_as_told; else failed; fi ;;
      10 | 12) end ;;
      *) failed ;;
    esac
  done
}

# The terminal while nobody may type: keys wait for `drain`, Ctrl-C is one of them, a Ctrl-S holds nothing up. A Ctrl-C
# too many must not end stty. Else caught, not ignored: what is ignored here stays ignored in every child. SIGHUP and
# SIGTERM end us at once.
deaf() {
  trap '' INT QUIT
  stty -icanon -echo -isig -ixon min 0 time 0 2>/dev/null
  trap 'interrupted=1' INT
  trap : QUIT
}
drain() { cat >/dev/null 2>&1; }
sane() { stty "$calm" 2>/dev/null || stty sane 2>/dev/null || :; }

# Answers in $status and $answer. Read anew each time, the launcher follows an upgrade.
launch() {
  node=
  script=
  remove wake
  { IFS= read -r node && IFS= read -r script; } 2>/dev/null <"$folder/launcher"
  err=$log
  { printf '' >>"$log"; } 2>/dev/null || err=/dev/null
  answer=$(
    exec </dev/null 2>>"$err"
    [ -n "$script" ] || { echo "cannot read $folder/launcher" >&2 && exit 127; }
    exec "$node" "$script" launch "$session" --loop $$ --protocol "$protocol" ${asked:+"$asked"}
  )
  status=$?
  asked=
}

run_client() {
  succeeded
  # Of the terminal's environment only what describes the terminal; the names are ours, so eval meets nothing foreign.
  set --
  for name in TERM TERMINFO TERMINFO_DIRS COLORTERM LANG LANGUAGE LC_ALL LC_CTYPE TZ; do
    eval "[ -z \"\${$name+set}\" ] || set -- \"\$@\" \"$name=\$$name\""
  done
  # The end of a run that is started once more (a full disk) is not on record yet.
  remove exit
  drain
  sane
  # The shell's own "Killed" goes nowhere; the client's stderr is the terminal's.
  { env -i "$@" "$shell" "$folder/launch.sh" 2>&3 3>&-; } 3>&2 2>/dev/null
  status=$?
  deaf
  write exit "$status $answer"
  restore
}

# What a killed client leaves behind, in tmux 3.3a: mouse, focus and paste reports, held-back output, the alternate
# screen; keyboard protocols; scroll region, insert mode, character set, colours. Then to a line of our own.
restore() {
  printf '\033[?%sl' 1 6 1000 1002 1003 1004 1005 1006 1015 1016 2004 2026 1049
  printf '\033[%s' '<u' '>4;0m' r 4l '?7h' '?25h' '0 q' 0m '999;1H'
  printf '\033>\033(B\017\r\n'
}

wait_as_told() {
  succeeded
  trim_log
  seconds=${answer%% *}
  pause "$seconds" \
    "${answer#* }. Next look in $seconds s$(clock_in "$seconds"). $leave leaves it running; Ctrl-C stops it."
}

# Node gone, script gone, or a bug in launch: nothing here can mend it, but an upgrade or a reinstall does.
failed() {
  trim_log
  write launch-failed "$status $(date +%s)"
  backoff=$((backoff == 0 ? 1 : backoff * 2))
  [ "$backoff" -le 30 ] || backoff=30
  pause "$backoff" "channels launch failed ($status): $(last_error)" \
    "Next try in $backoff s$(clock_in "$backoff"). $leave leaves it running; Ctrl-C tries at once."
  # It said that Ctrl-C tries at once, not that it stops the session.
  asked=
}

succeeded() {
  backoff=0
  remove launch-failed
}

end() {
  succeeded
  sane
  exit 0
}

# $1 seconds, then the lines to say: what they promise of Ctrl-C holds once they can be read, so everything else is
# done before. Ends early for a wake file and for Ctrl-C. Counts sleeps, since a clock may be set back, and looks at the
# clock, since a machine may be suspended; a Ctrl-C ends what tells the time, too.
pause() {
  left=$1
  [ "$left" -gt 0 ] || left=1
  until=$(($(date +%s) + left))
  shift
  interrupted=0
  sane
  printf 'channels: %s\r\n' "$@"
  while
    now=$(date +%s)
    [ "$interrupted" = 0 ] && [ "$left" -gt 0 ] && [ "${now:-0}" -lt "$until" ]
  do
    [ -e "$folder/wake" ] && rm -f "$folder/wake" 2>/dev/null && break
    { sleep 1; } 2>/dev/null
    left=$((left - 1))
  done
  [ "$interrupted" = 0 ] || asked=--interrupted
  deaf
}

# `, at 14:03:22`, so many seconds from now; nothing where a day lies between.
clock_in() {
  set -- "$1" $(date '+%H %M %S')
  set -- $(($1 + 3600 * ${2#0} + 60 * ${3#0} + ${4#0}))
  [ "$1" -ge 86400 ] || printf ', at %02d:%02d:%02d' $(($1 / 3600)) $(($1 / 60 % 60)) $(($1 % 60))
}

# The last line that says something: Node prints its own version after an error, and stacks and fields are indented.
last_error() {
  tail -n 50 "$log" 2>/dev/null | sed -n -e '/^[^[:space:]}]/{' -e '/^Node\.js v/!h' -e '}' -e '${x;p;}' |
    LC_ALL=C tr -d '\000-\037\177' | cut -c 1-200
}

# Nine digits at most and no leading zero, which would be octal.
is_number() { case $1 in '' | *[!0-9]* | 0?* | ??????????*) return 1 ;; esac; }

# $1 file, $2 text. A full disk must not end the loop: then the file is missing, which launch reads as unknown.
write() {
  { printf '%s\n' "$2" >"$folder/.$1.$$" && mv -f "$folder/.$1.$$" "$folder/$1"; } 2>/dev/null ||
    rm -f "$folder/.$1.$$" 2>/dev/null || :
}

remove() { [ ! -e "$folder/$1" ] || rm -f "$folder/$1" 2>/dev/null || :; }

trim_log() {
  [ "$(wc -c 2>/dev/null <"$log" || echo 0)" -gt 262144 ] || return 0
  { tail -c 65536 "$log" >"$log.new" && mv -f "$log.new" "$log"; } 2>/dev/null || { printf '' >"$log"; } 2>/dev/null || :
}

main
