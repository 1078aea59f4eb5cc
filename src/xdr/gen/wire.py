"""What the codec needs to know of the bytes: sizes, runs of fixed-size fields, refusals."""

import re
from dataclasses import dataclass, field

from . import model
from .layout import Layout

HEADED = (model.OpaqueVar, model.String, model.VarArray, model.Optional)


def refuse_if(condition, answer, tab):
    return f"{tab}if ({condition})\n{tab}\treturn {answer};\n"


@dataclass
class Run:
    """Neighbouring fields of fixed size, which one bounds check covers.

    The run takes in the length or flag in front of the variable field behind it."""

    fields: list = field(default_factory=list)  # (field, offset from the start of the run)
    size: int = 0
    head: bool = False  # the last four bytes are the head of the field behind


class Wire:
    """The schema as the codec sees it: which types have functions, and what can be refused."""

    def __init__(self, schema: model.Schema, layout: Layout):
        self.schema = schema
        self.layout = layout

    def steps(self, fields):
        """Cuts fields into Runs (for fixed-size ones) and single variable fields, in order."""
        out = []
        for item in fields:
            size = self.schema.fixed(item.type)
            if size is not None:
                if not out or not isinstance(out[-1], Run):
                    out.append(Run())
                out[-1].fields.append((item, out[-1].size))
                out[-1].size += size
                continue
            kind = self.schema.definition(item.type)
            if isinstance(kind, model.Array):
                raise model.ModelError(f"{item.name}: arrays of variable-size elements "
                                       "are not emitted")
            if isinstance(kind, HEADED):
                if not out or not isinstance(out[-1], Run):
                    out.append(Run())
                out[-1].size += 4
                out[-1].head = True
            out.append(item)
        return out

    def fallible(self, kind):
        """Can bytes of the right number still not be a value of this fixed-size type?"""
        kind = self.schema.definition(kind)
        if isinstance(kind, model.Numeric):
            return kind == model.BOOL
        if isinstance(kind, model.OpaqueFixed):
            return kind.size % 4 != 0
        if isinstance(kind, model.Array):
            return self.fallible(kind.element)
        if isinstance(kind, model.Struct):
            return any(self.fallible(f.type) for f in kind.fields)
        return True

    def name(self, kind):
        """The name that the codec functions of a type carry: aliases share their target's."""
        while isinstance(kind, (model.Ref, model.Typedef)):
            if isinstance(kind, model.Ref):
                kind = self.schema.by_name[kind.name]
            elif isinstance(kind.type, model.Ref):
                kind = kind.type
            else:
                return kind.name
        return kind.name

    def is_alias(self, made):
        return isinstance(made, model.Typedef) and isinstance(made.type, model.Ref)

    def own_types(self):
        """The types that have codec functions of their own."""
        return [d for d in self.schema.types if not self.is_alias(d)]

    def fixed_types(self):
        """Types of fixed size, contents before containers, for inline functions."""
        return [d for d in self.layout.ordered()
                if not self.is_alias(d) and self.schema.fixed(d) is not None]


def at(base, offset):
    """The position `offset` bytes (a number) behind `base` (C)."""
    return f"{base} + {offset}" if offset else base


def deeper(counter, head, statements, tab):
    """Statements inside of one more level of nesting.  `head` is the length or flag of the
    field, as C: a field that is empty opens no level, though the counter goes down and up
    for it too.  It is "" for a field that cannot be empty."""
    condition = f"{head} && !{counter}" if head else f"!{counter}"
    return (f"{tab}if ({condition})\n{tab}\treturn NULL;\n{tab}{counter}--;\n"
            f"{statements}{tab}{counter}++;\n")


def tidy(text):
    """`p = f(); return p;` is `return f();`, and nothing is to be checked in between."""
    text = re.sub(r"^(\t+)if \(!p\)\n\t+return NULL;\n\1return p;", r"\1return p;", text,
                  flags=re.MULTILINE)
    return re.sub(r"^(\t+)p = ([^;]+);\n\1return p;", r"\1return \2;", text, flags=re.MULTILINE)


def switch_cases(arm):
    return "".join(f"\tcase {'SDEX_' + c.name if c.name else c.value}:\n" for c in arm.cases)


def valid_enum(made):
    """A test whether an int is one of the enumerators."""
    values = sorted({m.value for m in made.members})
    low, high = values[0], values[-1]
    out = f"static inline bool valid_{made.name}(int32_t n)\n{{\n"
    if values == list(range(low, high + 1)):
        if low == high:
            return out + f"\treturn n == {low};\n}}\n\n"
        return out + f"\treturn n >= {low} && n <= {high};\n}}\n\n"
    cases = "".join(f"\tcase SDEX_{m.name}:\n" for m in made.members)
    return out + f"\tswitch (n) {{\n{cases}\t\treturn true;\n\t}}\n\treturn false;\n}}\n\n"
