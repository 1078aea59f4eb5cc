"""Parser for XDR schema files, RFC 4506 section 6.3.

It refuses what the emitters do not know and no Stellar type uses: floating
point, default arms, and bodies without a name (every type becomes a C type, so
it needs one).  Comments directly above a definition, and behind a field on its
line, are kept: the generated header carries them.
"""

import re
from dataclasses import dataclass

from . import model


class SchemaError(Exception):
    """A schema file that cannot be understood: where, what was expected, what was found."""

    def __init__(self, file, line, text):
        super().__init__(f"{file}:{line}: {text}")


@dataclass(frozen=True)
class Token:
    kind: str  # name, number, mark, end
    text: str
    line: int
    comment: str = ""  # the comment that ends on the line above


TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<comment>/\*.*?\*/)
      | (?P<name>[A-Za-z][A-Za-z0-9_]*)
      | (?P<number>-?0[xX][0-9A-Fa-f]+|-?0[0-7]*(?![0-9])|-?[1-9][0-9]*)
      | (?P<mark>[{}()\[\]<>:;,=*])
    """,
    re.VERBOSE | re.DOTALL,
)

NUMERIC = {
    "int": model.INT,
    "hyper": model.HYPER,
    "bool": model.BOOL,
}
REFUSED = {
    "float": "floating point is no part of Stellar's schema",
    "double": "floating point is no part of Stellar's schema",
    "quadruple": "floating point is no part of Stellar's schema",
    "default": "default arms are no part of Stellar's schema: name every case",
}
RESERVED = set(NUMERIC) | set(REFUSED) | {
    "case", "const", "enum", "opaque", "string", "struct", "switch", "typedef",
    "union", "unsigned", "void",
}


def clean_comment(text):
    """The words of a comment, on one line per paragraph line, without its stars."""
    lines = [re.sub(r"^\s*\*? ?", "", line).rstrip() for line in text[2:-2].split("\n")]
    return "\n".join(lines).strip()


def tokenize(text, file):
    tokens = []
    trailing = {}  # line -> comment that follows code on the same line
    position, line, above, above_line = 0, 1, "", -1
    while position < len(text):
        found = TOKEN.match(text, position)
        if not found:
            rest = text[position : position + 20].split("\n")[0]
            raise SchemaError(file, line, f"expected a name, a number or a mark, found {rest!r}")
        kind, piece = found.lastgroup, found.group()
        if kind == "comment":
            if tokens and tokens[-1].line == line:
                trailing[line] = clean_comment(piece)
            else:
                above, above_line = clean_comment(piece), line + piece.count("\n")
        elif kind != "space":
            comment = above if above_line == line - 1 else ""
            tokens.append(Token(kind, piece, line, comment))
        line += piece.count("\n")
        position = found.end()
    tokens.append(Token("end", "the end of the file", line))
    return tokens, trailing


class Parser:
    """Recursive descent over the tokens of one file; one method per grammar rule."""

    def __init__(self, text, file, scope):
        self.file = file
        self.tokens, self.trailing = tokenize(text, file)
        self.at = 0
        self.scope = scope  # constants and enumerators seen so far, over all files

    # -- tokens

    @property
    def token(self):
        return self.tokens[self.at]

    def error(self, text, line=None):
        raise SchemaError(self.file, line or self.token.line, text)

    def accept(self, text):
        if self.token.text == text and self.token.kind != "end":
            self.at += 1
            return True
        return False

    def expect(self, text):
        if not self.accept(text):
            self.error(f"expected '{text}', found '{self.token.text}'")

    def name(self, what):
        token = self.token
        if token.kind != "name" or token.text in RESERVED:
            self.error(REFUSED.get(token.text, f"expected {what}, found '{token.text}'"))
        self.at += 1
        return token.text

    # -- values

    def define(self, name, value):
        if name in self.scope:
            self.error(f"'{name}' is defined twice")
        self.scope[name] = value

    def value(self):
        """A number, or the name of a constant or enumerator defined above."""
        token = self.token
        if token.kind == "number":
            self.at += 1
            digits = token.text.lstrip("-")
            octal = len(digits) > 1 and digits[0] == "0" and digits[1] not in "xX"
            number = int(digits, 8 if octal else 0)
            return -number if token.text[0] == "-" else number
        name = self.name("a number or a constant")
        if name not in self.scope:
            self.error(f"'{name}' is not a constant or enumerator defined above", token.line)
        return self.scope[name]

    def size(self, close):
        """The size in [n], or the bound in <n>; None for <>."""
        if close == ">" and self.accept(">"):
            return None
        line, number = self.token.line, self.value()
        if not 0 < number < 2**32:
            self.error(f"a size must be 1 to 2^32 - 1, found {number}", line)
        self.expect(close)
        return number

    # -- types

    def specifier(self):
        """The type in front of a declared name."""
        token = self.token
        if token.text in NUMERIC:
            self.at += 1
            return NUMERIC[token.text]
        if self.accept("unsigned"):
            if self.accept("hyper"):
                return model.UNSIGNED_HYPER
            self.accept("int")
            return model.UNSIGNED_INT
        if token.text in ("struct", "union", "enum"):
            self.error(f"expected the name of a type: give this {token.text} "
                       "a definition of its own")
        return model.Ref(self.name("a type"))

    def declaration(self):
        """One `type name` with its brackets; (None, None) for void."""
        if self.accept("void"):
            return None, None
        for word, fixed, variable in (
            ("opaque", model.OpaqueFixed, model.OpaqueVar),
            ("string", None, model.String),
        ):
            if self.accept(word):
                name = self.name("a name")
                if fixed and self.accept("["):
                    return name, fixed(self.size("]"))
                self.expect("<")
                return name, variable(self.size(">"))
        kind = self.specifier()
        if self.accept("*"):
            return self.name("a name"), model.Optional(kind)
        name = self.name("a name")
        if self.accept("["):
            return name, model.Array(kind, self.size("]"))
        if self.accept("<"):
            return name, model.VarArray(kind, self.size(">"))
        return name, kind

    # -- definitions

    def definition(self):
        token = self.token
        rules = {
            "const": self.const,
            "typedef": self.typedef,
            "enum": self.enum,
            "struct": self.struct,
            "union": self.union,
        }
        if token.text not in rules:
            self.error(f"expected {', '.join(rules)}, found '{token.text}'")
        self.at += 1
        made = rules[token.text]()
        made.file, made.line, made.comment = self.file, token.line, token.comment
        return made

    def const(self):
        name = self.name("a name")
        self.expect("=")
        made = model.Const(name, self.value())
        self.expect(";")
        self.define(name, made.value)
        return made

    def typedef(self):
        name, kind = self.declaration()
        if name is None:
            self.error("expected a type, found 'void'")
        self.expect(";")
        return model.Typedef(name, kind)

    def enum(self):
        name, members = self.name("a name"), []
        self.expect("{")
        while True:
            line, member = self.token.line, self.name("an enumerator")
            self.expect("=")
            number = self.value()
            if not -(2**31) <= number < 2**31:
                self.error(f"an enumerator must fit 32 bits, found {number}", line)
            self.define(member, number)
            members.append(model.Member(member, number, self.trailing.get(line, "")))
            if not self.accept(","):
                break
        self.expect("}")
        self.expect(";")
        return model.Enum(name, members)

    def struct(self):
        name, fields = self.name("a name"), []
        self.expect("{")
        while not self.accept("}"):
            line = self.token.line
            field, kind = self.declaration()
            if field is None:
                self.error("expected a field, found 'void'", line)
            if any(f.name == field for f in fields):
                self.error(f"field '{field}' is there twice", line)
            self.expect(";")
            fields.append(model.Field(field, kind, self.trailing.get(line, "")))
        if not fields:
            self.error("a struct needs a field")
        self.expect(";")
        return model.Struct(name, fields)

    def union(self):
        name = self.name("a name")
        self.expect("switch")
        self.expect("(")
        tag, line = self.specifier(), self.token.line
        tag_name = self.name("a name")
        if tag not in (model.INT, model.UNSIGNED_INT) and not isinstance(tag, model.Ref):
            self.error("expected an enum or int to switch on", line)
        self.expect(")")
        self.expect("{")
        arms = []
        while not self.accept("}"):
            arms.append(self.arm([case for arm in arms for case in arm.cases]))
        if not arms:
            self.error("a union needs a case")
        self.expect(";")
        return model.Union(name, model.Field(tag_name, tag), arms)

    def arm(self, before):
        cases = []
        while self.accept("case"):
            token, number = self.token, self.value()
            if any(case.value == number for case in before + cases):
                self.error(f"case {token.text} is there twice", token.line)
            cases.append(model.Case(token.text if token.kind == "name" else None, number))
            self.expect(":")
        if not cases:
            self.error(REFUSED.get(self.token.text, f"expected 'case', found '{self.token.text}'"))
        line = self.token.line
        name, kind = self.declaration()
        self.expect(";")
        return model.Arm(cases, name, kind, self.trailing.get(line, ""))

    def parse(self):
        made = []
        while self.token.kind != "end":
            made.append(self.definition())
        return made


def parse_files(paths):
    """Reads the files in order; constants are used after they are defined, types in any order."""
    scope, definitions = {}, []
    for path in paths:
        with open(path, encoding="utf-8") as stream:
            definitions += Parser(stream.read(), path.name, scope).parse()
    return model.Schema(definitions)
