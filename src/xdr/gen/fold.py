"""Keeps the lines of the generated C within a page's width."""

import re

WIDTH = 100
TAB = 8
NOTE = re.compile(r"^(\t*)(\S.*?) (/\* .* \*/)$")  # a comment behind something


def width(line):
    return len(line.expandtabs(TAB))


# Where a line may be broken, the best first: behind a comma, before an operator, behind a
# bracket that opens, between two words.
BREAKS = (re.compile(r"[,;{] | (?=&& |\|\| |[?:] )"), re.compile(r"\((?=\S)"),
          re.compile(r"(?<=\w) (?=[\w*])"))


def depth(text):
    """How many brackets are open behind it."""
    return sum(text.count(mark) for mark in "({[") - sum(text.count(mark) for mark in ")}]")


def cut(line, start):
    """Where to break the line, at most the page's width from its start: in as few brackets as
    can be, then as late; None when it cannot be broken."""
    for breaks in BREAKS:
        ends = [found.end() for found in breaks.finditer(line)
                if found.end() > start and width(line[:found.end()].rstrip()) <= WIDTH]
        if ends:
            return min(reversed(ends), key=lambda end: depth(line[:end]))
    return None


def folded(line):
    """The line in as many as it takes; those behind the first stand one step further right."""
    note = NOTE.match(line)
    if width(line) > WIDTH and note:
        return folded(note[1] + note[3]) + folded(note[1] + note[2])
    out, tabs = [], re.match(r"\t*", line)[0]
    start = len(tabs)
    while width(line) > WIDTH and (at := cut(line, start)):
        out.append(line[:at].rstrip())
        line = tabs + "\t" + line[at:]
        start = len(tabs) + 1
    return out + [line]


def fold(text):
    """The text with long lines folded; those of a macro are left as they were made."""
    out = []
    for line in text.split("\n"):
        out += [line] if line.endswith("\\") else folded(line)
    return "\n".join(out)
