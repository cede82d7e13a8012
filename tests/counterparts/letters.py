#!/usr/bin/env python3
"""Holds what `absolve fix` does to letters with front matter against python-frontmatter: letters.py PROGRAM

The metadata must read as before, but for the words of the subject that were mended; the body but for the sentence that went.
"""

import pathlib
import subprocess
import sys
import tempfile

import frontmatter

SENTENCE = "Thank you for your patience."
SUBJECTS = [
    f"Your parcel left Lyon at noon. {SENTENCE}",
    f'"Your parcel: \\"Lyon\\" left at noon. {SENTENCE}"',
    f"'It''s your parcel: it left at noon. {SENTENCE}'",
]
LETTER = """---
# Deployed every night.
title: 'Parcel: late'
subject: {subject}
language: en
is_html: {is_html}
show_in_dropdown: true
tags: [a, "b: c"]
---
<p>Chère {{{{ name }}}}, your parcel left Lyon at noon. {sentence}</p>
"""


def main():
    program = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as folder:
        letters = {}
        for n, subject in enumerate(SUBJECTS):
            for is_html in ["true", "false"]:
                path = pathlib.Path(folder, f"late-{n}-{is_html}.md")
                letters[path] = LETTER.format(subject=subject, is_html=is_html, sentence=SENTENCE)
                path.write_text(letters[path])
        subprocess.run([program, "fix", "--fail-on", "never", folder], check=True, capture_output=True)
        for path, text in letters.items():
            before, after = frontmatter.loads(text), frontmatter.load(path)
            expected = dict(before.metadata, subject=before["subject"].replace(f" {SENTENCE}", ""))
            assert after.metadata == expected, (path.name, expected, after.metadata)
            assert after.content == before.content.replace(f" {SENTENCE}", ""), (path.name, after.content)
        print(f"{len(letters)} letters: python-frontmatter agrees")


main()
