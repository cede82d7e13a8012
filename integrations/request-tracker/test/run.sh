#!/bin/sh
# Drives a real Request Tracker 5 with the extension: run.sh PATH/TO/absolve
#
# Needs: apt-get install --no-install-recommends request-tracker5 rt5-standalone rt5-db-sqlite
# All that it writes is in a folder of its own; an RT that this machine already runs is left alone.
set -eu
absolve=$(realpath "${1:?the path of absolve}")
[ -x "$absolve" ] || { echo "$absolve: there is no such program" >&2; exit 2; }
here=$(dirname "$(realpath "$0")")
port=${PORT:-8085}
work=$(mktemp -d)
server=
stop() {
    if [ -n "$server" ]; then kill "$server" 2> /dev/null || true; wait "$server" 2> /dev/null || true; fi
    rm -rf "$work"
}
trap stop EXIT INT TERM

mkdir "$work/plugins" "$work/config.d" "$work/mason" "$work/sessions"
cp -R "$here/../RT-Extension-Absolve" "$work/plugins"
cat > "$work/sendmail" << EOF
#!/bin/sh
cat > "$work/mail.\$\$"
EOF
chmod +x "$work/sendmail"
cat > "$work/RT_SiteConfig.pm" << EOF
\$LocalPluginPath = '$work/plugins';
\$MasonDataDir = '$work/mason';
\$MasonSessionDir = '$work/sessions';
Set(\$DatabaseType, 'SQLite');
Set(\$DatabaseName, '$work/rt.db');
Set(\$WebDomain, '127.0.0.1');
Set(\$WebPort, $port);
Set(\$MailCommand, 'sendmailpipe');
Set(\$SendmailPath, '$work/sendmail');
Set(\$LogToSyslog, '');
Set(\$LogToSTDERR, 'error');
Plugin('RT::Extension::Absolve');
Set(\$AbsolveCommand, ['$work/absolve', 'gate']);
Set(\$AbsolveTimeBox, 2);
1;
EOF
export RT_SITE_CONFIG="$work/RT_SiteConfig.pm" RT_SITE_CONFIG_DIR="$work/config.d" XDG_STATE_HOME="$work/state"
rt-setup-database-5 --action init --dba root --dba-password '' --force > "$work/setup.log" 2>&1 || {
    cat "$work/setup.log"
    exit 1
}
/usr/share/request-tracker5/libexec/rt-server --host 127.0.0.1 --port "$port" > "$work/server.log" 2>&1 &
server=$!
python3 "$here/drive.py" "$absolve" "$work" "$port" || {
    tail -n 40 "$work/server.log"
    exit 1
}
