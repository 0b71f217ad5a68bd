#!/usr/bin/env bash
# Installs fovea's packages into the bare Debian root that it runs in, uses and purges them: try_deb.sh PACKAGES SOURCE.
# PACKAGES is the folder of the .deb files, SOURCE a copy of the tree, of which the samples and examples are used.
set -euo pipefail
packages=$1 source=$2
export DEBIAN_FRONTEND=noninteractive

say() { printf -- '-- %s\n' "$*"; }
die() {
  echo "try_deb: $*" >&2
  exit 1
}

# add NAME...: installs packages with what they depend on and nothing more; those of ours from their files.
add() {
  local name files=()
  for name in "$@"; do files+=("$(ls "$packages/${name}"_*.deb 2>/dev/null || echo "$name")"); done
  apt-get install -q -y --no-install-recommends "${files[@]}" >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; die "cannot install $*"; }
}

# purge NAME...: with all that came along.
purge() {
  apt-get purge -q -y --autoremove "$@" >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; die "cannot purge $*"; }
}

# files: everything in this root but what apt, dpkg and the linker note for themselves.
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /var/cache -o -path /var/lib/apt \
    -o -path /var/lib/dpkg -o -path /var/log -o -path /root \) -prune -o ! -name ld.so.cache -print | sort
}

# left_of: what of ours is still there, in the tree and in dpkg's list.
left_of() {
  find / -xdev \( -path "$source" -o -path "$packages" -o -path /proc -o -path /tmp -o -path /root \) -prune -o \
    \( -name '*fovea*' -o -name '*grade-server*' -o -name '*batch-predict*' \) -print
  dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' '*fovea*' 2>/dev/null | grep -v '^un' || true
}

grade_demo() {
  batch-predict --demo --output labels.csv --details --plot distribution.png --quiet
  [ "$(wc -l <labels.csv)" -eq 21 ] || die "batch-predict --demo wrote $(wc -l <labels.csv) lines, not 21"
  [ -s distribution.png ] || die "batch-predict --demo drew nothing"
  model-info /usr/share/fovea/weights/demo.h5 --self-test
  model-pack /usr/share/fovea/weights/demo.h5 --output demo.fovea --quiet
  batch-predict --model demo.fovea --input /usr/share/fovea/weights/samples --output packed.csv --quiet
  diff <(cut -d, -f1,2 labels.csv) <(cut -d, -f1,2 packed.csv) || die "the pack file grades otherwise than its source"
  benchmark-compare --demo --benchmark /usr/share/fovea/weights/samples/labels.csv --output compared --quiet
  [ -s compared/report.html ] || die "benchmark-compare wrote no report"
}

# get PORT PATH: what the server on this machine answers.
get() {
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
  cat <&3
  exec 3>&-
}

# serve: the command of the systemd unit, as a user without rights, on a port that is free.
serve() {
  local unit=/lib/systemd/system/grade-server.service command port pid
  ARGUMENTS=$(sed -n 's/^ARGUMENTS=//p' "$(sed -n 's/^EnvironmentFile=//p' "$unit")")
  command=$(sed -n 's/^ExecStart=//p' "$unit")
  setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs \
    bash -c "exec ${command/'$ARGUMENTS'/$ARGUMENTS} --port 0" >/tmp/served 2>/tmp/served.errors &
  pid=$!
  for _ in $(seq 300); do
    if grep -qsx ready /tmp/served /tmp/served.errors || ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.2
  done
  port=$(grep -ohE 'http://[^ ]*:[0-9]+/' /tmp/served /tmp/served.errors | grep -oE '[0-9]+/' | tr -d / | head -n 1 || true)
  [ -n "$port" ] || { cat /tmp/served /tmp/served.errors; die "grade-server does not start"; }
  get "$port" /health/ready | grep -q '"status":"ready"' || die "grade-server does not answer"
  kill "$pid"
  wait "$pid" || die "grade-server ends with $?"
}

# compile: the example by CMake and by pkg-config, shared and static; all print the same.
compile() {
  local flags way
  mkdir built
  for way in OFF ON; do
    cmake -S "$source/examples/embed" -B "cmake-$way" -DEMBED_STATIC=$way >/tmp/cmake.log 2>&1 &&
      cmake --build "cmake-$way" >>/tmp/cmake.log 2>&1 || { cat /tmp/cmake.log; die "find_package(fovea) does not build"; }
    cp "cmake-$way/embed" "built/cmake-$way"
  done
  for way in fovea fovea-static; do
    read -ra flags <<<"$(pkg-config --cflags --libs "$way")"
    g++ -std=c++20 "$source/examples/embed/embed.cpp" -o "built/$way" "${flags[@]}"
  done
  ldd built/fovea | grep -q libfovea.so.0 || die "the program does not ask for libfovea.so.0"
  { printf 'P6\n256 256\n255\n'; head -c 196608 /dev/zero | tr '\0' '\200'; } >grey.ppm
  for way in built/*; do
    "$way" /usr/share/fovea/weights/demo.h5 /usr/share/fovea/weights/demo.json grey.ppm >"$way.txt"
    cmp "$way.txt" built/fovea.txt 2>/dev/null || [ "$way" = built/cmake-OFF ] || [ "$way" = built/cmake-ON ] || die "$way differs"
  done
  cmp built/cmake-OFF.txt built/fovea.txt && cmp built/cmake-ON.txt built/fovea.txt
  [ "$(wc -l <built/fovea.txt)" -eq 5 ] || die "the example prints $(cat built/fovea.txt)"
}

apt-get update -q >/dev/null
cd "$(mktemp -d)"
files >before.txt
say "fovea-tools and fovea-demo"
add libfovea0 fovea-tools fovea-demo
grade_demo
for page in batch-predict benchmark-compare grade-server model-info model-pack; do
  zcat "/usr/share/man/man1/$page.1.gz" | grep -q "^$page"' \\- ' || die "$page has no manual page with a name"
done
say "grade-server, as its unit starts it"
serve
say "purged"
purge libfovea0 fovea-tools fovea-demo
files | diff before.txt - || die "that is left"

say "libfovea-dev, with compilers"
add libfovea0 libfovea-dev fovea-demo g++ make cmake pkg-config
compile
if ls "$packages"/python3-fovea_*.deb >/dev/null 2>&1; then
  say "python3-fovea"
  add python3-fovea
  (cd / && python3 -c '
import fovea
model = fovea.load("/usr/share/fovea/weights/demo.h5")
grade = fovea.grade(model, "/usr/share/fovea/weights/samples/drawn3_00000.jpg")
assert fovea.__file__.startswith("/usr/lib/python3/dist-packages/") and grade.grade == 0, grade
print(fovea.__version__, grade)')
fi
purge '*fovea*'
left=$(left_of)
[ -z "$left" ] || die "left behind: $left"
say "nothing of fovea is left"
