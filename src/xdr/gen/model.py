"""The schema as objects, and the facts that follow from it.

Types come in two sorts: definitions, which have a name (Typedef, Enum, Struct,
Union), and the expressions that fields are declared with (Numeric, Ref, Opaque…,
Array…, Optional).  Expressions are values: equal when they say the same.
"""

from dataclasses import dataclass, field
from functools import cached_property


# -- type expressions

@dataclass(frozen=True)
class Numeric:
    kind: str


INT = Numeric("int")
UNSIGNED_INT = Numeric("unsigned_int")
HYPER = Numeric("hyper")
UNSIGNED_HYPER = Numeric("unsigned_hyper")
BOOL = Numeric("bool")


@dataclass(frozen=True)
class Ref:
    name: str
    kind = "ref"


@dataclass(frozen=True)
class OpaqueFixed:
    size: int
    kind = "opaque_fixed"


@dataclass(frozen=True)
class OpaqueVar:
    bound: int | None
    kind = "opaque_var"


@dataclass(frozen=True)
class String:
    bound: int | None
    kind = "string"


@dataclass(frozen=True)
class Array:
    element: object
    count: int
    kind = "array"


@dataclass(frozen=True)
class VarArray:
    element: object
    bound: int | None
    kind = "var_array"


@dataclass(frozen=True)
class Optional:
    element: object
    kind = "optional"


# -- definitions

@dataclass
class Definition:
    name: str
    file: str = field(default="", init=False, compare=False)
    line: int = field(default=0, init=False, compare=False)
    comment: str = field(default="", init=False, compare=False)


@dataclass
class Const(Definition):
    value: int
    kind = "const"


@dataclass
class Typedef(Definition):
    type: object
    kind = "typedef"


@dataclass
class Member:
    name: str
    value: int
    comment: str = ""


@dataclass
class Enum(Definition):
    members: list
    kind = "enum"


@dataclass
class Field:
    name: str
    type: object
    comment: str = ""


@dataclass
class Struct(Definition):
    fields: list
    kind = "struct"


@dataclass
class Case:
    name: str | None  # None when the schema gives a number
    value: int


@dataclass
class Arm:
    cases: list
    name: str | None  # None for void
    type: object
    comment: str = ""


@dataclass
class Union(Definition):
    discriminant: Field
    arms: list
    kind = "union"


class ModelError(Exception):
    """The files parse, but do not fit together."""


def padded(size):
    return (size + 3) & ~3


def parts(definition):
    """The type expressions directly inside a definition."""
    if isinstance(definition, Struct):
        return [f.type for f in definition.fields]
    if isinstance(definition, Union):
        return [definition.discriminant.type] + [a.type for a in definition.arms if a.name]
    if isinstance(definition, Typedef):
        return [definition.type]
    return []


def referred(kind):
    """The Ref inside a type expression, or None."""
    while isinstance(kind, (Array, VarArray, Optional)):
        kind = kind.element
    return kind if isinstance(kind, Ref) else None


class Schema:
    """All definitions, in order, checked to fit together."""

    def __init__(self, definitions):
        self.definitions = definitions
        self.by_name = {}
        for made in definitions:
            if made.name in self.by_name:
                other = self.by_name[made.name]
                raise ModelError(f"{made.file}:{made.line}: '{made.name}' is already defined "
                                 f"at {other.file}:{other.line}")
            self.by_name[made.name] = made
        for made in definitions:
            self.check(made)

    def check(self, made):
        where = f"{made.file}:{made.line}"
        for part in parts(made):
            ref = referred(part)
            if ref and (ref.name not in self.by_name or self.by_name[ref.name].kind == "const"):
                raise ModelError(f"{where}: {made.name} uses '{ref.name}', which is not a type")
            if isinstance(part, (Array, VarArray, Optional)) and not ref:
                raise ModelError(f"{where}: {made.name}: give the element a typedef, so that "
                                 "the list of it has a name")
        if isinstance(made, Union):
            self.check_cases(made, where)

    def check_cases(self, union, where):
        tag = self.definition(union.discriminant.type)
        cases = [case for arm in union.arms for case in arm.cases]
        if isinstance(tag, Enum):
            values = {m.name: m.value for m in tag.members}
            wrong = [c for c in cases if values.get(c.name) != c.value]
            allowed = f"an enumerator of {tag.name}"
        elif tag in (INT, UNSIGNED_INT):
            wrong = [c for c in cases if not 0 <= c.value < 2**31]
            allowed = "from 0 to 2^31 - 1"
        else:
            raise ModelError(f"{where}: {union.name} must switch on an enum or an int")
        for case in wrong:
            raise ModelError(f"{where}: {union.name}: case {case.name or case.value} is not "
                             f"{allowed}")

    @cached_property
    def types(self):
        """The definitions that are types: all but constants."""
        return [d for d in self.definitions if d.kind != "const"]

    def definition(self, kind):
        """Follows references and aliases to a Definition or expression that the bytes look like."""
        while True:
            if isinstance(kind, Ref):
                kind = self.by_name[kind.name]
            elif isinstance(kind, Typedef):
                kind = kind.type
            else:
                return kind

    # -- sizes on the wire

    def fixed(self, kind):
        """The size on the wire when every value has the same, else None."""
        low, high = self.wire(kind)
        return low if low == high else None

    def least(self, kind):
        """The smallest size on the wire."""
        return self.wire(kind)[0]

    def wire(self, kind):
        """(smallest, largest) size on the wire; largest is None where it has no use."""
        kind = self.definition(kind)
        key = kind.name if isinstance(kind, Definition) else kind
        if key in self._wire:
            return self._wire[key]
        self._wire[key] = (4, None)  # what recursion sees: an empty list, flag or void arm
        self._wire[key] = self._measure(kind)
        return self._wire[key]

    @cached_property
    def _wire(self):
        return {}

    def _measure(self, kind):
        if isinstance(kind, Numeric):
            size = 8 if kind in (HYPER, UNSIGNED_HYPER) else 4
            return size, size
        if isinstance(kind, Enum):
            return 4, 4
        if isinstance(kind, OpaqueFixed):
            return padded(kind.size), padded(kind.size)
        if isinstance(kind, Array):
            low, high = self.wire(kind.element)
            return low * kind.count, high and high * kind.count
        if isinstance(kind, Struct):
            lows, highs = zip(*(self.wire(f.type) for f in kind.fields))
            return sum(lows), None if None in highs else sum(highs)
        if isinstance(kind, Union):
            sizes = [self.wire(a.type) if a.name else (0, 0) for a in kind.arms]
            low = 4 + min(s[0] for s in sizes)
            same = all(s == sizes[0] and s[1] is not None for s in sizes)
            return low, low if same else None
        return 4, None  # variable length or optional

    # -- recursion

    @cached_property
    def recursive(self):
        """The types whose nesting is counted: without them the rest has no cycle.

        Chosen greedily, the type most used inside its cycle first, so that one
        level of nesting counts once."""
        edges, chosen = self._edges(), []
        while True:
            cyclic = [n for n in edges if n in self._reach(edges, n)]
            if not cyclic:
                return chosen
            chosen.append(max(cyclic, key=lambda name: (
                sum(name in edges[other] for other in cyclic),
                self.by_name[name].kind != "typedef")))
            edges[chosen[-1]] = set()

    @cached_property
    def _cycles(self):
        """For each recursive type, the types from which it can be reached."""
        edges = self._edges()
        return {head: {head} | {n for n in edges if head in self._reach(edges, n)}
                for head in self.recursive}

    def deepens(self, made, kind):
        """Does a field of this type, in this definition, open a level of nesting?"""
        ref = referred(kind)
        return bool(ref) and ref.name in self._cycles.get(made.name, ())

    def _edges(self):
        return {d.name: {referred(p).name for p in parts(d) if referred(p)} for d in self.types}

    @staticmethod
    def _reach(edges, start):
        seen, todo = set(), list(edges[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += edges[name]
        return seen
