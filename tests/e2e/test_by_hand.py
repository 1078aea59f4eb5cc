"""The commands of docs/connector.md, "By hand", do what the page says, typed as they stand there.

Ports are moved to free ones and ledgers close faster; nothing else is changed.
"""
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ['SDEX_BUILD_ROOT'])
PROGRAMS = ('sdex', 'sdexd', 'sdex-signer', 'sdex-sandbox')


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(('127.0.0.1', 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class ByHand(unittest.TestCase):
    def setUp(self):
        section = re.search(r'(?s)^## By hand\n(.*?)^## ', (ROOT / 'docs/connector.md').read_text(), re.M)[1]
        self.begin, self.look = re.findall(r'(?s)```console\n(.*?)```', section)
        horizon, rpc, self.port = free_ports(3)
        self.begin = self.changed(self.begin, {
            'sdex-sandbox &': f'sdex-sandbox --horizon-port {horizon} --rpc-port {rpc} --close-ms 1000 &',
            ':8000': f':{horizon}', ':8001': f':{rpc}', 'sdexd --rpc': f'sdexd --listen 127.0.0.1:{self.port} --rpc'})
        self.place = tempfile.TemporaryDirectory(prefix='sdex-e2e-')
        self.addCleanup(self.place.cleanup)

    def changed(self, text, words):
        for old, new in words.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        return text

    def start(self, text):
        """A shell that runs the text and then waits for what it has started."""
        path = ':'.join(str(BUILD / 'src/cmd' / name) for name in PROGRAMS)
        self.environment = {**os.environ, 'PATH': f'{path}:{os.environ["PATH"]}',
                            'SDEX_API': f'http://127.0.0.1:{self.port}'}
        log = pathlib.Path(self.place.name, 'shell.log').open('wb')
        self.addCleanup(log.close)
        shell = subprocess.Popen(['bash', '-c', f'set -e\n{text}\ntouch done\nwait\n'], stdout=log, stderr=log,
                                 stdin=subprocess.DEVNULL, cwd=self.place.name, start_new_session=True,
                                 env=self.environment)
        self.addCleanup(self.end, shell)
        end = time.monotonic() + 120
        while not pathlib.Path(self.place.name, 'done').exists():
            if shell.poll() is not None or time.monotonic() > end:
                self.fail(f'{shell.poll()}: {self.said()}')
            time.sleep(0.1)
        return shell

    @staticmethod
    def end(shell):
        os.killpg(shell.pid, signal.SIGTERM)
        shell.wait(60)

    def said(self):
        return ''.join(f'\n{name}: ' + path.read_text(errors='replace')
                       for name in ('shell.log', 'log', 'funded.json', 'trusted.json')
                       if (path := pathlib.Path(self.place.name, name)).exists())

    def run_words(self, text):
        done = subprocess.run(['bash', '-ec', text], capture_output=True, text=True, timeout=60, check=False,
                              cwd=self.place.name, env=self.environment)
        self.assertEqual(done.returncode, 0, (text, done.stdout, done.stderr, self.said()))
        return done.stdout

    def test_it_trades(self):
        self.start(self.begin)
        end = time.monotonic() + 60
        while 'status             filled\n' not in (order := self.run_words('sdex order show --client-id first')):
            self.assertLess(time.monotonic(), end, (order, self.said()))
            time.sleep(0.1)
        self.assertIn('filled             100.0000000', order)
        self.assertIn('USDC:', self.run_words('sdex balance'))
        seen = self.run_words(self.look)
        self.assertIn('"segment":"00000000000000000001.journal"', seen)
        for kind in ('order', 'transaction', 'sent', 'outcome', 'cursor'):
            self.assertIn(f'"record":{{"kind":"{kind}"', seen)
        self.assertRegex(seen, r'(?m)^good +\d+ records')


if __name__ == '__main__':
    unittest.main()
