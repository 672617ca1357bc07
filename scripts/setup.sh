#!/usr/bin/env bash
# Makes sure that the system packages are there: Python 3.11 with venv, g++, make. Installs what is missing with apt-get
# where it can (as root or with sudo that asks for nothing), and otherwise says what to install.
# usage: scripts/setup.sh [PYTHON]
set -euo pipefail

python="${1:-python3.11}"
packages=()

command -v g++ >/dev/null || packages+=(g++)
command -v make >/dev/null || packages+=(make)
if ! command -v "$python" >/dev/null; then
    packages+=(python3.11 python3.11-venv)
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    packages+=(python3.11-venv)
fi

if ((${#packages[@]})); then
    as_root=()
    if ((EUID != 0)); then
        as_root=(sudo -n)
    fi
    if command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
        echo "installing system packages: ${packages[*]}"
        DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq "${packages[@]}" </dev/null >/dev/null ||
            { "${as_root[@]}" apt-get update -qq </dev/null &&
                DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq "${packages[@]}" </dev/null >/dev/null; } ||
            {
                echo "error: apt-get could not install: ${packages[*]}" >&2
                echo "  help: install Python 3.11 (with venv), g++ and make, then run this again" >&2
                exit 3
            }
    else
        echo "error: missing on this system: ${packages[*]}" >&2
        echo "  help: on Debian or Ubuntu: sudo apt-get install ${packages[*]}" >&2
        exit 3
    fi
fi

version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
if [[ "$version" != 3.11 ]]; then
    echo "error: dataflowc needs Python 3.11, but '$python' is Python $version" >&2
    echo "  note: the torch-mlir wheel is built for Python 3.11 only" >&2
    echo "  help: install Python 3.11, or name it: make PYTHON=/path/to/python3.11" >&2
    exit 3
fi
