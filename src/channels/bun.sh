#!/bin/sh
# Stands in front of Bun in the PATH of a client that channels starts. The Bun behind it runs as ever; only that of a
# plugin loads one file first, hold.cjs beside this, which keeps messages until the client listens. Where that can't be
# done, also by a Bun older than 1.2.15, the plugin runs without.
path=
IFS=:
set -f
for folder in $PATH; do
  [ "$folder/bun" -ef "$0" ] || path=$path${path:+:}$folder
done
set +f
unset IFS
PATH=$path
export PATH
# In PATH there may be the shim of a version manager, which runs nothing in a plugin's folder.
if [ -n "${CLAUDE_PLUGIN_ROOT-}" ] && [ -x "${CHANNELS_BUN-}" ]; then
  bun=$CHANNELS_BUN
else
  bun=$(command -v bun) || {
    echo 'bun: not found' >&2
    exit 127
  }
fi
hold=${0%/*}/hold.cjs
if [ -n "${CLAUDE_PLUGIN_ROOT-}" ] && [ -r "$hold" ]; then
  # BUN_OPTIONS knows no quotes (Bun 1.4.5).
  case $hold in
    *[[:space:]\"\'\\]*) ;;
    *)
      BUN_OPTIONS="--preload=$hold${BUN_OPTIONS:+ $BUN_OPTIONS}"
      export BUN_OPTIONS
      ;;
  esac
fi
exec "$bun" "$@"
