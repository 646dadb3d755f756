#!/usr/bin/env bash
# Makes a checkout ready: system packages, then a virtual environment with pinned, hashed packages.
#   infra/setup.sh          what the line needs; .venv
#   infra/setup.sh test     the same, and the system packages of the tests
#   infra/setup.sh engine   .venv-engine: everything but Airflow
#   infra/setup.sh bench    .venv-peers: the programs that page reading is measured beside
#   infra/setup.sh training .venv-training: PyTorch, and the fonts that training lines are set in
# Run again, it finds its work done. Killed and run again, it makes the unfinished part anew.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077
export PIP_CACHE_DIR=$PWD/.giroksil/pip
home=$PWD/.giroksil
log=$home/setup.log
mkdir -p "$home"
exec 9>"$home/setup.lock"
flock 9

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$@" >&2; exit 1; }

# Names of the packages of one group, without comments and without other distributions' own.
packages_of() {
    awk -v group="[$1]" -v here="[$(. /etc/os-release && echo "$ID")]" '
        /^\[/ {inside = ($1 == group); next}
        inside && NF && $1 !~ /^#/ && ($2 !~ /^\[/ || $2 == here) {print $1}' infra/system-packages.txt
}

missing_of() {
    local installed
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
    packages_of "$1" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    local group=$1 missing
    command -v dpkg-query >/dev/null || fail \
        "Debian이나 Ubuntu가 아닙니다. 다음에 해당하는 것을 직접 설치하세요 (infra/system-packages.txt):" \
        "This is neither Debian nor Ubuntu. Install the equivalents of these yourself:" \
        "  $(packages_of "$group" | tr '\n' ' ')"
    missing=$(missing_of "$group")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        fail "없는 시스템 패키지를 관리자로 설치하세요 / as root, install the missing system packages:" \
            "  apt-get update && apt-get install --no-install-recommends ${missing//$'\n'/ }"
    fi
    say "시스템 패키지 설치 / installing system packages: ${missing//$'\n'/ }"
    as_root apt-get -q update >"$log" 2>&1 || apt_failed "apt-get update"
    # shellcheck disable=SC2086 (a list of words)
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 $missing >>"$log" 2>&1 || apt_failed "apt-get install"
}

apt_failed() {
    tail -n 8 "$log" >&2
    fail "$1 실패. 네트워크와 패키지 저장소(우분투는 universe)를 확인하고 다시 하세요: make setup" \
        "$1 failed. Check the network and the sources (on Ubuntu: universe), then: make setup" \
        "  $log"
}

find_python() {
    local name
    for name in python3 python3.11 python3.12 python3.13; do
        if "$name" -c 'import sys, venv, ensurepip
sys.exit(sys.prefix != sys.base_prefix or not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
            2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11, 3.12 또는 3.13이 필요합니다 / Python 3.11, 3.12 or 3.13 is needed"
}

# A stamp is written when its part is finished: no stamp, or another one, means: make it anew.
make_venv() {
    local venv=$1 requirements=$2 install=${3:-install_pins} python pins
    python=$(find_python)
    pins="$("$python" -V) $(sha256sum <"$requirements")"
    if [ "$(cat "$venv/.pins" 2>/dev/null)" != "$pins" ]; then
        say "$venv 만드는 중, 몇 분 걸립니다 / making $venv, this takes some minutes"
        rm -rf "$venv"
        "$python" -m venv "$venv"
        "$install" "$venv" "$requirements"
        say "$pins" >"$venv/.pins"
    fi
}

# uv takes half a minute where pip takes three. Where it cannot be had or does not reach its index
# (it reads none of pip's configuration, such as a mirror), pip does the same.
install_pins() {
    uv_install "$1" "$2" >"$log" 2>&1 || pip_install_pins "$1" "$2"
}

pip_install_pins() {
    pip_install "$1" --require-hashes -r "$2"
}

uv_install() {
    local venv=$1 requirements=$2 uv=$home/uv pins
    pins="$("$venv/bin/python" -V) $(sha256sum <requirements-setup.txt)" || return
    if [ "$(cat "$uv/.pins" 2>/dev/null)" != "$pins" ]; then
        "$venv/bin/python" -m venv --clear "$uv" || return
        "$uv/bin/python" -m pip --no-input install -q --require-hashes -r requirements-setup.txt || return
        say "$pins" >"$uv/.pins"
    fi
    "$uv/bin/uv" pip install --no-config --cache-dir "$home/uv-cache" \
        --python "$venv/bin/python" --require-hashes -r "$requirements"
}

install_project() {
    local venv=$1 project
    project=$(sha256sum <pyproject.toml)
    if [ "$(cat "$venv/.project" 2>/dev/null)" != "$project" ]; then
        pip_install "$venv" --no-deps --no-build-isolation -e .
        say "$project" >"$venv/.project"
    fi
}

# The accessibility checks' script; its package asks for a browser driver that nothing here uses.
install_axe() {
    local venv=$1 pins
    pins=$(sha256sum <requirements-browser.txt)
    if [ "$(cat "$venv/.axe" 2>/dev/null)" != "$pins" ]; then
        pip_install "$venv" --no-deps --require-hashes -r requirements-browser.txt
        say "$pins" >"$venv/.axe"
    fi
}

pip_install() {
    local venv=$1
    shift
    if ! "$venv/bin/python" -m pip --disable-pip-version-check --no-input install -q "$@" >"$log" 2>&1; then
        tail -n 8 "$log" >&2
        fail "pip 실패. 네트워크를 확인하고 다시 하세요: make setup" \
            "pip failed. Check the network, then try again: make setup" \
            "  $log"
    fi
}

case "${1:-run}" in
run)
    install_packages run
    make_venv .venv requirements.txt
    install_project .venv
    ;;
test)
    install_packages run
    install_packages test
    make_venv .venv requirements.txt
    install_axe .venv
    install_project .venv
    ;;
engine)
    make_venv .venv-engine requirements-engine.txt
    install_axe .venv-engine
    install_project .venv-engine
    ;;
bench)
    install_packages run
    install_packages bench
    make_venv .venv-peers requirements-peers.txt
    ;;
training)
    install_packages run
    install_packages training
    # pip takes PyTorch's CPU wheel from a folder that its configuration names; uv would not.
    make_venv .venv-training requirements-training.txt pip_install_pins
    .venv-training/bin/python -m ocr.training.fetch_faces
    ;;
*)
    fail "infra/setup.sh [run|test|engine|bench|training]"
    ;;
esac
