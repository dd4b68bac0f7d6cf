#!/usr/bin/env bash
# What a newcomer meets: a bare Debian with python3, make and git, a fresh clone of HEAD, and then `make test` (or
# what DO names, e.g. DO="check test"; ARGS goes on to pytest). Needs root and debootstrap.
#   var/cleanroom/base   the bare Debian, made once (remove it to have it made anew)
#   var/cleanroom/room   the latest room, left behind to be looked into
# The machine's own ways to packages (apt, pip, npm, certificates, proxies) are lent to the room while it is in use;
# every mount is in a namespace of this process, so nothing stays mounted, however it ends.
set -euo pipefail
cd -P "$(dirname "$0")/.."

suite=bookworm
rooms=$(realpath -m "${KELRODIS_VAR:-var}")/cleanroom
base=$rooms/base
room=$rooms/room
export DO=${DO:-test} ARGS=${ARGS:-}

say() { printf '%s\n' "· $*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || stop "make cleanroom builds a Debian of its own and mounts /proc, /sys and /dev in it: run it as root."
command -v debootstrap >/dev/null || stop "make cleanroom needs debootstrap: apt-get install debootstrap"
if [ "${IN_NAMESPACE:-}" != "$PPID" ]; then
    unshare --mount --propagation private true 2>/dev/null ||
        stop "make cleanroom needs to mount, and this machine (a container?) does not allow it."
    # The namespace's parent is this very shell: a variable left over in the environment would not fit.
    IN_NAMESPACE=$$ unshare --mount --propagation private "$0" || exit $?
    exit 0
fi

machine_is() { (. /etc/os-release 2>/dev/null && [ "${VERSION_CODENAME:-}" = "$1" ]); }

# The first place this machine takes Debian from; none on another system, where debootstrap knows its own.
mirror() {
    machine_is "$suite" || return 0
    { cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true; } |
        sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] *)?([^ ]+) .*/\2/p' | sed -n 1p
}

leave() {
    local place
    # Deepest first; lazily, as something may still be dying in there.
    awk -v room="$room/" 'index($2, room) == 1 {print $2}' /proc/self/mounts | sort -r | while read -r place; do
        umount --lazy "$place" || true
    done
}

build_base() {
    if [ -e "$base/.complete" ]; then return 0; fi
    say "building a bare Debian $suite (once)"
    rm -rf --one-file-system "$base"
    mkdir -p "$rooms"
    local from
    from=$(mirror)
    debootstrap --variant=minbase --include=ca-certificates,git,make,python3 "$suite" "$base" ${from:+"$from"} \
        >"$rooms/debootstrap.log" 2>&1 || { tail -n 20 "$rooms/debootstrap.log" >&2; stop "debootstrap failed; all it said is in $rooms/debootstrap.log"; }
    touch "$base/.complete"
}

furnish() {
    leave
    rm -rf --one-file-system "$room"
    cp -a --reflink=auto "$base" "$room"
    git clone --quiet --no-checkout --no-hardlinks . "$room/root/kelrodis"
    git -C "$room/root/kelrodis" checkout --quiet --detach "$(git rev-parse HEAD)"
}

# Lends a file or folder of the machine to the room, at the same place (or the one named), to be read only.
lend() {
    local from=$1 to=$room${2:-$1}
    [ -e "$from" ] || return 0
    mkdir -p "$(dirname "$to")"
    if [ -d "$from" ]; then mkdir -p "$to"; else : >>"$to"; fi
    mount --bind "$from" "$to"
    mount -o remount,bind,ro "$to"
}

mount_all() {
    mount -t proc proc "$room/proc"
    mount --rbind /sys "$room/sys"
    mount --rbind /dev "$room/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$room/dev/shm"
    lend "$(realpath /etc/resolv.conf)" /etc/resolv.conf
    lend /etc/hosts
    if machine_is "$suite"; then
        lend /etc/apt
        lend /usr/share/keyrings
    fi
    lend /etc/pip.conf
    lend "${HOME:-/root}/.config/pip" /root/.config/pip
    lend "${HOME:-/root}/.pip" /root/.pip
    lend /etc/npmrc
    lend "${HOME:-/root}/.npmrc" /root/.npmrc
    case ${PIP_FIND_LINKS:-} in /*) lend "$PIP_FIND_LINKS" ;; esac
    # A copy: packages may add to the folder.
    if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
        cp -L /etc/ssl/certs/ca-certificates.crt "$room/etc/ssl/certs/ca-certificates.crt"
    fi
}

# Variables that tell pip, npm and apt where to go; nothing else of this environment gets in.
lent_variables() {
    env -0 | grep -zE '^(PIP_|NPM_CONFIG_|npm_config_|SSL_CERT_|REQUESTS_CA_|CURL_CA_|NODE_EXTRA_CA_|[A-Za-z]+_(proxy|PROXY)=)' || true
}

build_base
[ -z "$(git status --porcelain)" ] || say "what is not committed stays outside: the room gets $(git rev-parse --short HEAD)"
trap leave EXIT
trap 'exit 130' INT TERM
furnish
mount_all
mapfile -d '' -t lent < <(lent_variables)
say "in the room: make $DO"
# shellcheck disable=SC2016  # expanded in there
env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI="${CI:-true}" \
    DO="$DO" ARGS="$ARGS" "${lent[@]}" \
    chroot "$room" /bin/bash -c 'cd /root/kelrodis && for target in $DO; do make --no-print-directory "$target" ARGS="$ARGS" || exit; done' </dev/null
