"""A network as its users see it: funding, trust, offers that rest and cross, trades, books,
ledgers that chain, streams, what a submission is answered with."""
import base64
import hashlib
import json
import socket
import subprocess
import time
import unittest
from fractions import Fraction

from sandbox import SANDBOX, SDEX, Case, Network, decode


def stroops(text):
    whole, part = text.split('.')
    return int(whole) * 10**7 + int(part)


class Trading(Case):
    def market(self):
        """An issuer, and two accounts that hold its asset."""
        n = self.network
        issuer, alice, bob = (n.fund(name + self.id()) for name in ('issuer', 'alice', 'bob'))
        asset = f'TEST:{issuer.address}'
        for account in alice, bob:
            account.submit(f'change_trust asset={asset}')
            issuer.submit(f'payment to={account.address} asset={asset} amount=1000')
        return issuer, alice, bob, asset

    def test_an_order_rests_and_another_crosses_it(self):
        n = self.network
        issuer, alice, bob, asset = self.market()
        made = alice.submit(f'manage_sell_offer selling=XLM buying={asset} amount=100 price=0.5')
        self.assertTrue(made['successful'])
        offer = n.get(f'/accounts/{alice.address}/offers')['_embedded']['records'][0]
        self.assertEqual((offer['amount'], offer['price'], offer['price_r']),
                         ('100.0000000', '0.5000000', {'n': 1, 'd': 2}))
        self.assertEqual(n.get(f'/offers/{offer["id"]}'), offer)
        self.assertEqual(offer['last_modified_ledger'], made['ledger'])
        taken = bob.submit(f'manage_buy_offer selling={asset} buying=XLM amount=40 price=0.5')
        offer = n.get(f'/offers/{offer["id"]}')
        self.assertEqual(offer['amount'], '60.0000000')
        self.assertEqual(alice.balance('TEST'), '1020.0000000')
        self.assertEqual(bob.balance('TEST'), '980.0000000')
        trade, = n.get('/trades', offer_id=offer['id'])['_embedded']['records']
        self.assertEqual(trade['id'], f'{int(taken["paging_token"]) + 1}-0')
        self.assertEqual(trade['base_offer_id'], offer['id'])
        self.assertEqual((trade['base_account'], trade['counter_account']),
                         (alice.address, bob.address))
        self.assertEqual((trade['base_amount'], trade['counter_amount']),
                         ('40.0000000', '20.0000000'))
        self.assertEqual(trade['price'], {'n': '1', 'd': '2'})
        self.assertTrue(trade['base_is_seller'])
        for path in f'/accounts/{alice.address}/trades', f'/accounts/{bob.address}/trades', \
                f'/offers/{offer["id"]}/trades':
            self.assertEqual(n.get(path)['_embedded']['records'], [trade])
        other = n.get('/trades', base_asset_type='credit_alphanum4', base_asset_code='TEST',
                      base_asset_issuer=issuer.address, counter_asset_type='native')
        turned, = other['_embedded']['records']
        self.assertEqual((turned['base_account'], turned['price'], turned['base_is_seller']),
                         (bob.address, {'n': '2', 'd': '1'}, False))
        self.assertEqual(n.get(f'/transactions/{taken["hash"]}'), taken)

    def test_a_book_is_the_offers_added_up(self):
        n = self.network
        issuer, alice, _, asset = self.market()
        for amount, price in ((10, '1.5'), (20, '3/2'), (5, '1.6'), (7, '2')):
            alice.submit(f'manage_sell_offer selling=XLM buying={asset} amount={amount} price={price}')
        for amount, price in ((3, '1.4'), (4, '1.3'), (6, '7/5')):
            alice.submit(f'manage_buy_offer selling={asset} buying=XLM amount={amount} price={price}')
        book = n.get('/order_book', selling_asset_type='native', buying_asset_type='credit_alphanum4',
                     buying_asset_code='TEST', buying_asset_issuer=issuer.address)
        sums = {'asks': {}, 'bids': {}}
        for side, query in (('asks', {'selling': 'native', 'buying': asset}),
                            ('bids', {'selling': asset, 'buying': 'native'})):
            for o in n.get('/offers', limit=200, **query)['_embedded']['records']:
                price = Fraction(o['price_r']['n'], o['price_r']['d'])
                price = price if side == 'asks' else 1 / price
                sums[side][price] = sums[side].get(price, 0) + stroops(o['amount'])
        for side in 'asks', 'bids':
            levels = {Fraction(level['price_r']['n'], level['price_r']['d']): stroops(level['amount'])
                      for level in book[side]}
            self.assertEqual(levels, sums[side])
            self.assertEqual(list(levels), sorted(levels, reverse=side == 'bids'))
            self.assertGreaterEqual(len(levels), 2)

    def test_pages_follow_their_links(self):
        n = self.network
        _, alice, _, asset = self.market()
        alice.submit(*(f'manage_sell_offer selling=XLM buying={asset} amount={i} price={i}'
                       for i in range(1, 8)))
        path = f'/accounts/{alice.address}/offers?limit=3'
        seen = []
        while True:
            page = n.get(path)
            if not page['_embedded']['records']:
                break
            seen += [int(o['id']) for o in page['_embedded']['records']]
            path = page['_links']['next']['href'].split('/', 3)[3]
            path = '/' + path
        self.assertEqual(len(seen), 7)
        self.assertEqual(seen, sorted(seen))
        down = n.get(f'/accounts/{alice.address}/offers?limit=200&order=desc')
        self.assertEqual([int(o['id']) for o in down['_embedded']['records']], seen[::-1])
        back = n.get(f'/accounts/{alice.address}/offers?limit=2&order=desc&cursor={seen[3]}')
        self.assertEqual([int(o['id']) for o in back['_embedded']['records']], [seen[2], seen[1]])

    def test_a_stream_sends_a_book_when_it_changes(self):
        n = self.network
        issuer, alice, bob, asset = self.market()
        stream = n.stream('/order_book?selling_asset_type=native&buying_asset_type=credit_alphanum4'
                          f'&buying_asset_code=TEST&buying_asset_issuer={issuer.address}')
        self.assertEqual(stream.event(), {'retry': '1000', 'event': 'open', 'data': '"hello"'})
        self.assertEqual(stream.data()['asks'], [])
        alice.submit(f'manage_sell_offer selling=XLM buying={asset} amount=5 price=3')
        self.assertEqual(stream.data()['asks'],
                         [{'price_r': {'n': 3, 'd': 1}, 'price': '3.0000000', 'amount': '5.0000000'}])
        bob.submit(f'manage_buy_offer selling={asset} buying=XLM amount=5 price=3')
        self.assertEqual(stream.data()['asks'], [])
        stream.close()

    def test_a_stream_of_trades_goes_on_where_it_was(self):
        n = self.network
        _, alice, bob, asset = self.market()
        path = f'/accounts/{alice.address}/trades?limit=2'
        stream = n.stream(path + '&cursor=now')
        self.assertEqual(stream.event()['event'], 'open')
        alice.submit(f'manage_sell_offer selling=XLM buying={asset} amount=9 price=1')
        for _ in range(3):
            bob.submit(f'manage_buy_offer selling={asset} buying=XLM amount=3 price=1')
        events = [stream.event() for _ in range(3)]
        self.assertEqual(events[2], {'retry': '10', 'event': 'close', 'data': '"byebye"'})
        self.assertIsNone(stream.event())
        all_three = n.get(f'/accounts/{alice.address}/trades')['_embedded']['records']
        self.assertEqual([e['id'] for e in events[:2]], [t['paging_token'] for t in all_three[:2]])
        self.assertEqual([json.loads(e['data']) for e in events[:2]], all_three[:2])
        again = n.ask('GET', path, Last_Event_ID=events[1]['id'])
        self.assertEqual([t['id'] for t in again.json['_embedded']['records']],
                         [all_three[2]['id']])

    def test_a_path_goes_over_pools_and_books(self):
        n = self.network
        carol = n.fund('carol')
        usdc = next(o['buying'] for o in n.get('/offers', limit=200)['_embedded']['records']
                    if o['buying'].get('asset_code') == 'USDC')
        asset = f'USDC:{usdc["asset_issuer"]}'
        carol.submit(f'change_trust asset={asset}')
        sent = carol.submit(f'path_payment_strict_send send_asset=XLM send_amount=100 to={carol.address}'
                            f' dest_asset={asset} dest_min=1')
        trades = n.get(f'/accounts/{carol.address}/trades')['_embedded']['records']
        self.assertTrue(trades)
        self.assertEqual(sum(stroops(t['base_amount']) for t in trades), 100 * 10**7)
        got = sum(stroops(t['counter_amount']) for t in trades)
        self.assertEqual(stroops(carol.balance('USDC')), got)
        self.assertTrue(sent['successful'])


class Submissions(Case):
    close_ms = 1000

    def send(self, envelope):
        return self.network.rpc('sendTransaction', {'transaction': envelope})

    def test_what_a_submission_is_answered_with(self):
        n = self.network
        alice, bob = n.fund('alice'), n.fund('bob')
        pay = f'payment to={bob.address} asset=XLM amount=1'
        sequence = int(alice.state()['sequence'])
        first = alice.signed(pay, sequence=sequence + 1)
        second = alice.signed(pay, sequence=sequence + 2)
        done = self.send(first)
        self.assertEqual(done['status'], 'PENDING')
        missing = n.rpc('getTransaction', {'hash': done['hash']})
        self.assertEqual(missing['status'], 'NOT_FOUND')
        self.assertEqual(self.send(first)['status'], 'DUPLICATE')
        later = n.post('/transactions_async', 503, tx=second)
        self.assertEqual(later['tx_status'], 'TRY_AGAIN_LATER')
        old = self.send(alice.signed(pay, sequence=sequence))
        self.assertEqual(decode('TransactionResult', old['errorResultXdr'])['result'], 'tx_bad_seq')
        n.wait_ledgers(1)
        found = n.rpc('getTransaction', {'hash': done['hash']})
        self.assertEqual((found['status'], found['envelopeXdr']), ('SUCCESS', first))
        self.assertGreater(found['ledger'], done['latestLedger'])
        self.assertEqual(self.send(first)['status'], 'TRY_AGAIN_LATER')
        self.assertEqual(n.post('/transactions', 200, tx=first)['hash'], done['hash'])
        self.assertEqual(n.post('/transactions', 200, tx=f'{second[:9]}\r\n{second[9:]}\n')['successful'], True)

    def test_what_fails_says_why(self):
        n = self.network
        alice, bob = n.fund('alice2'), n.fund('bob2')
        poor = n.post('/transactions', 400,
                      tx=alice.signed(f'payment to={bob.address} asset=XLM amount=999999'))
        self.assertEqual(poor['extras']['result_codes'],
                         {'transaction': 'tx_failed', 'operations': ['op_underfunded']})
        self.assertEqual(poor['type'], 'https://stellar.org/horizon-errors/transaction_failed')
        gap = n.post('/transactions_async', 400,
                     tx=alice.signed(f'payment to={bob.address} asset=XLM amount=1', sequence=7))
        self.assertEqual(gap['tx_status'], 'ERROR')
        late = n.post('/transactions', 400,
                      tx=alice.signed(f'payment to={bob.address} asset=XLM amount=1',
                                      more=('--max-time', '1000')))
        self.assertEqual(late['extras']['result_codes'], {'transaction': 'tx_too_late'})
        broken = n.post('/transactions_async', 400, tx='AAAA')
        self.assertEqual(broken['extras']['envelope_xdr'], 'AAAA')
        self.assertTrue(broken['type'].endswith('/transaction_malformed'))
        other = n.ask('POST', '/transactions', '{}', Content_Type='application/json')
        self.assertEqual(other.status, 415)

    def test_a_fee_bump_replaces_at_ten_times_the_fee(self):
        n = self.network
        alice, bob = n.fund('alice3'), n.fund('bob3')
        first = alice.signed(f'payment to={bob.address} asset=XLM amount=1', fee=200)
        self.assertEqual(self.send(first)['status'], 'PENDING')
        low = self.send(bob.bump(first, 1999))
        self.assertEqual(low['status'], 'ERROR')
        result = decode('TransactionResult', low['errorResultXdr'])
        self.assertEqual((result['result'], result['fee_charged']), ('tx_insufficient_fee', '4000'))
        high = self.send(bob.bump(first, 2000))
        self.assertEqual(high['status'], 'PENDING')
        n.wait_ledgers(1)
        done = n.get(f'/transactions/{high["hash"]}')
        self.assertEqual((done['fee_account'], done['max_fee']), (bob.address, '4000'))
        inner = done['inner_transaction']
        self.assertEqual(inner['max_fee'], '200')
        self.assertEqual(n.get(f'/transactions/{inner["hash"]}')['id'], inner['hash'])

    def test_friendbot_tops_up_and_then_declines(self):
        n = self.network
        alice, bob = n.fund('alice4'), n.fund('bob4')
        refused = n.get('/friendbot', status=400, addr=alice.address)
        self.assertEqual(refused['detail'], 'account already funded to starting balance')
        alice.submit(f'payment to={bob.address} asset=XLM amount=500')
        n.get('/friendbot', addr=alice.address)
        self.assertEqual(alice.balance(), '10000.0000000')
        self.assertEqual(n.get('/friendbot', status=400, addr='GX')['extras']['invalid_field'], 'addr')


class Ledgers(Case):
    options = ('--seed', '7')
    close_ms = 20

    def test_ledgers_chain_and_can_be_read(self):
        n = self.network
        n.wait_ledgers(30)
        health = n.rpc('getHealth')
        self.assertEqual((health['status'], health['oldestLedger']), ('healthy', 2))
        page = n.rpc('getLedgers', {'startLedger': 2, 'pagination': {'limit': 20}})
        more = n.rpc('getLedgers', {'pagination': {'limit': 5, 'cursor': page['cursor']}})
        ledgers = page['ledgers'] + more['ledgers']
        self.assertEqual([entry['sequence'] for entry in ledgers], list(range(2, 27)))
        before, closed = None, 0
        for entry in ledgers:
            header = base64.b64decode(entry['headerXdr'])
            self.assertEqual(hashlib.sha256(header[32:-4]).hexdigest(), entry['hash'])
            meta = decode('LedgerCloseMeta', entry['metadataXdr'])['v2']
            inner = meta['ledger_header']['header']
            self.assertEqual(meta['ledger_header']['hash'], entry['hash'])
            self.assertEqual(inner['ledger_seq'], entry['sequence'])
            self.assertEqual(inner['scp_value']['close_time'], entry['ledgerCloseTime'])
            self.assertGreaterEqual(int(entry['ledgerCloseTime']), closed)
            if before:
                self.assertEqual(inner['previous_ledger_hash'], before)
            before, closed = entry['hash'], int(entry['ledgerCloseTime'])
            self.assertEqual(n.get(f'/ledgers/{entry["sequence"]}')['hash'], entry['hash'])

    def test_time_stays_with_the_clock(self):
        """However many ledgers close in a second, bounds taken from the clock are good."""
        n = self.network
        n.wait_ledgers(100)
        closed = int(n.rpc('getLatestLedger')['closeTime'])
        self.assertLessEqual(closed, int(time.time()))
        alice = n.fund('alice5')
        done = alice.submit(f'payment to={alice.address} asset=XLM amount=1',
                            more=('--max-time', str(int(time.time()) + 60)))
        self.assertTrue(done['successful'])

    def test_the_latest_ledger_stands_in_the_head(self):
        n = self.network
        answer = n.ask('GET', '/offers?limit=1')
        self.assertLessEqual(abs(int(answer.head['latest-ledger']) -
                                 n.rpc('getLatestLedger')['sequence']), 50)

    def test_entries_are_what_horizon_shows(self):
        n = self.network
        alice = n.fund('alice')
        key = subprocess.run([SDEX, 'xdr', 'encode', '--type',
                              'LedgerKey', '--output', 'base64'],
                             input=json.dumps({'account': {'account_id': alice.address}}),
                             capture_output=True, text=True, check=True).stdout.strip()
        answer = n.rpc('getLedgerEntries', {'keys': [key]})
        entry, = answer['entries']
        self.assertEqual(entry['key'], key)
        account = decode('LedgerEntryData', entry['xdr'])['account']
        state = alice.state()
        self.assertEqual((account['seq_num'], entry['lastModifiedLedgerSeq']),
                         (state['sequence'], state['last_modified_ledger']))
        self.assertEqual(decode('LedgerEntryExt', entry['extXdr']), 'v0')

    def test_the_world_trades(self):
        n = self.network
        n.wait_ledgers(40)
        trades = n.get('/trades', limit=200, order='desc')['_embedded']['records']
        self.assertGreater(len(trades), 20)
        self.assertEqual({t['trade_type'] for t in trades}, {'orderbook', 'liquidity_pool'})
        fees = n.rpc('getFeeStats')['inclusionFee']
        self.assertEqual(fees['p50'], '100')
        self.assertGreater(int(fees['transactionCount']), 0)


class Repeatable(unittest.TestCase):
    def ledgers(self, seed):
        n = Network('--seed', seed, '--start', '1800000000', close_ms=10)
        try:
            n.wait_ledgers(25)
            page = n.rpc('getLedgers', {'startLedger': 2, 'pagination': {'limit': 20}})
            return [entry['metadataXdr'] for entry in page['ledgers']]
        finally:
            n.stop()

    def test_the_same_seed_and_time_give_the_same_ledgers(self):
        one, two, other = self.ledgers('5'), self.ledgers('5'), self.ledgers('6')
        self.assertEqual(one, two)
        self.assertNotEqual(one, other)


class Memory(Case):
    options = ('--ledgers', '10')
    close_ms = 20

    def test_what_is_forgotten_is_said_to_be(self):
        n = self.network
        n.wait_ledgers(15)
        health = n.rpc('getHealth')
        self.assertEqual(health['latestLedger'] - health['oldestLedger'], 9)
        gone = n.rpc_whole('getLedgers', {'startLedger': 3})
        self.assertEqual(gone['error']['code'], -32600)
        self.assertIn('must be between the oldest ledger', gone['error']['message'])
        self.assertEqual(n.get('/ledgers/3', status=410)['title'],
                         'Data Requested Is Before Recorded History')
        self.assertEqual(n.get('/trades', status=410, order='desc', cursor='8589934592-0')['status'], 410)


class Requests(Case):
    def test_problems_name_the_field(self):
        n = self.network
        for path, field in (('/offers?limit=0', 'limit'), ('/offers?limit=201', 'limit'),
                            ('/offers?limit=x', 'limit'), ('/offers?cursor=x', 'cursor'),
                            ('/offers?order=up', 'order'), ('/offers?seller=G', 'seller'),
                            ('/offers?selling=USD', 'selling'), ('/accounts/GABC', 'account_id'),
                            ('/trades?base_asset_type=native', 'base_asset_type,counter_asset_type'),
                            ('/trades?trade_type=x', 'trade_type'), ('/offers/x', 'offer_id'),
                            ('/transactions/xyz', 'tx_id'), ('/friendbot', 'addr')):
            answer = n.get(path, status=400)
            self.assertEqual(answer['extras']['invalid_field'], field, path)
            self.assertTrue(answer['extras']['reason'], path)
        book = n.get('/order_book?selling_asset_type=native', status=400)
        self.assertTrue(book['type'].endswith('/invalid_order_book'))
        for path in '/nothing', '/accounts', '/offers/999999999', \
                '/accounts/GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6', \
                '/transactions/' + '0' * 64:
            answer = n.ask('GET', path)
            self.assertEqual((answer.status, answer.head['content-type']),
                             (404, 'application/problem+json; charset=utf-8'), path)
        self.assertEqual(n.ask('DELETE', '/offers').status, 405)
        self.assertEqual(n.ask('GET', '/offers', Accept='text/html').status, 406)
        self.assertEqual(n.ask('GET', '/offers', Accept='text/event-stream').status, 406)

    def test_rpc_refuses_what_is_no_request(self):
        n = self.network

        def raw(body, **head):
            head.setdefault('Content_Type', 'application/json')
            return n.ask('POST', '/', body, 'rpc', **head)
        for body, code in (('{', -32700), ('[]x', -32700), ('{"id":1}', -32600), ('5', -32600),
                           ('{"jsonrpc":"2.0","id":1,"method":"no"}', -32601),
                           ('{"jsonrpc":"2.0","id":1,"method":"getTransaction","params":[1]}', -32602),
                           ('{"jsonrpc":"2.0","id":1,"method":"getTransaction",'
                            '"params":{"hash":"00"}}', -32602)):
            self.assertEqual(raw(body).json['error']['code'], code, body)
        both = raw('[{"jsonrpc":"2.0","id":"a","method":"getHealth"},'
                   '{"jsonrpc":"2.0","method":"getHealth"},'
                   '{"jsonrpc":"2.0","id":2,"method":"nothing"}]').json
        self.assertEqual([b['id'] for b in both], ['a', 2])
        self.assertEqual(raw('{}', Content_Type='text/plain').status, 415)
        self.assertEqual(n.ask('GET', '/', port='rpc').status, 405)
        self.assertEqual(raw('"' + 'x' * 600000 + '"').status, 413)
        self.assertEqual(n.rpc('getHealth')['status'], 'healthy')


class Readers(Case):
    options = ('--seed', '7')
    close_ms = 10

    def test_who_does_not_read_cannot_take_all_memory(self):
        n = self.network
        n.wait_ledgers(220)
        one = {'jsonrpc': '2.0', 'id': 1, 'method': 'getLedgers',
               'params': {'startLedger': 2, 'pagination': {'limit': 200}}}
        body = json.dumps([one] * 3).encode()
        head = (f'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
                f'Content-Length: {len(body)}\r\n\r\n').encode()
        readers = []
        while n.ask('GET', '/health').status == 200:
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect(('127.0.0.1', n.ports['rpc']))
            reader.sendall(head + body)
            reader.recv(1)  # it is answered
            readers.append(reader)
            self.assertLess(len(readers), 200)
        refused = n.ask('GET', '/health')
        self.assertEqual(refused.status, 503)
        self.assertIn('wait to be read', refused.json['detail'])
        for reader in readers:
            reader.close()
        while n.ask('GET', '/health').status != 200:
            time.sleep(0.01)


class Process(unittest.TestCase):
    def run_it(self, *options):
        return subprocess.run([SANDBOX, *options], capture_output=True, text=True, timeout=60)

    def test_it_is_ready_at_once(self):
        best = 10
        for _ in range(5):
            start = time.monotonic()
            n = Network()
            best = min(best, time.monotonic() - start)
            self.assertEqual(n.stop(), (0, ''))
        self.assertLess(best, 1)

    def test_a_port_that_is_taken_is_named(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
            done = self.run_it('--horizon-port', str(port), '--rpc-port', '0')
        self.assertEqual(done.returncode, 1)
        self.assertIn("Horizon's interface", done.stderr)
        self.assertIn(str(port), done.stderr)

    def test_a_killed_one_leaves_its_ports(self):
        n = Network()
        ports = n.ports
        n.process.kill()
        n.process.communicate()
        again = subprocess.Popen([SANDBOX, '--horizon-port', str(ports['horizon']), '--rpc-port',
                                  str(ports['rpc'])], stdout=subprocess.PIPE, text=True)
        self.assertIn(str(ports['horizon']), again.stdout.readline())
        again.terminate()
        again.communicate()

    def test_wrong_usage_says_what_was_expected(self):
        for options, says in ((('--close-ms', '5'), '10 to 3600000'), (('--nope',), '"--nope"'),
                              (('--seed',), 'needs a value'), (('--empty=1',), 'takes no value'),
                              (('--horizon-port', '70000'), '0 to 65535'), (('x',), '"x"')):
            done = self.run_it(*options)
            self.assertEqual((done.returncode, done.stdout), (2, ''), options)
            self.assertIn(says, done.stderr, options)
        self.assertIn('usage: sdex-sandbox', self.run_it('--help').stdout)
        self.assertTrue(self.run_it('--version').stdout.startswith('sdex-sandbox '))


if __name__ == '__main__':
    unittest.main()
