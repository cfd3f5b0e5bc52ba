#!/bin/sh
# Installs a PostgreSQL with the extension set_user, for the tests of isolation level 2, where that is possible.
set -e
for library in /usr/lib/postgresql/*/lib/set_user.so; do
    [ -e "$library" ] && exit
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get -qq update
    package=$(apt-cache search --names-only '^postgresql-[0-9]+-set-user$' | sort -V | tail -n 1 | cut -d' ' -f1)
    if [ -n "$package" ]; then
        server=${package%-set-user}
        echo "Installing $package for the tests of isolation level 2"
        # Only the programs: no database server of the machine's own is made or started.
        settings=/etc/postgresql-common/createcluster.d/shipa-tests.conf
        mkdir -p "${settings%/*}"
        echo "create_main_cluster = false" > "$settings"
        trap 'rm -f "$settings"' EXIT
        DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$server" "$package" >/dev/null
        exit
    fi
fi
echo "No PostgreSQL with set_user here: the tests of isolation level 2 need it. Install it, e.g. (as root):" \
    "apt-get install postgresql-15 postgresql-15-set-user" >&2
# Without it the tests skip on a person's machine; on a build machine that would hide a failure.
[ "$CI" != true ]
