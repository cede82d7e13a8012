#!/bin/sh
# Tells Thunderbird where the program is, for the user who runs this: install.sh PATH/TO/absolve [--config ABSOLVE.TOML]
set -eu
absolve=$(realpath "${1:?the path of absolve}")
[ -x "$absolve" ] || { echo "$absolve: there is no such program" >&2; exit 2; }
shift
case $(uname) in
    Darwin) manifests="$HOME/Library/Application Support/Mozilla/NativeMessagingHosts" ;;
    *) manifests="$HOME/.mozilla/native-messaging-hosts" ;;
esac
host="$HOME/.local/share/absolve/native-messaging"

# What is said to a shell, whatever is in it.
quoted() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

mkdir -p "$manifests" "${host%/*}"
{
    echo "#!/bin/sh"
    printf 'exec '
    for word in "$absolve" gate --native-messaging "$@"; do quoted "$word"; done
    echo
} > "$host"
chmod 755 "$host"
cat > "$manifests/absolve.json" << EOF
{
  "name": "absolve",
  "description": "Checks a mail before it is sent, on this machine",
  "path": "$host",
  "type": "stdio",
  "allowed_extensions": ["absolve@absolve-lint"]
}
EOF
echo "$manifests/absolve.json"
