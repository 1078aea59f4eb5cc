"""Runs sdex-signer, and speaks its frames to it as a connector does."""
import base64
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import unittest

SIGNER = os.environ['SIGNER_EXE']
SDEX = os.environ['SDEX_EXE']
TESTNET = 'Test SDF Network ; September 2015'
PUBNET = 'Public Global Stellar Network ; September 2015'
PASSPHRASE = 'correct horse battery'
ISSUER = 'GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN'
READY, SIGN, SIGNED, REFUSED, STOPPED = 1, 2, 3, 4, 5
TIMEOUT = 60


def run(data):
    return struct.pack('>I', len(data)) + data


def frame(kind, body):
    return run(bytes([kind]) + body)


def request(token, key, envelope, replace=False):
    return frame(SIGN, struct.pack('>QB', token, replace) + run(key.encode()) + run(envelope))


class Fields:
    """Takes a frame's fields off its front."""

    def __init__(self, data):
        self.data = data

    def take(self, size):
        piece, self.data = self.data[:size], self.data[size:]
        return piece

    def number(self, size=4):
        return int.from_bytes(self.take(size), 'big')

    def run(self):
        return self.take(self.number())


class Answer:
    def __init__(self, data):
        fields = Fields(data)
        self.kind = fields.number(1)
        if self.kind == READY:
            self.version = fields.number()
            self.keys = {fields.run().decode(): fields.take(32) for _ in range(fields.number())}
            self.text = fields.run().decode()
        elif self.kind == SIGNED:
            self.token, self.envelope = fields.number(8), fields.run()
        elif self.kind == REFUSED:
            self.token, self.rule, self.text = fields.number(8), fields.run().decode(), fields.run().decode()
        elif self.kind == STOPPED:
            self.text = fields.run().decode()
        assert not fields.data, fields.data

    def __repr__(self):
        return repr(self.__dict__)


class Served:
    """A signer that serves, with its socket."""

    def __init__(self, folder, words, prepare=None, pass_fds=(), env=None):
        ours, theirs = socket.socketpair()
        ours.settimeout(TIMEOUT)

        def before():
            os.dup2(theirs.fileno(), 3)
            if prepare:
                prepare()

        # The numbers up to 9 are kept free, so that 3 is none of ours.
        self.process = subprocess.Popen([SIGNER, 'serve', *words], cwd=folder, preexec_fn=before,
                                        pass_fds=(3, *pass_fds), stderr=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL, start_new_session=True,
                                        env={'PATH': os.environ['PATH'], **(env or {})})
        theirs.close()
        self.socket, self.buffer = ours, b''

    def next(self):
        """The next frame, None at the end."""
        while len(self.buffer) < 4 or len(self.buffer) < 4 + int.from_bytes(self.buffer[:4], 'big'):
            try:
                piece = self.socket.recv(1 << 16)
            except ConnectionResetError:
                piece = b''
            if not piece:
                return None
            self.buffer += piece
        size = 4 + int.from_bytes(self.buffer[:4], 'big')
        data, self.buffer = self.buffer[4:size], self.buffer[size:]
        return Answer(data)

    def ask(self, key, envelope, token=1, replace=False):
        self.socket.sendall(request(token, key, envelope, replace))
        return self.next()

    def end(self):
        """Closes; its status and what it said."""
        self.socket.close()
        error = self.process.communicate(timeout=TIMEOUT)[1].decode()
        return self.process.returncode, error


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='sdex-signer-test-'))
        self.addCleanup(shutil.rmtree, self.folder)
        self.file('pass', PASSPHRASE + '\n')

    def file(self, name, text, mode=0o600):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def run_it(self, *words, stdin='', program=SIGNER, env=None, **options):
        return subprocess.run([program, *map(str, words)], input=stdin, capture_output=True, text=True,
                              cwd=self.folder, timeout=TIMEOUT, start_new_session=True,
                              env={'PATH': os.environ['PATH'], **(env or {})}, **options)

    def good(self, *words, **options):
        done = self.run_it(*words, **options)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def refused(self, *words, says='', status=1, **options):
        done = self.run_it(*words, **options)
        self.assertEqual(done.returncode, status, done)
        self.assertIn(says, done.stderr, done)
        self.assertNotIn(PASSPHRASE, done.stderr + done.stdout)
        return done

    def sdex(self, *words, stdin=''):
        return self.good(*words, stdin=stdin, program=SDEX).strip()

    def init(self, name='trading', *words):
        """Makes a keystore of that name and a seed file beside it; the address."""
        self.sdex('key', 'new', '--out', name + '.seed')
        text = self.good('init', '--keystore', name, '--name', name, '--seed', name + '.seed',
                         '--passphrase-file', 'pass', '--kdf-memory', '8M', *words)
        return text.split()[-1]

    def words(self, *more, keystores=('trading',), network=TESTNET, passphrase=('--passphrase-file', 'pass')):
        return ['--network-passphrase', network, '--audit', 'log', *passphrase,
                *(word for name in keystores for word in ('--keystore', name)), *more]

    def serve(self, *more, ready=True, prepare=None, pass_fds=(), env=None, **options):
        served = Served(self.folder, self.words(*more, **options), prepare, pass_fds, env)

        def stop():
            served.socket.close()
            served.process.kill()
            served.process.wait()
            served.process.stderr.close()

        self.addCleanup(stop)
        if ready:
            first = served.next()
            if not first or first.kind != READY:
                self.fail(f'not ready: {first} {served.end()}')
            served.ready = first
        return served

    def envelope(self, source, sequence=5, amount='1', *more):
        text = self.sdex('tx', 'build', '--source', source, '--sequence', sequence, '--max-time', int(time.time()) + 60,
                         '--op', f'manage_sell_offer selling=XLM buying=USDC:{ISSUER} amount={amount} price=0.5', *more)
        return base64.b64decode(text)

    def signed_by_sdex(self, envelope, seed='trading.seed'):
        """What `sdex tx sign` makes of it: Ed25519 gives the same bytes for the same key."""
        text = base64.b64encode(envelope).decode()
        return base64.b64decode(self.sdex('tx', 'sign', '--passphrase', TESTNET, '--key', seed, stdin=text))
