#!/bin/sh
# Double-click: opens the notebooks in the browser. The first time it makes the environment, about two minutes.
cd "$(dirname "$0")" || exit 1
if ! python3 workbook.py lab; then
    printf 'Press Enter to close this window. '
    read -r _
fi
