#!/bin/bash
# The first process of a PID namespace with a systemd user manager in it, as after a boot with lingering: its end ends all.
# Usage: manager.sh <repository>; two folders below /mnt become two installations of it, outside of /tmp.
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system "$XDG_RUNTIME_DIR"
mount -t tmpfs tmpfs /mnt
for place in channels 'an upgrade, 100% $HOME'; do
  mkdir "/mnt/$place"
  mount --bind "$1" "/mnt/$place"
done
manager=/usr/lib/systemd/systemd
[ -x "$manager" ] || manager=/lib/systemd/systemd
"$manager" --user --log-target=console &
# One that can't run here ends at once; one that was told to end leaves what it leaves, to be seen.
wait $! || { echo "the manager ended with $?" >&2; exit 1; }
# Whatever is orphaned here is reaped meanwhile, too.
while :; do
  wait
  sleep 0.1
done
