"""Starts `absolve serve` on a free port, loads it with wrk and hey, with and without clients that dawdle, and stops it."""
import argparse
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

import compare
import texts

SECONDS = 10
RATE = 2000  # questions a second
WORKERS = 8
# More than the 64 questions that are judged at a time.
IN_HEADERS, IN_BODIES = 400, 200


def questions(folder):
    """Two replies of 2 KB as the hook is asked: one with nothing to say of, one with some six sins."""
    clean = texts.reply(texts.ENGLISH, 14, one_in=10**9) + "\n" + texts.reply(texts.FRENCH, 12, one_in=10**9)
    sinful = texts.reply(texts.ENGLISH, 14, one_in=5) + "\n" + texts.reply(texts.FRENCH, 12, one_in=5)
    paths = {}
    for name, reply in {"clean": clean, "sinful": sinful}.items():
        paths[name] = f"{folder}/{name}.json"
        texts.write(paths[name], json.dumps({"text": reply}, ensure_ascii=False))
        lua = f'local file = io.open("{paths[name]}")\nwrk.body = file:read("*a")\nwrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
        texts.write(f"{folder}/{name}.lua", lua)
    return paths


@contextlib.contextmanager
def server(absolve, folder):
    process = subprocess.Popen([absolve, "serve", "--address", "127.0.0.1:0"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        yield process, re.search(r"http://\S+?/", process.stdout.readline())[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def memory(process, key):
    return int(re.search(rf"{key}:\s+(\d+)", open(f"/proc/{process.pid}/status").read())[1]) / 1024


def cpu(process):
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def full(url, folder, name):
    """As many as it can: requests a second, p50 and p99 in ms, answers that are not 200."""
    command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "--latency", "-s", f"{folder}/{name}.lua", f"{url}v1/check"]
    said = subprocess.check_output(command, text=True)
    bad = sum(int(it) for it in re.findall(r"Non-2xx.*: (\d+)|(?:connect|read|write|timeout) (\d+)", said) for it in it if it)
    latency = lambda share: in_ms(re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", said))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), latency(50), latency(99), bad


def in_ms(match):
    return float(match[1]) * {"us": 0.001, "ms": 1, "s": 1000}[match[2]]


def paced(url, folder, name):
    """The same at a fixed rate."""
    rate = RATE // WORKERS
    command = ["hey", "-z", f"{SECONDS}s", "-c", str(WORKERS), "-q", str(rate), "-m", "POST", "-T", "application/json", "-D", f"{folder}/{name}.json", f"{url}v1/check"]
    said = subprocess.check_output(command, text=True)
    bad = sum(int(n) for status, n in re.findall(r"\[(\d+)\]\s+(\d+) responses", said) if status != "200") + ("Error distribution" in said)
    latency = lambda share: float(re.search(rf"{share}%+ in ([\d.]+) secs", said)[1]) * 1000
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), latency(50), latency(99), bad


@contextlib.contextmanager
def dawdlers(url):
    """Clients that have begun a question and never end it: some stop in the headers, some in the body."""
    host, port = re.search(r"//(.+):(\d+)/", url).groups()
    clients = []
    for index in range(IN_HEADERS + IN_BODIES):
        clients.append(socket.create_connection((host, int(port))))
        start = f"POST /v1/check HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
        clients[-1].send((start if index < IN_HEADERS else start + 'Content-Length: 2000\r\n\r\n{"text": "So').encode())
    try:
        yield
    finally:
        for it in clients:
            it.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--absolve", default=f"{texts.HERE}/../../target/release/absolve")
    absolve = os.path.realpath(parser.parse_args().absolve)
    print(f"{compare.about(absolve)}\n")
    print("| load | reply | answers a second | p50 ms | p99 ms | not 200 | its CPU | resident MiB |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, server(absolve, folder) as (process, url):
        questions(folder)
        print(f"| before | | | | | | | {memory(process, 'VmRSS'):.0f} |")
        for load, run in {"8 connections, as fast as it can": full, f"{RATE} a second, {WORKERS} connections": paced}.items():
            for name in ["clean", "sinful"]:
                row(load, name, run, process, url, folder)
        with dawdlers(url):
            row(f"the same, beside {IN_HEADERS} clients who never end their headers and {IN_BODIES} who never end their question", "sinful", paced, process, url, folder)
        print(f"| the most it ever held | | | | | | | {memory(process, 'VmHWM'):.0f} |")


def row(load, name, run, process, url, folder):
    before, start = cpu(process), time.perf_counter()
    rate, p50, p99, bad = run(url, folder, name)
    share = (cpu(process) - before) / (time.perf_counter() - start)
    print(f"| {load} | {name} | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {bad} | {share:.1f} cores | {memory(process, 'VmRSS'):.0f} |")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
