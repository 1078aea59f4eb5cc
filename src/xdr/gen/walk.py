"""The one walk over the schema from which each function of the codec is made.

decode, encode, skip and visit come to the parts of a value in the same order and differ in
what they do there.  The order is here: cases of a union, fields of a struct cut into runs,
elements of a list, levels of nesting counted.  An emitter is a subclass that says the
statements; methods that raise NotImplementedError are those it has to say.

A type of fixed size gets an inline function, which trusts that the bytes are there and which
runs of fields are made of.  Every type gets a function that checks and returns the position
behind the value, or NULL.  All statements leave that position in `p`.
"""

from . import model
from .layout import field_name
from .wire import HEADED, Run, Wire, at, deeper, refuse_if, switch_cases, tidy


class Place:
    """A C lvalue and its address."""

    def __init__(self, value, address):
        self.value, self.address = value, address

    @staticmethod
    def member(name, by_pointer=False):
        path = f"v->{field_name(name)}"
        return Place(f"(*{path})", path) if by_pointer else Place(path, f"&{path}")

    def element(self, index):
        return Place(f"{self.value}[{index}]", f"&{self.value}[{index}]")


WHOLE = Place("*v", "v")
ELEMENT = Place("v->items[i]", "&v->items[i]")
NOWHERE = Place("", "")  # for a walk over bytes that builds nothing


class Walk(Wire):
    verb = ""  # decode, for functions named decode_T
    inline = ""  # the verb of the inline functions
    inline_parameters = ""  # theirs, {0} being the type
    state = ""  # what stands before `end` and `depth`: "d->"
    file_head = ""  # the first lines of the C file

    # -- what an emitter says

    def leaf(self, real, place, here):
        """(statement, refusal) for a value of fixed size that is no array: what moves it
        between `place` and the bytes at `here`, or else a condition under which it is refused."""
        raise NotImplementedError

    def enum_body(self, made):
        """The inside of an enum's inline function."""
        raise NotImplementedError

    def tag(self, union):
        """Moves the discriminant at p and leaves it in `tag` too."""
        raise NotImplementedError

    def head(self, kind, place):
        """The length or flag of a variable value, as C."""
        raise NotImplementedError

    def move_head(self, kind, place, here):
        """Moves the length or flag between the value and the bytes at `here`."""
        raise NotImplementedError

    def optional(self, real, place, tab):
        """Goes over an optional value whose flag is dealt with."""
        raise NotImplementedError

    def items(self, real, place):
        """A call that goes over the elements of a list."""
        raise NotImplementedError

    def some_bytes(self, place):
        """A call that goes over the bytes of an opaque or string."""
        raise NotImplementedError

    def named(self, kind, place, tab):
        """Goes over a value that has a function of its own."""
        raise NotImplementedError

    def signature(self, name):
        raise NotImplementedError

    def list_signature(self, name):
        raise NotImplementedError

    def list_opening(self, name):
        """What a list's function does before the first element."""
        raise NotImplementedError

    # -- what an emitter may say otherwise

    def seen(self, kind):
        """What the walk takes a field for: here, what the bytes look like, whatever the name."""
        return self.schema.definition(kind)

    def opening(self, made):
        """What stands first in the function of a type of variable size."""
        return ""

    def pointed(self, place, tab):
        """Before anything is done behind the pointer at `place`."""
        return ""

    def at_once(self, made):
        """All of a fixed-size value, the bytes being there."""
        raise NotImplementedError

    def list_count(self, kind):
        """The number of elements, as C."""
        return "n"

    # -- values of fixed size

    def fixed(self, kind, place, here, refusal, indent=1):
        """Statements for one value of fixed size at `here`."""
        real, tab = self.schema.definition(kind), "\t" * indent
        if isinstance(real, model.Array):
            there = f"{here} + {self.schema.fixed(real.element)} * i"
            body = self.fixed(real.element, place.element("i"), there, refusal, indent + 1)
            return body and f"{tab}for (size_t i = 0; i < {real.count}; i++)\n" + body
        return self.moved(self.leaf(real, place, here), refusal, tab)

    def attempt(self, kind, call):
        """The leaf() of a call that returns false for no value, if the type can have one."""
        return ("", "!" + call) if self.fallible(kind) else (call, "")

    @staticmethod
    def moved(leaf, refusal, tab):
        statement, refused = leaf
        if refused:
            return refuse_if(refused, refusal, tab)
        return statement and f"{tab}{statement};\n"

    def fields(self, run, refusal):
        return "".join(self.fixed(field.type, Place.member(field.name), at("p", offset), refusal)
                       for field, offset in run.fields)

    def inline_switch(self, union):
        return self.tag(union) + "\tswitch (tag) {\n"

    def inline_union(self, made):
        out = self.inline_switch(made)
        for arm in made.arms:
            out += switch_cases(arm)
            if arm.name:
                out += self.fixed(arm.type, Place.member(arm.name), "p + 4", "false", 2)
            out += "\t\treturn true;\n"
        return out + "\t}\n\treturn false;\n"

    def inline_function(self, made):
        fallible = self.fallible(made)
        out = (f"static inline {'bool' if fallible else 'void'} {self.inline}_{made.name}("
               f"{self.inline_parameters.format('sdex_' + made.name)})\n{{\n")
        done = "\treturn true;\n" if fallible else ""
        if isinstance(made, model.Enum):
            out += self.enum_body(made)
        elif isinstance(made, model.Union):
            out += self.inline_union(made)
        elif isinstance(made, model.Struct):
            out += self.fields(self.steps(made.fields)[0], "false") + done
        else:
            out += self.fixed(made.type, WHOLE, "p", "false") + done
        return out + "}\n\n"

    # -- values of variable size

    def room(self, size, tab="\t"):
        return refuse_if(f"left(p, {self.state}end) < {size}", "NULL", tab)

    def headed(self, kind):
        """Is there a length or flag in front, which is this walk's to deal with?"""
        return isinstance(self.seen(kind), HEADED)

    def pass_head(self, kind, place, tab):
        if not self.headed(kind):
            return ""
        return self.room(4, tab) + f"{tab}{self.move_head(kind, place, 'p')};\n{tab}p += 4;\n"

    def variable(self, kind, place, indent=1):
        """Statements for one value of variable size, whose head is dealt with."""
        seen, tab = self.seen(kind), "\t" * indent
        if isinstance(seen, model.Optional):
            return self.optional(seen, place, tab)
        if not self.headed(kind):
            return self.named(kind, place, tab)
        bound = ""
        if seen.bound is not None:
            bound = refuse_if(f"{self.head(kind, place)} > {seen.bound}", "NULL", tab)
        is_list = isinstance(seen, model.VarArray)
        call = self.items(seen, place) if is_list else self.some_bytes(place)
        return bound + f"{tab}p = {call};\n"

    def deepened(self, made, kind, place, indent=1):
        """variable() for a field of `made`, counting the level of nesting it opens, if any."""
        statements = self.variable(kind, place, indent)
        if not self.schema.deepens(made, kind):
            return statements
        head = self.head(kind, place) if self.headed(kind) else ""
        return deeper(f"{self.state}depth", head, statements, "\t" * indent)

    def run(self, made, run, behind):
        """Statements for a run of fields, and for the head of the field behind it."""
        out = self.room(run.size) + self.fields(run, "NULL")
        if run.head:
            here = at("p", run.size - 4)
            out += f"\t{self.move_head(behind.type, Place.member(behind.name), here)};\n"
        return out + f"\tp += {run.size};\n"

    def struct_body(self, made):
        steps, out = self.steps(made.fields), ""
        for step, behind in zip(steps, steps[1:] + [None]):
            if isinstance(step, Run):
                out += self.run(made, step, behind)
            else:
                out += self.deepened(made, step.type, Place.member(step.name))
                out += refuse_if("!p", "NULL", "\t")
        return out + "\treturn p;\n"

    def fixed_arm(self, union, arm, place):
        size = self.schema.fixed(arm.type)
        return (self.room(size, "\t\t") + self.fixed(arm.type, place, "p", "NULL", 2) +
                f"\t\treturn p + {size};\n")

    def arm(self, union, arm):
        if arm.name is None:
            return "\t\treturn p;\n"
        by_pointer = self.layout.by_pointer(union, arm)
        place = Place.member(arm.name, by_pointer)
        out = self.pointed(place, "\t\t") if by_pointer else ""
        if self.schema.fixed(arm.type) is not None:
            return out + self.fixed_arm(union, arm, place)
        return (out + self.pass_head(arm.type, place, "\t\t") +
                self.deepened(union, arm.type, place, 2) + "\t\treturn p;\n")

    def pass_tag(self, union):
        return self.room(4) + self.tag(union) + "\tp += 4;\n"

    def union_body(self, made):
        arms = "".join(switch_cases(a) + self.arm(made, a) for a in made.arms)
        return self.pass_tag(made) + f"\tswitch (tag) {{\n{arms}\t}}\n\treturn NULL;\n"

    def typedef_body(self, made):
        return (self.pass_head(made.type, WHOLE, "\t") + self.variable(made.type, WHOLE) +
                "\treturn p;\n")

    def function(self, made):
        size = self.schema.fixed(made)
        if size is not None:
            body = self.room(size) + self.at_once(made) + f"\treturn p + {size};\n"
        else:
            body = self.opening(made) + getattr(self, f"{made.kind}_body")(made)
        return self.signature(made.name) + body + "}\n\n"

    # -- lists

    def fixed_loop(self, kind, size):
        body = self.fixed(kind, ELEMENT, "p", "NULL", 2)
        return (f"\tfor (uint32_t i = 0; i < {self.list_count(kind)}; i++, p += {size}) {{\n"
                f"{body}\t}}\n\treturn p;\n")

    def variable_loop(self, kind):
        body = self.pass_head(kind, ELEMENT, "\t\t") + self.variable(kind, ELEMENT, 2)
        return (f"\tfor (uint32_t i = 0; i < {self.list_count(kind)} && p; i++) {{\n"
                f"{body}\t}}\n\treturn p;\n")

    def list_function(self, name):
        kind = model.Ref(name)
        size = self.schema.fixed(kind)
        loop = self.variable_loop(kind) if size is None else self.fixed_loop(kind, size)
        return f"{self.list_signature(name)}\n{{\n{self.list_opening(name)}{loop}}}\n\n"

    # -- the file

    def list_names(self):
        """The types that there are functions of lists for."""
        return self.layout.list_elements()

    def inline_functions(self):
        return "".join(self.inline_function(d) for d in self.fixed_types())

    def declarations(self):
        own = "".join(f"{self.verb}_fn {self.verb}_{d.name};\n" for d in self.own_types())
        lists = "".join(self.list_signature(n) + ";\n" for n in self.list_names())
        return own + lists + "\n"

    def functions(self):
        lists = "".join(self.list_function(n) for n in self.list_names())
        return tidy(lists + "".join(self.function(d) for d in self.own_types()))

    def source(self):
        """The C file: what is fixed first, then declarations, for the types are recursive."""
        return self.file_head + self.inline_functions() + self.declarations() + self.functions()
