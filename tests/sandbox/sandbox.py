"""Starts sdex-sandbox, speaks HTTP to it, and makes transactions with the sdex command."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

SANDBOX = os.environ['SDEX_SANDBOX_EXE']
SDEX = os.environ['SDEX_EXE']
PASSPHRASE = 'sdex sandbox ; 2026'
TIMEOUT = 60


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.head = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Network:
    """A running sandbox."""

    def __init__(self, *options, close_ms=100):
        self.process = subprocess.Popen(
            [SANDBOX, '--horizon-port', '0', '--rpc-port', '0', '--close-ms', str(close_ms), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ports = {}
        for _ in range(2):
            name, url = self.process.stdout.readline().split()
            self.ports[name] = urllib.parse.urlsplit(url).port
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='sdex-sandbox-'))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, err = self.process.communicate(timeout=TIMEOUT)
        shutil.rmtree(self.folder)
        return self.process.returncode, err

    # --- Horizon and RPC

    def ask(self, method, path, body=None, port='horizon', **head):
        connection = http.client.HTTPConnection('127.0.0.1', self.ports[port], timeout=TIMEOUT)
        connection.request(method, path, body, {k.replace('_', '-'): v for k, v in head.items()})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def get(self, path, status=200, **query):
        if query:
            path += '?' + urllib.parse.urlencode(query)
        answer = self.ask('GET', path)
        assert answer.status == status, (path, answer.status, answer.body)
        return answer.json

    def post(self, path, status, **form):
        answer = self.ask('POST', path, urllib.parse.urlencode(form),
                          Content_Type='application/x-www-form-urlencoded')
        assert answer.status == status, (path, answer.status, answer.body)
        return answer.json

    def rpc_whole(self, method, params=None):
        body = {'jsonrpc': '2.0', 'id': 7, 'method': method}
        if params is not None:
            body['params'] = params
        answer = self.ask('POST', '/', json.dumps(body), 'rpc', Content_Type='application/json')
        assert answer.status == 200, (method, answer.status, answer.body)
        return answer.json

    def rpc(self, method, params=None):
        answer = self.rpc_whole(method, params)
        assert answer['id'] == 7 and 'error' not in answer, answer
        return answer['result']

    def wait_ledgers(self, count=1):
        """Until so many more have closed."""
        target = self.rpc('getLatestLedger')['sequence'] + count
        while self.rpc('getLatestLedger')['sequence'] < target:
            time.sleep(0.01)

    def stream(self, path):
        connection = http.client.HTTPConnection('127.0.0.1', self.ports['horizon'], timeout=TIMEOUT)
        connection.request('GET', path, headers={'Accept': 'text/event-stream'})
        return Stream(connection)

    # --- accounts and transactions

    def key(self, name):
        """The address of a new account; its seed is in a file of that name."""
        done = subprocess.run([SDEX, 'key', 'new', '--out', self.folder / name], check=True,
                              capture_output=True, text=True)
        return done.stdout.split()[-1]

    def fund(self, name):
        address = self.key(name)
        self.get('/friendbot', addr=address)
        return Account(self, name, address)


class Account:
    def __init__(self, network, name, address):
        self.network, self.name, self.address = network, name, address

    def state(self):
        return self.network.get(f'/accounts/{self.address}')

    def balance(self, code='native'):
        for line in self.state()['balances']:
            if line.get('asset_code', line['asset_type']) == code:
                return line['balance']
        return None

    def signed(self, *operations, sequence=None, fee=1000, more=(), signers=()):
        """An envelope in base64, and its hash is the network's to say."""
        if sequence is None:
            sequence = int(self.state()['sequence']) + 1
        command = [SDEX, 'tx', 'build', '--source', self.address, '--sequence', str(sequence),
                   '--fee', str(fee), *more]
        for operation in operations:
            command += ['--op', operation]
        built = subprocess.run(command, capture_output=True, text=True)
        assert built.returncode == 0, built.stderr
        return self.sign(built.stdout, signers)

    def sign(self, envelope, signers=()):
        command = [SDEX, 'tx', 'sign', '--passphrase', PASSPHRASE]
        for name in (self.name, *signers):
            command += ['--key', self.network.folder / name]
        done = subprocess.run(command, input=envelope, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def bump(self, envelope, fee):
        done = subprocess.run([SDEX, 'tx', 'build', '--source', self.address, '--fee', str(fee),
                               '--fee-bump', '-'], input=envelope, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return self.sign(done.stdout)

    def submit(self, *operations, status=200, **options):
        return self.network.post('/transactions', status, tx=self.signed(*operations, **options))


class Stream:
    """The events of a stream, one after the other."""

    def __init__(self, connection):
        self.connection = connection
        self.response = connection.getresponse()
        assert self.response.status == 200, self.response.read()

    def event(self):
        """A dict of the fields of the next one; None at the end."""
        fields = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                return fields or None
            if line == '\n':
                return fields
            name, value = line.rstrip('\n').split(': ', 1)
            fields[name] = value

    def data(self):
        """The JSON of the next one that has some."""
        while True:
            event = self.event()
            assert event is not None
            if event.get('event') is None:
                return json.loads(event['data'])

    def close(self):
        self.connection.close()


def decode(type_name, text):
    """XDR in base64 as SEP-51's JSON."""
    done = subprocess.run([SDEX, 'xdr', 'decode', '--type', type_name, '--json', '-'], input=text,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Case(unittest.TestCase):
    """One network for all tests of a class."""
    options = ('--no-traders',)
    close_ms = 100

    @classmethod
    def setUpClass(cls):
        cls.network = Network(*cls.options, close_ms=cls.close_ms)

    @classmethod
    def tearDownClass(cls):
        status, err = cls.network.stop()
        assert (status, err) == (0, ''), (status, err)
