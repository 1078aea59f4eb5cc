"""Clients that mean the connector ill, and a machine that has little to give: it goes on."""
import http.client
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ['SDEX_BUILD_ROOT'])
CLOSE_MS = 400
FILES = 160

loader = importlib.machinery.SourceFileLoader('run', str(ROOT / 'tools/run'))
run = importlib.util.module_from_spec(importlib.util.spec_from_loader('run', loader))
loader.exec_module(run)


class Client:
    """One connection that stays."""

    def __init__(self, api):
        self.connection = http.client.HTTPConnection(api.removeprefix('http://'), timeout=60)

    def ask(self, method, path, body=None):
        """(status, header lines, JSON)"""
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data, {'Content-Type': 'application/json'} if data else {})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, json.loads(answer.read())

    def place(self, client_id, price='90'):
        return self.ask('POST', '/v1/orders', {'trading_pair': 'XLM-USDC', 'trade_type': 'sell', 'amount': '10',
                                               'price': price, 'client_id': client_id})

    def wait(self, client_id, *statuses, timeout=60):
        end = time.monotonic() + timeout
        while True:
            _, _, order = self.ask('GET', f'/v1/orders/by-client-id/{client_id}')
            if order.get('status') in statuses:
                return order
            if time.monotonic() > end:
                raise AssertionError(f'expected {statuses}, found {json.dumps(order, indent=1)}')
            time.sleep(0.05)


class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='sdex-e2e-')
        self.addCleanup(folder.cleanup)
        log = open(pathlib.Path(folder.name, 'log'), 'w', encoding='utf-8')
        self.addCleanup(log.close)
        self.desk = run.Desk(BUILD, folder.name, CLOSE_MS, log)
        self.addCleanup(self.desk.stop)
        self.desk.start_sandbox()
        self.desk.find_assets()
        self.desk.open_account()

    def start_with_files(self, count):
        """The connector, which may have so many files open and no more."""
        popen = subprocess.Popen

        def limited(command, **options):
            return popen(['prlimit', f'--nofile={count}:{count}', *command], **options)
        run.subprocess.Popen = limited
        try:
            self.desk.start_daemon()
        finally:
            run.subprocess.Popen = popen

    def test_clients_that_take_all_connections(self):
        """Half-open ones by the hundred: who is served goes on being served, and a signer that
        dies meanwhile comes back."""
        self.start_with_files(FILES)
        client = Client(self.desk.api)
        self.assertEqual(client.ask('GET', '/ready')[0], 200)
        host, port = self.desk.api.removeprefix('http://').split(':')
        others = []
        for _ in range(2 * FILES):
            other = socket.create_connection((host, int(port)), timeout=10)
            self.addCleanup(other.close)
            other.send(b'GET /v1/status HTTP/1.1\r\nHo')
            others.append(other)
        child = pathlib.Path(f'/proc/{self.desk.daemon.child.pid}/task/{self.desk.daemon.child.pid}/children')
        os.kill(int(child.read_text().split()[0]), signal.SIGKILL)
        self.assertLess(len(os.listdir(f'/proc/{self.desk.daemon.child.pid}/fd')), FILES - 8)
        self.assertEqual(client.place('crowd')[0], 201)
        client.wait('crowd', 'open')

    def test_too_few_files(self):
        with self.assertRaisesRegex(run.Failed, 'ulimit -n'):
            self.start_with_files(100)

    def test_waiting_helps_or_not(self):
        """A refusal that passes by itself says when to come again."""
        self.desk.sandbox.child.send_signal(signal.SIGSTOP)
        try:
            self.desk.start_daemon(wait=False)
            client = Client(self.desk.api)
            status, lines, problem = client.place('early')
            self.assertEqual((status, problem['code']), (503, 'reconciling'))
            self.assertEqual(lines['Retry-After'], '1')
            self.assertEqual(client.ask('GET', '/ready')[0], 503)
        finally:
            self.desk.sandbox.child.send_signal(signal.SIGCONT)
        self.desk.wait_ready()
        self.assertEqual(client.place('early')[0], 201)
        client.wait('early', 'open')
        # a query for what there is not is no empty answer
        for query, field in (('status=opne', 'status'), ('account=G', 'account'), ('cursor=nonsense', 'cursor')):
            status, _, problem = client.ask('GET', f'/v1/orders?{query}')
            self.assertEqual((status, problem['code'], problem['field']), (400, 'bad_query', field))
        self.assertEqual(len(client.ask('GET', '/v1/orders?status=open')[2]['orders']), 1)
        # the account that a request names is minded
        self.assertEqual(client.ask('DELETE', '/v1/orders/by-client-id/early?account=other')[2]['code'],
                         'unknown_account')
        self.assertEqual(client.ask('DELETE', '/v1/orders/by-client-id/early?account=desk')[0], 202)
        client.wait('early', 'cancelled')

    def fills(self, client, order_id):
        found, cursor = [], ''
        while True:
            _, _, page = client.ask('GET', f'/v1/fills?order_id={order_id}&limit=100{cursor}')
            found += [fill['fill_id'] for fill in page['fills']]
            if not page['next']:
                return found
            cursor = f'&cursor={page["next"]}'

    def test_an_order_that_is_shredded(self):
        """More fills than an order shows: the store has all of them, also when it is made again."""
        with tempfile.TemporaryDirectory(prefix='sdex-e2e-') as folder:
            other = run.Desk(BUILD, folder, CLOSE_MS)
            other.horizon, other.rpc, other.assets = self.desk.horizon, self.desk.rpc, self.desk.assets
            other.open_account()
            for _ in range(3):
                other.submit(*[f'manage_sell_offer selling=XLM buying={self.desk.assets["USDC"]} amount=0.5 '
                               'price=0.2501'] * 60)
        self.desk.start_daemon()
        client = Client(self.desk.api)
        status, _, order = client.ask('POST', '/v1/orders', {'trading_pair': 'XLM-USDC', 'trade_type': 'buy',
                                                             'amount': '85', 'price': '0.2501', 'client_id': 'big'})
        self.assertEqual(status, 201, order)
        order = client.wait('big', 'filled')
        self.assertGreaterEqual(order['fill_count'], 101)
        self.assertEqual(len(order['fills']), 100)
        for _ in range(2):
            end = time.monotonic() + 60
            while len(self.fills(client, order['order_id'])) < order['fill_count']:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.1)
            self.assertEqual(len(set(self.fills(client, order['order_id']))), order['fill_count'])
            self.desk.daemon.stop()
            for file in pathlib.Path(self.desk.folder, 'data').glob('store.sqlite*'):
                file.unlink()
            self.desk.start_daemon()
            client = Client(self.desk.api)


if __name__ == '__main__':
    unittest.main()
