"""Runs the sdex command; values that the tests share."""
import gzip
import json
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import unittest
import zlib

EXE = os.environ['SDEX_EXE']
UNDER = os.environ.get('SDEX_RUN_UNDER', '').split()
TIMEOUT = 120
HELP = {}


def sized(plain, under):
    """How much of something: under valgrind, which is fifty times slower, so little that the same
    code is still gone through."""
    return under if UNDER else plain


# The transaction of SEP-51's text.
ENVELOPE = ('AAAAAgAAAADmmSZkwY3163TMouB2TY8MljqXw2IxVYTGyvDrR6YtAAAqmmQAABpuAAAAAQAAAAAAAAAAAAAAAQAAAAAA'
            'AAAYAAAAAQAAAAEAAAAAAAAAAQAAAAAAAAABAAAAAAAAAAAAAAABAAAABgAAAAHXkotywnA8z+r365/0701QSlWouXn8'
            'm0UOoshCtNHOYQAAABQAAAABAAI9fQAAAAAAAAD4AAAAAAAqmgAAAAABR6YtAAAAAEArDtxbqUI+CsdkRmV0lFhVt0wy'
            'B7fyrmmkM6Fr35wpPcK8WKcXeKTl4BQ+akE14MZtpaea9LMdhXopaW3pJA0E')

# The first test of SEP-5, and its account number 0.
WORDS = 'illness spike retreat truth genius clock brain pass fit cave bargain toe'
WORDS_ADDRESS = 'GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6'
WORDS_SEED = 'SBGWSG6BTNCKCOB3DIFBGCVMUPQFYPA2G4O34RMTB343OYPXU5DJDVMN'
WORDS_ADDRESS_1 = 'GBAW5XGWORWVFE2XTJYDTLDHXTY2Q2MO73HYCGB3XMFMQ562Q2W2GJQX'

ZERO = '0' * 64


def ledger(number):
    """A LedgerCloseMeta with nothing in it, as SEP-51's JSON."""
    header = {
        'ledger_version': 28, 'previous_ledger_hash': ZERO,
        'scp_value': {'tx_set_hash': ZERO, 'close_time': '0', 'upgrades': [], 'ext': 'basic'},
        'tx_set_result_hash': ZERO, 'bucket_list_hash': ZERO, 'ledger_seq': number,
        'total_coins': '0', 'fee_pool': '0', 'inflation_seq': 0, 'id_pool': '0', 'base_fee': 100,
        'base_reserve': 5000000, 'max_tx_set_size': 1000, 'skip_list': [ZERO] * 4, 'ext': 'v0'}
    return {'v0': {
        'ledger_header': {'hash': ZERO, 'header': header, 'ext': 'v0'},
        'tx_set': {'previous_ledger_hash': ZERO, 'txs': []},
        'tx_processing': [], 'upgrades_processing': [], 'scp_info': []}}


def framed(data):
    return struct.pack('>I', len(data) | 0x80000000) + data


def journal(*segments, identity=bytes(range(16))):
    """The files of a connector's journal, by name; each segment a list of records."""
    files, number = {}, 1
    for records in segments:
        head = struct.pack('>8sI4x16sQ20x', b'sdexjrnl', 1, identity, number)
        data, first = head + struct.pack('>I', zlib.crc32(head)), number
        for record in records:
            frame = b'SDXR' + struct.pack('>IQQI', len(record), number, number - 1, zlib.crc32(record))
            frame += struct.pack('>I', zlib.crc32(frame, zlib.crc32(identity))) + record + b'\xe7'
            data += frame + bytes(-len(frame) % 8)
            number += 1
        files[f'{first:020}.journal'] = data + bytes(512)
    return files


class Done:
    def __init__(self, command, done):
        self.command, self.status = command, done.returncode
        self.out, self.err = done.stdout, done.stderr

    @property
    def text(self):
        return self.out.decode()

    @property
    def error(self):
        return self.err.decode()

    def __str__(self):
        return f'{self.command}\nstatus {self.status}\nout: {self.out[:600]}\nerr: {self.error[:600]}'


class Case(unittest.TestCase):
    """A folder of its own for each test, and ways to call sdex in it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='sdex-test-'))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_sdex(self, *words, stdin=b'', **options):
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = subprocess.run([*UNDER, EXE, *map(str, words)], input=stdin, capture_output=True,
                              cwd=self.folder, timeout=TIMEOUT, start_new_session=True, **options)
        return Done(words, done)

    def sdex(self, *words, stdin=b'', **options):
        """What it prints when all is well."""
        done = self.run_sdex(*words, stdin=stdin, **options)
        self.assertEqual(done.status, 0, done)
        raw = ('--output', 'raw') in zip(words, words[1:])
        return done.out if raw else done.text

    def help(self, *words):
        """The help of a command, asked for once."""
        if words not in HELP:
            HELP[words] = self.sdex(*words, '--help')
        return HELP[words]

    def refused(self, *words, stdin=b'', says='', **options):
        done = self.run_sdex(*words, stdin=stdin, **options)
        self.assertEqual(done.status, 1, done)
        self.assertIn(says, done.error, done)
        self.assertTrue(done.error.startswith('sdex: '), done)
        return done

    def misused(self, *words, says='', **options):
        done = self.run_sdex(*words, **options)
        self.assertEqual(done.status, 2, done)
        self.assertIn(says, done.error, done)
        self.assertEqual(done.out, b'', done)
        return done

    def file(self, name, data, mode=0o600):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        path.chmod(mode)
        return path

    def encode(self, type_name, value, form='raw'):
        return self.sdex('xdr', 'encode', '--type', type_name, '--output', form,
                         stdin=json.dumps(value))

    def ledgers(self, count=3):
        return b''.join(framed(self.encode('LedgerCloseMeta', ledger(n))) for n in range(count))


__all__ = ['Case', 'ENVELOPE', 'EXE', 'UNDER', 'WORDS', 'WORDS_ADDRESS', 'WORDS_ADDRESS_1', 'WORDS_SEED',
           'framed', 'gzip', 'journal', 'ledger', 'sized']
