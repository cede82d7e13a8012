#!/bin/sh
# Drives the editors that are installed, with the files of this folder: run.sh PATH/TO/absolve
set -u
absolve=$(realpath "${1:?the path of absolve}")
here=$(dirname "$(realpath "$0")")
export ABSOLVE="$absolve" EDITORS="$here/.."
failed=0

# editor NAME PROGRAM COMMAND…: each works on a copy of the files.
editor() {
    name=$1 program=$2
    shift 2
    if ! command -v "$program" > /dev/null; then
        echo "$name: skipped, $program is not installed"
        return
    fi
    WORK=$(mktemp -d)
    export WORK
    cp "$here"/files/* "$WORK"
    if timeout 120 "$@" > "$WORK/log" 2>&1; then
        echo "$name: ok"
    else
        echo "$name: FAILED"
        sed 's/^/    /' "$WORK/log"
        failed=1
    fi
    sleep 1
    if pgrep -f "^$absolve lsp" > /dev/null; then
        echo "$name: FAILED, it left a server behind"
        failed=1
    fi
    rm -r "$WORK"
}

editor Neovim nvim nvim --headless -u NONE -i NONE -n -c "luafile $here/neovim.lua"
editor Emacs emacs emacs --batch -Q -l "$here/emacs.el"
exit $failed
