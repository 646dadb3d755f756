#!/bin/bash
# Stop the gateway that up.sh started in DIR and remove DIR with all that was stored.
#   down.sh DIR
# Only processes named in DIR's own pid files are ended; memstore has nothing worth draining.
set -u
dir=$1
for file in "$dir"/run/*.pid; do
  [ -s "$file" ] && kill -9 "$(cat "$file")" 2>/dev/null
done
rm -rf "$dir"
