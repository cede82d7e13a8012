#!/usr/bin/env python3
"""Holds what `absolve fix` does to CSV against Python's and Ruby's `csv`: tables.py PROGRAM

Every cell must read as before, but for the sentence that went from the texts; both readers must agree on all of them.
"""

import csv
import io
import itertools
import json
import shutil
import subprocess

from absolve import SENTENCE, fixed, folder, must

BODY = f"Your parcel left Lyon at noon. {SENTENCE['en']}"
ROWS = [
    ["id", "name", "keywords", "content", "note", "active"],
    ["1", "Late", "late~~~parcel", BODY, "for us; and, you", "true"],
    ["2", 'A "late" one', "", f'<p>Hello #{{ticket.customer.firstname}},</p>\n<p class="a;b">{BODY}</p>', "", "false"],
    ["3", "Several, lines", "é", f"Bonjour,\n\nVotre colis a quitté Lyon à midi. {SENTENCE['fr']}\n\nLéa", " space ", "true"],
    ["4", "JSON", "{", json.dumps({"a": "b;c,\"d\""}), "\ttab", "true"],
    ["5", "Nothing", "", "", "", ""],
]
ACTIONS = json.dumps([{"field": "comment_value", "value": f'"Hello" {BODY}'}, {"field": "status", "value": "a,b;c"}])
MACROS = [["title", "active", "actions_json"], ["Late", "true", ACTIONS], ["Tags", "true", "[]"]]
RUBY = """
tables = JSON.parse($stdin.read).map { |text, delimiter| CSV.parse(text.delete_prefix("\\uFEFF"), col_sep: delimiter) }
puts JSON.generate(tables.map { |table| table.map { |row| row.map(&:to_s) } })
"""


def tables():
    quotings = {"few": csv.QUOTE_MINIMAL, "all": csv.QUOTE_ALL}
    for (quoting, how), end, mark, delimiter in itertools.product(quotings.items(), ["\n", "\r\n"], ["", "\ufeff"], ",;"):
        for kind, rows in {"text_modules": ROWS, "macros": MACROS}.items():
            out = io.StringIO(newline="")
            csv.writer(out, delimiter=delimiter, quoting=how, lineterminator=end).writerows(rows)
            name = f"{quoting}-{len(end)}-{len(mark)}-{ord(delimiter)}/{kind}.csv"
            yield name, delimiter, (mark + out.getvalue()).encode()


def by_python(tables):
    read = lambda text, delimiter: list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))
    return [read(*it) for it in tables]


def by_ruby(tables):
    run = subprocess.run(["ruby", "-rcsv", "-rjson", "-e", RUBY], input=json.dumps(tables).encode(), capture_output=True)
    must(run.returncode == 0, run.stderr.decode())
    return json.loads(run.stdout)


def mended(cell):
    for sentence in SENTENCE.values():
        cell = cell.replace(f" {sentence}", "")
    return cell


def main():
    readers = [by_python] + [by_ruby] * bool(shutil.which("ruby"))
    before = list(tables())
    with folder() as here:
        config = b'[[mapping]]\nfiles = ["**/macros.csv"]\npreset = "zendesk-macros-csv"\n'
        after = fixed(here, {name: raw for name, _, raw in before} | {"absolve.toml": config})
    old = by_python([(raw.decode(), delimiter) for _, delimiter, raw in before])
    expected = [[[mended(it) for it in row] for row in rows] for rows in old]
    must(all(rows != mended for rows, mended in zip(old, expected)), "every table has a sentence to mend")
    for read in readers:
        new = read([(after[name].decode(), delimiter) for name, delimiter, _ in before])
        for (name, *_), found, wanted in zip(before, new, expected, strict=True):
            must(found == wanted, name, read.__name__, found, wanted)
    agree = "Python's and Ruby's csv agree" if len(readers) == 2 else "Python's csv agrees (skipped Ruby's: no `ruby` here)"
    print(f"{len(before)} tables, {sum(len(row) for rows in old for row in rows)} cells: {agree}")


main()
