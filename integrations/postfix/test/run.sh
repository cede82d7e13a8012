#!/usr/bin/env bash
# Sends mails through a real Postfix with `absolve milter` before it: `run.sh PATH/TO/absolve`. Needs root (Postfix does), and
# Debian's packages postfix and swaks. Touches nothing of the machine's own Postfix.
set -euo pipefail
absolve=$(realpath "${1:-target/debug/absolve}")
for program in postfix smtp-sink swaks; do
  command -v "$program" > /dev/null || PATH=$PATH:/usr/sbin
  command -v "$program" > /dev/null || { echo "$program is missing: apt-get install postfix swaks" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "Postfix starts as root only" >&2; exit 2; }

dir=$(mktemp -d /tmp/absolve-postfix.XXXXXX)
chmod 755 "$dir"
smtp=2525 sink=2526 milter=8894
sink_pid="" milter_pid=""
stop() {
  postfix -c "$dir" stop > /dev/null 2>&1 || true
  for pid in $milter_pid $sink_pid; do kill -CONT "$pid" 2> /dev/null || true; kill -KILL "$pid" 2> /dev/null || true; done
  rm -rf "$dir"
}
trap stop EXIT

cat > "$dir/main.cf" <<CONFIG
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
maillog_file = $dir/maillog
maillog_file_prefixes = $dir
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
myhostname = desk.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
smtpd_peername_lookup = no
smtp_host_lookup = native
relayhost = [127.0.0.1]:$sink
# What the README tells an admin to write, with less patience.
smtpd_milters = inet:127.0.0.1:$milter
milter_default_action = accept
milter_protocol = 6
milter_connect_timeout = 2s
milter_command_timeout = 2s
milter_content_timeout = 2s
CONFIG
cat > "$dir/master.cf" <<CONFIG
127.0.0.1:$smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CONFIG
mkdir "$dir/queue" "$dir/data"
chown postfix "$dir/data"
smtp-sink -u postfix -D "$dir/data/delivered" "127.0.0.1:$sink" 100 &
sink_pid=$!
disown
start_milter() {
  (cd "$dir" && exec "$absolve" milter --address "127.0.0.1:$milter" > "$dir/milter.log" 2>&1) &
  milter_pid=$!
  for _ in $(seq 50); do grep -q listens "$dir/milter.log" 2> /dev/null && return; sleep 0.1; done
  echo "the milter does not start" >&2; cat "$dir/milter.log" >&2; exit 1
}
start_milter
postfix -c "$dir" start > "$dir/start.log" 2>&1 || { cat "$dir/start.log" >&2; exit 1; }

n=0 failures=0
# check NAME EXPECTED [swaks arguments…]: EXPECTED is in what the server said; a refusal, by its code, leaves nothing behind.
check() {
  local name=$1 expected=$2 said before after
  shift 2
  n=$((n + 1))
  before=$(delivered)
  said=$(swaks --server "127.0.0.1:$smtp" --from ana@desk.example --to bob@customer.example --timeout 20 "$@" 2>&1 || true)
  after=$before
  case $expected in
    550*) sleep 0.3; after=$(delivered); want=$before ;;
    *) want=$((before + 1)); for _ in $(seq 100); do after=$(delivered); [ "$after" = "$want" ] && break; sleep 0.1; done ;;
  esac
  if grep -qF -- "$expected" <<< "$said" && [ "$after" = "$want" ]; then
    echo "ok    $name"
  else
    failures=$((failures + 1))
    printf 'FAIL  %s: expected “%s” and %s delivered; %s delivered, and the server said\n%s\n' "$name" "$expected" "$want" "$after" "$said"
  fi
}
delivered() { grep -c '^X-Helo-Args' "$dir/data/delivered" 2> /dev/null || true; }
# last_has NAME TEXT / last_lacks NAME TEXT: of the mail that was delivered last.
last() { awk '/^X-Client-Addr/ { mail = "" } { mail = mail $0 "\n" } END { printf "%s", mail }' "$dir/data/delivered"; }
last_has() { n=$((n + 1)); if last | grep -qF -- "$2"; then echo "ok    $1"; else failures=$((failures + 1)); echo "FAIL  $1"; last; fi; }
last_lacks() { n=$((n + 1)); if last | grep -qF -- "$2"; then failures=$((failures + 1)); echo "FAIL  $1"; last; else echo "ok    $1"; fi; }
utf8=(--add-header "MIME-Version: 1.0" --add-header "Content-Type: text/plain; charset=utf-8" --add-header "Content-Transfer-Encoding: 8bit")

check "an English sin is refused, with the way out" "550 5.7.1 Not sent. \"Sorry for the inconvenience\"" --body "Sorry for the inconvenience."
check "a French one, in French" "550 5.7.1 Reponse non envoyee. \"" "${utf8[@]}" --body "Désolés pour la gêne occasionnée."
check "in quoted-printable HTML" "550 5.7.1 Reponse non envoyee." --add-header "MIME-Version: 1.0" \
  --add-header "Content-Type: text/html; charset=iso-8859-1" --add-header "Content-Transfer-Encoding: quoted-printable" \
  --body '<p>D=E9sol=E9s pour la <b>g=EAne</b> occasionn=E9e.</p>'
check "what was left to fill in is refused, and told as it is" "550 5.7.1 Not sent. \"%{name}\" was left to fill in" --body "Hello %{name}, your parcel left Lyon."
check "a clean mail is sent" "250 2.0.0 Ok: queued" --body "Your parcel left Lyon at noon."
last_lacks "and bears no header" "X-Absolve"
check "what could be better is sent" "250 2.0.0 Ok: queued" --body "We will send it as soon as possible."
last_has "and bears a header" "X-Absolve: suggest (vague-timing)"
check "what the customer wrote is not looked at" "250 2.0.0 Ok: queued" \
  --body 'All is well.\n\nOn Mon, Jan 5, 2026 at 10:00 AM Bob <bob@customer.example> wrote:\n> Sorry for the inconvenience.\n'
check "a reason lets a mail pass" "250 2.0.0 Ok: queued" --add-header "X-Absolve-Override: the customer asked" --body "Sorry for the inconvenience."
last_has "and the mail says so" "X-Absolve: overridden (inconvenience-apology)"
last_lacks "and the reason does not travel" "X-Absolve-Override"
kill -STOP "$milter_pid"
check "mail flows when the milter hangs" "250 2.0.0 Ok: queued" --body "Sorry for the inconvenience."
kill -CONT "$milter_pid"
check "and is refused again when it does not" "550 5.7.1 Not sent." --body "Sorry for the inconvenience."
kill -KILL "$milter_pid"
wait "$milter_pid" 2> /dev/null || true
check "mail flows when the milter is dead" "250 2.0.0 Ok: queued" --body "Sorry for the inconvenience."
milter_pid=""
n=$((n + 1))
if [ "$(wc -l < "$dir/milter.log")" = 1 ]; then echo "ok    the milter logged nothing"; else failures=$((failures + 1)); echo "FAIL  the milter logged"; cat "$dir/milter.log"; fi

echo "$((n - failures)) of $n hold"
[ "$failures" = 0 ]
