"""What README.md and the pages of docs/ show happens: their sdex commands run, their C compiles."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ['SDEX_BUILD_ROOT'])
PAGES = [ROOT / 'README.md', *sorted((ROOT / 'docs').glob('*.md'))]
FENCE = re.compile(r'^```(\w*)\n(.*?)^```', re.MULTILINE | re.DOTALL)
HEADERS = ''.join(f'#include <sdex/{path.name}>\n' for path in (ROOT / 'include/sdex').glob('*.h'))


def fences(language):
    for page in PAGES:
        for match in FENCE.finditer(page.read_text()):
            if match[1] == language:
                yield page.name, match[2]


class Pages(unittest.TestCase):
    def test_commands(self):
        count = 0
        for page, text in fences(''):
            for line in text.splitlines():
                if re.match(r'(.*\| )?(\./)?sdex ', line):
                    with self.subTest(page=page, line=line), tempfile.TemporaryDirectory() as folder:
                        command = line.replace('./sdex', 'sdex')
                        path = f'{BUILD}/src/cmd/sdex:{os.environ["PATH"]}'
                        done = subprocess.run(['bash', '-c', 'set -o pipefail; ' + command],
                                              cwd=folder, env={**os.environ, 'PATH': path},
                                              capture_output=True, text=True)
                        self.assertEqual((done.returncode, done.stderr), (0, ''))
                        self.assertTrue(done.stdout)
                        count += 1
        self.assertGreaterEqual(count, 3)

    def test_c(self):
        count = 0
        for page, text in fences('c'):
            with self.subTest(page=page):
                # What a fragment takes from its surroundings.
                source = (f'#include <stdio.h>\n#include <string.h>\n{HEADERS}'
                          '#include <sdex/xdr_types.h>\nint run(const char *address, '
                          'const uint8_t *bytes, size_t size);\n'
                          'int run(const char *address, const uint8_t *bytes, size_t size)\n'
                          '{\n(void)address; (void)bytes; (void)size;\n' + text + '\nreturn 0;\n}\n')
                done = subprocess.run(['cc', '-std=c17', '-Wall', '-Wextra', '-Werror', '-x', 'c',
                                       '-fsyntax-only', f'-I{ROOT}/include', f'-I{BUILD}/include',
                                       '-'], input=source, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                count += 1
        self.assertGreaterEqual(count, 1)


if __name__ == '__main__':
    unittest.main()
