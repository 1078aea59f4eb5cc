"""The HTTP server against a client that nobody here wrote (Python's http.client), and against
floods: slow heads, half-open connections, bodies that never end.  usage: test_attack.py SERVER"""
import http.client
import os
import pathlib
import random
import socket
import subprocess
import sys
import threading
import time
import unittest

SERVER = sys.argv.pop(1)


class Attack(unittest.TestCase):
    def setUp(self):
        self.server = subprocess.Popen([SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.server.stdout.readline())

    def tearDown(self):
        self.server.stdin.close()
        self.assertEqual(self.server.wait(timeout=20), 0)
        self.server.stdout.close()

    def get(self, path='/'):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=10)
        try:
            connection.request('GET', path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def memory_kb(self):
        status = pathlib.Path(f'/proc/{self.server.pid}/status').read_text()
        return int(next(line for line in status.splitlines() if line.startswith('RssAnon')).split()[1])

    def raw(self, data=b''):
        connection = socket.create_connection(('127.0.0.1', self.port), timeout=20)
        connection.sendall(data)
        return connection

    def test_a_foreign_client_is_understood(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=10)
        for size in (0, 1, 10, 70000, 1 << 20):
            for chunked in (False, True):
                body = iter([bytes(size)]) if chunked and size else bytes(size)
                connection.request('POST', '/x', body=body, encode_chunked=chunked and size > 0,
                                   headers={'Transfer-Encoding': 'chunked'} if chunked and size else {})
                answer = connection.getresponse()
                self.assertEqual((answer.status, answer.read().decode()), (200, f'POST /x {size}'))
        connection.request('HEAD', '/x')
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.read()), (200, b''))
        connection.close()

    def test_many_at_once_get_their_own_answers(self):
        wrong = []

        def run(number):
            connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=20)
            for i in range(50):
                path = f'/{number}/{i}'
                connection.request('GET', '/later' if i % 10 == 0 else path)
                got = connection.getresponse().read().decode()
                if got != ('later' if i % 10 == 0 else f'GET {path} 0'):
                    wrong.append(got)
            connection.close()
        threads = [threading.Thread(target=run, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_a_body_too_large_is_told_while_it_is_sent(self):
        connection = self.raw(b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n')
        answer = connection.recv(4096)
        self.assertTrue(answer.startswith(b'HTTP/1.1 413 '), answer)
        connection.close()

    def test_slow_heads_and_half_open_connections_are_bounded(self):
        self.get()
        before = self.memory_kb()
        slow = [self.raw(b'GET / HTTP/1.1\r\nHost: a\r\nX: ') for _ in range(400)]
        silent = [self.raw() for _ in range(100)]
        start, timely = time.monotonic(), []
        while time.monotonic() - start < 1.5:
            for connection in slow:
                connection.send(b'a')
            begin = time.monotonic()
            self.assertEqual(self.get('/ok'), 'GET /ok 0')
            timely.append(time.monotonic() - begin)
        grown = self.memory_kb() - before
        print(f'# 500 slow connections: {grown} KB more, slowest answer {max(timely) * 1e3:.1f} ms')
        # Sanitizers put room of their own around each piece, and keep what is freed.
        self.assertLess(grown, 500 * (16 if 'SDEX_SANITIZED' in os.environ else 8))
        for connection in slow:
            data = b''
            while chunk := connection.recv(4096):
                data += chunk
            self.assertTrue(data.startswith(b'HTTP/1.1 408 '), data)
        for connection in silent:
            self.assertEqual(connection.recv(4096), b'')
        for connection in slow + silent:
            connection.close()

    def test_garbage_never_ends_the_server(self):
        seeded = random.Random(7)
        parts = [b'GET ', b'POST ', b'/', b' HTTP/1.1', b'\r\n', b'Host: a\r\n', b'\r\n\r\n', b'\n',
                 b'Content-Length: 5\r\n', b'Transfer-Encoding: chunked\r\n', b'0\r\n\r\n', b'5\r\n',
                 b'\x00', b'\xff', b'Upgrade: websocket\r\nConnection: upgrade\r\n', b'abcde']
        for _ in range(500):
            data = b''.join(seeded.choice(parts) for _ in range(seeded.randrange(1, 30)))
            try:
                connection = self.raw(data)
                if seeded.random() < 0.5:
                    connection.shutdown(socket.SHUT_WR)
                connection.close()
            except OSError:
                pass
        self.assertEqual(self.get('/alive'), 'GET /alive 0')
        deadline = time.monotonic() + 10
        while (stats := self.get('/stats')).split()[:2] != ['1', '0'] and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(stats.split()[:2], ['1', '0'])


if __name__ == '__main__':
    unittest.main()
