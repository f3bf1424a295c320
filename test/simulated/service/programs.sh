#!/bin/sh
# Plays systemctl, loginctl and launchctl, by the name it is called by: notes what it was asked in $PLAYED/calls, and keeps
# what it is told there. A file of $PLAYED/fails makes a call that holds its name fail, with its text.
name=${0##*/}
printf '%s\n' "$name $*" >>"$PLAYED/calls"
printf '%s\n' "$XDG_RUNTIME_DIR" >>"$PLAYED/runtime"
for what in "$PLAYED"/fails/*; do
  [ -f "$what" ] || continue
  case "$name $*" in *"${what##*/}"*) cat "$what" >&2; exit 1 ;; esac
done
is() { [ -f "$PLAYED/$1" ]; }
next() { n=$(cat "$PLAYED/pids"); n=$((n + 1)); echo "$n" >"$PLAYED/pids"; echo "$n" >"$PLAYED/pid"; }
case "$name $*" in
  'systemctl --user show --property=UnitPath') printf 'UnitPath=/x/systemd/user.control "%s/systemd/user" /etc/systemd/user\n' "$PLAYED" ;;
  'systemctl --user show-environment') cat "$PLAYED/environment" ;;
  'systemctl --user show channels.service '*)
    if is pid; then printf 'ActiveState=active\nSubState=running\nMainPID=%s\n' "$(cat "$PLAYED/pid")"
    else printf 'ActiveState=%s\nSubState=dead\nResult=exit-code\nMainPID=0\n' "$(cat "$PLAYED/inactive")"; fi
    if is enabled; then echo UnitFileState=enabled; else echo UnitFileState=; fi ;;
  'systemctl --user enable '* | 'launchctl enable '*) : >"$PLAYED/enabled" ;;
  'systemctl --user disable '*) rm -f "$PLAYED/enabled" ;;
  'systemctl --user start '* | 'systemctl --user kill '*) next ;;
  'systemctl --user stop '*) rm -f "$PLAYED/pid" ;;
  'systemctl --user daemon-reload' | 'systemctl --user reset-failed '*) ;;
  'loginctl show-user '*) cat "$PLAYED/linger" ;;
  'loginctl enable-linger '*) echo Linger=yes >"$PLAYED/linger" ;;
  'launchctl print gui/1000') echo 'gui/1000 = {' ;;
  'launchctl print gui/1000/'*)
    is pid || { echo 'Could not find service in domain for user gui: 1000' >&2; exit 113; }
    printf '%s = {\n\tactive count = 1\n\tstate = running\n\n\tpid = %s\n\timmediate reason = inefficient\n}\n' "$2" "$(cat "$PLAYED/pid")" ;;
  'launchctl print-disabled '*) printf '\tdisabled services = {\n\t\t"claude-channels.keeper" => enabled\n\t}\n' ;;
  'launchctl bootstrap '*)
    # As while the one before is still on its way out.
    if is leaving; then rm "$PLAYED/leaving"; echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5; fi
    next ;;
  'launchctl bootout '*) rm "$PLAYED/pid"; : >"$PLAYED/leaving" ;;
  *) echo "$name: not played: $*" >&2; exit 64 ;;
esac
