#!/usr/bin/env python3
"""Holds the places of findings against independent readers of every format: spans.py PROGRAM [--seed N] [--files N]

Replies are made at random and written in every format, each in its own ways of quoting and escaping. The bytes of each finding
are written over with a mark; what a reader makes of the file then must be what it made of it before, with the mark where the
flagged words stood. YAML and Markdown need PyYAML and markdown-it-py; without them, these formats are skipped.
"""

import argparse
import csv
import email
import email.policy
import html
import html.parser
import io
import json
import quopri
import random
import xml.etree.ElementTree as etree

try:
    import markdown_it
    import yaml
except ImportError:
    markdown_it = yaml = None

from absolve import check, folder, must, write

SINS = ["Sorry for the inconvenience", "Désolés pour la gêne"]
WORDS = ["Ana", "parcel", "été", "l’été", "colis", "R&D", "5 < 6", "naïve", "№ 12", "😀", "{{ticket.id}}", "2026", "e\u0301te"]
MARK = "QZQ"
random_ = random.Random()
choice = random_.choice


# Replies.


def paragraph():
    """Words with sins among them."""
    parts = [" ".join(choice(WORDS) for _ in range(random_.randint(2, 9))) + "." for _ in range(random_.randint(1, 3))]
    for _ in range(random_.randint(0, 2)):
        parts.insert(random_.randint(0, len(parts)), choice(SINS) + ".")
    return "It left. " + " ".join(parts)


def paragraphs():
    return [paragraph() for _ in range(random_.randint(1, 3))] + [f"It left. {choice(SINS)}."]


# How each format writes them.


def sometimes(text, written, share=0.15):
    return "".join(written(it) if random_.random() < share else it for it in text)


def emphasised(text, before, after):
    """With a word inside some sins in bold."""
    for sin in SINS:
        word = choice(sin.split()[1:-1])
        text = text.replace(sin, sin.replace(word, f"{before}{word}{after}") if random_.random() < 0.5 else sin)
    return text


def in_lines(text, end="\n"):
    return "".join(end if it == " " and random_.random() < 0.1 else it for it in text)


def as_html(texts):
    entity = lambda it: f"&#{ord(it)};" if random_.random() < 0.5 else f"&#x{ord(it):x};"
    written = []
    for text in texts:
        text = html.escape(text, quote=random_.random() < 0.5).replace("é", choice(["é", "&eacute;"]))
        text = sometimes(emphasised(text, "<b>", "</b>").replace(" ", choice([" ", "\n "])), lambda it: entity(it) if it.isalpha() and it not in "abcdefghijklmnopqrstuvwxyzé" else it)
        written.append(f"<p class='a'>{text}</p>" if random_.random() < 0.7 else f"<div>{text}<br></div>")
    return choice(["", "\r\n", "<hr/>"]).join(written)


def as_markdown(texts):
    special = lambda text: "".join("\\" + it if it in "<&*_`[]#" and "{" not in text else it for it in text)
    written = [choice(["", "- ", "## ", "> ours: "][:3]) + emphasised(" ".join(special(it) for it in text.split(" ")), "**", "**") for text in texts]
    return "\n\n".join(written) + "\n"


def as_json(text):
    return json.dumps(text, ensure_ascii=random_.random() < 0.5)


def as_double(text):
    """Between the double quotes of YAML, which has no surrogates."""
    escaped = lambda it: f"\\U{ord(it):08x}" if ord(it) > 0xFFFF else f"\\u{ord(it):04x}" if ord(it) > 0xFF else f"\\x{ord(it):02x}"
    return sometimes(json.dumps(text, ensure_ascii=False), lambda it: escaped(it) if ord(it) > 127 else it, 0.5)


def as_yaml(text, indent):
    """One text, in one of the five styles of YAML."""
    style = choice(["plain", "single", "double", "literal", "folded"])
    margin = " " * (indent + 2)
    if style == "double" or any(it in text for it in "\u0301😀"):
        return as_double(text)
    if style == "single":
        return "'" + text.replace("'", "''").replace("\n", f"\n\n{margin}") + "'"
    if style == "plain" and "\n" not in text and not any(it in text for it in [": ", " #", "{", "&"]):
        return in_lines(text, f"\n{margin}")
    if style == "folded":
        return ">-\n" + "\n".join(margin + in_lines(it, f"\n{margin}") if it else "" for it in text.split("\n"))
    return "|-\n" + "\n".join(margin + it if it else "" for it in text.split("\n"))


def as_xml(text):
    if random_.random() < 0.4:
        return f"<![CDATA[{text}]]>"
    return sometimes(html.escape(text, quote=False), lambda it: f"&#x{ord(it):X};" if it.isalpha() and ord(it) > 127 else it, 0.5)


# Each format: the name of a file, its content, and the reader of that.


def text_of(source):
    """What HTML says."""
    parser = html.parser.HTMLParser(convert_charrefs=True)
    said = []
    parser.handle_data = said.append
    parser.handle_starttag = parser.handle_endtag = lambda name, *_: said.append(" " if name in ("p", "div", "br", "li", "hr", "h2") else "")
    parser.feed(source)
    parser.close()
    return "".join(said)


def of_markdown(source):
    return text_of(markdown_it.MarkdownIt().render(source))


def html_file():
    return "html", as_html(paragraphs()), text_of


def markdown_file():
    return "md", as_markdown(paragraphs()), of_markdown


def text_file():
    return "txt", in_lines("\n\n".join(paragraphs())), str


def zendesk_file():
    actions = lambda: f'[{{"field":"comment_value_html","value":{as_json(as_html(paragraphs()))}}},{{"field":"subject","value":{as_json(paragraph())}}}]'
    source = '{"macros":[' + ",\n".join(f'{{"title":{as_json(choice(WORDS))},"actions":{actions()}}}' for _ in range(3)) + "]}"
    said = lambda source: "\n".join(text_of(it["value"]) if "html" in it["field"] else it["value"] for it in sum((it["actions"] for it in json.loads(source)["macros"]), []))
    return "json", source, said


def csv_file():
    out = io.StringIO(newline="")
    delimiter = choice(",;")
    table = csv.writer(out, delimiter=delimiter, quoting=choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), lineterminator=choice(["\n", "\r\n"]))
    table.writerow(["name", "keywords", "content"])
    for _ in range(3):
        table.writerow([choice(WORDS), 'a;"b",c', choice([as_html(paragraphs()), "\n\n".join(paragraphs()) + '\n"'])])
    said = lambda source: "\n".join(text_of(it[2]) if "</" in it[2] else it[2] for it in csv.reader(io.StringIO(source, newline=""), delimiter=delimiter))
    return "csv", out.getvalue(), said


def nested_file():
    body = lambda: json.dumps([{"field": "comment_value", "value": "\n\n".join(paragraphs())}], ensure_ascii=random_.random() < 0.5)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["title", "active", "actions_json"]] + [[choice(WORDS), "true", body()] for _ in range(3)])
    said = lambda source: "\n".join(json.loads(it[2])[0]["value"] for it in list(csv.reader(io.StringIO(source, newline="")))[1:])
    return "csv", out.getvalue(), said


def yaml_file():
    replies = "".join(f"- title: {as_double(choice(WORDS))}\n  response: {as_yaml(choice([chr(10).join(paragraphs()), paragraph()]), 2)}\n" for _ in range(3))
    plain = lambda text: text_of(html.escape(text, quote=False))
    return "premade.yaml", "# Ours\n" + replies.replace("<", "").replace("&", ""), lambda source: "\n".join(plain(it["response"]) for it in yaml.safe_load(source))


def salesforce_file():
    source = f"<?xml version='1.0' encoding='UTF-8'?>\n<EmailTemplate><name>a</name><subject>{as_xml(paragraph())}</subject><textOnly>{as_xml(in_lines(paragraph()))}</textOnly></EmailTemplate>"
    return "email-meta.xml", source, lambda source: " ".join(etree.fromstring(source.encode()).itertext())


def quicktext_file():
    text = lambda: f"<text type='text/html'><name>a</name><body>{as_xml(as_html(paragraphs()))}</body></text>"
    source = f"<quicktext version='2'>{text()}{text()}</quicktext>"
    return "quicktext.xml", source, lambda source: " ".join(text_of(it.text) for it in etree.fromstring(source.encode()).iter("body"))


def letter_file():
    subject = paragraph().replace("{{ticket.id}}", "").replace(": ", " ")
    subject = choice([json.dumps(subject, ensure_ascii=False).replace("😀", ""), "'" + subject.replace("'", "''") + "'"])
    front = lambda source: yaml.safe_load(source.split("---\n")[1])["subject"] + "\n" + of_markdown(source.split("---\n", 2)[2])
    return "md", f"---\ntitle: A\nsubject: {subject}\n---\n{as_markdown(paragraphs())}", front


def fenced_file():
    source = "# Replies\n\n" + "".join(f"## {choice(WORDS)}\n\nNot ours.\n\n```\n{as_markdown(paragraphs())}```\n\n" for _ in range(3))
    fences = lambda source: [it.content for it in markdown_it.MarkdownIt().parse(source) if it.type == "fence"]
    return "saved-replies.md", source, lambda source: "\n".join(of_markdown(it) for it in fences(source))


def mail_file():
    encoding = choice(["8bit", "quoted-printable"])
    body, kind = choice([("\n\n".join(in_lines(it) for it in paragraphs()) + "\n", "plain"), (as_html(paragraphs()) + "\n", "html")])
    raw = quopri.encodestring(body.encode()).decode() if encoding == "quoted-printable" else body
    source = f"From: a@x.example\nMIME-Version: 1.0\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{raw}"

    def said(source):
        text = email.message_from_bytes(source.encode(), policy=email.policy.default).get_content()
        return text_of(text) if kind == "html" else text

    return "eml", source, said


PLAIN = [html_file, text_file, zendesk_file, csv_file, nested_file, salesforce_file, quicktext_file, mail_file]
WITH_READERS = [markdown_file, yaml_file, letter_file, fenced_file]
CONFIG = b"""
[[mapping]]
files = ["csv_file/*"]
preset = "zammad"

[[mapping]]
files = ["nested_file/*"]
preset = "zendesk-macros-csv"

[[mapping]]
files = ["yaml_file/*"]
preset = "osticket-premade"

[[mapping]]
files = ["fenced_file/*"]
preset = "saved-replies"
"""


def one_line(text):
    return " ".join(text.split())


def flagged(raw, said, span):
    """The words at some bytes of a file, as its reader has them."""
    marked = said((raw[: span["start"]] + MARK.encode() + raw[span["end"] :]).decode())
    before, after = (one_line(it) for it in marked.split(MARK))
    whole = one_line(said(raw.decode()))
    must(whole.startswith(before) and whole.endswith(after), "the rest reads otherwise:", repr(whole), repr(marked))
    return whole[len(before) : len(whole) - len(after)].strip()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("--seed", type=int, default=5)
    arguments.add_argument("--files", type=int, default=40)
    arguments = arguments.parse_args()
    random_.seed(arguments.seed)
    formats = PLAIN + (WITH_READERS if yaml else [])
    files = {}
    for format_ in formats:
        for at in range(arguments.files):
            ending, source, said = format_()
            files[f"{format_.__name__}/{at}.{ending}"] = (source.encode(), said)
    with folder() as here:
        write(here, {name: raw for name, (raw, _) in files.items()} | {"absolve.toml": CONFIG})
        found = check(here)
    n = 0
    for name, (raw, said) in files.items():
        words = [flagged(raw, said, it["span"]) for it in found[name]]
        text = one_line(said(raw.decode()))
        planted = sum(text.count(it) for it in SINS)
        must(all(it in SINS for it in words), name, words)
        must(len(words) == planted, name, "has", planted, "sins, found", len(words), "in", text)
        n += planted
    print(f"{len(files)} files of {len(formats)} formats, {n} findings: their readers agree")
    if not yaml:
        print("SKIPPED: Markdown, YAML, front matter and fences, for PyYAML and markdown-it-py are not installed")


main()
