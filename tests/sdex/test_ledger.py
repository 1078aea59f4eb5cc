"""sdex ledger show, on ledgers that need no corpus.  (tests/market has real ones.)"""
import base64
import gzip
import json
import unittest

from sdex import Case, ledger

ZERO = '0' * 64
STRKEY = 'GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6'
OTHER = 'GBAW5XGWORWVFE2XTJYDTLDHXTY2Q2MO73HYCGB3XMFMQ562Q2W2GJQX'
USD = {'credit_alphanum4': {'asset_code': 'USD', 'issuer': OTHER}}


def offer(amount, number=1):
    return {'last_modified_ledger_seq': 7, 'ext': 'v0', 'data': {'offer': {
        'seller_id': STRKEY, 'offer_id': str(number), 'selling': 'native', 'buying': USD, 'amount': str(amount),
        'price': {'n': 2, 'd': 6}, 'flags': 0, 'ext': 'v0'}}}


def changed(*changes):
    """A ledger in which an upgrade makes these changes."""
    made = ledger(7)
    made['v0']['upgrades_processing'] = [{'upgrade': {'base_fee': 100}, 'changes': list(changes)}]
    return made


class Show(Case):
    def bytes_of(self, made):
        return self.encode('LedgerCloseMeta', made)

    def test_an_empty_ledger(self):
        data = self.bytes_of(ledger(7))
        text = self.sdex('ledger', 'show', stdin=data)
        self.assertEqual(text, f'''ledger 7 of protocol 28, closed 1970-01-01 00:00:00 UTC
hash {ZERO}
[] 0 done, 0 failed, 0 with contracts
transactions: 0, of which 0 failed
operations: 0, fees: 0 XLM
trades: 0, of which 0 with pools
offers: 0 made, 0 changed, 0 gone
''')
        self.assertEqual(self.sdex('ledger', 'show', '--part', 'offers', stdin=data).splitlines(), text.splitlines()[:2])
        shown = json.loads(self.sdex('ledger', 'show', '--json', stdin=data))
        self.assertEqual(shown['base_fee'], '0.0000100')
        self.assertEqual([shown[n] for n in ('transactions', 'offers', 'accounts', 'trustlines', 'pools')], [[]] * 5)

    def test_every_form_of_input(self):
        data = self.bytes_of(changed({'created': offer(5)}))
        expected = self.sdex('ledger', 'show', '--json', stdin=data)
        for form in (base64.b64encode(data), data.hex().encode(), gzip.compress(data)):
            self.assertEqual(self.sdex('ledger', 'show', '--json', stdin=form), expected)
            self.assertEqual(self.sdex('ledger', 'show', '--json', self.file('l', form)), expected)

    def test_offers(self):
        key = {'offer': {'seller_id': STRKEY, 'offer_id': '3'}}
        made = changed({'created': offer(50)}, {'state': offer(8, 2)}, {'updated': offer(6, 2)},
                       {'state': offer(9, 3)}, {'removed': key})
        text = self.sdex('ledger', 'show', stdin=self.bytes_of(made))
        self.assertIn(f'  1  new, of {STRKEY}\n    sells 0.000005 XLM\n    at 0.333333333333333333333 (2/6) USD:{OTHER}\n', text)
        self.assertIn('  2  changed, of', text)
        self.assertIn('sells 0.0000006 XLM (before: 0.0000008)', text)
        self.assertIn('  3  gone, of', text)
        one, two, three = json.loads(self.sdex('ledger', 'show', '--json', stdin=self.bytes_of(made)))['offers']
        after = {'selling': 'native', 'buying': f'USD:{OTHER}', 'amount': '0.0000050', 'price': {'n': 2, 'd': 6}}
        self.assertEqual(one, {'id': '1', 'seller': STRKEY, 'before': None, 'after': after})
        self.assertEqual((two['before']['amount'], two['after']['amount']), ('0.0000008', '0.0000006'))
        self.assertEqual((three['before']['amount'], three['after']), ('0.0000009', None))

    def test_streams(self):
        lines = self.sdex('ledger', 'show', '--json', stdin=self.ledgers(3)).splitlines()
        self.assertEqual([json.loads(line)['sequence'] for line in lines], [0, 1, 2])
        done = self.refused('ledger', 'show', '--json', stdin=self.ledgers(2)[:-1], says='ledger 2, byte')
        self.assertEqual(len(done.text.splitlines()), 1)

    def test_refusals(self):
        self.refused('ledger', 'show', stdin=self.bytes_of(changed({'updated': offer(5)})),
                     says='found none for a changed offer; the meta is not whole')
        self.refused('ledger', 'show', stdin=b'\0\0\0\7', says='LedgerCloseMeta')
        self.misused('ledger', 'show', '--network', 'testnet', '--passphrase', 'x',
                     says='--network and --passphrase exclude each other')
        self.misused('ledger', 'show', 'a', 'b', says='ledger show')


if __name__ == '__main__':
    unittest.main()
