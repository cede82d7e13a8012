#!/usr/bin/env python3
"""Drives Helix in a terminal of its own: helix.py CHROOT. sid.sh prepares the chroot and calls it."""
import fcntl, os, pty, re, select, shutil, struct, sys, termios, time

chroot = sys.argv[1]
here = os.path.dirname(os.path.realpath(__file__))
work = chroot + "/tmp/helix"
shutil.rmtree(work, ignore_errors=True)
shutil.copytree(here + "/files", work)
os.makedirs(chroot + "/root/.config/helix", exist_ok=True)
shutil.copy(here + "/../helix/languages.toml", chroot + "/root/.config/helix/")

pid, terminal = pty.fork()
if pid == 0:
    path = "/absolve:/usr/bin:/bin"
    os.environ.update(TERM="xterm-256color", HOME="/root", COLORTERM="truecolor")
    os.execvp("chroot", ["chroot", chroot, "/usr/bin/env", "PATH=" + path, "hx", "/tmp/helix/english.txt"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
screen = b""


def keys(text, seconds):
    global screen
    os.write(terminal, text.encode())
    end = time.time() + seconds
    while time.time() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                screen += os.read(terminal, 65536)
            except OSError:
                return


keys("", 5)
keys("]d", 1.5)  # the next finding
keys(" a", 2.5)  # better words
keys("\r", 1.5)
keys("\r", 0.5)
keys("\x1b", 0.5)
keys(":w\r", 1)
keys(":q!\r", 1)
shown = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", screen).decode("utf8", "replace")
saved = open(work + "/english.txt", "rb").read().decode()
ok = "names nothing" in shown and "any inconvenience" not in saved
ok = ok and saved.startswith("Hi Léa 😀,\r\n\r\nThank you 👍. ") and saved.endswith(" Your parcel left today.\r\n")
print("Helix: ok" if ok else "Helix: FAILED\n" + shown[-2000:] + saved)
sys.exit(not ok)
