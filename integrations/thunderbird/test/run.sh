#!/bin/sh
# Drives a real, headless Thunderbird with the add-on and a mail server that keeps what it gets: run.sh PATH/TO/absolve
#
# Needs: apt-get install --no-install-recommends thunderbird
# Everything is in a home of its own; the profiles of this machine are left alone.
set -eu
absolve=$(realpath "${1:?the path of absolve}")
[ -x "$absolve" ] || { echo "$absolve: there is no such program" >&2; exit 2; }
here=$(dirname "$(realpath "$0")")
HOME=$(mktemp -d)
export HOME XDG_STATE_HOME="$HOME/state" XDG_CACHE_HOME="$HOME/cache" XDG_CONFIG_HOME="$HOME/config"
trap 'rm -rf "$HOME"' EXIT
"$here/../install.sh" "$absolve" > /dev/null
python3 "$here/drive.py" "$HOME"
