"""One order from a command to a proof: sandbox, signer, connector and command line, for real.

The connector is killed (SIGKILL) at three moments: between a resting order's intent and its
ledger, while an order rests, and while a cancel is on its way.  After each restart nothing is
lost and nothing doubled: what Horizon says of offers and trades is held against what the
connector says of its orders.
"""
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ['SDEX_BUILD_ROOT'])
CLOSE_MS = 400

loader = importlib.machinery.SourceFileLoader('run', str(ROOT / 'tools/run'))
run = importlib.util.module_from_spec(importlib.util.spec_from_loader('run', loader))
loader.exec_module(run)

FINAL = ('filled', 'cancelled', 'expired', 'failed')


def stroops(text):
    whole, _, rest = text.partition('.')
    return int(whole) * 10**7 + int(rest.ljust(7, '0'))


class Path(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix='sdex-e2e-')
        cls.log = open(pathlib.Path(cls.folder.name, 'log'), 'w', encoding='utf-8')
        cls.desk = run.Desk(BUILD, cls.folder.name, CLOSE_MS, cls.log)
        cls.addClassCleanup(cls.end)
        cls.desk.start_sandbox()
        cls.desk.find_assets()
        cls.desk.open_account()
        cls.desk.start_daemon()

    @classmethod
    def end(cls):
        cls.desk.stop()
        cls.log.close()
        if os.environ.get('SDEX_E2E_LOG'):
            print(pathlib.Path(cls.folder.name, 'log').read_text(), flush=True)
        cls.folder.cleanup()

    # --- ways to ask

    def sdex(self, *words, status=0):
        done = subprocess.run([self.desk.program('sdex'), *words], capture_output=True, text=True, check=False,
                              env={**os.environ, 'SDEX_API': self.desk.api}, timeout=60)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        return done.stdout if status == 0 else done.stderr

    def order(self, client_id):
        return json.loads(self.sdex('order', 'show', '--client-id', client_id, '--json'))

    def wait(self, client_id, *statuses, timeout=30):
        end = time.monotonic() + timeout
        while True:
            order = self.order(client_id)
            if order['status'] in statuses:
                return order
            if time.monotonic() > end:
                self.fail(f'expected {statuses}, found {json.dumps(order, indent=1)}')
            time.sleep(0.05)

    def offers(self):
        status, page = run.fetch(f'{self.desk.horizon}/accounts/{self.desk.address}/offers?limit=200')
        self.assertEqual(status, 200)
        return {o['id']: o for o in page['_embedded']['records']}

    def kill(self):
        self.desk.daemon.stop(signal.SIGKILL)

    def restart(self):
        self.desk.start_daemon()

    def place(self, side, pair, amount, price, client_id):
        return json.loads(self.sdex('order', side, pair, amount, '--price', price, '--client-id', client_id,
                                    '--json'))

    def best(self, pair, side):
        book = json.loads(self.sdex('book', pair, '--json', '-n', '1'))
        return book[side][0]

    # --- laws

    def check_order(self, order):
        """Fills and rest are the order; each fill has its own identity and its proof."""
        fills = order['fills']
        self.assertEqual(len({(f['operation_id'], f['claim_index']) for f in fills}), len(fills))
        filled = sum(stroops(f['base_amount']) for f in fills)
        self.assertEqual(filled, stroops(order['filled_amount']))
        if order['status'] not in ('cancelled', 'expired', 'failed'):
            self.assertEqual(filled + stroops(order['remaining_amount']), stroops(order['amount']))
        for fill in fills:
            status, tx = run.fetch(f'{self.desk.horizon}/transactions/{fill["transaction_hash"]}')
            self.assertEqual((status, tx['successful'], tx['ledger']), (200, True, fill['ledger']))
            self.assertEqual(int(fill['operation_id']) >> 32, fill['ledger'])

    def check_offers(self, client_ids):
        """The account's offers are those of the orders that are open, no more and no less."""
        orders = [self.order(c) for c in client_ids]
        resting = {o['stellar_offer_id']: o for o in orders if o['status'] in ('open', 'partially_filled')}
        self.assertEqual(set(self.offers()), set(resting))

    # --- tests

    def test_1_readable(self):
        status = json.loads(self.sdex('status', '--json'))
        self.assertEqual(status['state'], 'ready')
        self.assertIn('XLM-USDC', self.sdex('status'))
        self.assertFalse([line for line in self.desk.daemon.lines if 'any asset may be traded' in line])
        book = json.loads(self.sdex('book', 'XLM-USDC', '--json'))
        self.assertTrue(book['complete'])
        self.assertGreater(len(book['bids']), 0)
        self.assertGreater(len(book['asks']), 0)
        self.assertIn('ask', self.sdex('book', 'XLM-USDC'))
        self.assertIn('native', self.sdex('balance'))

    def test_2_book_equals_horizon(self):
        """Order by order the connector's book is Horizon's at some same ledger."""
        base, counter = self.desk.pairs()['XLM-USDC']
        code, issuer = counter.split(':')
        query = (f'selling_asset_type=native&buying_asset_type=credit_alphanum4&buying_asset_code={code}'
                 f'&buying_asset_issuer={issuer}&limit=200')
        for _ in range(60):
            before = json.loads(self.sdex('book', 'XLM-USDC', '--json', '-n', '200'))
            _, theirs = run.fetch(f'{self.desk.horizon}/order_book?{query}')
            after = json.loads(self.sdex('book', 'XLM-USDC', '--json', '-n', '200'))
            ours = [(a['price_r']['n'], a['price_r']['d'], a['amount']) for a in before['asks']]
            wanted = [(a['price_r']['n'], a['price_r']['d'], a['amount']) for a in theirs['asks']]
            if before == after and ours == wanted:
                self.assertGreater(len(ours), 0)
                return
            time.sleep(0.1)
        self.fail(f'never equal: {ours[:5]} {wanted[:5]}')

    def test_3_rest_cancel(self):
        placed = self.place('sell', 'XLM-USDC', '25', '90', 'rest-1')
        self.assertIn(placed['status'], ('pending', 'submitted'))
        again = self.place('sell', 'XLM-USDC', '25', '90', 'rest-1')
        self.assertEqual(again['order_id'], placed['order_id'])
        self.sdex('order', 'sell', 'XLM-USDC', '26', '--price', '90', '--client-id', 'rest-1', status=1)
        order = self.wait('rest-1', 'open')
        self.check_order(order)
        self.assertIn(order['stellar_offer_id'], self.offers())
        # A cancel for another account is not one of this account's order, an unknown account's none at all.
        status, problem = run.fetch(f'{self.desk.api}/v1/orders/by-client-id/rest-1?account=nobody', method='DELETE')
        self.assertEqual((status, problem['code']), (400, 'unknown_account'))
        status, problem = run.fetch(f'{self.desk.api}/v1/orders?status=opne')
        self.assertEqual((status, problem['field']), (400, 'status'))
        self.assertEqual(self.order('rest-1')['status'], 'open')
        self.sdex('order', 'cancel', '--client-id', 'rest-1')
        order = self.wait('rest-1', 'cancelled')
        self.assertEqual(stroops(order['filled_amount']), 0)
        self.assertEqual(self.offers(), {})

    def test_4_cross(self):
        price = self.best('XLM-USDC', 'bids')['price']
        low = '%.7f' % (float(price) / 2)
        self.place('sell', 'XLM-USDC', '10', low, 'cross-1')
        order = self.wait('cross-1', *FINAL)
        self.assertEqual(order['status'], 'filled', order)
        self.assertGreater(len(order['fills']), 0)
        self.check_order(order)
        self.assertEqual(order['proof']['transaction_hash'], order['fills'][0]['transaction_hash'])
        shown = self.sdex('order', 'show', order['order_id'])
        self.assertIn(order['fills'][0]['transaction_hash'], shown)
        self.assertRegex(shown, r'operation \d+, claim \d+, ledger \d+')

    def test_5_killed_between_intent_and_ledger(self):
        self.place('sell', 'XLM-USDC', '11', '91', 'kill-1')
        self.kill()
        self.restart()
        order = self.wait('kill-1', 'open', *FINAL)
        self.assertEqual(order['status'], 'open', order)
        self.check_offers(['kill-1'])

    def test_6_killed_while_it_rests(self):
        self.kill()
        time.sleep(3 * CLOSE_MS / 1000)
        self.restart()
        order = self.wait('kill-1', 'open')
        self.check_order(order)
        self.check_offers(['kill-1'])
        again = self.place('sell', 'XLM-USDC', '11', '91', 'kill-1')
        self.assertEqual(again['order_id'], order['order_id'])
        time.sleep(3 * CLOSE_MS / 1000)
        self.check_offers(['kill-1'])

    def test_7_killed_while_a_cancel_is_on_its_way(self):
        self.sdex('order', 'cancel', '--client-id', 'kill-1')
        self.kill()
        self.restart()
        order = self.wait('kill-1', 'cancelled')
        self.check_order(order)
        self.assertEqual(self.offers(), {})

    def test_8_killed_while_it_crosses(self):
        price = self.best('XLM-USDC', 'bids')['price']
        low = '%.7f' % (float(price) / 2)
        before = stroops(self.balance('native'))
        self.place('sell', 'XLM-USDC', '12', low, 'kill-2')
        self.kill()
        self.restart()
        order = self.wait('kill-2', *FINAL)
        self.assertEqual(order['status'], 'filled', order)
        self.check_order(order)
        # Sold once: twelve lumens and fees are gone, not twenty-four.
        gone = before - stroops(self.balance('native'))
        self.assertGreaterEqual(gone, 12 * 10**7)
        self.assertLess(gone, 13 * 10**7)

    def balance(self, asset):
        _, account = run.fetch(f'{self.desk.horizon}/accounts/{self.desk.address}')
        return next(b['balance'] for b in account['balances'] if b['asset_type'] == asset)

    def test_9_examples_of_the_help(self):
        """Every command line that the help of the connector's verbs shows works here."""
        environment = {**os.environ, 'SDEX_API': self.desk.api,
                       'PATH': f'{BUILD}/src/cmd/sdex:{os.environ["PATH"]}'}
        tried = 0
        for command in ('status', 'book', 'balance', 'order buy', 'order sell', 'order show', 'order list',
                        'order cancel'):
            text = self.sdex(*command.split(), '--help')
            for line in re.findall(r'^  \$ (.*)$', text, re.M):
                done = subprocess.run(['bash', '-euo', 'pipefail', '-c', line], env=environment, text=True,
                                      capture_output=True, check=False, timeout=60)
                self.assertEqual(done.returncode, 0, (line, done.stdout, done.stderr))
                tried += 1
            if command == 'order sell':
                for client_id in ('bid-1', 'ask-1'):
                    self.wait(client_id, 'open', *FINAL)
        self.assertGreaterEqual(tried, 16)

    def test_9_what_the_pages_show(self):
        """The command lines of README.md and docs/connector.md, in their order; those of its part
        "By hand", which need no network yet, are test_by_hand's."""
        environment = {**os.environ, 'SDEX_API': self.desk.api,
                       'PATH': f'{BUILD}/src/cmd/sdex:{os.environ["PATH"]}'}
        tried = 0
        for page in ('README.md', 'docs/connector.md'):
            text = (ROOT / page).read_text().partition('\n## By hand\n')[0]
            for fence in re.findall(r'^```console\n(.*?)^```', text, re.M | re.S):
                self.assertEqual(fence.splitlines()[0], 'PATH=$PWD/build/src/cmd/sdex:$PATH')
                for line in fence.splitlines()[1:]:
                    done = subprocess.run(['bash', '-c', line], env=environment, capture_output=True, text=True,
                                          check=False, timeout=60)
                    self.assertEqual((done.returncode, done.stderr), (0, ''), line)
                    self.assertTrue(done.stdout, line)
                    tried += 1
        self.assertGreaterEqual(tried, 9)
        self.assertEqual(self.wait('first', *FINAL)['status'], 'filled')

    def test_fills_of_the_store(self):
        end = time.monotonic() + 20
        while True:
            _, page = run.fetch(f'{self.desk.api}/v1/fills?limit=200')
            _, orders = run.fetch(f'{self.desk.api}/v1/orders?limit=200')
            wanted = sorted(f['fill_id'] for o in orders['orders'] for f in o['fills'])
            if sorted(f['fill_id'] for f in page['fills']) == wanted and wanted:
                break
            self.assertLess(time.monotonic(), end, (page, wanted))
            time.sleep(0.1)
        status, problem = run.fetch(f'{self.desk.api}/v1/fills?cursor=nonsense')
        self.assertEqual((status, problem['code']), (400, 'bad_query'))

    def test_refusals(self):
        for words, says in ((('XLM-NOPE', '1', '--price', '1'), 'unknown_pair'),
                            (('XLM-USDC', '0', '--price', '1'), 'amount'),
                            (('XLM-USDC', '1', '--price', '-1'), 'price'),
                            (('XLM-USDC', '1.00000001', '--price', '1'), 'amount'),
                            (('XLM-USDC', '9000000', '--price', '50'), 'balance')):
            self.assertIn(says, self.sdex('order', 'sell', *words, status=1))
        self.assertIn('unknown_order', self.sdex('order', 'show', 'a' * 32, status=1))
        for method, path, data, wanted in (('GET', '/v1/nothing', None, 404), ('PUT', '/v1/orders', b'{}', 405),
                                           ('POST', '/v1/orders', b'{', 400), ('POST', '/v1/orders', b'[]', 400),
                                           ('GET', '/v1/orders?limit=0', None, 400),
                                           ('POST', '/v1/orders', b'{"do":"cancel"}', 400),
                                           ('POST', '/v1/orders', b'{"trading_pair":1}', 400)):
            status, problem = run.fetch(self.desk.api + path, data, method, {'Content-Type': 'application/json'})
            self.assertEqual(status, wanted, problem)
            self.assertTrue(problem['code'] and problem['detail'], problem)
        status, problem = run.fetch(f'{self.desk.api}/v1/orders', b'{}', 'POST', {'Content-Type': 'text/plain'})
        self.assertEqual(status, 415)
        status, problem = run.fetch(f'{self.desk.api}/v1/status', headers={'Host': 'evil.example'})
        self.assertEqual(status, 421)


if __name__ == '__main__':
    unittest.main(failfast=True)
