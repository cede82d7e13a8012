"""Writes the examples of all rules as files, each in every format: examples.py RULES OUT"""

import html
import pathlib
import sys
import tomllib

rules, out = map(pathlib.Path, sys.argv[1:])
out.mkdir()
for path in sorted(rules.glob("*/*.toml")):
    rule = tomllib.loads(path.read_text(encoding="utf-8"))
    for kind in ("bad", "good"):
        for number, example in enumerate(rule.get(kind, [])):
            name = f"{path.parent.name}-{path.stem}-{kind}-{number}"
            text = example["text"]
            paragraphs = "".join(f"<p>{html.escape(it)}</p>\n" for it in text.split("\n\n"))
            for ending, content in (("txt", text), ("md", text), ("html", paragraphs)):
                (out / f"{name}.{ending}").write_text(content, encoding="utf-8", newline="")
