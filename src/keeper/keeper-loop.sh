#!/bin/sh
# Brings the keeper back when it dies. Usage: keeper-loop.sh <folder>
# <folder>/launcher names node and the channels script, one a line; read anew each time, so that an upgrade is followed.
trap : INT QUIT
delay=0
while :; do
  { IFS= read -r node && IFS= read -r script; } <"$1/launcher"
  began=$(date +%s)
  # Memory before speed: looks that take 2 ms need no compiled code, which costs 5 MiB. It collects its garbage itself; what
  # V8 does besides, whenever little happens, takes 60 ms and finds nothing.
  "$node" --max-semi-space-size=1 --max-old-space-size=32 --optimize-for-size --no-opt --no-sparkplug --expose-gc \
    --no-memory-reducer "$script" run --in-terminal 2>>"$1/keeper.log"
  status=$?
  # 0: it was told to leave, or another keeper looks after the sessions.
  [ "$status" -eq 0 ] && exit 0
  # One that was killed, or had worked for a while, comes back at once; one that cannot even start waits longer and longer.
  if [ "$status" -gt 128 ] || [ $(($(date +%s) - began)) -gt 60 ]; then delay=0; fi
  if [ "$(wc -c <"$1/keeper.log")" -gt 262144 ]; then
    tail -c 65536 "$1/keeper.log" >"$1/keeper.log.new" && mv -f "$1/keeper.log.new" "$1/keeper.log"
  fi
  printf 'channels: the keeper ended with %s; starting it again in %s s.\n' "$status" "$delay"
  sleep "$delay"
  delay=$((delay * 2 + 1))
  if [ "$delay" -gt 30 ]; then delay=30; fi
done
