"""Answers a ticket through RT's own pages, as an agent does, and looks at what RT kept and sent."""

import base64
import glob
import html
import http.cookiejar
import os
import quopri
import re
import socket
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ABSOLVE, WORK, PORT = sys.argv[1], sys.argv[2], int(sys.argv[3])
BASE = f"http://127.0.0.1:{PORT}"
SIN = "Hello,\n\nWe apologise for any inconvenience this may have caused.\n"
FRENCH_SIN = "Bonjour,\n\nVeuillez nous excuser pour la gêne occasionnée.\n"
ENTITIES = "<p>Bonjour,</p><p>Veuillez nous excuser pour la g&ecirc;ne occasionn&eacute;e.</p>"
CLEAN = "Hello,\n\nYour refund of $42 left today and will be on your card by Friday.\n"
FRENCH_CLEAN = "Bonjour,\n\nVotre remboursement est parti ce matin : 42 € seront crédités vendredi, c’est promis.\n"
QUOTED = CLEAN + "\n> We apologise for any inconvenience this may have caused.\n"
n_failed = 0


class Agent:
    def __init__(self, language):
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.opener.addheaders = [("Accept-Language", language), ("Referer", BASE + "/")]
        self.post("/NoAuth/Login.html", user="root", **{"pass": "password"})

    def post(self, page, **form):
        data = urllib.parse.urlencode(form).encode()
        with self.opener.open(BASE + page, data, timeout=60) as answer:
            return html.unescape(answer.read().decode())

    def update(self, page="/Ticket/Update.html", **form):
        form = {"id": TICKET, "Action": "Respond", "UpdateType": "response", "UpdateContentType": "text/plain",
                "SubmitTicket": "1", **form}
        return self.post(page, **form)


def transactions(kind):
    with sqlite3.connect(f"{WORK}/rt.db") as database:
        query = "select count(*) from Transactions where ObjectType = 'RT::Ticket' and ObjectId = ? and Type = ?"
        return database.execute(query, (TICKET, kind)).fetchone()[0]


def kept(words):
    """Whether RT stored these words, accents and all."""
    with sqlite3.connect(f"{WORK}/rt.db") as database:
        database.text_factory = bytes
        rows = database.execute("select Content, ContentEncoding from Attachments where Content is not null").fetchall()
    decoders = {b"quoted-printable": quopri.decodestring, b"base64": base64.b64decode}
    return any(words.encode() in decoders.get(encoding, bytes)(content) for content, encoding in rows)


def mails():
    """Mails to the customer."""
    found = (open(it, encoding="utf-8", errors="replace").read() for it in glob.glob(f"{WORK}/mail.*"))
    return sum(bool(re.search(r"^To: .*customer@example\.com", it, re.M)) for it in found)


def check(name, page, replies, comments, sent, *words, without=()):
    """What RT has kept and sent since the last look, and what the page says."""
    global n_failed
    now = (transactions("Correspond"), transactions("Comment"), mails())
    new = tuple(a - b for a, b in zip(now, check.before))
    check.before = now
    missing = [it for it in words if it not in page] + [f"not: {it}" for it in without if it in page]
    if new == (replies, comments, sent) and not missing:
        print(f"ok      {name}")
        return
    n_failed += 1
    print(f"FAILED  {name}: (replies, comments, mails) {new}, expected {(replies, comments, sent)}; page: {missing}")
    print(re.sub(r"\s+", " ", " ".join(re.findall(r'class="action-results">(.*?)</ul>', page, re.S))))


def hold(name, is_so):
    global n_failed
    n_failed += not is_so
    print(f"{'ok    ' if is_so else 'FAILED'}  {name}")


def install(what):
    """Puts a program where RT looks for it: the real one, a stand-in of shell, or none."""
    path = f"{WORK}/absolve"
    if os.path.lexists(path):
        os.remove(path)
    if what is ABSOLVE:
        os.symlink(ABSOLVE, path)
    elif what:
        with open(path, "w", encoding="utf-8") as script:
            script.write(f"#!/bin/sh\n{what}\n")
        os.chmod(path, 0o755)


def wait_for_server():
    for _ in range(120):
        try:
            urllib.request.urlopen(BASE + "/", timeout=60).read()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    sys.exit("RT did not start")


def other_addresses_are_closed():
    """RT serves replies to whoever can log in: not to the network, in a test."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.connect(("192.0.2.1", 9))
    with socket.socket() as client:
        return client.connect_ex((probe.getsockname()[0], PORT)) != 0


install(ABSOLVE)
wait_for_server()
if not other_addresses_are_closed():
    sys.exit("RT listens to the network")

agent, french = Agent("en"), Agent("fr")
page = agent.post("/Ticket/Create.html", Queue="1", Status="new", Requestors="customer@example.com", Subject="Where is my refund?",
                  Content="We apologise for any inconvenience, you said. I want my refund.", SubmitTicket="1", id="new")
TICKET = re.search(r"Ticket (\d+) created", page).group(1)
check.before = (transactions("Correspond"), transactions("Comment"), mails())

HELD, HELD_FR = "The reply was not sent", "La réponse n’est pas partie"
page = agent.update(UpdateContent=SIN)
check("a sin in English is held, with better words", page, 0, 0, 0, HELD, "any inconvenience", "Better:", "AbsolveReason")
page = french.update(UpdateContent=FRENCH_SIN)
check("a sin in French is held, in French", page, 0, 0, 0, HELD_FR, "la gêne", "Mieux :")
page = agent.update(UpdateContent=ENTITIES, UpdateContentType="text/html")
check("a sin in HTML entities is held", page, 0, 0, 0, HELD, "la gêne")
page = agent.update(UpdateContent="Hello {{ticket.requester.first_name}},\n\nYour refund left today.\n")
check("a placeholder that nobody filled in is held", page, 0, 0, 0, HELD, "{{ticket.requester.first_name}}")
page = agent.update(UpdateContent=SIN, UpdateType="private", Action="Comment")
check("a comment may say anything", page, 0, 1, 0, "Comments added", without=[HELD])
page = agent.update(UpdateContent=CLEAN)
check("a clean reply is sent once", page, 1, 0, 1, "Correspondence added", without=[HELD])
page = agent.update(UpdateContent=FRENCH_CLEAN)
check("a clean reply in French is sent once", page, 1, 0, 1, "Correspondence added")
hold("its accents are kept", kept("42 € seront crédités vendredi, c’est promis"))
page = agent.update(UpdateContent=QUOTED)
check("a quoted sin is the past", page, 1, 0, 1, "Correspondence added")
page = agent.update(UpdateContent=SIN, AbsolveReason="the customer asked for these very words")
check("a reason sends it as it is", page, 1, 0, 1, "Correspondence added")

page = agent.update("/Ticket/ModifyAll.html", UpdateContent=SIN)
check("the page for everything at once holds, too", page, 0, 0, 0, HELD, "AbsolveReason")
page = agent.update("/m/ticket/reply", UpdateContent=SIN)
check("the mobile page holds, too", page, 0, 0, 0, HELD, "AbsolveReason")
bulk = {"Query": f"id = {TICKET}", "UpdateTicket": TICKET, "Rows": "50", "Format": "'__id__'"}
page = agent.update("/Search/Bulk.html", UpdateContent=SIN, **bulk)
check("a reply to many tickets is held, too", page, 0, 0, 0, HELD, "AbsolveReason")
page = agent.update("/Search/Bulk.html", UpdateContent=CLEAN, **bulk)
check("a clean reply to many tickets is sent", page, 1, 0, 1, "Correspondence added")

install(None)
page = agent.update(UpdateContent=SIN)
check("without the program, mail flows", page, 1, 0, 1, "Correspondence added")
install("exec sleep 60")
start = time.monotonic()
page = agent.update(UpdateContent=SIN)
check("with a program that hangs, mail flows", page, 1, 0, 1, "Correspondence added")
hold("and in time", time.monotonic() - start < 10)
install("cat > /dev/null; echo nonsense; exit 3")
page = agent.update(UpdateContent=SIN)
check("with a program that talks nonsense, mail flows", page, 1, 0, 1, "Correspondence added")

install(ABSOLVE)
start = time.monotonic()
page = agent.update(UpdateContent=SIN)
check("and with the program back, it holds again", page, 0, 0, 0, HELD)
print(f"{'FAILED' if n_failed else 'all is well'}; a held reply took {1000 * (time.monotonic() - start):.0f} ms, RT's page and all")
sys.exit(1 if n_failed else 0)
