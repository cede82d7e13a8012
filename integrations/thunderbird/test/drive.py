"""Writes mails in a real Thunderbird, sends them, and looks at what left."""

import email
import email.policy
import os
import signal
import socket
import subprocess
import sys
import time

from marionette import Marionette
from sink import Sink

HOME = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
SIN = "Hello,\n\nWe apologise for any inconvenience this may have caused.\n"
FRENCH_SIN = "Bonjour,\n\nVeuillez nous excuser pour la gêne occasionnée.\n"
CLEAN = "Hello,\n\nYour refund of $42 left today and will be on your card by Friday.\n"
FRENCH_CLEAN = "Bonjour,\n\nVotre remboursement est parti ce matin : il sera crédité vendredi, c’est promis.\n"
QUOTED = CLEAN + "\n> We apologise for any inconvenience this may have caused.\n"
n_failed = 0


def preferences(smtp, control):
    return {
        "marionette.port": control,
        # The panel's page is then within reach of the remote control.
        "extensions.webextensions.remote": False,
        "mail.provider.suppress_dialog_on_startup": True,
        "mailnews.start_page.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "app.update.auto": False,
        "mail.accountmanager.accounts": "account1",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.account.account1.identities": "id1",
        "mail.account.account1.server": "server1",
        "mail.server.server1.type": "none",
        "mail.server.server1.hostname": "Local Folders",
        "mail.server.server1.userName": "nobody",
        "mail.identity.id1.useremail": "agent@example.com",
        "mail.identity.id1.fullName": "An Agent",
        "mail.identity.id1.smtpServer": "smtp1",
        "mail.identity.id1.fcc": False,
        "mail.smtpservers": "smtp1",
        "mail.smtp.defaultserver": "smtp1",
        "mail.smtpserver.smtp1.hostname": "127.0.0.1",
        "mail.smtpserver.smtp1.port": smtp,
        "mail.smtpserver.smtp1.authMethod": 1,
        "mail.smtpserver.smtp1.try_ssl": 0,
        "mail.SpellCheckBeforeSend": False,
        "mail.compose.attachment_reminder": False,
        "network.proxy.type": 0,
    }


def profile(smtp, control):
    folder = f"{HOME}/profile"
    os.makedirs(folder, exist_ok=True)
    shown = {True: "true", False: "false"}
    with open(f"{folder}/user.js", "w", encoding="utf-8") as file:
        for name, value in preferences(smtp, control).items():
            file.write(f'user_pref("{name}", {shown[value] if isinstance(value, bool) else repr(value).replace(chr(39), chr(34))});\n')
    return folder


COMPOSE = """
    const [body, isHtml, subject] = args;
    const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
    const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
    fields.to = "customer@example.com";
    fields.subject = subject;
    fields.body = body;
    const compose = Cc["@mozilla.org/messengercompose/composeparams;1"].createInstance(Ci.nsIMsgComposeParams);
    compose.composeFields = fields;
    compose.identity = MailServices.accounts.allIdentities[0];
    compose.format = isHtml ? Ci.nsIMsgCompFormat.HTML : Ci.nsIMsgCompFormat.PlainText;
    const opened = new Promise(resolve => {
        const listener = { observe(window) {
            Services.ww.unregisterNotification(listener);
            window.addEventListener("compose-editor-ready", () => resolve(), { once: true });
        } };
        Services.ww.registerNotification(listener);
    });
    MailServices.compose.OpenComposeWindowWithParams(null, compose);
    await opened;
"""
SEND = 'Services.wm.getMostRecentWindow("msgcompose").goDoCommand("cmd_sendNow");'
STATE = """
    const composer = Services.wm.getMostRecentWindow("msgcompose");
    const panel = panels()[0];
    return {
        composer: composer ? (composer.gSendLocked || composer.gWindowLocked ? "locked" : "open") : "closed",
        text: composer?.GetCurrentEditor()?.outputToString("text/plain", 0) ?? "",
        panel: panel?.body?.innerText ?? "",
        findings: panel ? panel.querySelectorAll("#findings > li").length : 0,
    };
"""
PANELS = """
    function panels() {
        const browsers = [...Services.wm.getEnumerator(null)].flatMap(it => [...it.document.querySelectorAll("browser")]);
        return browsers.map(it => it.contentDocument).filter(it => it?.URL?.startsWith("moz-extension:") && it.URL.includes("/panel.html"));
    }
"""
CLICK = "panels()[0].querySelector(args[0]).click();"
FILL = """
    for (const [selector, value] of Object.entries(args[0])) {
        panels()[0].querySelectorAll(selector).forEach(it => { it.value = value; });
    }
"""
CLOSE = """
    for (const it of [...Services.wm.getEnumerator("msgcompose")]) {
        it.gMsgCompose?.bodyModified; it.gContentChanged = false;
        it.SetContentAndBodyAsUnmodified?.();
        it.close();
    }
"""


class Agent:
    def __init__(self, remote):
        self.remote = remote

    def write(self, body, is_html=False, subject="Your refund"):
        self.remote.run(CLOSE)
        self.wait(lambda it: it["composer"] == "closed" and not it["panel"])
        self.remote.run(COMPOSE, body, is_html, subject)

    def send(self):
        self.remote.run(SEND)

    def state(self):
        return self.remote.run(PANELS + STATE)

    def click(self, selector):
        self.remote.run(PANELS + CLICK, selector)

    def fill(self, fields):
        self.remote.run(PANELS + FILL, fields)

    def wait(self, until, seconds=10):
        deadline = time.monotonic() + seconds
        while True:
            state = self.state()
            if until(state) or time.monotonic() > deadline:
                return state
            time.sleep(0.1)


def check(name, is_so, seen=""):
    global n_failed
    n_failed += not is_so
    print(f"{'ok    ' if is_so else 'FAILED'}  {name}{'' if is_so else f': {seen}'}", flush=True)


def words(mail):
    text = email.message_from_bytes(mail, policy=email.policy.default).get_body().get_content()
    return " ".join(text.split())


def held(agent, sink, name, *expected):
    """The mail stays where it is, unlocked, and the panel says why."""
    before = len(sink.mails)
    agent.send()
    state = agent.wait(lambda it: it["findings"] and it["composer"] == "open")
    time.sleep(0.5)
    missing = [it for it in expected if it not in state["panel"]]
    check(name, state["composer"] == "open" and state["findings"] and len(sink.mails) == before and not missing, (state, missing))


def sent(agent, sink, name, *expected, do=None):
    """The mail leaves, once."""
    before = len(sink.mails)
    (do or agent.send)()
    state = agent.wait(lambda it: it["composer"] == "closed" and len(sink.mails) > before)
    time.sleep(0.5)
    new = sink.mails[before:]
    missing = [it for it in expected if new and it not in words(new[0])]
    check(name, len(new) == 1 and state["composer"] == "closed" and not missing, (len(new), state, missing))


def all_of_it(agent, sink):
    agent.write(SIN)
    held(agent, sink, "a sin in English is held, with better words", "any inconvenience", "Use these words")
    agent.write(FRENCH_SIN)
    held(agent, sink, "a sin in French is held", "la gêne")
    agent.write(FRENCH_SIN.replace("\n", "<br>"), is_html=True)
    held(agent, sink, "a sin in an HTML mail is held", "la gêne")
    agent.write("Hello {{ticket.requester.first_name}},\n\nYour refund left today.\n")
    held(agent, sink, "a placeholder that nobody filled in is held", "{{ticket.requester.first_name}}")
    agent.write(CLEAN)
    sent(agent, sink, "a clean mail is sent once")
    agent.write(FRENCH_CLEAN)
    sent(agent, sink, "a clean mail in French is sent once, accents and all", "il sera crédité vendredi, c’est promis")
    agent.write(CLEAN.replace("\n", "<br>"), is_html=True)
    sent(agent, sink, "a clean HTML mail is sent once")
    agent.write(QUOTED)
    sent(agent, sink, "a quoted sin is the past")


def the_panel(agent, sink, is_html):
    kind = "an HTML mail" if is_html else "a plain mail"
    agent.write(SIN.replace("\n", "<br>") if is_html else SIN, is_html=is_html)
    held(agent, sink, f"{kind}: held before its panel is used")
    agent.fill({"#findings li:first-child .alternatives li:first-child input": "the parcel was sent to the wrong town"})
    agent.click("#findings li:first-child .alternatives li:first-child button")
    state = agent.wait(lambda it: "wrong town" in it["text"])
    check(f"{kind}: one click writes better words", "wrong town" in state["text"] and "inconvenience" not in state["text"], state)
    state = agent.wait(lambda it: "inconvenience" not in it["panel"])
    check(f"{kind}: the panel has nothing left to hold it", "Send as it is" not in state["panel"] or not state["findings"], state)
    sent(agent, sink, f"{kind}: it is then sent", "wrong town")

    agent.write(SIN.replace("\n", "<br>") if is_html else SIN, is_html=is_html)
    held(agent, sink, f"{kind}: held before it is sent all the same")
    agent.fill({"#reason": "the customer asked for these very words"})
    sent(agent, sink, f"{kind}: a reason sends it as it is", "inconvenience", do=lambda: agent.click("#override button"))


def broken_hosts(agent, sink):
    host = f"{HOME}/.local/share/absolve/native-messaging"
    manifest = f"{HOME}/.mozilla/native-messaging-hosts/absolve.json"
    with open(host, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexec sleep 60\n")
    agent.write(SIN)
    start = time.monotonic()
    sent(agent, sink, "with a program that hangs, mail flows")
    check("and in time", time.monotonic() - start < 12, time.monotonic() - start)
    with open(host, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 1\n")
    agent.write(SIN)
    sent(agent, sink, "with a program that fails, mail flows")
    os.remove(host)
    agent.write(SIN)
    sent(agent, sink, "without the program, mail flows")
    os.remove(manifest)
    agent.write(SIN)
    sent(agent, sink, "without its manifest, mail flows")


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def main():
    sink, control = Sink(), free_port()
    command = ["thunderbird", "--headless", "--no-remote", "--profile", profile(sink.port, control),
               "--marionette", "--remote-allow-system-access"]
    with open(f"{HOME}/log", "w", encoding="utf-8") as log:
        thunderbird = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        remote = Marionette(control)
        remote.install(os.path.abspath(f"{HERE}/../addon"))
        agent = Agent(remote)
        all_of_it(agent, sink)
        the_panel(agent, sink, is_html=False)
        the_panel(agent, sink, is_html=True)
        broken_hosts(agent, sink)
    finally:
        # The command is a wrapper: it and its children are one group.
        os.killpg(thunderbird.pid, signal.SIGTERM)
        thunderbird.wait(timeout=30)
    print("FAILED" if n_failed else "all is well")
    sys.exit(1 if n_failed else 0)


main()
