#!/bin/sh
# The tests that `make test` leaves out: the examples at full size on three targets, and hundreds of random graphs.
#   tests/run_slow.sh [PYTHON] [PYTEST OPTIONS]
set -eu
cd "$(dirname "$0")/.."
python=${1:-.venv/bin/python}
[ $# -eq 0 ] || shift
OMP_NUM_THREADS=1 exec "$python" -P -m pytest -m slow --durations=0 "$@"
