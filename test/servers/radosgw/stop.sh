#!/usr/bin/env bash
# stop.sh FOLDER: ends what start.sh began there, and removes the folder.
set -u
folder=${1:?usage: stop.sh FOLDER}
for daemon in rgw osd mon; do
	pid=$(cat "$folder/run/$daemon.ospid" 2>/dev/null) || continue
	kill "$pid" 2>/dev/null
	for _ in $(seq 1 10); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	# The gateway would drain for five seconds; nobody needs its data any more.
	kill -9 "$pid" 2>/dev/null
done
rm -rf "$folder"
