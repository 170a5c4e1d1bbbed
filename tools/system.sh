#!/bin/sh
# Install what pip cannot, on Debian and Raspberry Pi OS: a compiler and Python's headers;
# with `voice` also what hears and speaks; with `tests` also a sound server without sound card.
set -eu

missing=""
command -v cc >/dev/null 2>&1 || missing="$missing build-essential"
command -v c++ >/dev/null 2>&1 || missing="$missing build-essential"
command -v python3 >/dev/null 2>&1 || missing="$missing python3"
python3 -c "import ensurepip, venv" >/dev/null 2>&1 || missing="$missing python3-venv"
python3 -c "import sysconfig, os; raise SystemExit(not os.path.exists(os.path.join(sysconfig.get_paths()['include'], 'Python.h')))" \
    >/dev/null 2>&1 || missing="$missing python3-dev"

is_library() { # the loader's cache, or a package that is installed
    ldconfig -p 2>/dev/null | grep -q "$1" || dpkg -s "$2" >/dev/null 2>&1
}
case "${1:-}" in voice | tests)
    command -v espeak-ng >/dev/null 2>&1 || missing="$missing espeak-ng"
    is_library libportaudio.so libportaudio2 || missing="$missing libportaudio2"
    ;;
esac
if [ "${1:-}" = tests ]; then
    command -v pulseaudio >/dev/null 2>&1 || missing="$missing pulseaudio"
    command -v pacat >/dev/null 2>&1 || missing="$missing pulseaudio-utils"
    dpkg -s libasound2-plugins >/dev/null 2>&1 || missing="$missing libasound2-plugins"
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing:$missing. Install with: sudo apt-get install$missing" >&2
    exit 1
fi
apt-get update -qq
# shellcheck disable=SC2086 # the list is meant to be split
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
