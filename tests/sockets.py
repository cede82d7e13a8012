#!/usr/bin/env python3
"""Watches with strace which sockets Absolve opens: sockets.py PROGRAM

`check` and `gate` open none; `serve` and `milter` listen on the one address that they are told, answer who comes, and call nobody.
"""
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile

REPLY = '{"text": "Hello Ana, we apologise for any inconvenience."}'
# What a server does with the socket that it listens on, and with those who come.
SERVING = {"setsockopt", "getsockopt", "listen", "getsockname", "getpeername", "accept4", "accept", "recvfrom", "sendto", "shutdown"}


def watched(folder, *command):
    log = f"{folder}/log"
    return log, ["strace", "-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o", log, *command]


def calls(log):
    """(name, arguments) of each call, but of those that were only resumed."""
    return re.findall(r"^\d+\s+(\w+)\((.*)", open(log).read(), re.MULTILINE)


def silent(program, folder, *args):
    log, command = watched(folder, program, *args)
    subprocess.run(command, input=REPLY, text=True, capture_output=True, cwd=folder)
    expect(not calls(log), f"{args[0]} opens no socket", calls(log))


def serving(program, folder, command, ask):
    log, strace = watched(folder, program, command, "--address", "127.0.0.1:0")
    process = subprocess.Popen(strace, stdout=subprocess.PIPE, text=True, cwd=folder)
    port = int(re.search(r":(\d+)/?$", process.stdout.readline().strip())[1])
    ask(port)
    tracee = subprocess.check_output(["pgrep", "-P", str(process.pid)], text=True).split()[0]
    subprocess.run(["kill", f"-{signal.SIGTERM.value}", tracee], check=True)
    process.wait(20)
    seen = calls(log)
    # A pair of sockets within the process wakes it for signals.
    inside = lambda it: it[0] == "socketpair" or it[1].startswith("AF_UNIX")
    outside = [it for it in seen if not inside(it)]
    sockets, binds = ([it for it in outside if it[0] == name] for name in ("socket", "bind"))
    expect(len(sockets) == 1 and sockets[0][1].startswith("AF_INET, SOCK_STREAM"), f"{command} opens one socket", sockets)
    loopback = 'sin_addr=inet_addr("127.0.0.1")'
    expect(len(binds) == 1 and loopback in binds[0][1], f"{command} listens on loopback", binds)
    others = [it for it in outside if it[0] not in SERVING | {"socket", "bind"}]
    expect(not others, f"{command} calls nobody", others)
    expect(any(it[0].startswith("accept") for it in outside), f"{command} was asked", outside)


def ask_over_http(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", "/v1/check", REPLY, {"Content-Type": "application/json"})
    answer = connection.getresponse().read()
    expect(b'"verdict":"hold"' in answer, "serve judges", answer)


def ask_over_milter(port):
    """A mail server's first words: version 6, any actions, any steps."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as mail_server:
        mail_server.sendall(b"\0\0\0\x0dO\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff")
        answer = mail_server.recv(100)
    expect(answer[4:5] == b"O", "milter answers", answer)


def expect(is_so, name, seen):
    if not is_so:
        sys.exit(f"FAILED: {name}: {seen}")
    print(f"ok: {name}")


def main():
    program = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        open(f"{folder}/reply.txt", "w").write("Hello Ana, we apologise for any inconvenience.\n")
        silent(program, folder, "check", ".")
        silent(program, folder, "gate")
        serving(program, folder, "serve", ask_over_http)
        serving(program, folder, "milter", ask_over_milter)


if __name__ == "__main__":
    main()
