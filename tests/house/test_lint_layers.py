"""tools/lint-layers lets a good tree pass and names each kind of trespass in a bad one."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINT = ROOT / 'tools/lint-layers'

LAYERS = '''
floor low  pure    src/low
floor high pure    src/high  sdex/made.h
floor door outside src/door
include stdint.h stdio.h
call memcpy snprintf
call-in src/low/last.c abort
'''

GOOD = {
    'src/LAYERS': LAYERS,
    'src/low/a.h': '#include <stdint.h>\n',
    'src/low/a.c': '#include "low/a.h"\n#include "sdex/a.h"\n#include <stdio.h>\n',
    'src/low/test_a.c': '#include <cmocka.h>\n#include "low/a.h"\n',
    'src/high/b.c': '#include "low/a.h"\n#include "sdex/a.h"\n#include "sdex/made.h"\n',
    'src/door/main.c': '#include <sys/socket.h>\n#include "high/b.h"\n#include <sdex/a.h>\n',
    'include/sdex/a.h': '#include <stdint.h>\n',
}


class Tree(unittest.TestCase):
    def lint(self, files, *arguments):
        """Runs lint-layers on a tree made of `files`; returns (status, what it printed)."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            run = subprocess.run([sys.executable, LINT, '--root', folder, *arguments],
                                 capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr

    def refused(self, files, *expected):
        status, text = self.lint({**GOOD, **files})
        self.assertEqual(status, 1, text)
        for words in expected:
            self.assertIn(words, text)
        self.assertEqual(len(text.splitlines()), len(expected), text)

    def test_a_good_tree_passes(self):
        self.assertEqual(self.lint(GOOD), (0, ''))

    def test_an_upward_include(self):
        self.refused({'src/low/a.c': '\n#include "high/b.h"\n'},
                     'src/low/a.c:2: "high/b.h" is of high, above low')

    def test_an_upward_include_spelt_with_spaces(self):
        self.refused({'src/low/a.c': ' # include "high/b.h"\n'}, 'above low')

    def test_an_upward_include_of_a_public_header(self):
        self.refused({'src/low/a.c': '#include "sdex/made.h"\n'}, '"sdex/made.h" is of high')
        self.refused({'src/low/a.c': '#include <sdex/made.h>\n'}, '"sdex/made.h" is of high')

    def test_a_public_header_that_includes_upwards(self):
        self.refused({'include/sdex/a.h': '#include "sdex/made.h"\n'}, 'include/sdex/a.h:1: ')

    def test_tests_keep_to_their_floor_too(self):
        self.refused({'src/low/test_a.c': '#include "high/b.h"\n'}, 'above low')

    def test_the_outside_world(self):
        for header in ('time.h', 'sys/stat.h', 'pthread.h', 'unistd.h', 'curl/curl.h', 'uv.h'):
            self.refused({'src/high/b.c': f'#include <{header}>\n'},
                         f'<{header}> is of the outside world, high is pure')

    def test_a_file_of_no_floor(self):
        self.refused({'src/cellar/a.c': ''}, 'src/cellar/a.c: of no floor')
        self.refused({'include/sdex/other.h': ''}, 'include/sdex/other.h: of no floor')

    def test_a_header_of_no_floor(self):
        self.refused({'src/low/a.c': '#include "cellar/a.h"\n'}, '"cellar/a.h" is of no floor')

    def test_layers_that_do_not_read(self):
        self.assertEqual(self.lint({**GOOD, 'src/LAYERS': 'flor low pure src/low\n'})[0], 1)

    def test_the_picture(self):
        good = '```\n src/door   programs\n src/high   b\n src/low    a\n```\n'
        self.assertEqual(self.lint({**GOOD, 'README.md': good})[0], 0)
        self.refused({'README.md': good.replace('src/high', 'src/attic')}, 'README.md: draws')


class Objects(unittest.TestCase):
    def lint(self, archive='low.a.p', **sources):
        """Compiles the sources as objects of floor low; returns (status, what was printed)."""
        compiler = os.environ.get('CC', 'cc')
        with tempfile.TemporaryDirectory() as folder:
            top = pathlib.Path(folder)
            for below in ('src/low', f'build/{archive}'):
                (top / below).mkdir(parents=True)
            (top / 'src/LAYERS').write_text(LAYERS)
            commands = []
            for name, text in sources.items():
                (top / f'src/low/{name}.c').write_text(text)
                made = f'{archive}/{name}.c.o'
                subprocess.run([compiler, '-c', '-fno-stack-protector', f'../src/low/{name}.c',
                                '-o', made], cwd=top / 'build', check=True)
                commands.append({'directory': f'{folder}/build', 'file': f'../src/low/{name}.c',
                                 'output': made})
            (top / 'build/compile_commands.json').write_text(json.dumps(commands))
            run = subprocess.run([sys.executable, LINT, '--root', folder, '--objects',
                                  f'{folder}/build'], capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr

    def test_granted_calls_pass(self):
        self.assertEqual(self.lint(
            a='void *memcpy(void *, const void *, unsigned long); void other(void);'
              'void a(char *to, char *from, unsigned long n) { memcpy(to, from, n); other(); }',
            b='static const int table[3] = {1, 2, 3}; extern const char *const names[1];'
              'const char *const names[1] = {"x"}; int other(int i) { return table[i]; }',
            last='void abort(void); void last(void) { abort(); }'), (0, ''))

    def test_a_call_to_the_outside(self):
        status, text = self.lint(a='char *getenv(const char *); char *a(void)'
                                   '{ return getenv("HOME"); }')
        self.assertEqual(status, 1)
        self.assertIn('src/low/a.c: getenv is not among', text)

    def test_a_call_that_another_file_may_make(self):
        status, text = self.lint(a='void abort(void); void a(void) { abort(); }')
        self.assertEqual(status, 1)
        self.assertIn('src/low/a.c: abort', text)

    def test_variables(self):
        for text in ('static int x; int *a(void) { return &x; }', 'int x = 3;', 'int x;',
                     '_Thread_local int x;', 'static char *x = "y"; char **a(void) { return &x; }'):
            status, printed = self.lint(a=text + ' void defined(void) {}')
            self.assertEqual(status, 1, text)
            self.assertIn('x is a variable that outlives its call', printed)

    def test_what_only_a_test_is_made_of_is_free(self):
        text = 'char *getenv(const char *); char *a(void) { return getenv("HOME"); }'
        good = 'void b(void); void b(void) {}'
        self.assertEqual(self.lint(a=good)[0], 0)
        self.assertIn('not built yet', self.lint('test_low.p', a=text)[1])


if __name__ == '__main__':
    unittest.main()
