#!/usr/bin/env bash
# A Ceph of one monitor, one store in memory and one S3 gateway, on loopback, without systemd and
# without traces: everything lies in the folder given. Ends with its parent's `stop.sh FOLDER`.
#
#   start.sh FOLDER PORT [GIB]     FOLDER must be empty or absent; GIB is the size of the store, 8 unless given
set -euo pipefail
folder=${1:?usage: start.sh FOLDER PORT}
port=${2:?usage: start.sh FOLDER PORT}
gibibytes=${3:-8}
install="On Debian or Ubuntu: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common libtcmalloc-minimal4"
for tool in ceph ceph-mon ceph-osd radosgw radosgw-admin monmaptool; do
	command -v "$tool" >/dev/null || {
		echo "$tool is missing. $install" >&2
		exit 3
	}
done
# Ceph expects tcmalloc (see /etc/default/ceph), and Debian's is not linked with it: malloc is then half of
# what a listing costs the store.
tcmalloc=libtcmalloc_minimal.so.4
[[ $(/sbin/ldconfig -p) == *"$tcmalloc"* ]] || {
	echo "$tcmalloc is missing. $install" >&2
	exit 3
}
umask 077
as=()
[ "$(id -u)" = 0 ] && as=(--setuser root --setgroup root)
mkdir -p "$folder"/{mon,osd,rgw,log,run,crash}
folder=$(cd "$folder" && pwd)
fsid=$(cat /proc/sys/kernel/random/uuid)
osd=$(cat /proc/sys/kernel/random/uuid)
mon1=$((port + 11))
mon2=$((port + 10))

cat >"$folder/ceph.conf" <<CONF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$mon2,v1:127.0.0.1:$mon1]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
public network = 127.0.0.0/8
ms bind ipv6 = false
ms bind port min = $((port + 20))
ms bind port max = $((port + 60))
ms type = async
auth cluster required = none
auth service required = none
auth client required = none
run dir = $folder/run
pid file = $folder/run/\$name.pid
log file = $folder/log/\$name.log
log flush on exit = false
crash dir = $folder/crash
heartbeat file =
admin socket = $folder/run/\$name.asok
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 5000
# What is logged, also into memory, costs as much as what it is about.
debug ms = 0/0
debug rgw = 0/0
debug objecter = 0/0
debug rados = 0/0
debug monc = 0/0
debug auth = 0/0
debug throttle = 0/0
debug timer = 0/0
debug tp = 0/0
debug heartbeatmap = 0/0
debug objclass = 0/0
debug context = 0/0
debug crush = 0/0
debug optracker = 0/0
debug buffer = 0/0
debug finisher = 0/0
debug osd = 1/1
osd enable op tracker = false
throttler perf counter = false
[mon]
mon data = $folder/mon
mon cluster log file = $folder/log/cluster.log
mon data avail crit = 1
mon data avail warn = 2
auth allow insecure global id reclaim = false
mon osd initial require min compat client = luminous
paxos propose interval = 0.05
paxos min wait = 0.01
[osd]
osd data = $folder/osd
osd journal = $folder/osd/journal
osd objectstore = memstore
memstore device bytes = $((gibibytes << 30))
memstore page size = 65536
osd memory target = 1073741824
osd class load list = *
osd class default list = *
osd scrub load threshold = 0
osd max scrubs = 0
[client]
rgw data = $folder/rgw
# Without keys the gateway must not ask for encrypted connections, or it waits for ever.
ms mon client mode = crc
[client.rgw]
# Without tcp_nodelay every small answer waits 40 ms.
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw dns name = s3.localhost
rgw enable usage log = false
rgw enable ops log = false
rgw run sync thread = false
rgw thread pool size = 64
rgw crypt require ssl = false
rgw relaxed s3 bucket names = false
rgw override bucket index max shards = 1
rgw dynamic resharding = false
rgw lc debug interval = -1
CONF
export CEPH_CONF="$folder/ceph.conf"
# As in Ceph's /etc/default/ceph.
export TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES=$((128 << 20))

monmaptool --create --clobber --fsid "$fsid" --addv a "[v2:127.0.0.1:$mon2,v1:127.0.0.1:$mon1]" "$folder/monmap" >/dev/null
ceph-mon --mkfs -i a --monmap "$folder/monmap" "${as[@]}" 2>"$folder/log/mon-mkfs.err"
ceph-mon -i a -f "${as[@]}" >"$folder/log/mon.out" 2>&1 &
echo $! >"$folder/run/mon.ospid"
[ "$(ceph --connect-timeout 20 osd new "$osd")" = 0 ]
ceph-osd -i 0 --mkfs --osd-uuid "$osd" "${as[@]}" >"$folder/log/osd-mkfs.out" 2>&1
# Memory that it has once it keeps, as the system takes long to give it again.
LD_PRELOAD=$tcmalloc TCMALLOC_RELEASE_RATE=0 \
	ceph-osd -i 0 -f "${as[@]}" >"$folder/log/osd.out" 2>&1 &
echo $! >"$folder/run/osd.ospid"
# A client that comes before the store is active sleeps for five seconds.
for _ in $(seq 1 400); do
	grep -q 'booting -> active' "$folder/log/osd.0.log" 2>/dev/null && break
	sleep 0.05
done
# The main user may give the limited one, who may do nothing, policies of IAM.
radosgw-admin user create --uid main --display-name main --caps 'user-policy=*' --access-key mainaccesskey0001 --secret main/secret+key000000000000000000000001 >/dev/null 2>"$folder/log/admin.err"
radosgw-admin user create --uid limited --display-name limited --access-key limitedaccesskey01 --secret limited/secret+key000000000000000000001 >/dev/null 2>>"$folder/log/admin.err"
# A second storage class: its objects lie in the same store.
radosgw-admin zonegroup placement add --rgw-zonegroup default --placement-id default-placement --storage-class STANDARD_IA >/dev/null 2>>"$folder/log/admin.err"
radosgw-admin zone placement add --rgw-zone default --placement-id default-placement --storage-class STANDARD_IA --data-pool default.rgw.ia.data >/dev/null 2>>"$folder/log/admin.err"
# It goes by Amazon's names too, and its buckets are in the region that clients sign for.
radosgw-admin zonegroup get --rgw-zonegroup default 2>>"$folder/log/admin.err" |
	sed -E 's/("api_name": )"[^"]*"/\1"us-east-1"/; s/("hostnames": )\[\]/\1["s3.us-east-1.amazonaws.com"]/' >"$folder/zonegroup.json"
radosgw-admin zonegroup set --rgw-zonegroup default --infile "$folder/zonegroup.json" >/dev/null 2>>"$folder/log/admin.err"
LD_PRELOAD=$tcmalloc radosgw -n client.rgw -f "${as[@]}" >"$folder/log/rgw.out" 2>&1 &
echo $! >"$folder/run/rgw.ospid"
for _ in $(seq 1 600); do
	(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && exit 0
	kill -0 "$(cat "$folder/run/rgw.ospid")" 2>/dev/null || break
	sleep 0.05
done
echo "radosgw did not start:" >&2
tail -20 "$folder/log/rgw.out" >&2
exit 1
