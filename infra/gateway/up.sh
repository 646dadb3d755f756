#!/bin/bash
# A throw-away Ceph RADOS gateway on 127.0.0.1, kept in memory: what is put is lost when it stops.
#   up.sh DIR RGW_PORT MON_PORT
# DIR must be short (its sockets' names have 107 characters at most); it is emptied first.
# Prints nothing; answers when S3 does. The user is in DIR/credentials (access key, secret).
# Needs the packages ceph-mon ceph-osd radosgw ceph-common. Ends with down.sh DIR.
set -Eeuo pipefail
dir=$1 rgw_port=$2 mon_port=$3
here=$(dirname "$(readlink -f "$0")")
for program in ceph-mon ceph-osd radosgw radosgw-admin ceph monmaptool; do
  command -v "$program" >/dev/null || { echo "gateway: $program is not installed" >&2; exit 69; }
done
rm -rf "$dir"
mkdir -p "$dir"/{mon,osd,run,log}
chmod 700 "$dir"
trap 'echo "gateway: status $? of: $*" >&2; "$here/down.sh" "$dir"' ERR

# auth none hangs radosgw for ever; the default paxos interval makes a start take 12 s;
# without tcp_nodelay every GET waits 44 ms; a monitor ends (28) where its disk has less free,
# in whole per cent, than it is told: -1, since this one keeps a few megabytes.
cat > "$dir/ceph.conf" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon_host = [v2:127.0.0.1:$mon_port]
ms_bind_ipv4 = true
ms_bind_ipv6 = false
ms_bind_msgr1 = false
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = false
keyring = $dir/keyring
run_dir = $dir/run
admin_socket = $dir/run/\$cluster-\$name.asok
pid_file = $dir/run/\$name.pid
log_file = $dir/log/\$name.log
mon_cluster_log_file = $dir/log/cluster.log
crash_dir = $dir/run
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_max_pg_per_osd = 1000
mon_data_avail_crit = -1
mon_data_avail_warn = 0
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
[mon.a]
mon_data = $dir/mon
[osd.0]
keyring = $dir/osd/keyring
osd_data = $dir/osd
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_class_load_list = *
osd_class_default_list = *
osd_class_update_on_start = false
osd_op_num_threads_per_shard = 1
osd_op_num_shards = 4
[client.rgw.a]
keyring = $dir/rgw.keyring
rgw_data = $dir/rgw
rgw_frontends = beast endpoint=127.0.0.1:$rgw_port tcp_nodelay=1
rgw_thread_pool_size = 64
rgw_run_sync_thread = false
rgw_enable_ops_log = false
rgw_enable_usage_log = false
CONF

export CEPH_CONF="$dir/ceph.conf"
conf=(-c "$dir/ceph.conf")
quiet() { "$@" >>"$dir/log/up.log" 2>&1; }
secret() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

quiet monmaptool --create --fsid "$(sed -n 's/^fsid = //p' "$dir/ceph.conf")" \
  --addv a "[v2:127.0.0.1:$mon_port]" "$dir/monmap"
quiet ceph-authtool --create-keyring "$dir/keyring" --gen-key -n client.admin \
  --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
cp "$dir/keyring" "$dir/mon.keyring"
quiet ceph-authtool "$dir/mon.keyring" --gen-key -n mon. --cap mon 'allow *'
quiet ceph-mon "${conf[@]}" -i a --mkfs --monmap "$dir/monmap" --keyring "$dir/mon.keyring"
quiet ceph-mon "${conf[@]}" -i a
osd_id=$(cat /proc/sys/kernel/random/uuid)
quiet ceph "${conf[@]}" osd new "$osd_id"
ceph "${conf[@]}" auth get-or-create osd.0 osd 'allow *' mon 'allow profile osd' \
  >"$dir/osd/keyring" 2>>"$dir/log/up.log"
quiet ceph-osd "${conf[@]}" -i 0 --mkfs --osd-uuid "$osd_id"
quiet ceph-osd "${conf[@]}" -i 0
ceph "${conf[@]}" auth get-or-create client.rgw.a mon 'allow rw' osd 'allow rwx' \
  >"$dir/rgw.keyring" 2>>"$dir/log/up.log"
for _ in $(seq 200); do
  if ceph "${conf[@]}" osd stat 2>/dev/null | grep -q '1 up'; then break; fi
  sleep 0.1
done
quiet radosgw "${conf[@]}" -n client.rgw.a
for _ in $(seq 600); do
  if (exec 3<>"/dev/tcp/127.0.0.1/$rgw_port") 2>/dev/null; then break; fi
  sleep 0.1
done
access=$(secret) secret=$(secret)
quiet radosgw-admin "${conf[@]}" user create --uid=giroksil --display-name=giroksil \
  --access-key="$access" --secret="$secret"
(umask 077 && printf '%s\n%s\n' "$access" "$secret" >"$dir/credentials")
