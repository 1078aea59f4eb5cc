"""sdex journal: journals that this test writes itself, by docs/journal.md."""
import json
import unittest

from sdex import Case, journal


class Journal(Case):
    def show(self, *options):
        return [json.loads(line) for line in self.sdex('journal', 'show', 'j', *options).splitlines()]

    def write(self, *segments):
        (self.folder / 'j').mkdir(exist_ok=True)
        for name, data in journal(*segments).items():
            self.file(f'j/{name}', data)

    def test_records_are_shown_in_order(self):
        self.write([b'{"a":"\xc3\xa9\\n"}', b'\x01\x00\xff'], [b'', b'x' * 1000])
        first, second = '00000000000000000001.journal', '00000000000000000003.journal'
        self.assertEqual(self.show(), [
            {'number': 1, 'segment': first, 'offset': 64, 'size': 12, 'payload': '{"a":"\u00e9\\n"}'},
            {'number': 2, 'segment': first, 'offset': 112, 'size': 3, 'payload_hex': '0100ff'},
            {'number': 3, 'segment': second, 'offset': 64, 'size': 0, 'payload': ''},
            {'number': 4, 'segment': second, 'offset': 104, 'size': 1000, 'payload': 'x' * 1000}])
        self.assertEqual([r['number'] for r in self.show('--from', '2', '--count', '2')], [2, 3])
        self.assertEqual(self.show('--from', '5'), [])

    def test_a_record_of_the_connector_is_told_in_words(self):
        self.write([b'\x01\x09' + (77).to_bytes(4, 'big') + bytes(32),    # kind 9, all of a ledger is recorded
                    b'\x02\x09' + (77).to_bytes(4, 'big') + bytes(32),    # of a later version
                    b'\x01\x09' + (77).to_bytes(4, 'big') + bytes(31)])   # not whole
        self.assertEqual([r.get('record') for r in self.show()], [{'kind': 'cursor', 'ledger': 77}, None, None])

    def test_an_unfinished_write_is_told(self):
        self.write([b'one', b'two' * 400])
        path = self.folder / 'j/00000000000000000001.journal'
        path.write_bytes(path.read_bytes()[:600])
        done = self.run_sdex('journal', 'show', 'j')
        self.assertEqual((done.status, done.text.count('\n')), (0, 1), done)
        self.assertIn('offset 104: an unfinished write of 496 bytes follows', done.error)

    def test_damage_is_refused_behind_the_records_before_it(self):
        self.write([b'one', b'two', b'three'])
        path = self.folder / 'j/00000000000000000001.journal'
        data = bytearray(path.read_bytes())
        data[104 + 32] ^= 1
        path.write_bytes(data)
        done = self.refused('journal', 'show', 'j', says='00000000000000000001.journal, offset 104: record 2 is')
        self.assertIn('record 3 shows that it was on disk', done.error)
        self.assertEqual(done.text.count('\n'), 1)

    def test_what_is_no_journal(self):
        self.refused('journal', 'show', 'nowhere', says='No such file')
        self.misused('journal', 'show', says='the folder of the journal is missing')
        self.write()
        self.refused('journal', 'show', 'j', says='j: no journal is in that folder; sdexd has it in')
        self.file('j/00000000000000000001.journal', b'x' * 100)
        self.refused('journal', 'show', 'j', says='another kind of file')


if __name__ == '__main__':
    unittest.main()
