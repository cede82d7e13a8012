"""Runs the tools of `compare` on the texts of texts.py, each several times in turn, and prints what they took as a Markdown table."""
import argparse
import datetime
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import time

import texts

PATIENCE = 50  # seconds for one run
INPUTS = {"10 MB text": "replies.txt", "2,000 macros": "macros", "2 KB reply": "reply.txt"}
ROUNDS = {"10 MB text": 5, "2,000 macros": 5, "2 KB reply": 21}
SLOW = 4  # seconds: what takes longer is run once


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("cache")
    parser.add_argument("work")
    parser.add_argument("--absolve", default=f"{texts.HERE}/../../target/release/absolve")
    parser.add_argument("--only", type=lambda it: it.split(","), default=[])
    return parser.parse_args()


def phrases_for_peers(work):
    """The same phrases as each peer wants them, with straight and with curly apostrophes."""
    both = sorted({it.replace("'", mark) for it in texts.PHRASES for mark in "'’"})
    texts.write(f"{work}/phrases.txt", "\n".join(both) + "\n")
    rules = "".join(f"  - expected: '…'\n    pattern: /{it.replace(chr(39), '[' + chr(39) + '’]')}/i\n" for it in texts.PHRASES)
    texts.write(f"{work}/prh.yml", "version: 1\nrules:\n" + rules)
    texts.write(f"{work}/.textlintrc.json", '{"rules": {"prh": {"rulePaths": ["./prh.yml"]}}}\n')


def tools(cache, work, absolve):
    """Name → the command for an input; the first are given the same phrases, the others have rules of their own."""
    bin = f"{cache}/node_modules/.bin"
    files = lambda path: sorted(str(it.relative_to(work)) for it in pathlib.Path(work, path).rglob("*.md")) or [path]
    return {
        "rg -F -i": lambda it: ["rg", "-F", "-i", "-n", "-f", "phrases.txt", it],
        "grep -F -i": lambda it: ["grep", "-r", "-F", "-i", "-n", "-f", "phrases.txt", it],
        "textlint, prh": lambda it: ["node", f"{bin}/textlint", f"{it}/**/*.md" if it == "macros" else it],
        "**absolve**": lambda it: [absolve, "check", it],
        "**absolve**, json": lambda it: [absolve, "check", "--format", "json", it],
        "proselint": lambda it: [f"{cache}/python/bin/proselint", "check", *files(it)],
        "write-good": lambda it: ["node", f"{bin}/write-good", *files(it)],
        "alex": lambda it: ["node", f"{bin}/alex", *files(it)],
    }


def run(command, work, peak=False):
    """Seconds on the clock, seconds of the processor, MiB at most; or None for what had to be killed."""
    shell = ["/usr/bin/time", "--quiet", "-f", "%M", "-o", f"{work}/peak", *command] if peak else command
    with open(f"{work}/output", "wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(shell, cwd=work, stdout=output, stderr=output, start_new_session=True)
        signal.signal(signal.SIGALRM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
        signal.alarm(PATIENCE)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        signal.alarm(0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0:
        return None
    if process.returncode not in (0, 1) and "write-good" not in command[1]:  # which counts its findings there
        raise SystemExit(f"{command[:4]} ended with {process.returncode}:\n{open(f'{work}/output', errors='replace').read()[-2000:]}")
    if os.path.getsize(f"{work}/output") == 0:
        raise SystemExit(f"{command[:4]} found nothing: it cannot have looked")
    memory = int(open(f"{work}/peak").read().split()[-1]) / 1024 if peak else None
    return wall, usage.ru_utime + usage.ru_stime, memory


def measure(commands, input, work):
    """Name → median of wall and CPU, and the peak; None for what is killed. In rounds, so that a busy moment is everyone's."""
    firsts = {name: run(command, work, peak=True) for name, command in commands.items()}
    # The first run warms the caches; only what is slow is told by it.
    times = {name: [it] if it[0] > SLOW else [] for name, it in firsts.items() if it}
    fast = [name for name, it in times.items() if not it]
    for _ in range(ROUNDS[input]):
        for name in fast:
            if taken := run(commands[name], work):
                times[name].append(taken)
    median = lambda name, at: statistics.median(it[at] for it in times[name])
    return {name: (median(name, 0), median(name, 1), it[2]) if it else None for name, it in firsts.items()}


def cell(result, rg):
    if result is None:
        return f"> {PATIENCE} s, killed"
    wall, cpu, peak = result
    return f"{seconds(wall)} / {seconds(cpu)} / {peak:.0f} · {times(wall / rg[0])} / {times(cpu / rg[1])}"


def times(ratio):
    return f"{ratio:.1f}×" if ratio < 10 else f"{ratio:.0f}×"


def seconds(value):
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"


def machine():
    model = next((it.split(":")[1].strip() for it in open("/proc/cpuinfo") if it.startswith("model name")), platform.machine())
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {model}, {platform.freedesktop_os_release()['PRETTY_NAME']}; load before: {load:.1f}"


def about(absolve):
    """When, where and what was measured."""
    if not shutil.which(absolve):
        raise SystemExit(f"{absolve} is no program: cargo build --release -p absolve, or --absolve PROGRAM")
    return f"{datetime.date.today():%-d %B %Y}, {machine()}; {subprocess.check_output([absolve, '--version'], text=True).strip()}"


def main():
    given = arguments()
    absolve = os.path.realpath(given.absolve)
    head = about(absolve)
    phrases_for_peers(given.work)
    chosen = {name: command for name, command in tools(given.cache, given.work, absolve).items() if not given.only or any(it in name for it in [*given.only, "rg"])}
    results = {input: measure({name: it(path) for name, it in chosen.items()}, input, given.work) for input, path in INPUTS.items()}
    print(f"{head}\n\nwall s / CPU s / peak MiB · wall and CPU as multiples of rg's\n")
    print("| | " + " | ".join(INPUTS) + " |\n" + "|---" * (len(INPUTS) + 1) + "|")
    for name in chosen:
        print(f"| {name} | " + " | ".join(cell(results[it][name], results[it]["rg -F -i"]) for it in INPUTS) + " |")


if __name__ == "__main__":
    main()
