#!/usr/bin/env python3
"""Runs Absolve over every plain text of a folder and holds each finding to the bytes: over_texts.py PROGRAM FOLDER

Every span must slice the file, at letters' bounds, to the words that the message quotes; nothing may panic; what `fix` has mended once it must
leave alone the second time. FOLDER is not written to. The figures it prints say nothing of the texts.
"""
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time


def run(program, folder, *args):
    start = time.perf_counter()
    process = subprocess.run([program, *args], cwd=folder, capture_output=True, text=True)
    if process.returncode not in (0, 1) or "panicked" in process.stderr:
        sys.exit(f"{args}: exit code {process.returncode}\n{process.stderr[:4000]}")
    return process.stdout, time.perf_counter() - start


def plain(words):
    """As a message quotes them: on one line, without what cannot be seen."""
    visible = re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", words)
    return re.sub(r"\s+", " ", visible).strip()


def quoted(message):
    match = re.match(r"(?:“(.*?)”|«\s(.*?)\s»)", message, re.DOTALL)
    return next(it for it in match.groups() if it is not None) if match else None


def agrees(quote, words):
    """A long quote is cut in its middle or at its end."""
    parts = [plain(it) for it in quote.split("…")]
    words = plain(words)
    return words.startswith(parts[0]) and words.endswith(parts[-1]) if len(parts) > 1 else words == parts[0]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    folder = pathlib.Path(sys.argv[2]).resolve()
    report, seconds = run(program, folder, "check", "--format", "json", ".")
    n_chars, counts, wrong, unquoted = 0, collections.Counter(), [], 0
    files = json.loads(report)["files"]
    for file in files:
        content = (folder / file["path"]).read_bytes()
        n_chars += len(content.decode(errors="replace"))
        for it in file["diagnostics"]:
            counts[it["severity"]] += 1
            words = content[it["span"]["start"] : it["span"]["end"]].decode()  # fails within a letter
            quote = quoted(it["message"])
            unquoted += quote is None
            if quote is not None and not agrees(quote, words):
                wrong.append((file["path"], it["message"], words))
    print(f"{len(files)} files, {n_chars} characters, {sum(counts.values())} findings ({dict(counts)}) in {seconds:.1f} s; {unquoted} messages quote nothing")
    for it in wrong[:20]:
        print("WRONG", *map(repr, it))
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        _, seconds = run(program, copy, "fix", "--fail-on", "never", ".")
        texts = lambda: {it: it.read_bytes() for it in pathlib.Path(copy).rglob("*") if it.is_file()}
        once = texts()
        n_fixed = sum((folder / it.relative_to(copy)).read_bytes() != content for it, content in once.items())
        run(program, copy, "fix", "--fail-on", "never", ".")
        twice = [it for it, content in texts().items() if content != once[it]]
    print(f"{n_fixed} files mended in {seconds:.1f} s, {len(twice)} of them again at a second time")
    sys.exit(bool(wrong or twice))


if __name__ == "__main__":
    main()
