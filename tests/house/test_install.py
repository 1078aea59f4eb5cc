"""The library as it is installed: C and C++ programs that find it by pkg-config, shared and static,
each header by itself, and Python by ctypes."""
import ctypes
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BUILD = os.environ['SDEX_BUILD_ROOT']
WARN = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror']


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True, **options)
    if done.returncode:
        raise AssertionError(f'{" ".join(map(str, command))}\n{done.stdout}{done.stderr}')
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = pathlib.Path(tempfile.mkdtemp(prefix='sdex-install-'))
        cls.addClassCleanup(shutil.rmtree, cls.top)
        run('meson', 'install', '-C', BUILD, '--no-rebuild', '--destdir', cls.top)
        cls.pc, = cls.top.rglob('sdex.pc')
        cls.lib = cls.pc.parent.parent
        cls.include, = (path for path in cls.top.rglob('include') if path.is_dir())
        cls.environment = dict(os.environ, PKG_CONFIG_PATH=str(cls.pc.parent),
                               PKG_CONFIG_SYSROOT_DIR=str(cls.top),
                               LD_LIBRARY_PATH=str(cls.lib))

    def flags(self, *options):
        return run('pkg-config', *options, 'sdex', env=self.environment).split()

    def build_and_run(self, compiler, *options, static=False):
        program = self.top / 'use'
        libraries = self.flags('--static', '--libs') if static else self.flags('--libs')
        run(compiler, *WARN, *options, *self.flags('--cflags'), HERE / 'install/use.c',
            *(['-x', 'none'] if '-x' in options else []),
            *(['-static'] if static else []), *libraries, '-o', program)
        self.assertEqual(run(program, env=self.environment), 'OK\n')
        needed = run('objdump', '-p', program)
        self.assertEqual('libsdex.so' in needed, not static)
        return program

    def test_c(self):
        self.build_and_run('cc', '-std=c11')
        self.build_and_run('cc', '-std=c17')

    def test_c_static(self):
        self.build_and_run('cc', '-std=c17', static=True)

    def test_cpp(self):
        self.build_and_run('c++', '-std=c++17', '-x', 'c++')

    def test_cpp_static(self):
        self.build_and_run('c++', '-std=c++17', '-x', 'c++', static=True)

    def test_the_examples(self):
        examples = sorted((HERE.parents[1] / 'examples').glob('*.c'))
        self.assertGreater(len(examples), 2)
        for example in examples:
            for compiler, *options in (('cc', '-x', 'c', '-std=c11'), ('c++', '-x', 'c++', '-std=c++17')):
                run(compiler, *options, '-Wall', '-Werror', *self.flags('--cflags'), example, '-x', 'none',
                    *self.flags('--libs'), '-o', self.top / 'example')

    def test_each_header_by_itself(self):
        headers = sorted(path.name for path in (self.include / 'sdex').iterdir())
        self.assertIn('xdr_types.h', headers)
        for header in headers:
            for compiler, *options in (('cc', '-x', 'c', '-std=c11'),
                                       ('c++', '-x', 'c++', '-std=c++17')):
                run(compiler, *options, *WARN, '-I', self.include, '-fsyntax-only', '-',
                    input=f'#include <sdex/{header}>\n')

    def test_only_public_names(self):
        for library in (self.lib / 'libsdex.a', self.lib / 'libsdex.so'):
            dynamic = ['-D'] if library.suffix == '.so' else []
            names = re.findall(r' [A-TV-Z] (\w+)', run('nm', '-g', *dynamic, library))
            self.assertGreater(len(names), 10)
            self.assertEqual([name for name in names if not name.startswith(('sdex_', 'SDEX_'))], [])

    def test_manual(self):
        pages = sorted(path.name for path in self.top.rglob('man1/*'))
        for name in ('sdex', 'sdex-xdr', 'sdexd', 'sdex-signer', 'sdex-sandbox'):
            self.assertIn(f'{name}.1', pages)

    def test_at_most_a_megabyte(self):
        stripped = self.top / 'stripped.so'
        run('strip', '-o', stripped, self.lib / 'libsdex.so')
        self.assertLess(stripped.stat().st_size, 1_000_000)

    def test_python(self):
        sdex = ctypes.CDLL(str(self.lib / 'libsdex.so'))
        key = ctypes.create_string_buffer(32)
        text = ctypes.create_string_buffer(59)
        account = b'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ'
        kind = 6 << 3
        size = ctypes.c_size_t(len(account))
        self.assertEqual(sdex.sdex_strkey_decode_key(key, kind, account, size, None), 0)
        self.assertEqual(sdex.sdex_strkey_encode_key(text, ctypes.c_size_t(59), None, kind, key), 0)
        self.assertEqual(text.value, account)
        sdex.sdex_error_name.restype = sdex.sdex_version.restype = ctypes.c_char_p
        self.assertEqual(sdex.sdex_version().decode(), run(
            'pkg-config', '--modversion', 'sdex', env=self.environment).strip())
        self.assertEqual(sdex.sdex_protocol(), 28)
        wrong = sdex.sdex_strkey_decode_key(key, kind, account[:-1] + b'A', size, None)
        self.assertEqual(sdex.sdex_error_name(wrong), b'CHECKSUM')

    def test_python_signs_a_payment(self):
        """Values by JSON, structures by value, text by room: no C in between."""
        sdex = ctypes.CDLL(str(self.lib / 'libsdex.so'))
        size, null = ctypes.c_size_t, None
        hash_type = type('Hash', (ctypes.Structure,), {'_fields_': [('bytes', ctypes.c_uint8 * 32)]})
        account_type = type('AccountID', (ctypes.Structure,), {
            '_fields_': [('type', ctypes.c_int), ('key', ctypes.c_uint8 * 32)]})
        amount_type = type('Amount', (ctypes.Structure,), {'_fields_': [('stroops', ctypes.c_int64)]})
        sdex.sdex_arena_new.restype = ctypes.c_void_p
        sdex.sdex_network_id.restype = hash_type
        sdex.sdex_account_of_key.restype = account_type
        sdex.sdex_account_print.restype = sdex.sdex_amount_print.restype = size
        arena = ctypes.c_void_p(sdex.sdex_arena_new(size(1 << 20)))

        secret, seed = ctypes.create_string_buffer(64), bytes(range(32))
        sdex.sdex_secret_from_seed(secret, seed)
        account = sdex.sdex_account_of_key(secret.raw[32:])
        address = ctypes.create_string_buffer(57)
        self.assertEqual(sdex.sdex_account_print(address, ctypes.byref(account)), 56)
        address = address.value.decode()
        text = ctypes.create_string_buffer(24)
        self.assertEqual(sdex.sdex_amount_print(text, amount_type(125_000_000)), 10)
        self.assertEqual(text.value, b'12.5000000')

        envelope = json.dumps({'tx': {'tx': {
            'source_account': address, 'fee': 100, 'seq_num': '1', 'cond': 'none', 'memo': 'none',
            'operations': [{'source_account': None, 'body': {'payment': {
                'destination': address, 'asset': 'native', 'amount': '125000000'}}}],
            'ext': 'v0'}, 'signatures': []}}).encode()
        kind, value = ctypes.c_int(), ctypes.c_void_p()
        self.assertEqual(sdex.sdex_type_by_name(ctypes.byref(kind), b'TransactionEnvelope'), 0)
        self.assertEqual(sdex.sdex_xdr_from_json(kind, ctypes.byref(value), arena, envelope,
                                                 size(len(envelope)), null, null), 0)
        self.assertEqual(sdex.sdex_tx_check(value, null, null), 0)
        passphrase = b'Test SDF Network ; September 2015'
        network = sdex.sdex_network_id(passphrase, size(len(passphrase)))
        keys = (ctypes.c_void_p * 1)(ctypes.addressof(secret))
        room, length = 4096, size()
        signed = ctypes.create_string_buffer(room)
        self.assertEqual(sdex.sdex_tx_sign_base64(
            signed, size(room), ctypes.byref(length), null, arena, value, ctypes.byref(network),
            keys, 1, null), 0)
        self.assertEqual(len(signed.value), length.value)
        again = ctypes.c_void_p()
        self.assertEqual(sdex.sdex_xdr_from_base64(kind, ctypes.byref(again), arena, signed, length,
                                                   null, null), 0)
        back = ctypes.create_string_buffer(room)
        self.assertEqual(sdex.sdex_xdr_to_base64(kind, back, size(room), null, again, null), 0)
        self.assertEqual(back.value, signed.value)
        sdex.sdex_arena_free(arena)


if __name__ == '__main__':
    unittest.main()
