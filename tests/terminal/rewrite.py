"""Talks to `absolve rewrite` in a pseudo-terminal: `python3 rewrite.py PATH-OF-ABSOLVE`."""

import os
import pty
import select
import subprocess
import sys
import tempfile
import time

ABSOLVE = os.path.abspath(sys.argv[1])
ENGLISH = "Hello Ana,\n\nSorry for the inconvenience. Your parcel 48213 left Lyon today.\n"
FRENCH = "Bonjour,\n\nNous sommes désolés pour la gêne occasionnée. Votre colis part demain.\n"


class Conversation:
    """A run in a folder of its own; the keyboard and stderr are a terminal, stdout is a pipe."""

    def __init__(self, reply, *args, env={}):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "reply.txt")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(reply)
        self.screen, terminal = pty.openpty()
        variables = {"PATH": os.environ["PATH"], "HOME": self.folder.name, "TERM": "xterm", **env}
        self.process = subprocess.Popen(
            [ABSOLVE, "rewrite", "reply.txt", *args], cwd=self.folder.name, env=variables,
            stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, start_new_session=True)
        os.close(terminal)
        self.seen = ""

    def expect(self, words):
        end = time.time() + 60
        while words not in self.seen:
            assert time.time() < end, f"no {words!r} in:\n{self.seen}"
            if select.select([self.screen], [], [], 0.1)[0]:
                self.seen += self.read()
        self.seen = self.seen[self.seen.index(words) + len(words):]

    def read(self):
        try:
            return os.read(self.screen, 65536).decode("utf-8", "replace")
        except OSError:
            return ""

    def press(self, keys):
        time.sleep(0.1)
        os.write(self.screen, keys.encode())

    def end(self, code, output=None):
        out = self.process.communicate(timeout=60)[0].decode("utf-8")
        assert self.process.returncode == code, (self.process.returncode, self.seen)
        assert output is None or out == output, out

    def file(self):
        with open(self.path, encoding="utf-8") as file:
            return file.read()

    def rescued(self):
        return [it for it in os.listdir(self.folder.name) if it.endswith(".rescued")]


def a_choice_with_blanks():
    it = Conversation(ENGLISH)
    it.expect("inconvenience-apology")
    it.expect("Why")
    it.expect("s skip")
    it.press("1")
    for _ in range(ENOUGH):
        it.press("it got lost\r")
    it.press("q")
    out = it.process.communicate(timeout=60)[0].decode()
    assert "it got lost" in out.lower() and "inconvenience" not in out, out
    assert out.endswith("Your parcel 48213 left Lyon today.\n") and out.startswith("Hello Ana,\n\n"), out
    assert it.file() == ENGLISH and not it.rescued()


# More answers than any alternative has blanks; what is too many is no key of the next question.
ENOUGH = 4


def skipping_changes_nothing():
    it = Conversation(ENGLISH)
    it.expect("s skip")
    it.press("s")
    it.end(1, ENGLISH)


def editing_on_the_line_in_place():
    it = Conversation(ENGLISH, "--in-place")
    it.expect("e edit")
    it.press("e")
    it.expect("Sentence")
    it.press("\x15I lost your parcel, and I'm sorry.\r")
    it.end(0, "")
    assert it.file() == ENGLISH.replace("Sorry for the inconvenience.", "I lost your parcel, and I'm sorry."), it.file()
    assert not it.rescued()


def editing_in_an_editor():
    it = Conversation(ENGLISH, env={"EDITOR": "sed -i s/the.inconvenience/losing.it/"})
    it.expect("e edit")
    it.press("e")
    it.end(0, ENGLISH.replace("the inconvenience", "losing.it"))


def french_is_spoken_to_french():
    it = Conversation(FRENCH)
    it.expect("Pourquoi")
    it.expect("s passer")
    it.press("q")
    it.expect("péché")
    it.end(1, FRENCH)


def ctrl_c_loses_nothing():
    it = Conversation(ENGLISH + "\nSorry for the inconvenience.\n")
    it.expect("e edit")
    it.press("e")
    it.expect("Sentence")
    it.press("\x15I lost it.\r")
    it.expect("e edit")
    it.press("\x03")
    it.end(2, (ENGLISH + "\nSorry for the inconvenience.\n").replace("Sorry for the inconvenience.", "I lost it.", 1))


def ctrl_c_in_place_rescues():
    it = Conversation(ENGLISH + "\nSorry for the inconvenience.\n", "--in-place")
    it.expect("e edit")
    it.press("e")
    it.expect("Sentence")
    it.press("\x15I lost it.\r")
    it.expect("e edit")
    it.press("\x03")
    it.expect(".rescued")
    it.end(2, "")
    assert it.file() == ENGLISH + "\nSorry for the inconvenience.\n", it.file()
    [rescued] = it.rescued()
    with open(os.path.join(it.folder.name, rescued), encoding="utf-8") as file:
        assert "I lost it." in file.read()


def a_terminal_that_goes_away_loses_nothing():
    it = Conversation(ENGLISH + "\nSorry for the inconvenience.\n")
    it.expect("e edit")
    it.press("e")
    it.expect("Sentence")
    it.press("\x15I lost it.\r")
    it.expect("e edit")
    it.process.kill()
    it.process.wait()
    assert len(it.rescued()) == 1


for talk in [a_choice_with_blanks, skipping_changes_nothing, editing_on_the_line_in_place, editing_in_an_editor,
             french_is_spoken_to_french, ctrl_c_loses_nothing, ctrl_c_in_place_rescues,
             a_terminal_that_goes_away_loses_nothing]:
    talk()
    print("ok", talk.__name__)
