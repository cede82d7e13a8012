#!/usr/bin/env python3
"""Holds what Absolve says and does of mails against Python's `email`: mail.py PROGRAM

Mails of every charset and transfer encoding are made, checked and fixed. Each finding's bytes, decoded here, must be the
flagged words; each fixed part must read as before but for the sentence that went; nothing else may change.
"""

import base64
import email
import email.policy
import itertools
import json
import pathlib
import quopri
import subprocess
import sys
import tempfile
from email.message import EmailMessage

SIN = "Sorry for the inconvenience"
SENTENCE = "Thank you for your patience."
TEXT = f"Chère Ana,\n\nVotre colis a quitté Lyon à midi, il arrive demain matin vers huit heures. {SENTENCE} {SIN}!\n\nLéa\n"
HTML = f"<p>Ch&egrave;re Ana,</p>\n<p>Votre colis a quitté <b>Lyon</b> à midi. {SENTENCE}</p>\n<p>{SIN} = rien.</p>\n"
QUOTED = "\nLe lun. 5 janv. 2026 à 10:00, Ana <ana@x.example> a écrit :\n> " + SIN + "\n"


def mails():
    charsets = ["utf-8", "iso-8859-1", "windows-1252"]
    encodings = ["8bit", "quoted-printable", "base64"]
    policies = {"crlf": email.policy.SMTP, "lf": email.policy.default}
    for charset, encoding, (ends, policy) in itertools.product(charsets, encodings, policies.items()):
        mail = EmailMessage(policy=policy)
        mail["From"], mail["To"] = "Léa <lea@shop.example>", "ana@x.example"
        mail["Subject"] = f"{SIN}, Léa: your parcel, your refund and your voucher all went to the wrong street"
        mail.set_content(TEXT + QUOTED, charset=charset, cte=encoding)
        mail.add_alternative(HTML, subtype="html", charset=charset, cte=encoding)
        mail.add_attachment(TEXT.encode(), maintype="text", subtype="plain", filename="reply.txt")
        yield f"{charset}-{encoding}-{ends}.eml", mail.as_bytes()


def leaves(raw):
    """The headers, the type and the text of each part."""
    for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
        if part.is_multipart():
            yield part.items(), None
        else:
            yield part.items(), part.get_content() if part.get_content_maintype() == "text" else part.get_payload()


def decoded(raw, start, end):
    """What stands at some bytes of a mail, by the encoding that was announced last before them."""
    head = raw[:start].lower()
    if b"\r\n\r\n" not in head and b"\n\n" not in head:
        return raw[start:end].decode()
    encoding = head.rsplit(b"content-transfer-encoding:", 1)[1].split()[0]
    if encoding == b"quoted-printable":
        return quopri.decodestring(raw[start:end]).decode("latin-1")
    if encoding == b"8bit":
        return raw[start:end].decode("latin-1")
    body = max(head.rfind(b"\r\n\r\n") + 4, head.rfind(b"\n\n") + 2)
    digits = lambda at: len(b"".join(raw[body:at].split()))
    block = b"".join(raw[body:].split(b"--")[0].split())
    first, last = digits(start), digits(end)
    text = base64.b64decode(block + b"=" * (-len(block) % 4))
    return text[first // 4 * 3 + first % 4 : last * 6 // 8].decode("latin-1")


def must(holds, *what):
    if not holds:
        sys.exit("FAILED: " + " ".join(str(it) for it in what))


def check(program, folder):
    run = subprocess.run([program, "check", "--format", "json", folder], capture_output=True)
    must(run.returncode == 1, run.returncode, run.stderr.decode())
    n = 0
    for file in json.loads(run.stdout)["files"]:
        raw = pathlib.Path(folder, pathlib.Path(file["path"]).name).read_bytes()
        found = []
        for it in file["diagnostics"]:
            words = decoded(raw, it["span"]["start"], it["span"]["end"])
            found.append(" ".join(words.split()))
        n += len(found)
        wanted = [SIN] + [SENTENCE.rstrip("."), SIN] * 2
        must(found == wanted, file["path"], found)
    return n


def fix(program, folder, before):
    run = subprocess.run([program, "fix", "--fail-on", "never", folder], capture_output=True)
    must(run.returncode == 0, run.stderr.decode())
    for name, raw in before.items():
        fixed = pathlib.Path(folder, name).read_bytes()
        if "base64" in name:
            must(fixed == raw, name, "changed, though it is base64")
            must(name in run.stderr.decode(), name, "is not told")
            continue
        n_gone = 0
        for (headers, old), (new_headers, new) in itertools.zip_longest(leaves(raw), leaves(fixed)):
            must(headers == new_headers, name, "its headers changed")
            is_attached = any("attachment" in str(it) for _, it in headers)
            if old is None or is_attached:
                must(old == new, name, "an attachment changed")
                continue
            expected = old.replace(f" {SENTENCE}", "")
            n_gone += expected != old
            must(new == expected, name, repr(old), repr(new))
        must(n_gone == 2, name, "was not fixed in both parts")
        is_quoted = "quoted-printable" in name
        must(not is_quoted or all(len(it) <= 78 for it in fixed.splitlines()), name, "has a line that is too long")


def main():
    program = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as folder:
        before = dict(mails())
        for name, raw in before.items():
            pathlib.Path(folder, name).write_bytes(raw)
        n = check(program, folder)
        fix(program, folder, before)
        print(f"{len(before)} mails, {n} findings: Python's email agrees")


main()
