#!/usr/bin/env python3
"""Holds what `absolve fix` does to the fixture of django-helpdesk against Django: fixture.py PROGRAM WHEEL

All fields are compiled as templates before and after. They must be the same tags around the same text, but for the sentence
that went from those in English and French.
"""

import json
import sys
import zipfile

import django
from django.conf import settings
from django.template import Template
from django.template.base import Lexer, TokenType

from absolve import SENTENCE, fixed, folder, must

FIELDS = ["subject", "heading", "plain_text", "html"]


def fields(raw):
    for entry in json.loads(raw):
        for name in FIELDS:
            yield entry["fields"]["locale"], entry["fields"][name]


def with_sentence(raw):
    """A fixture with a sentence to mend in each field of ours, its strings escaped as others do."""
    fixture = json.loads(raw)
    for entry in fixture:
        values = entry["fields"]
        sentence = SENTENCE.get(values["locale"])
        for name in FIELDS if sentence else []:
            text = f"{{{{ ticket.title }}}} left at noon. {sentence}"
            values[name] += f"<p>{text}</p>\r\n" if name == "html" else f"\r\n\r\n{text}"
    return json.dumps(fixture, indent=2).encode()


def tags(template):
    Template(template)
    return [it.contents for it in Lexer(template).tokenize() if it.token_type != TokenType.TEXT]


def compare(before, after, expected):
    """How many fields were mended, all of them in languages of ours, to what was expected."""
    n_mended = 0
    for (locale, old), (_, new) in zip(fields(before), fields(after), strict=True):
        must(new == old or locale in SENTENCE and new == expected(locale, old, new), locale, repr(old), repr(new))
        must(tags(old) == tags(new), locale, repr(old), repr(new))
        n_mended += old != new
    return n_mended


def main():
    settings.configure(
        INSTALLED_APPS=["django.contrib.humanize"], TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
    )
    django.setup()
    shipped = zipfile.ZipFile(sys.argv[2]).read("helpdesk/fixtures/emailtemplate.json")
    n_fields = len(list(fields(shipped)))
    must(n_fields == 640, n_fields, "fields, not 640")
    with folder() as here:
        clean = fixed(here, {"a.json": shipped})["a.json"]
        sinful = with_sentence(clean)
        after = fixed(here, {"a.json": sinful})["a.json"]
    compare(shipped, clean, lambda _, old, new: new)
    n_mended = compare(sinful, after, lambda locale, old, _: old.replace(f" {SENTENCE[locale]}", ""))
    must(n_mended == 128, n_mended, "fields were mended, not 128")
    print(f"{n_fields} fields, {n_mended} mended: Django agrees")


main()
