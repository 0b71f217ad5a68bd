#!/usr/bin/env bash
# arm64_sysroot.sh FOLDER: Debian's arm64 packages that fovea is built with, unpacked in FOLDER for cross-building.
#
# Nothing is installed and this machine gets no second architecture: apt works in a state of its own below FOLDER.apt,
# with this machine's own Debian archives and Debian's keys. Exit status 77 if the packages cannot be had; a FOLDER that
# is complete already is left as it is, and one of somebody else is not touched.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ $# -eq 1 ] || die "usage: $(basename "$0") FOLDER"
folder=$(realpath -m "$1")
state=$folder.apt
mapfile -t wanted < <(packages build tools | grep -e '-dev$'; packages arm64)
list=$(printf '%s\n' "${wanted[@]}")
ours=$folder/.fovea-sysroot  # what is in the folder, written last
if [ "$(cat "$ours" 2>/dev/null)" = "$list" ]; then exit 0; fi
if [ -e "$folder" ] && [ ! -e "$ours" ] && [ -n "$(ls -A "$folder")" ]; then
  die "$folder is there already and not of this script's making"
fi

cannot() {
  rm -rf "$folder" "$state"
  echo "skipped: $*"
  exit 77
}

command -v apt-get >/dev/null || cannot "no apt-get, so no arm64 packages of Debian"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keys" ] || cannot "no $keys to check Debian's packages with"
rm -rf "$folder" "$state"
mkdir -p "$folder" "$state"/{lists,cache/archives}/partial "$state/empty"
: > "$ours"
: > "$state/status"
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' | sort -u |
  awk -v keys="$keys" '$1 ~ /\/debian(-security)?\/?$/ { print "deb [signed-by=" keys "]", $1, $2, $3 }' > "$state/sources.list"
[ -s "$state/sources.list" ] || cannot "this machine's apt knows no archive of Debian"

own_apt() {
  apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Install-Recommends=false -o Dir::State="$state" \
    -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
    -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts="$state/empty" \
    -o Dir::Etc::preferencesparts="$state/empty" -o APT::Sandbox::User=root -o Acquire::Languages=none \
    -o Acquire::Retries=2 "$@"
}
own_apt update 2>"$state/log" || cannot "Debian's lists of arm64 packages cannot be fetched: $(head -1 "$state/log")"
own_apt install -y --download-only "${wanted[@]}" 2>"$state/log" ||
  cannot "Debian's arm64 packages cannot be fetched: $(head -1 "$state/log")"
for package in "$state"/cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$package"; done |
  tar -x --ignore-zeros --no-same-owner --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale \
    --exclude=./etc -C "$folder"
# Absolute links mean this machine's files: turned into the folder's.
find "$folder" -type l -lname '/*' -printf '%p\t%l\n' | while IFS=$'\t' read -r link target; do
  ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$folder$target")" "$link"
done
rm -rf "$state"
printf '%s\n' "$list" > "$ours"
