"""What the verbs that ask the connector print, and how they say its refusals: against a server of
this test that answers as the connector does."""
import http.server
import json
import threading
import unittest

from sdex import Case

ID = '0123456789abcdef' * 2
ACCOUNT = 'GAKH6PZ334R4JX5MO7QULKQFFXKRYJAK5CCTSO4CF3VPUZAHNVO4BVAM'
ORDER = {
    'order_id': ID, 'client_id': 'first', 'trading_pair': 'XLM-USDC', 'trade_type': 'sell',
    'amount': '100.0000000', 'price': '0.1', 'status': 'open', 'status_detail': 'OPEN',
    'filled_amount': '0.0000000', 'remaining_amount': '100.0000000', 'fills': []}
STATUS = {
    'state': 'ready', 'network_passphrase': 'a network', 'version': '9',
    'ledger': {'sequence': 7, 'close_time': '2026-01-01T00:00:00.000Z'},
    'feed': {'failures': 0},
    'orders': {'total': 1, 'open': 1, 'unknown': 0, 'in_flight': 0},
    'accounts': [{'name': 'desk', 'account': ACCOUNT, 'ready': True}],
    'pairs': [{'trading_pair': 'XLM-USDC', 'state': 'complete', 'best_bid': '0.2', 'best_ask': None}]}
BOOK = {'trading_pair': 'XLM-USDC', 'base_asset': 'native', 'counter_asset': 'USDC:' + ACCOUNT,
        'ledger': 7, 'complete': True, 'bids': [{'price': '0.2', 'amount': '5.0000000', 'offers': 1}],
        'asks': []}


class Connector(Case):
    def setUp(self):
        super().setUp()
        test = self
        self.asked, self.answer = [], (200, {})

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                size = int(self.headers.get('Content-Length') or 0)
                test.asked.append((self.command, self.path, self.rfile.read(size)))
                status, value = test.answer
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_DELETE = do_GET

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        self.api = f'http://127.0.0.1:{server.server_address[1]}'

    def says(self, answer, *words):
        self.answer = 200, answer
        return self.sdex(*words, '--api', self.api)

    def refuses(self, code, detail, *words, field=None):
        self.answer = 400, {'code': code, 'detail': detail, **({'field': field} if field else {})}
        return self.refused(*words, '--api', self.api).error

    def test_a_refusal_names_field_reason_and_code_once(self):
        sell = 'order', 'sell', 'XLM-USDC', '1.00000001', '--price', '1'
        self.assertEqual(self.refuses('invalid_amount', 'amount: at most 7 decimals', *sell, field='amount'),
                         'sdex: amount: at most 7 decimals (invalid_amount)\n')
        self.assertEqual(self.refuses('dust', 'too little', *sell, field='amount'),
                         'sdex: amount: too little (dust)\n')
        self.assertEqual(self.refuses('order_final', 'the order is filled', 'order', 'cancel', ID),
                         'sdex: the order is filled (order_final)\n')

    def test_a_refusal_says_where_to_look(self):
        for code, where in (('unknown_pair', '`sdex status` lists the pairs'),
                            ('unknown_account', '`sdex status` lists the accounts'),
                            ('unknown_order', '`sdex order list` lists the orders'),
                            ('not_ready', '`sdex status` says why')):
            self.assertEqual(self.refuses(code, 'no', 'book', 'XLM-USDC'), f'sdex: no ({code})\n{where}\n')

    def test_what_is_no_connector(self):
        self.answer = 404, {'title': 'Resource Missing'}
        self.refused('status', '--api', self.api, says='answered with status 404, and not as a connector does')
        self.answer = 200, {'hello': 'world'}
        self.refused('status', '--api', self.api, says='is not a status')

    def test_what_is_no_url(self):
        for url in ('127.0.0.1:8080', 'localhost', 'ftp://x'):
            done = self.refused('status', '--api', url, says='expected the connector\'s URL, as http://127.0.0.1:8080')
            self.assertIn(f'found "{url}"', done.error)
            self.assertNotIn('is it running', done.error)

    def test_one_order(self):
        for words in (['order', 'show', ID], ['order', 'cancel', ID], ['order', 'show', '-c', 'first'],
                      ['order', 'cancel', '-c', 'first', '--account', 'desk/2']):
            text = self.says(ORDER, *words)
            self.assertIn(f'{ID}: sell 100.0000000 XLM-USDC at 0.1\n  status             open\n', text)
        self.assertEqual([(method, path) for method, path, _ in self.asked],
                         [('GET', f'/v1/orders/{ID}'), ('DELETE', f'/v1/orders/{ID}'),
                          ('GET', '/v1/orders/by-client-id/first'),
                          ('DELETE', '/v1/orders/by-client-id/first?account=desk%2F2')])
        text = self.says({**ORDER, 'status_detail': 'PENDING_CANCEL'}, 'order', 'cancel', ID)
        self.assertIn('status             open (PENDING_CANCEL)\n', text)

    def test_an_own_name_is_not_taken_for_an_id(self):
        for word in ('first', 'a/b', ID[:-1], ID.upper(), ID + '0'):
            self.refused('order', 'show', word, '--api', self.api, says=f'--client-id {word}')
        self.misused('order', 'show', ID, '--client-id', 'first', says='or --client-id, and not both')
        self.misused('order', 'show', says='or --client-id\n')
        self.assertEqual(self.asked, [])

    def test_the_list_stands_in_columns(self):
        long = {**ORDER, 'order_id': 'f' * 32, 'price': '249.818881311049489120388', 'client_id': None,
                'status': 'partially_filled'}
        lines = self.says({'orders': [ORDER, long]}, 'order', 'list').splitlines()
        self.assertEqual(len(lines), 3)
        for column in ('status', 'pair'):
            at = lines[0].index(column)
            self.assertTrue(all(line[at - 2:at] == '  ' != line[at:at + 2] for line in lines[1:]), lines)
        end = lines[0].index('price') + 5
        self.assertTrue(all(line[end - 1] != ' ' == line[end] for line in lines[1:]), lines)
        self.assertEqual(self.says({'orders': []}, 'order', 'list'), 'no orders\n')

    def test_status_shows_accounts_and_pairs(self):
        text = self.says(STATUS, 'status')
        self.assertIn(f'  account   desk {ACCOUNT}\n', text)
        self.assertRegex(text, r'XLM-USDC +complete +bid +0\.2 +ask +-\n')
        self.assertNotIn('feed', text)
        text = self.says({**STATUS, 'state': 'reconciling', 'reason': 'no answer', 'ledger': {},
                          'feed': {'failures': 3},
                          'accounts': [{'name': 'desk', 'account': ACCOUNT, 'ready': False}]}, 'status')
        self.assertIn('  ledger    none yet\n  feed      no ledgers at the last 3 tries', text)
        self.assertIn(f'{ACCOUNT}, not ready\n', text)

    def test_a_book_says_how_much_is_known(self):
        self.assertTrue(self.says(BOOK, 'book', 'XLM-USDC').startswith('XLM-USDC at ledger 7\n'))
        self.assertIn('at ledger 7, incomplete: only',
                      self.says({**BOOK, 'complete': False}, 'book', 'XLM-USDC'))
        text = self.says({**BOOK, 'complete': False, 'ledger': 0, 'bids': []}, 'book', 'XLM-USDC')
        self.assertTrue(text.startswith('XLM-USDC, before the first ledger: nothing is known yet\n'), text)


if __name__ == '__main__':
    unittest.main()
