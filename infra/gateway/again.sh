#!/bin/bash
# Start the gateway of DIR again after it was killed; its cluster, which up.sh started, has lived on.
#   again.sh DIR
set -euo pipefail
dir=$1
export CEPH_CONF="$dir/ceph.conf"
port=$(sed -n 's/.*endpoint=127\.0\.0\.1:\([0-9]*\).*/\1/p' "$dir/ceph.conf")
radosgw -c "$dir/ceph.conf" -n client.rgw.a >>"$dir/log/up.log" 2>&1
for _ in $(seq 600); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then exit 0; fi
  sleep 0.1
done
exit 1
