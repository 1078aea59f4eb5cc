"""sdex xdr decode, encode, guess, types."""
import base64
import gzip
import json
import os
import struct
import subprocess
import unittest

from sdex import Case, ENVELOPE, EXE, TIMEOUT, UNDER, framed, ledger, sized

RAW = base64.b64decode(ENVELOPE)
HEX = RAW.hex()
T = ('--type', 'TransactionEnvelope')
DECODE = ('xdr', 'decode', *T)
ENCODE = ('xdr', 'encode', *T)


class Decode(Case):
    def test_every_form_of_input_is_found_out(self):
        expected = self.sdex(*DECODE, '--json', ENVELOPE)
        self.assertEqual(json.loads(expected)['tx']['tx']['fee'], 2792036)
        lines = '\n'.join(ENVELOPE[i:i + 64] for i in range(0, len(ENVELOPE), 64)) + '\n'
        for form in (RAW, ENVELOPE.encode(), lines.encode(), HEX.encode(), HEX.upper().encode() + b'\n',
                     gzip.compress(RAW), gzip.compress(ENVELOPE.encode())):
            self.assertEqual(self.sdex(*DECODE, '--json', stdin=form), expected)
            path = self.file('input', form)
            self.assertEqual(self.sdex(*DECODE, '--json', path), expected)
        self.assertEqual(self.sdex(*DECODE, '--json', '-', stdin=RAW), expected)
        self.assertEqual(self.sdex(*DECODE, '--json', HEX), expected)

    def test_forced_forms(self):
        for form, data in (('raw', RAW), ('base64', ENVELOPE), ('hex', HEX), ('gzip', gzip.compress(RAW))):
            self.assertEqual(self.sdex(*DECODE, '--output', 'base64', '--input', form, stdin=data),
                             ENVELOPE + '\n')
        self.refused(*DECODE, '--input', 'gzip', stdin=RAW, says='is not gzip')
        self.refused(*DECODE, '--input', 'hex', stdin=ENVELOPE, says='expected a hexadecimal digit')
        self.refused(*DECODE, '--input', 'raw', stdin=gzip.compress(RAW), says='TransactionEnvelope')
        self.refused(*DECODE, '--input', 'base64', stdin='AAAA*AAA', says='standard input, byte 4:')
        # places are those of the input, white space included
        self.refused(*DECODE, '--input', 'base64', stdin='AA\nAA *AAA', says='standard input, byte 6:')

    def test_outputs(self):
        text = self.sdex(*DECODE, ENVELOPE)
        self.assertIn('\n      "fee": 2792036,\n', text)
        self.assertEqual(text, self.sdex(*DECODE, '--output', 'text', ENVELOPE))
        line = self.sdex(*DECODE, '--json', ENVELOPE)
        self.assertEqual(line, self.sdex(*DECODE, '--output', 'json', ENVELOPE))
        self.assertEqual(line.count('\n'), 1)
        self.assertEqual(json.loads(line), json.loads(text))
        self.assertEqual(self.sdex(*DECODE, '-o', 'hex', ENVELOPE), HEX + '\n')
        self.assertEqual(self.sdex(*DECODE, '--output', 'raw', ENVELOPE), RAW)

    def test_there_and_back_again(self):
        for form in ('text', 'json'):
            shown = self.sdex(*DECODE, '--output', form, ENVELOPE)
            self.assertEqual(self.sdex(*ENCODE, stdin=shown), ENVELOPE + '\n')
            self.assertEqual(self.sdex(*ENCODE, '--output', 'raw', stdin=shown), RAW)
            self.assertEqual(self.sdex(*ENCODE, '--output', 'hex', stdin=shown), HEX + '\n')
            self.assertEqual(self.sdex(*ENCODE, stdin=gzip.compress(shown.encode())), ENVELOPE + '\n')

    def test_what_is_refused_is_told_with_place_and_path(self):
        done = self.refused(*DECODE, stdin=RAW[:-1])
        self.assertIn('TransactionEnvelope.v1.signatures[0].signature: ', done.error)
        self.assertIn('standard input, byte ', done.error)
        self.refused(*DECODE, stdin=RAW + b'\0\0\0\0', says=f'byte {len(RAW)}: ')
        self.refused(*DECODE, stdin=b'', says='TransactionEnvelope')
        self.refused('xdr', 'decode', '--type', 'Asset', 'AAAACQ==', says='Asset')
        self.refused(*DECODE, 'no-such-file.xdr', says='cannot open no-such-file.xdr: No such file')
        self.refused(*DECODE, 'nosuchfile', says='the operand, which names no file, byte ')
        self.refused(*DECODE, self.folder, says='cannot read')

    def test_damaged_gzip(self):
        packed = gzip.compress(RAW * 2000, mtime=0)
        self.refused(*DECODE, stdin=packed[:-30], says='damaged gzip')
        broken = bytearray(packed)
        broken[len(broken) // 2] ^= 0xff
        self.refused(*DECODE, stdin=bytes(broken), says='damaged gzip')
        self.refused(*DECODE, stdin=packed + b'garbage', says='damaged gzip')
        # several members are one file
        self.assertEqual(self.sdex(*DECODE, '--output', 'raw',
                                   stdin=gzip.compress(RAW[:40]) + gzip.compress(RAW[40:])), RAW)

    def test_a_folder_is_refused_once(self):
        for form in ('auto', 'gzip', 'raw'):
            done = self.refused('xdr', 'decode', '--type', 'Asset', '--input', form, '.')
            self.assertEqual(done.error, 'sdex: cannot read .: Is a directory\n')

    def test_bombs_are_refused(self):
        bomb = gzip.compress(bytes(sized(300, 6) << 20), 9)
        self.assertLess(len(bomb), 400000)
        limit = sized([], ['--max-size', '5M'])
        done = self.refused(*DECODE, *limit, stdin=bomb,
                            says=f'over the limit of {sized(256, 5) << 20} bytes when it is unpacked')
        self.assertIn('--max-size', done.error)
        self.refused(*DECODE, '--max-size', '1M', stdin=bytes(1 << 21), says='over the limit of 1048576 bytes')
        self.refused(*DECODE, '--max-size', str(len(RAW) - 1), stdin=RAW, says='over the limit')
        self.sdex(*DECODE, '--max-size', str(len(RAW)), stdin=RAW)
        for size in ('0', '-1', '1T', '1.5M', 'x', '99999999999999999999', '17179869184G'):
            self.misused(*DECODE, '--max-size', size, says='--max-size wants a number of bytes')

    def test_gzip_of_nothing_without_end_is_refused(self):
        empty = gzip.compress(b'', mtime=0)
        block = b'\0\0\0\xff\xff'  # stored, of no bytes
        for first, piece in ((b'', empty * 500), (empty[:10], block * 2000)):
            with subprocess.Popen([*UNDER, EXE, *DECODE], stdin=subprocess.PIPE,
                                  stderr=subprocess.PIPE, bufsize=0) as child:
                with self.assertRaises(BrokenPipeError):  # nobody reads any more
                    child.stdin.write(first)
                    while True:
                        child.stdin.write(piece)
                error = child.stderr.read()
            self.assertIn(b'standard input is gzip that unpacks to next to nothing: 1', error)
            self.assertEqual(child.returncode, 1)

    def test_wrong_use(self):
        self.misused('xdr', 'decode', says='--type is missing')
        self.misused('xdr', 'decode', '--type', 'transactionenvelop', 'x', says='did you mean "TransactionEnvelope"?')
        self.misused('xdr', 'decode', '--type', 'qqqqqqqqqqqqqqqqqq', 'x', says='there is no type')
        self.misused('xdr', 'decode', '--type', says='--type wants a value, TYPE')
        self.misused(*DECODE, '--type', 'Asset', says='--type stands there twice')
        self.misused(*DECODE, '--jsn', says='did you mean "json"?')
        self.misused(*DECODE, '-x', says='has no option -x')
        self.misused(*DECODE, '--json=yes', says='--json takes no value')
        self.misused(*DECODE, '--json', '--output', 'hex', says='exclude each other')
        self.misused(*DECODE, '--output', 'xml', says='--output is one of text|json|base64|hex|raw, not "xml"')
        self.misused(*DECODE, '--output', '', says='--output is one of')
        self.misused(*DECODE, 'a', 'b', says='takes [INPUT], and nothing like "b"')

    def test_forms_of_options(self):
        for words in (('--type=Asset',), ('-t', 'Asset')):
            self.assertEqual(self.sdex('xdr', 'decode', *words, '--', 'AAAAAA=='), '"native"\n')


class Encode(Case):
    def test_json_as_operand_file_and_input(self):
        self.assertEqual(self.sdex('xdr', 'encode', '--type', 'Asset', '"native"'), 'AAAAAA==\n')
        self.assertEqual(self.sdex('xdr', 'encode', '--type', 'SCVal', '{"u32":5}'), 'AAAAAwAAAAU=\n')
        path = self.file('asset.json', ' "native"\n')
        self.assertEqual(self.sdex('xdr', 'encode', '--type', 'Asset', path), 'AAAAAA==\n')
        self.assertEqual(self.sdex('xdr', 'encode', '--type', 'Asset', '-', stdin='"native"'), 'AAAAAA==\n')

    def test_errors_name_line_column_and_path(self):
        text = self.sdex(*DECODE, ENVELOPE).replace('"fee": 2792036', '"fee": "much"')
        done = self.refused(*ENCODE, stdin=text)
        line = text.split('\n').index(next(x for x in text.split('\n') if 'much' in x)) + 1
        self.assertIn(f'standard input, line {line}, column 14: TransactionEnvelope.tx.tx.fee: '
                      'expected a number, found the string "much"', done.error)
        self.refused(*ENCODE, stdin='', says='line 1, column 1: TransactionEnvelope: expected')
        self.refused(*ENCODE, stdin='{"tx":{}}', says='the key "tx" is missing')
        self.misused(*ENCODE, '--output', 'json', says='--output is one of')


class Streams(Case):
    def test_ledgers_there_and_back(self):
        stream = self.ledgers(5)
        decode = ('xdr', 'decode', '--stream', '--type', 'LedgerCloseMeta')
        encode = ('xdr', 'encode', '--stream', '--type', 'LedgerCloseMeta', '--output', 'raw')
        for data in (stream, gzip.compress(stream)):
            lines = self.sdex(*decode, '--json', stdin=data)
            self.assertEqual([json.loads(x) for x in lines.splitlines()], [ledger(n) for n in range(5)])
            self.assertEqual(self.sdex(*encode, stdin=lines), stream)
            self.assertEqual(self.sdex(*encode, stdin=self.sdex(*decode, stdin=data)), stream)
            self.assertEqual(self.sdex(*decode, '--output', 'raw', stdin=data), stream)
        path = self.file('ledgers.xdr', stream)
        self.assertEqual(self.sdex(*decode, '--json', path), lines)

    def test_values_in_base64_a_line(self):
        stream = self.ledgers(3)
        lines = self.sdex('xdr', 'decode', '--stream', '--type', 'LedgerCloseMeta', '--output', 'base64', stdin=stream)
        self.assertEqual(lines.count('\n'), 3)
        decode = ('xdr', 'decode', '--stream', '--type', 'LedgerCloseMeta', '--output', 'raw')
        for text in (lines, lines.rstrip('\n'), lines.replace('\n', '\r\n'), lines.replace('\n', ' \n\n')):
            self.assertEqual(self.sdex(*decode, stdin=text), stream)
        hexes = self.sdex('xdr', 'decode', '--stream', '--type', 'LedgerCloseMeta', '--output', 'hex', stdin=stream)
        self.assertEqual(self.sdex(*decode, '--input', 'hex', stdin=hexes), stream)
        self.assertEqual(self.sdex('xdr', 'encode', '--stream', '--type', 'LedgerCloseMeta',
                                   stdin='\n'.join(json.dumps(ledger(n)) for n in range(3))), lines)
        self.refused(*decode, stdin=lines + 'A*==', says='standard input, line 4, byte 1: ')

    def test_nothing_is_nothing(self):
        self.assertEqual(self.sdex('xdr', 'decode', '--stream', '--type', 'Asset', stdin=b''), '')
        self.assertEqual(self.sdex('xdr', 'decode', '--stream', '--type', 'Asset', stdin=b'\n\n'), '')
        self.assertEqual(self.sdex('xdr', 'encode', '--stream', '--type', 'Asset', stdin=b' \n'), '')

    def test_what_is_wrong_is_told_with_the_record(self):
        decode = ('xdr', 'decode', '--stream', '--json', '--type', 'LedgerCloseMeta')
        stream = self.ledgers(2)
        done = self.refused(*decode, stdin=stream[:-3], says='record 2: the input ends inside of it')
        self.assertEqual(len(done.text.splitlines()), 1)
        self.refused(*decode, stdin=stream + b'\x80\0', says='record 3: the input ends inside')
        self.refused(*decode, stdin=stream + framed(b'\0\0\0\x09'), says='record 3, byte 0: LedgerCloseMeta')
        self.refused(*decode, '--input', 'raw', stdin=b'\0\0\0\x04\0\0\0\0', says='no record mark')
        self.refused(*decode, '--max-size', '100', stdin=stream, says='record 1 is over the limit of 100 bytes')
        self.refused(*decode, stdin=struct.pack('>I', 0xffffffff) + bytes(64), says='record 1 is over the limit')
        self.refused(*decode, '--max-size', '4k', '--input', 'base64', stdin='A' * (2 << 20),
                     says='record 1 is over the limit')
        encode = ('xdr', 'encode', '--stream', '--type', 'Asset')
        done = self.refused(*encode, stdin='"native"\n"native"\n  "nativ"', says='line 3, column 3: Asset: expected native')
        self.assertEqual(done.text, 'AAAAAA==\n' * 2)
        self.refused(*encode, stdin='"native" }', says='line 1, column 10')

    def peak(self, stream):
        """The most memory, in KiB, that decoding the stream took."""
        path = self.file('stream.gz', gzip.compress(stream, 1))
        with open(os.devnull, 'wb') as nowhere:
            child = subprocess.Popen([*UNDER, EXE, 'xdr', 'decode', '--stream', '--type', 'LedgerCloseMeta',
                                      '--json', path], stdout=nowhere)
            _, status, used = os.wait4(child.pid, 0)
        self.assertEqual(status, 0)
        return used.ru_maxrss

    def test_an_endless_stream_ends_when_the_output_is_full(self):
        endless = subprocess.Popen(['yes', 'AAAAAA=='], stdout=subprocess.PIPE)
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([*UNDER, EXE, 'xdr', 'decode', '--stream', '--type', 'Asset'],
                                  stdin=endless.stdout, stdout=full, stderr=subprocess.PIPE, timeout=TIMEOUT)
        endless.stdout.close()
        endless.wait()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b'sdex: cannot write to standard output: No space left on device\n')

    def test_memory_does_not_grow_with_the_stream(self):
        one = self.ledgers(1)
        short, long = one * sized(5000, 50), one * sized(60000, 6000)  # of buffers of 1 MiB
        self.assertGreater(len(long), sized(20 << 20, 2 << 20))
        grown = self.peak(long) - self.peak(short)
        if not UNDER:  # whose own memory is not the same from run to run
            self.assertLess(grown, 8 << 10)

    def test_the_shortest_items_by_the_million(self):
        count = sized(1000000, 20000)
        text = '{"vec":[' + ','.join(['"void"'] * count) + ']}'
        raw = self.sdex('xdr', 'encode', '--type', 'SCVal', '--output', 'raw', stdin=text)
        self.assertEqual(len(raw), 4 * (count + 3))
        self.assertEqual(self.sdex('xdr', 'decode', '--type', 'SCVal', '--json', stdin=raw), text + '\n')


class Guess(Case):
    def test_the_usual_types_come_first(self):
        self.assertEqual(self.sdex('xdr', 'guess', ENVELOPE).split()[0], 'TransactionEnvelope')
        self.assertEqual(self.sdex('xdr', 'guess', stdin=RAW).split()[0], 'TransactionEnvelope')
        self.assertEqual(self.sdex('xdr', 'guess', stdin=self.encode('LedgerCloseMeta', ledger(1))).split()[0],
                         'LedgerCloseMeta')
        names = self.sdex('xdr', 'guess', 'AAAAAA==').split()
        self.assertIn('Asset', names)
        self.assertIn('uint32', names)
        self.assertEqual(len(names), len(set(names)))

    def test_nothing_fits(self):
        self.refused('xdr', 'guess', stdin=b'\xff' * 7, says='its 7 bytes are no value of any type')
        self.refused('xdr', 'guess', stdin=RAW + b'\xff' * 5,
                     says=f'but the first {len(RAW)} are of TransactionEnvelope')
        self.refused('xdr', 'guess', 'no.such.file', says='cannot open')


class Types(Case):
    def test_all_are_listed_and_each_is_explained(self):
        names = self.sdex('xdr', 'types').split()
        self.assertEqual(len(names), 473)
        for name in names[::sized(1, 40)]:
            text = self.sdex('xdr', 'types', name)
            self.assertIn(name, text)
            self.assertRegex(text, r'^(struct|union|enum|typedef) ')

    def test_definitions(self):
        self.assertEqual(self.sdex('xdr', 'types', 'Price'), 'struct Price {\n\tint32 n;\n\tint32 d;\n};\n')
        self.assertEqual(self.sdex('xdr', 'types', 'MemoType').split('\n')[1], '\tMEMO_NONE = 0,')
        self.assertEqual(self.sdex('xdr', 'types', 'AccountID'), 'typedef PublicKey AccountID;\n')
        self.assertEqual(self.sdex('xdr', 'types', 'Hash'), 'typedef opaque Hash[32];\n')
        self.assertEqual(self.sdex('xdr', 'types', 'SponsorshipDescriptor'),
                         'typedef AccountID *SponsorshipDescriptor;\n')
        self.assertEqual(self.sdex('xdr', 'types', 'LedgerEntryChanges'),
                         'typedef LedgerEntryChange LedgerEntryChanges<>;\n')
        self.assertEqual(self.sdex('xdr', 'types', 'string32'), 'typedef string string32<32>;\n')
        self.assertEqual(self.sdex('xdr', 'types', 'uint64'), 'typedef unsigned hyper uint64;\n')
        self.assertIn('case MEMO_HASH:\n\tHash hash;\n', self.sdex('xdr', 'types', 'Memo'))
        self.assertIn('\tHash skipList[4];\n', self.sdex('xdr', 'types', 'LedgerHeader'))
        self.misused('xdr', 'types', 'Ledgerheader2', says='did you mean "LedgerHeader"?')


if __name__ == '__main__':
    unittest.main()
