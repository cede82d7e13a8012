#!/usr/bin/env python3
"""Types into documents that `absolve lsp` has open, a letter at a time, and prints how long findings took: lsp.py [--absolve PROGRAM]

Each edit waits for the findings of the last, and 20 ms more, as fingers do. PROGRAM should be a release build.
"""
import argparse
import json
import os
import subprocess
import time

import compare
import texts

EDITS = 200
PAUSE = 0.02
WORDS = "We apologise for any inconvenience this may have caused. Sixty euros are back on your card. "


def documents():
    """A reply of 2 KB in plain text and in Markdown, and a library of 2,000 macros in one file."""
    reply = texts.reply(texts.ENGLISH, 14, one_in=10) + "\n\n" + texts.reply(texts.FRENCH, 12, one_in=10)
    macro = lambda at: {"title": f"Macro {at}", "actions": [{"field": "comment_value", "value": texts.reply(texts.ENGLISH, 6, one_in=30)}]}
    library = json.dumps({"macros": [macro(at) for at in range(2000)]}, indent=1, ensure_ascii=False)
    # Words are typed in the middle, before this place.
    middle = library.index("comment_value", len(library) // 2)
    return {
        "reply.txt": (reply, reply.index(" ", len(reply) // 2)),
        "reply.md": (reply, reply.index(" ", len(reply) // 2)),
        "macros.json": (library, library.index(": \"", middle) + 3),
    }


class Server:
    def __init__(self, absolve):
        self.process = subprocess.Popen([absolve, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.send("initialize", {"capabilities": {"general": {"positionEncodings": ["utf-8"]}}}, id=1)
        self.read()
        self.send("initialized", {})

    def send(self, method, params, **more):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def read(self):
        length = int(self.process.stdout.readline().split(b":")[1])
        self.process.stdout.readline()
        return json.loads(self.process.stdout.read(length))

    def tell(self, method, version, document, **more):
        """Milliseconds until the findings of that version are there."""
        start = time.perf_counter()
        self.send(f"textDocument/{method}", {"textDocument": {"version": version, **document}, **more})
        while self.read().get("params", {}).get("version") != version:
            pass
        return (time.perf_counter() - start) * 1000

    def status(self, key):
        line = next(it for it in open(f"/proc/{self.process.pid}/status") if it.startswith(key))
        return int(line.split()[1]) / 1024

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1000


def measure(absolve, name, text, offset):
    server, uri = Server(absolve), f"file:///tmp/{name}"
    time.sleep(1)
    opened = server.tell("didOpen", 1, {"uri": uri, "languageId": "", "text": text})
    before = server.cpu()
    head = text[:offset]
    line, column = head.count("\n"), len(head[head.rfind("\n") + 1:].encode())
    took = []
    for at in range(EDITS):
        time.sleep(PAUSE)
        place = {"line": line, "character": column + at}
        change = {"range": {"start": place, "end": place}, "text": WORDS[at % len(WORDS)]}
        took.append(server.tell("didChange", at + 2, {"uri": uri}, contentChanges=[change]))
    took.sort()
    share = lambda it: took[int(len(took) * it)]
    cpu = (server.cpu() - before) / EDITS
    print(f"| {name} | {len(text.encode()) / 1024:,.0f} | {opened:.1f} | {share(.5):.2f} | {share(.99):.2f} | {took[-1]:.1f} | {cpu:.2f} | {server.status('VmHWM'):.0f} |", flush=True)
    server.process.kill()
    server.process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--absolve", default=f"{texts.HERE}/../../target/release/absolve")
    absolve = os.path.realpath(parser.parse_args().absolve)
    print(f"{compare.about(absolve)}\n")
    print("| document | KiB | open, ms | edit, median ms | p99 | worst | its CPU, ms | peak MiB |\n|---|---|---|---|---|---|---|---|")
    for name, (text, offset) in documents().items():
        measure(absolve, name, text, offset)


if __name__ == "__main__":
    main()
