"""Runs Absolve for the scripts beside this file, which take its path as their first argument."""

import json
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = pathlib.Path(sys.argv[1]).absolute()
# A sentence that `fix` takes out of a text, in either language.
SENTENCE = {"en": "Thank you for your patience.", "fr": "Merci de votre patience."}


def must(holds, *what):
    if not holds:
        sys.exit("FAILED: " + " ".join(str(it) for it in what))


def folder():
    return tempfile.TemporaryDirectory(prefix="absolve-")


def write(folder, files):
    for name, raw in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def check(folder):
    """The findings of each file, by its path in the folder."""
    run = subprocess.run([PROGRAM, "check", "--format", "json"], cwd=folder, capture_output=True)
    must(run.returncode in (0, 1), run.returncode, run.stderr.decode())
    return {it["path"]: it["diagnostics"] for it in json.loads(run.stdout)["files"]}


def fixed(folder, files):
    """What `fix` makes of files."""
    write(folder, files)
    run = subprocess.run([PROGRAM, "fix", "--fail-on", "never"], cwd=folder, capture_output=True)
    must(run.returncode == 0, run.returncode, run.stderr.decode())
    return {name: pathlib.Path(folder, name).read_bytes() for name in files}
