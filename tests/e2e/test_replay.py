"""sdexd --replay: real ledgers, and books equal to what their meta says, read another way."""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from test_path import BUILD, run  # noqa: E402

CORPUS = os.environ.get('SDEX_CORPUS')
SDEX = str(BUILD / 'src/cmd/sdex/sdex')


def asset_text(asset):
    if asset == 'native':
        return 'native'
    (value,) = asset.values()
    return f'{value["asset_code"]}:{value["issuer"]}'


def changes(node):
    """What a value shows of offers, in the order in which it stands: (kind, entry or key)."""
    if isinstance(node, list):
        for item in node:
            yield from changes(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ('created', 'updated', 'restored', 'state') and isinstance(value, dict) and 'data' in value:
                if 'offer' in value['data']:
                    yield 'state' if key == 'state' else 'put', value['data']['offer']
            elif key == 'removed' and isinstance(value, dict) and 'offer' in value:
                yield 'removed', value['offer']
            else:
                yield from changes(value)


def claims(node):
    """All claim atoms on offers within a result."""
    if isinstance(node, list):
        for item in node:
            yield from claims(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ('order_book', 'v0') and isinstance(value, dict) and 'offer_id' in value:
                yield value
            else:
                yield from claims(value)


def books_of(path):
    """(sequence, {offer: (pair, n, d, amount)} that a ledger left behind, {pair: trades and offers touched})."""
    done = subprocess.run([SDEX, 'xdr', 'decode', '--type', 'LedgerCloseMeta', '--output', 'json', path],
                          capture_output=True, check=True)
    (meta,) = json.loads(done.stdout).values()
    offers, pair_of, counts = {}, {}, {}
    for kind, offer in changes(meta['tx_processing']):
        number = int(offer['offer_id'])
        if kind != 'removed':
            pair_of[number] = (asset_text(offer['selling']), asset_text(offer['buying']))
        if kind == 'put':
            offers[number] = (pair_of[number], offer['price']['n'], offer['price']['d'], int(offer['amount']))
        elif kind == 'removed':
            offers.pop(number, None)
    for pair in pair_of.values():
        counts[frozenset(pair)] = counts.get(frozenset(pair), 0) + 1
    for tx in meta['tx_processing']:
        result = tx['result']['result']['result']
        if 'tx_success' in result or 'tx_fee_bump_inner_success' in result:
            for claim in claims(result):
                pair = frozenset((asset_text(claim['asset_sold']), asset_text(claim['asset_bought'])))
                counts[pair] = counts.get(pair, 0) + 1
    return meta['ledger_header']['header']['ledger_seq'], offers, counts


class Replay(unittest.TestCase):
    def serve(self, *files):
        daemon = run.Process([str(BUILD / 'src/cmd/sdexd/sdexd'), '--replay', '--close-ms', '10', '--busiest', '200',
                              '--listen', '127.0.0.1:0', *files], None)
        self.addCleanup(daemon.stop)
        api = daemon.expect(r'the API is at (http://[0-9.:]+)')[1]
        daemon.expect('all recorded ledgers are read')
        return api

    @unittest.skipUnless(CORPUS, 'SDEX_CORPUS does not say where the real ledgers are')
    def test_real_ledgers(self):
        for path in sorted(pathlib.Path(CORPUS, 'pubnet').glob('*.xdr.gz')):
            with self.subTest(path=path.name):
                self.hold_against_meta(path)

    def hold_against_meta(self, path):
        sequence, offers, counts = books_of(path)
        api = self.serve(str(path))
        _, status = run.fetch(f'{api}/v1/status')
        self.assertEqual(status['state'], 'replaying')
        self.assertEqual(status['ledger']['sequence'], sequence)
        _, pairs = run.fetch(f'{api}/v1/markets')
        shown = [frozenset((p['base_asset'], p['counter_asset'])) for p in pairs]
        self.assertEqual(set(shown), set(counts))
        self.assertEqual([counts[p] for p in shown], sorted(counts.values(), reverse=True))
        self.assertGreater(len(pairs), 5)
        compared = 0
        for pair in pairs:
            _, book = run.fetch(f'{api}/v1/markets/{pair["trading_pair"]}/book?by=order&levels=200')
            self.assertFalse(book['complete'])
            ours = {int(o['offer_id']) for side in ('bids', 'asks') for o in book[side]}
            wanted = {number for number, (sides, *_) in offers.items()
                      if set(sides) == {book['base_asset'], book['counter_asset']}}
            self.assertEqual(ours, wanted, pair)
            for ask in book['asks']:
                sides, n, d, amount = offers[int(ask['offer_id'])]
                self.assertEqual(sides, (book['base_asset'], book['counter_asset']))
                self.assertEqual((ask['price_r']['n'], ask['price_r']['d']), (n, d))
                whole, rest = ask['amount'].split('.')
                self.assertEqual(int(whole) * 10**7 + int(rest), amount)
                compared += 1
        self.assertGreater(compared, 20)

    def test_what_is_no_ledger(self):
        for data, says in ((b'nonsense', 'LedgerCloseMeta'), (gzip.compress(b'x' * 100)[:20], 'damaged')):
            with self.subTest(says=says):
                folder = pathlib.Path(os.environ['SDEX_BUILD_ROOT'], 'meson-private')
                path = folder / f'no-ledger-{os.getpid()}'
                path.write_bytes(data)
                self.addCleanup(path.unlink, missing_ok=True)
                daemon = run.Process([str(BUILD / 'src/cmd/sdexd/sdexd'), '--replay', '--listen', '127.0.0.1:0',
                                      str(path)], None)
                daemon.expect(says)
                time.sleep(0.1)
                daemon.stop()

    def test_wrong_use(self):
        for words, says in ((['--replay'], 'wants files'), (['--rpc', 'http://x', '--replay', 'f'], 'no place'),
                            (['--nonsense'], 'sdexd --help'), (['--close-ms', '0'], 'whole number'),
                            (['--pair', 'X'], 'NAME=BASE/COUNTER'), (['--account', 'G'], '--account'),
                            ([], '--rpc is missing'), (['--listen', 'x'], 'ADDRESS:PORT')):
            done = subprocess.run([str(BUILD / 'src/cmd/sdexd/sdexd'), *words], capture_output=True, text=True,
                                  check=False, timeout=20)
            self.assertEqual(done.returncode, 2, (words, done.stderr))
            self.assertIn(says, done.stderr)


if __name__ == '__main__':
    unittest.main()
