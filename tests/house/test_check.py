"""`make check` fails when a test fails, when one is skipped that need not be, when a sanitizer finds
something and when the compiler warns: tools/check at work on a small project."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ('build', 'check', 'count-tests', 'install-packages', 'run-test')

BUILD = '''
project('small', 'c', default_options: ['warning_level=2'])
cmocka = dependency('cmocka')
exe = executable('program', 'program.c', dependencies: cmocka)
test('program', find_program('tools/run-test'), args: exe, protocol: 'tap')
'''
OPTIONS = '''
option('tests', type: 'boolean', value: true)
option('bench', type: 'boolean', value: true)
'''
PROGRAM = '''
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
static void passes(void **state) { (void)state; }
static void other(void **state) { (void)state; BODY }
int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(passes), cmocka_unit_test(other)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
'''


class Check(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = pathlib.Path(tempfile.mkdtemp(prefix='sdex-check-'))
        cls.addClassCleanup(shutil.rmtree, cls.top)
        (cls.top / 'tools').mkdir()
        for tool in TOOLS:
            shutil.copy(ROOT / 'tools' / tool, cls.top / 'tools')
        (cls.top / 'meson.build').write_text(BUILD)
        (cls.top / 'meson_options.txt').write_text(OPTIONS)

    def check(self, body, corpus=None):
        """Runs tools/check on a project whose second test does `body`."""
        (self.top / 'program.c').write_text(PROGRAM.replace('BODY', body))
        environment = {name: value for name, value in os.environ.items()
                       if name not in ('SDEX_CORPUS', 'SDEX_RUN_UNDER')}
        environment |= {'SDEX_CORPUS': corpus} if corpus else {}
        return subprocess.run([self.top / 'tools/check'], env=environment, text=True,
                              capture_output=True)

    def expect(self, run, ok, total):
        self.assertEqual(run.returncode == 0, ok, run.stdout + run.stderr)
        self.assertEqual(run.stdout.splitlines()[-1], total)

    def test_good(self):
        self.expect(self.check('assert_true(1);'), True, '4 passed, 0 failed, 0 skipped')

    def test_a_failed_test(self):
        run = self.check('assert_true(0);')
        self.expect(run, False, '2 passed, 2 failed, 0 skipped')
        self.assertIn('failed: program: other', run.stdout)

    def test_a_skipped_test(self):
        self.expect(self.check('skip();'), True, '2 passed, 0 failed, 2 skipped')
        run = self.check('skip();', corpus='/')
        self.expect(run, False, '2 passed, 0 failed, 2 skipped')
        self.assertIn('skipped: program: other', run.stdout)

    def test_what_only_a_sanitizer_sees(self):
        run = self.check('volatile int *x = calloc(1, sizeof(int)); assert_int_equal(x[1], x[1]);'
                         'free((void *)x);')
        self.expect(run, False, '3 passed, 1 failed, 0 skipped')

    def test_a_warning(self):
        run = self.check('int unused;')
        self.assertNotEqual(run.returncode, 0)
        self.assertIn('-Werror=unused-variable', run.stderr)


if __name__ == '__main__':
    unittest.main()
