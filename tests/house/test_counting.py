"""A failing, breaking, hanging or skipped test is seen: by tools/run-test, meson and
tools/count-tests together."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COUNT = ROOT / 'tools/count-tests'

PROGRAM = '''
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
static void passes(void **state) { (void)state; }
static void fails(void **state) { (void)state; assert_int_equal(1, 2); }
static void is_skipped(void **state) { (void)state; skip(); }
static void breaks(void **state) { (void)state; fflush(stdout); _exit(0); }
static void crashes(void **state) { (void)state; fflush(stdout); abort(); }
static void hangs(void **state) { (void)state; fflush(stdout); sleep(600); }
int main(void)
{
	if (ABSENT) {
		puts("the corpus is not there");
		return 77;
	}
	const struct CMUnitTest first[] = {cmocka_unit_test(passes), cmocka_unit_test(CASE)};
	const struct CMUnitTest second[] = {cmocka_unit_test(passes)};
	int failed = cmocka_run_group_tests(first, NULL, NULL);
	return failed + cmocka_run_group_tests(second, NULL, NULL);
}
'''

BUILD = '''
project('counting', 'c')
cmocka = dependency('cmocka')
cases = {CASES}
foreach name : cases
  exe = executable(name, 'program.c', c_args: ['-DCASE=' + name, '-DABSENT=0', '-Wno-all'], dependencies: cmocka)
  test(name, find_program('{ROOT}/tools/run-test'), args: exe, protocol: 'tap', timeout: 2)
endforeach
exe = executable('absent', 'program.c', c_args: ['-DCASE=passes', '-DABSENT=1', '-Wno-all'], dependencies: cmocka)
test('absent', find_program('{ROOT}/tools/run-test'), args: exe, protocol: 'tap')
test('plain', find_program('true'))
'''


class Counting(unittest.TestCase):
    def run_tests(self, cases, *only):
        """Builds and runs the named cases under meson; returns (meson's status, count-tests')."""
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, 'program.c').write_text(PROGRAM)
            pathlib.Path(folder, 'meson.build').write_text(
                BUILD.replace('{CASES}', str(cases)).replace('{ROOT}', str(ROOT)))
            subprocess.run(['meson', 'setup', 'build'], cwd=folder, check=True, capture_output=True)
            test = subprocess.run(['meson', 'test', '-C', 'build', *only], cwd=folder,
                                  capture_output=True, text=True)
            log = f'{folder}/build/meson-logs/testlog.json'
            count = subprocess.run([sys.executable, COUNT, '--no-skips', log],
                                   capture_output=True, text=True)
        return test, count

    def expect(self, name, ok, total):
        test, count = self.run_tests([name], name)
        self.assertEqual(test.returncode == 0, ok, test.stdout)
        self.assertEqual(count.stdout.splitlines()[-1], total, count.stdout)
        return count

    def test_passes(self):
        self.assertEqual(self.expect('passes', True, '3 passed, 0 failed, 0 skipped').returncode, 0)

    def test_fails(self):
        count = self.expect('fails', False, '2 passed, 1 failed, 0 skipped')
        self.assertEqual(count.returncode, 1)
        self.assertIn('failed: fails: CASE', count.stdout)

    def test_skip_inside_a_program(self):
        count = self.expect('is_skipped', True, '2 passed, 0 failed, 1 skipped')
        self.assertEqual(count.returncode, 1)
        self.assertIn('skipped: is_skipped: CASE', count.stdout)

    def test_break_crash_hang(self):
        for name in ('breaks', 'crashes', 'hangs'):
            count = self.expect(name, False, '1 passed, 1 failed, 0 skipped')
            self.assertEqual(count.returncode, 1)

    def test_a_whole_program_that_skips_and_one_without_results(self):
        _, count = self.run_tests([], 'absent', 'plain')
        self.assertEqual(count.returncode, 1)
        self.assertIn('skipped: absent: the corpus is not there', count.stdout)
        self.assertEqual(count.stdout.splitlines()[-1], '1 passed, 0 failed, 1 skipped')


class Files(unittest.TestCase):
    def count(self, *names):
        return subprocess.run([sys.executable, COUNT, *names], capture_output=True, text=True)

    def test_an_absent_report_is_a_failure(self):
        run = self.count('/nonexistent/testlog.json')
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stdout.splitlines()[-1], '0 passed, 1 failed, 0 skipped')

    def test_totals_of_others_are_added(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, 'a').write_text('x\n3 passed, 0 failed, 0 skipped\n')
            pathlib.Path(folder, 'b').write_text('4 passed, 0 failed, 2 skipped\n')
            pathlib.Path(folder, 'c').write_text('nothing of the kind\n')
            run = self.count(f'{folder}/a', f'{folder}/b')
            self.assertEqual(run.stdout.splitlines()[-1], '7 passed, 0 failed, 2 skipped')
            self.assertEqual(run.returncode, 0)
            self.assertEqual(self.count('--no-skips', f'{folder}/b').returncode, 1)
            self.assertEqual(self.count(f'{folder}/c').returncode, 1)
        self.assertEqual(self.count().returncode, 1)


if __name__ == '__main__':
    unittest.main()
