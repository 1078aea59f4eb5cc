"""How the schema looks in C: names, sizes, and which union arms are pointers.

Sizes are those of a 64-bit machine; they only decide which arms become
pointers, so the types are the same everywhere.  The generated code asks the
compiler for every size and offset it uses.
"""

from . import model

ARM_MAX = 40  # an arm over this many bytes is a pointer, so that small values stay small

KEYWORDS = set(
    "alignas alignof and asm auto bool break case catch char class concept const continue "
    "decltype default delete do double else enum explicit export extern false float for "
    "friend goto if inline int long mutable namespace new noexcept not nullptr operator or "
    "private protected public register requires restrict return short signed sizeof static "
    "struct switch template this throw true try typedef typeid typename union unsigned using "
    "virtual void volatile while xor".split()
)

NUMERIC = {
    model.INT: ("int32_t", 4),
    model.UNSIGNED_INT: ("uint32_t", 4),
    model.HYPER: ("int64_t", 8),
    model.UNSIGNED_HYPER: ("uint64_t", 8),
    model.BOOL: ("bool", 1),
}


def field_name(name):
    return name + "_" if name in KEYWORDS else name


def round_up(size, align):
    return (size + align - 1) // align * align


class Layout:
    def __init__(self, schema):
        self.schema = schema
        self.sizes = {}

    # -- names

    def ctype(self, kind):
        """The C type of a value; fixed opaques and arrays have none (they are declarators)."""
        if isinstance(kind, model.Numeric):
            return NUMERIC[kind][0]
        if isinstance(kind, model.Ref):
            return f"sdex_{kind.name}"
        if isinstance(kind, (model.OpaqueVar, model.String)):
            return "struct sdex_bytes"
        if isinstance(kind, model.VarArray):
            return f"sdex_{kind.element.name}_list"
        raise TypeError(kind)

    def declare(self, kind, name):
        """A C declaration, without the semicolon."""
        if isinstance(kind, model.OpaqueFixed):
            return f"uint8_t {name}[{kind.size}]"
        if isinstance(kind, model.Array):
            return f"{self.ctype(kind.element)} {name}[{kind.count}]"
        if isinstance(kind, model.Optional):
            return f"{self.ctype(kind.element)} *{name}"
        return f"{self.ctype(kind)} {name}"

    # -- sizes

    def size_align(self, kind):
        if isinstance(kind, model.Ref):
            kind = self.schema.by_name[kind.name]
        if isinstance(kind, model.Typedef):
            return self.size_align(kind.type)
        if isinstance(kind, model.Numeric):
            size = NUMERIC[kind][1]
            return size, size
        if isinstance(kind, model.Enum):
            return 4, 4
        if isinstance(kind, model.OpaqueFixed):
            return kind.size, 1
        if isinstance(kind, (model.OpaqueVar, model.String, model.VarArray)):
            return 16, 8
        if isinstance(kind, model.Optional):
            return 8, 8
        if isinstance(kind, model.Array):
            size, align = self.size_align(kind.element)
            return size * kind.count, align
        if kind.name not in self.sizes:
            self.sizes[kind.name] = (
                self.struct_size(kind) if isinstance(kind, model.Struct) else self.union_size(kind)
            )
        return self.sizes[kind.name]

    def struct_size(self, struct):
        at, widest = 0, 1
        for field in struct.fields:
            size, align = self.size_align(field.type)
            at, widest = round_up(at, align) + size, max(widest, align)
        return round_up(at, widest), widest

    def union_size(self, union):
        largest, widest = 0, 1
        for arm in union.arms:
            if arm.name is None:
                continue
            size, align = (8, 8) if self.by_pointer(union, arm) else self.size_align(arm.type)
            largest, widest = max(largest, size), max(widest, align)
        widest = max(widest, 4)
        at = round_up(4, widest) if largest else 4
        return round_up(at + round_up(largest, widest), widest), widest

    # -- pointers

    def by_pointer(self, union, arm):
        """Is this arm kept behind a pointer?  When it is large, or holds the union itself."""
        if arm.name is None:
            return False
        return self.embeds(arm.type, union.name, set()) or self.size_align(arm.type)[0] > ARM_MAX

    def embeds(self, kind, name, seen):
        """Would a value of this type contain one of the named type, without a pointer between?"""
        if isinstance(kind, model.Array):
            return self.embeds(kind.element, name, seen)
        if not isinstance(kind, model.Ref) or kind.name in seen:
            return False
        if kind.name == name:
            return True
        seen.add(kind.name)
        return any(self.embeds(p, name, seen) for p in model.parts(self.schema.by_name[kind.name]))

    # -- order

    def ordered(self):
        """The types in an order in which C accepts them: contents before containers."""
        done, order = set(), []

        def name_needed(name):
            made = self.schema.by_name[name]
            if isinstance(made, model.Enum):
                whole_needed(name)
            elif isinstance(made, model.Typedef) and name not in done:
                done.add(name)
                visit(made.type, name_needed)
                order.append(made)

        def whole_needed(name):
            made = self.schema.by_name[name]
            if isinstance(made, model.Typedef):
                visit(made.type, whole_needed)
                name_needed(name)
                return
            if name in done:
                return
            done.add(name)
            if isinstance(made, model.Struct):
                for field in made.fields:
                    visit(field.type, whole_needed)
            elif isinstance(made, model.Union):
                visit(made.discriminant.type, whole_needed)
                for arm in made.arms:
                    if arm.name:
                        visit(arm.type, name_needed if self.by_pointer(made, arm) else whole_needed)
            order.append(made)

        def visit(kind, need):
            if isinstance(kind, (model.VarArray, model.Optional)):
                name_needed(kind.element.name)
            elif isinstance(kind, model.Array):
                visit(kind.element, need)
            elif isinstance(kind, model.Ref):
                need(kind.name)

        for made in self.schema.types:
            whole_needed(made.name)
        return order

    def list_elements(self):
        """The names of the types that there are lists of, in order of first use."""
        names = {}
        for made in self.schema.types:
            for part in model.parts(made):
                if isinstance(part, model.VarArray):
                    names[part.element.name] = True
        return list(names)
