#!/bin/bash
# Brings the whole server back beside the running one, as it was at a chosen second, and looks at it.
#
#   drill.sh '2026-11-30 16:55:00+00' FOLDER [SEAL]
#   drill.sh latest FOLDER [SEAL]                    as late as there is WAL
#
# As root. FOLDER must not exist; the restored cluster is left there, running on port SHIPA_DRILL_PORT, for
# whoever wants to look further; `drill.sh stop FOLDER` ends and removes it. SEAL is a seal made before that
# second: a newer one knows rows that the restored server cannot have, and would rightly call that a cut.
# Reads /etc/shipa/owner.env for the addresses, whose port it exchanges. Prints each step's time in seconds.
set -euo pipefail
backups=${SHIPA_BACKUPS:-/var/backups/shipa}
bin=${SHIPA_PGBIN:-/usr/lib/postgresql/15/bin}
port=${SHIPA_DRILL_PORT:-5499}
configuration=${SHIPA_PGCONF:-/etc/postgresql/15/shipa/conf.d/shipa.conf}
shipa=${SHIPA_COMMAND:-/srv/shipa/.venv/bin/shipa}
environment=${SHIPA_OWNER_ENV:-/etc/shipa/owner.env}

as_postgres() { runuser -u postgres -- "$@"; }

stop() {
    as_postgres "$bin/pg_ctl" --pgdata "$1" --mode fast --wait stop
    rm -r "$1"
}

if [ "${1:-}" = stop ]; then
    stop "$2"
    exit
fi
moment=${1:?the moment, like 2026-11-30 16:55:00+00}
folder=${2:?a folder that does not exist}
seal=${3:-}
[ ! -e "$folder" ] || { echo "drill: $folder exists" >&2; exit 2; }
began=$(date +%s)
step() {
    echo "$(($(date +%s) - began)) s: $1"
}

# The newest base backup that was finished before the moment.
target="recovery_target_time = '$moment'
recovery_target_action = promote"
if [ "$moment" = latest ]; then
    target=""
    moment=now
fi
stamp=$(date -u -d "$moment" +%Y%m%dT%H%M%SZ)
base=$(find "$backups" -maxdepth 1 -name 'base-*' -printf '%f\n' | sort | awk -v at="base-$stamp" '$0 < at' | tail -n 1)
[ -n "$base" ] || { echo "drill: no base backup from before $moment" >&2; exit 2; }
install -d -o postgres -g postgres -m 0700 "$folder"
cp -a "$backups/$base/." "$folder/"
step "copied $base"

as_postgres "$bin/pg_verifybackup" --no-parse-wal --quiet "$folder"
step "its files are those of the manifest"
cp "$configuration" "$folder/postgresql.conf"
cat >> "$folder/postgresql.conf" <<END
port = $port
unix_socket_directories = '$folder'
archive_mode = off
restore_command = '$(dirname "$(readlink -f "$0")")/restore-wal %f %p'
$target
END
printf 'local all postgres peer\nhost all all 127.0.0.1/32 scram-sha-256\n' > "$folder/pg_hba.conf"
: > "$folder/pg_ident.conf"
touch "$folder/recovery.signal"
chown -R postgres: "$folder"
chmod 0700 "$folder"
as_postgres "$bin/pg_ctl" --pgdata "$folder" --log "$folder/drill.log" --timeout 3600 --wait start > "$folder/start.log"
until [ "$(as_postgres psql -h "$folder" -p "$port" -Atc 'SELECT pg_is_in_recovery()' postgres)" = f ]; do
    sleep 1
done
step "recovered"

set -a
# shellcheck disable=SC1090
. "$environment"
set +a
for name in OWNER WEB GATE JOBS AGG REGION; do
    variable=SHIPA_${name}_URL
    [ -z "${!variable:-}" ] || export "$variable=$(sed -E "s#@([^:/]+):[0-9]+/#@\1:$port/#" <<< "${!variable}")"
done
"$shipa" check
step "shipa check"
verify=(audit verify)
[ -z "$seal" ] || verify+=(--seal "$seal")
"$shipa" "${verify[@]}" | tail -n 3
step "shipa audit verify"
