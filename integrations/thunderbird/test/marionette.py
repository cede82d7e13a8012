"""Thunderbird's remote control, as much of it as is needed: JSON behind its length, over a socket."""

import json
import socket
import time


class Marionette:
    def __init__(self, port, patience=60):
        self.socket = connect(port, patience)
        self.buffer = b""
        self.n_sent = 0
        self.receive()
        self.send("WebDriver:NewSession", {})
        self.send("Marionette:SetContext", {"value": "chrome"})

    def receive(self):
        while b":" not in self.buffer:
            self.buffer += self.more()
        length, _, self.buffer = self.buffer.partition(b":")
        while len(self.buffer) < int(length):
            self.buffer += self.more()
        message, self.buffer = self.buffer[: int(length)], self.buffer[int(length):]
        return json.loads(message)

    def more(self):
        piece = self.socket.recv(1 << 16)
        if not piece:
            raise ConnectionError("Thunderbird has hung up")
        return piece

    def send(self, command, parameters):
        self.n_sent += 1
        message = json.dumps([0, self.n_sent, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        while True:
            kind, number, error, result = self.receive()
            if (kind, number) == (1, self.n_sent):
                if error:
                    raise RuntimeError(f"{command}: {error['message']}")
                return result

    def install(self, folder):
        return self.send("Addon:Install", {"path": folder, "temporary": True})["value"]

    def run(self, script, *values, timeout=30):
        """The value of an asynchronous function's body, run in the program itself."""
        body = f"const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);" \
               f"(async (...args) => {{ {script} }})(...given).then(value => done({{ value }}), error => done({{ error: String(error) }}));"
        parameters = {"script": body, "args": list(values), "scriptTimeout": timeout * 1000, "newSandbox": True}
        answer = self.send("WebDriver:ExecuteAsyncScript", parameters)["value"]
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")


def connect(port, patience):
    deadline = time.monotonic() + patience
    while True:
        try:
            found = socket.create_connection(("127.0.0.1", port), timeout=120)
            return found
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
