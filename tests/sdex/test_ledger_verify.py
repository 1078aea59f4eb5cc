"""sdex ledger verify: the ways in which ledgers come, what is refused, and real ledgers."""
import base64
import gzip
import json
import os
import pathlib
import pty
import random
import struct
import subprocess
import unittest

from sdex import EXE, Case, framed, ledger, sized

CORPUS = os.environ.get('SDEX_CORPUS')
CORE = '(V) (;,,;) (V)'


def zstd(data):
    """A frame of one raw block after another: no packer is needed to be read."""
    blocks = [data[i:i + 0x10000] for i in range(0, len(data), 0x10000)] or [b'']
    made = struct.pack('<IBI', 0xFD2FB528, 0xA0, len(data))
    for i, block in enumerate(blocks):
        made += ((len(block) << 3) | (i == len(blocks) - 1)).to_bytes(3, 'little') + block
    return made


class Forms(Case):
    def one(self, number):
        return self.encode('LedgerCloseMeta', ledger(number))

    def batch(self, first, count, last=None):
        made = {'start_sequence': first, 'end_sequence': last or first + count - 1,
                'ledger_close_metas': [ledger(first + i) for i in range(count)]}
        return self.encode('LedgerCloseMetaBatch', made)

    def sequences(self, *words, stdin=b''):
        lines = self.sdex('ledger', 'verify', '--json', *words, stdin=stdin).splitlines()
        self.assertEqual(json.loads(lines[-1])['ledgers'], len(lines) - 1)
        return [json.loads(line)['ledger'] for line in lines[:-1]]

    def test_every_form(self):
        ledgers = [self.one(n) for n in (7, 8, 9)]
        bare, marked = b''.join(ledgers), b''.join(map(framed, ledgers))
        lines = b'\n'.join(map(base64.b64encode, ledgers)) + b'\n\n'
        digits = b'\r\n'.join(one.hex().encode() for one in ledgers)
        for data in (bare, marked, self.batch(7, 3), self.batch(7, 1) + self.batch(8, 2), lines, digits,
                     base64.encodebytes(bare)):
            for packed in (data, gzip.compress(data), zstd(data), zstd(data[:100]) + zstd(data[100:])):
                self.assertEqual(self.sequences(stdin=packed), [7, 8, 9])
                self.assertEqual(self.sequences(self.file('in', packed)), [7, 8, 9])
        for text in (lines, digits):
            self.assertEqual(self.sequences(stdin=b'\xef\xbb\xbf' + text), [7, 8, 9])

    def test_first_ledgers_and_their_batches(self):
        for first in (1, 2, 3):
            self.assertEqual(self.sequences(stdin=self.batch(first, 2)), [first, first + 1])
            self.assertEqual(self.sequences(stdin=self.one(first)), [first])

    def test_many_files(self):
        names = [self.file(f'{n}', self.one(n)) for n in (3, 4)]
        self.assertEqual(self.sequences(*names), [3, 4])
        text = self.sdex('ledger', 'verify', *names)
        self.assertIn('\n2 ledgers, 0 transactions\n', text)
        self.assertEqual(text.splitlines()[-1], '0 agreed, 0 differed, 0 undetermined, 0 soroban')

    def test_where_it_goes_wrong(self):
        one = self.one(7)
        mark = framed(one)
        name = self.file('in', b'')

        def refused(data, says):
            name.write_bytes(data)
            done = self.refused('ledger', 'verify', name, says=f'{name}')
            self.assertIn(says, done.error)
            return done

        refused(b'', 'has no ledger in it')
        refused(one[:-1], f'ledger 1, byte {len(one) - 4}')
        refused(one + one[:40], f'ledger 2, byte {len(one) + 40}')
        refused(mark + mark[:-5], f'ledger 2, byte {len(mark)}: the file ends inside of it')
        refused(mark + mark[:3], f'ledger 2, byte {len(mark)}: the file ends inside a record mark')
        refused(mark + one, f'ledger 2, byte {len(mark)}: expected a record mark')
        refused(mark + framed(one[:-4]), f'ledger 2 (byte {len(mark) + 4}), byte')
        refused(self.batch(7, 2, last=9), 'neither')
        refused(self.batch(7, 2).replace(struct.pack('>II', 7, 8), struct.pack('>II', 8, 9), 1),
                'its batch says that it is ledger 8, it is 7')
        refused(self.batch(7, 2)[:-4], 'ledger 2')
        refused(b'Dear all,\n', 'neither XDR of a ledger nor base64')
        refused(base64.b64encode(one) + b'\nDear all', 'line 2')
        refused(b'\xff' * 40, 'byte 0: a record mark announces 2147483647 bytes, which is over the limit')
        refused(b'\xef\xbb\xbfDear all,\n', 'neither XDR of a ledger nor base64')
        refused(b'\xef\xbb\xbf' + one, 'byte 0: a record mark announces')
        refused(gzip.compress(one)[:-9], 'damaged gzip')
        refused(zstd(one)[:-9], 'damaged zstd')
        refused(zstd(one) + b'garbage', 'damaged zstd')
        old = ledger(7)
        old['v0']['ledger_header']['header']['ledger_version'] = 16
        refused(self.encode('LedgerCloseMeta', old), 'protocol 16 is not one of 17 to 28')
        # what was whole before is told all the same
        self.assertIn('1 ledger, 0 transactions', refused(mark + mark[:-5], '').text)

    def test_any_bytes_are_read_or_refused(self):
        """Damaged copies of every form, and both verbs: an answer or a reason, never a crash."""
        random_ = random.Random(7)
        ledgers = [self.one(n) for n in (7, 8)]
        forms = [b''.join(ledgers), b''.join(map(framed, ledgers)), self.batch(7, 2),
                 b'\n'.join(map(base64.b64encode, ledgers)), ledgers[0].hex().encode()]
        forms += [gzip.compress(forms[0]), zstd(forms[1])]
        refused = 0
        for turn in range(sized(140, 14)):
            data = bytearray(forms[turn % len(forms)])
            for _ in range(random_.randrange(1, 4)):
                at = random_.randrange(len(data))
                what = random_.randrange(4)
                if what == 0:
                    data[at] ^= 1 << random_.randrange(8)
                elif what == 1:
                    del data[at:]
                elif what == 2:
                    data[at:at] = random_.randbytes(random_.randrange(1, 9))
                else:
                    data[at:at + 4] = b'\xff\xff\xff\xff'
                if not data:
                    data = bytearray(b'\0')
            done = self.run_sdex('ledger', ('verify', 'show')[turn % 2], stdin=bytes(data))
            self.assertIn(done.status, (0, 1), done)
            self.assertEqual(done.status == 1, done.error.startswith('sdex: standard input'), done)
            refused += done.status
        self.assertGreater(refused, sized(50, 5))

    def test_a_terminal_changes_nothing_but_progress(self):
        name = self.file('in', b''.join(framed(self.one(n)) for n in range(7, 30)))
        expected = self.sdex('ledger', 'verify', name)
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        try:
            done = subprocess.run([EXE, 'ledger', 'verify', name], stdout=subprocess.PIPE, stderr=theirs, timeout=120)
        finally:
            os.close(theirs)
        self.assertEqual((done.returncode, done.stdout.decode()), (0, expected))

    def test_limits(self):
        one = self.one(7)
        for data in (one, framed(one)):
            self.refused('ledger', 'verify', '--max-size', '100', stdin=data, says='over the limit of 100 bytes')
            self.sdex('ledger', 'verify', '--max-size', str(len(one)), stdin=data)

    def test_misuse(self):
        self.misused('ledger', 'verify', '--list', 'some', says='--list')
        self.refused('ledger', 'verify', 'none.xdr', says='cannot open none.xdr')
        for verb in ('verify', 'show'):
            self.refused('ledger', verb, 'nofile', says='the operand (it names no file) is neither XDR of a ledger')
            self.refused('ledger', verb, '', says='the operand (it names no file) has no ledger in it')
            text = self.sdex('ledger', verb, '--help')
            self.assertIn('the network that the ledgers are of', text)
            self.assertIn('refuse a longer ledger, counted unpacked', text)


@unittest.skipUnless(CORPUS, 'SDEX_CORPUS is not set: real ledgers are in the corpus')
class Real(Case):
    def verify(self, *words):
        lines = self.sdex('ledger', 'verify', '--json', *words).splitlines()
        return [json.loads(line) for line in lines]

    def test_pubnet(self):
        names = sorted(pathlib.Path(CORPUS, 'pubnet').glob('*.gz'))
        *ledgers, total = self.verify(*names)
        self.assertEqual([one['protocol'] for one in ledgers], [17, 22, 26])
        self.assertEqual(total['differed'], 0)
        done = [op for one in ledgers for op in one['operations'] if op['result'].endswith('_SUCCESS')]
        self.assertGreater(len(done), 800)
        for op in [op for one in ledgers for op in one['operations']]:
            self.assertEqual('words' in op, op['verdict'] == 'undetermined', op)
        self.assertEqual(sum(row['agreed'] for row in total['table']), total['agreed'])
        text = self.sdex('ledger', 'verify', '--list', 'undetermined', *names)
        self.assertIn('the ledger does not show the book that sells', text)
        self.assertRegex(text, r'\n\d+ agreed, 0 differed, \d+ undetermined, \d+ soroban\n$')

    def test_small_on_disk_large_in_memory(self):
        # the two lists at the end are empty: of evicted keys, 8 bytes each, a long one takes the place of the first
        data = gzip.decompress(pathlib.Path(CORPUS, 'pubnet/ledger-57500008.xdr.gz').read_bytes())
        self.assertEqual(data[-8:], bytes(8))
        count = 600000
        data = data[:-8] + struct.pack('>I', count) + struct.pack('>II', 8, 0) * count + bytes(4)
        for verb in ('verify', 'show'):
            self.refused('ledger', verb, '--max-size', '6M', stdin=data, says="more than the arena's limit")
            self.sdex('ledger', verb, '--max-size', '10M', stdin=data)

    def test_another_network_is_told(self):
        name = next(pathlib.Path(CORPUS, 'core/OfferTests').glob('*.xdr'))
        self.refused('ledger', 'verify', name, says='is it of the network with this passphrase?')
        total = self.verify('--passphrase', CORE, name)[-1]
        self.assertGreater(total['agreed'], 0)
        self.assertEqual((total['differed'], total['undetermined']), (0, 0))


if __name__ == '__main__':
    unittest.main()
