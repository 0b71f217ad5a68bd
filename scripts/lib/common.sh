# Shared by the scripts: where the repository is, how to speak, and how to install Debian packages. To be sourced.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jobs=$(nproc)

say() { printf '\n== %s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# packages SECTION...: the names listed in packages.txt under these sections.
packages() {
  local section
  for section in "$@"; do
    awk -v want="[$section]" '/^\[/ { inside = ($0 == want) } inside && /^[a-z0-9]/' "$root/scripts/lib/packages.txt"
  done
}

# missing_packages SECTION...: those of them that are not installed.
missing_packages() {
  local name
  for name in $(packages "$@"); do
    dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || echo "$name"
  done
}

# install_missing SECTION...: installs what is not there yet, with sudo unless root; says what it does.
install_missing() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    die "this is no Debian; install what scripts/lib/packages.txt lists by hand and build with CMake (README.md)"
  local missing apt=(env DEBIAN_FRONTEND=noninteractive apt-get)
  mapfile -t missing < <(missing_packages "$@")
  if [ "${#missing[@]}" -eq 0 ]; then return; fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "not root and no sudo; as root run: apt-get install ${missing[*]}"
    apt=(sudo "${apt[@]}")
  fi
  say "installing Debian packages: ${missing[*]}"
  "${apt[@]}" update -q
  "${apt[@]}" install -q -y --no-install-recommends "${missing[@]}"
}

# configure PRESET [-D...]: configures a preset, with ccache where there is one.
configure() {
  local preset=$1
  shift
  if command -v ccache >/dev/null; then set -- -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"; fi
  (cd "$root" && cmake --preset "$preset" -G Ninja "$@")
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  (cd "$root" && cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"})
}
