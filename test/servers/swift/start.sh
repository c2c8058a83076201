#!/usr/bin/env bash
# OpenStack Swift of one proxy and one server each for accounts, containers and objects, on loopback and in the
# foreground. Everything lies in the folder given, whose file system needs extended attributes; a signal ends it.
#
#   start.sh FOLDER PORT ACCESS_KEY SECRET_KEY     ACCESS_KEY is ACCOUNT:USER
set -euo pipefail
folder=${1:?usage: start.sh FOLDER PORT ACCESS_KEY SECRET_KEY}
port=${2:?}
account=${3%%:*}
user=${3#*:}
secret=${4:?}
devices=$folder/devices
mkdir -p "$devices/disk"

# One address for each, as a free port is known of 127.0.0.1 only.
declare -A address=([account]=127.0.0.2 [container]=127.0.0.3 [object]=127.0.0.4)
cache=127.0.0.5:$port

settings() {
	cat <<CONF
[DEFAULT]
bind_ip = $1
bind_port = $port
user = $(id -un)
swift_dir = $folder
devices = $devices
mount_check = false
workers = 0
log_level = WARNING
CONF
}

for kind in account container object; do
	ring=$folder/$kind.builder
	{
		swift-ring-builder "$ring" create 2 1 1
		swift-ring-builder "$ring" add "r1z1-${address[$kind]}:$port/disk" 1
		swift-ring-builder "$ring" rebalance
	} >/dev/null
	settings "${address[$kind]}" >"$folder/$kind-server.conf"
	cat >>"$folder/$kind-server.conf" <<CONF
[pipeline:main]
pipeline = $kind-server
[app:$kind-server]
use = egg:swift#$kind
CONF
done

settings 127.0.0.1 >"$folder/proxy-server.conf"
cat >>"$folder/proxy-server.conf" <<CONF
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = $cache
[filter:tempauth]
use = egg:swift#tempauth
user_${account}_$user = $secret .admin
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
CONF
for filter in catch_errors gatekeeper listing_formats bulk s3api copy slo dlo symlink; do
	printf '[filter:%s]\nuse = egg:swift#%s\n' "$filter" "$filter"
done >>"$folder/proxy-server.conf"

pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait' EXIT
trap 'exit 0' INT TERM
memcached -l "${cache%:*}" -p "$port" -U 0 -u "$(id -un)" &
pids+=($!)
for kind in account container object; do
	"swift-$kind-server" "$folder/$kind-server.conf" -v &
	pids+=($!)
done
# The proxy is there last, as it does not wait for the others.
for host in "${address[@]}" "${cache%:*}"; do
	until (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null; do
		[ "$(jobs -r | wc -l)" = "${#pids[@]}" ] || exit 1
		sleep 0.1
	done
done
swift-proxy-server "$folder/proxy-server.conf" -v &
pids+=($!)
# One that ends takes the others with it.
wait -n
