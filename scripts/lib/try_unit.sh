#!/usr/bin/env bash
# Has the systemd of the container that it runs in start, stop and forget grade-server, as installed from the packages;
# curl asks. The last line says whether all held. Run by the unit that scripts/check-fresh deb puts there.
set -euo pipefail
packages=$1
export DEBIAN_FRONTEND=noninteractive
trap 'systemctl poweroff' EXIT

die() {
  echo "try_unit: $*"
  journalctl -u grade-server --no-pager | tail -n 20
  exit 1
}

# within SECONDS COMMAND...: waits until it succeeds.
within() {
  local tries=$(($1 * 5))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || die "not in time: $*"
    sleep 0.2
  done
}

[ "$(systemctl is-enabled grade-server || true)" = disabled ] || die "it is enabled unasked"
[ "$(systemctl is-active grade-server || true)" = inactive ] || die "it runs unasked"
systemctl start grade-server
within 60 curl -sf http://127.0.0.1:5000/health/ready
[ "$(stat -c %U "/proc/$(systemctl show -P MainPID grade-server)")" = grade-server ] || die "it runs as another user"
systemctl stop grade-server

# Behind a proxy, for those with a token, with an audit log.
arguments=$(sed -n 's/^#ARGUMENTS=--model [^ ]*/ARGUMENTS=--demo/p' /etc/fovea/grade-server.conf)
sed -i '/^ARGUMENTS=/d' /etc/fovea/grade-server.conf
echo "$arguments" >>/etc/fovea/grade-server.conf
token=$(grade-server --new-token clinic --auth-file /etc/fovea/auth | tail -n 1)
systemctl start grade-server
ask() {
  curl -s -o /tmp/answer -w '%{http_code}' -H 'Host: eyes.example.org' -H 'X-Forwarded-For: 192.0.2.1' "$@" \
    -F file=@/usr/share/fovea/weights/samples/drawn3_00000.jpg http://127.0.0.1:5000/api/v1/predict || true
}
within 60 curl -sf -H 'Host: eyes.example.org' http://127.0.0.1:5000/health/ready
[ "$(ask)" = 401 ] || die "without a token: $(ask)"
[ "$(ask -H "Authorization: Bearer $token")" = 200 ] || die "with a token: $(ask -H "Authorization: Bearer $token")"
grep -q '"grade"' /var/lib/private/grade-server/audit.jsonl || die "the audit log lacks the grade"

apt-get install -q -y --reinstall --no-install-recommends "$packages"/fovea-tools_*.deb >/tmp/apt.log 2>&1 || die "$(cat /tmp/apt.log)"
within 60 curl -sf -H 'Host: eyes.example.org' http://127.0.0.1:5000/health/ready
apt-get purge -q -y --autoremove fovea-tools libfovea0 fovea-demo >/tmp/apt.log 2>&1 || die "$(cat /tmp/apt.log)"
[ "$(systemctl is-active grade-server || true)" = inactive ] || die "it still runs after it was purged"
grep -q 'audit\|records' /tmp/apt.log || die "purging says nothing of the records that it leaves"
[ -s /var/lib/private/grade-server/audit.jsonl ] || die "purging took the audit log"
[ ! -e /etc/fovea ] || die "purging left /etc/fovea"
echo "the unit holds"
