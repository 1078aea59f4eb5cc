#!/usr/bin/env python3
"""The generator: what it reads, what it refuses and where, what follows from a schema."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from gen import dump, emit_codec, emit_types, model, parse  # noqa: E402
from gen.fold import fold, width  # noqa: E402
from gen.layout import Layout  # noqa: E402
from gen.wire import tidy  # noqa: E402


def schema(text, *more):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for index, part in enumerate((text, *more)):
            paths.append(pathlib.Path(folder) / f'{index}.x')
            paths[-1].write_text(part)
        return parse.parse_files(paths)


class Reads(unittest.TestCase):
    def test_numbers(self):
        made = schema('const A = 10; const B = 0x1F; const C = 010; const D = -3; const E = A;'
                      'const F = 0;')
        self.assertEqual([d.value for d in made.definitions], [10, 31, 8, -3, 10, 0])

    def test_every_declaration(self):
        made = schema('const N = 7; typedef int I; struct S { int a; unsigned int b; unsigned c;'
                      'hyper d; unsigned hyper e; bool f; opaque g[4]; opaque h<>; opaque i<N>;'
                      'string j<>;'
                      'string k<3>; I l[2]; I m<>; I n<N>; I *o; };')
        kinds = {f.name: f.type for f in made.by_name['S'].fields}
        self.assertEqual(kinds['b'], model.UNSIGNED_INT)
        self.assertEqual(kinds['c'], model.UNSIGNED_INT)
        self.assertEqual(kinds['e'], model.UNSIGNED_HYPER)
        self.assertEqual(kinds['g'], model.OpaqueFixed(4))
        self.assertEqual(kinds['i'], model.OpaqueVar(7))
        self.assertEqual(kinds['j'], model.String(None))
        self.assertEqual(kinds['l'], model.Array(model.Ref('I'), 2))
        self.assertEqual(kinds['n'], model.VarArray(model.Ref('I'), 7))
        self.assertEqual(kinds['o'], model.Optional(model.Ref('I')))

    def test_unions(self):
        made = schema('enum E { X = 1, Y = 2 };'
                      'union U switch (E e) { case X: void; case Y: int n; };'
                      'union V switch (int v) { case 0: case 3: opaque o[5]; };')
        self.assertEqual([c.name for a in made.by_name['U'].arms for c in a.cases], ['X', 'Y'])
        self.assertEqual([c.value for c in made.by_name['V'].arms[0].cases], [0, 3])
        self.assertEqual(dump.definition(made, made.by_name['V'])['arms'],
                         [{'cases': [{'value': 0}, {'value': 3}], 'name': 'o',
                           'type': {'kind': 'opaque_fixed', 'size': 5}}])

    def test_comments(self):
        made = schema('/* Not this one. */\n\n/* Why\n * it is. */\nstruct S {\n'
                      ' int a; /* of a */\n int b;\n};\nenum E { X = 1, /* of x */\n Y = 2 };')
        self.assertEqual(made.by_name['S'].comment, 'Why\nit is.')
        self.assertEqual([f.comment for f in made.by_name['S'].fields], ['of a', ''])
        self.assertEqual(made.by_name['E'].members[0].comment, 'of x')
        self.assertEqual(made.by_name['E'].comment, '')

    def test_constants_and_types_of_other_files(self):
        made = schema('const N = 3; struct S { T t; };', 'typedef opaque T<N>;')
        self.assertEqual(made.by_name['T'].type, model.OpaqueVar(3))


class Refuses(unittest.TestCase):
    def refused(self, text, words):
        with self.assertRaises((parse.SchemaError, model.ModelError)) as raised:
            schema(text)
        self.assertEqual(str(raised.exception), words)

    def test_what_is_no_xdr(self):
        self.refused('struct S { int a; }', "0.x:1: expected ';', found 'the end of the file'")
        self.refused('\n\nint x;',
                     "0.x:3: expected const, typedef, enum, struct, union, found 'int'")
        self.refused('const A = B;', "0.x:1: 'B' is not a constant or enumerator defined above")
        self.refused('const A = ;', "0.x:1: expected a number or a constant, found ';'")
        self.refused('const A = 5 $', "0.x:1: expected a name, a number or a mark, found '$'")
        self.refused('const A = 1;\nconst A = 2;', "0.x:2: 'A' is defined twice")
        self.refused('enum E { A = 4294967296 };',
                     '0.x:1: an enumerator must fit 32 bits, found 4294967296')
        self.refused('enum E { A };', "0.x:1: expected '=', found '}'")
        self.refused('typedef void;', "0.x:1: expected a type, found 'void'")
        self.refused('struct S { };', '0.x:1: a struct needs a field')
        self.refused('struct S { void; };', "0.x:1: expected a field, found 'void'")
        self.refused('struct S { int a;\n int a; };', "0.x:2: field 'a' is there twice")
        self.refused('struct struct { int a; };', "0.x:1: expected a name, found 'struct'")
        self.refused('typedef opaque T[0];', '0.x:1: a size must be 1 to 2^32 - 1, found 0')
        self.refused('typedef opaque T<4294967296>;',
                     '0.x:1: a size must be 1 to 2^32 - 1, found 4294967296')

    def test_unions(self):
        self.refused('union U switch (int v) { };', '0.x:1: a union needs a case')
        self.refused('union U switch (int v) { case 1: void; case 1: void; };',
                     '0.x:1: case 1 is there twice')
        self.refused('union U switch (int v) { int a; };', "0.x:1: expected 'case', found 'int'")
        self.refused('union U switch (hyper v) { case 1: void; };',
                     '0.x:1: expected an enum or int to switch on')
        self.refused('union U switch (int v) { case -1: void; };',
                     '0.x:1: U: case -1 is not from 0 to 2^31 - 1')
        self.refused('enum E { A = 1 }; union U switch (E v) { case 2: void; };',
                     '0.x:1: U: case 2 is not an enumerator of E')
        self.refused('typedef hyper E; union U switch (E v) { case 2: void; };',
                     '0.x:1: U must switch on an enum or an int')

    def test_what_it_has_no_use_for(self):
        self.refused('typedef float F;', "0.x:1: floating point is no part of Stellar's schema")
        self.refused('union U switch (int v) { default: void; };',
                     "0.x:1: default arms are no part of Stellar's schema: name every case")
        self.refused('struct S { struct { int a; } b; };',
                     '0.x:1: expected the name of a type: give this struct a definition of its own')
        self.refused('typedef int L<>;',
                     '0.x:1: L: give the element a typedef, so that the list of it has a name')

    def test_what_does_not_fit_together(self):
        self.refused('struct S { T t; };', "0.x:1: S uses 'T', which is not a type")
        self.refused('const T = 1; struct S { T t; };', "0.x:1: S uses 'T', which is not a type")
        self.refused('typedef int T;\ntypedef int T;', "0.x:2: 'T' is already defined at 0.x:1")

    def test_what_it_cannot_emit(self):
        made = schema('typedef opaque T<>; struct S { T t[2]; };')
        with self.assertRaises(model.ModelError):
            emit_codec.files(made, Layout(made))


class Follows(unittest.TestCase):
    def test_sizes_on_the_wire(self):
        made = schema('typedef opaque O[5]; typedef opaque V<>; struct F { hyper a; O b; bool c; };'
                      'struct S { F f; V v; };'
                      'union U switch (int v) { case 0: void; case 1: int a; };'
                      'union W switch (int v) { case 0: hyper b; case 1: F *f; };'
                      'typedef O A; struct T { A a[3]; };')
        def fixed(name):
            return made.fixed(model.Ref(name))
        self.assertEqual([fixed(n) for n in 'OVFSUWT'], [8, None, 20, None, None, None, 24])
        self.assertEqual([made.least(model.Ref(n)) for n in 'OVFSUWT'], [8, 4, 20, 24, 4, 8, 24])

    def test_recursion_is_counted_once_a_level(self):
        made = schema('union V switch (int v) { case 0: void; case 1: L l; case 2: M *m; };'
                      'typedef V L<>; struct E { V k; V v; }; typedef E M<>;'
                      'struct Q { Q q<>; int n; }; struct P { V v; };')
        self.assertEqual(sorted(made.recursive), ['Q', 'V'])
        union = made.by_name['V']
        arms = {a.name: made.deepens(union, a.type) for a in union.arms if a.name}
        self.assertEqual(arms, {'l': True, 'm': True})
        self.assertFalse(made.deepens(made.by_name['P'], model.Ref('V')))

    def test_large_arms_are_pointers(self):
        made = schema('struct A { opaque b[40]; }; struct B { opaque b[41]; };'
                      'union U switch (int v) { case 0: A a; case 1: B b; case 2: R r; };'
                      'struct R { U u; }; ')
        layout, union = Layout(made), made.by_name['U']
        self.assertEqual([layout.by_pointer(union, a) for a in union.arms], [False, True, True])
        self.assertEqual(layout.size_align(model.Ref('U')), (48, 8))

    def test_keywords_and_order_in_c(self):
        made = schema('struct S { T class; }; struct T { int register; S *s; L l; };'
                      'typedef S L<>;')
        text = emit_types.types(made, Layout(made))
        self.assertIn('sdex_T class_;', text)
        self.assertIn('int32_t register_;', text)
        self.assertLess(text.index('struct sdex_T {'), text.index('struct sdex_S {'))

    def test_tidy(self):
        self.assertEqual(tidy('\tp = f(p);\n\treturn p;\n'), '\treturn f(p);\n')
        self.assertEqual(tidy('\t\tp = f(p);\n\treturn p;\n'), '\t\tp = f(p);\n\treturn p;\n')
        self.assertEqual(tidy('\tp = f(p);\n\tif (!p)\n\t\treturn NULL;\n\treturn p;\n'),
                         '\treturn f(p);\n')

    def test_fold(self):
        long = 'a_name_of_some_length'
        self.assertEqual(fold(f'\tf({long});\n'), f'\tf({long});\n')
        self.assertEqual(fold(f'\tif ({long} && f({long}, {long}, {long}))'),
                         f'\tif ({long}\n\t\t&& f({long}, {long}, {long}))')
        row = '\t{ ' + ', '.join([long] * 9) + ' }, /* nine */'
        lines = fold(row).split('\n')
        self.assertEqual(lines[0], '\t/* nine */')
        self.assertTrue(all(width(line) <= 100 for line in lines), lines)
        self.assertEqual(' '.join(line.strip() for line in lines[1:]), row[1:-len(' /* nine */')])
        macro = '#define M ' + 'x ' * 60 + '\\'
        self.assertEqual(fold(macro), macro)
        self.assertEqual(fold('x' * 120), 'x' * 120)


if __name__ == '__main__':
    unittest.main()
