# Sourced by the starters beside it: `set_up EXTRAS` makes .venv ready and leaves its Python in $python.
# $root is the folder of the checkout. Costs one start of Python when nothing is to be done.

find_python() {
    # Each candidate is run, not only looked up: version managers leave stubs that end in an error.
    # One that can make environments by itself is preferred.
    for wanted in ensurepip sys; do
        for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 python; do
            if "$candidate" -I -c "import sys, $wanted; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
                echo "$candidate"
                return
            fi
        done
    done
    echo "Python 3.11 or newer is needed: install it (Debian: apt-get install python3 python3-venv;" \
        "macOS: brew install python), then start this again." >&2
    return 1
}

set_up() {
    python="$root/.venv/bin/python"
    if [ -x "$python" ] && "$python" -IS "$root/scripts/_setup.py" check "$1"; then
        return
    fi
    base=$(find_python) && "$base" -I "$root/scripts/_setup.py" install "$1"
}
