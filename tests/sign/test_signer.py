"""sdex-signer as connectors and people use it: keystores, service, audit; and as attackers would."""
import base64
import ctypes
import errno
import fcntl
import json
import os
import pathlib
import platform
import pty
import resource
import select
import signal
import stat
import struct
import subprocess
import sys
import time
import unittest

from signer import (ISSUER, PASSPHRASE, PUBNET, READY, REFUSED, SIGNED, SIGNER, STOPPED, TESTNET, Case, frame,
                    request)


CONFINED = os.environ['CONFINED_EXE']

# Numbers of the system calls that Landlock and seccomp are switched on by.
LANDLOCK = 444
SECCOMP = {'x86_64': 317, 'aarch64': 277}[platform.machine()]

# Tries on another process what its user's other programs could, and says what it could do.
SPY = """
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
pid = int(sys.argv[1])
for name in 'mem', 'environ', 'maps', 'auxv', 'stack':
    try:
        with open(f'/proc/{pid}/{name}', 'rb') as stream:
            stream.read(1)
        print(name)
    except OSError:
        pass
if libc.ptrace(0x4206, pid, None, None) == 0:  # PTRACE_SEIZE
    print('ptrace')
"""


def nobody_special():
    """For a child: no capabilities, which root has of old, nor will it get any."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS
    assert libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()) == 0


def without(number):
    """For a child: a kernel that does not have this system call."""
    load, equal, give = (0x20, 0, 0, 0), (0x15, 0, 1, number), 0x06
    program = [load, equal, (give, 0, 0, 0x50000 | errno.ENOSYS), (give, 0, 0, 0x7fff0000)]
    code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *line) for line in program))
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare():
        filters = struct.pack('HxxxxxxP', len(program), ctypes.addressof(code))
        assert libc.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS
        assert libc.prctl(22, 2, filters, 0, 0) == 0  # PR_SET_SECCOMP, a filter
    return prepare


class Keystores(Case):
    def test_of_a_seed(self):
        address = self.init()
        self.assertIn(address, self.sdex('key', 'inspect', stdin=(self.folder / 'trading.seed').read_text()))
        path = self.folder / 'trading'
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(path.stat().st_size, 184)
        shown = self.good('show', 'trading')
        for text in ('key     trading', address, 'argon2id, 3 passes over 8 MiB'):
            self.assertIn(text, shown)
        self.assertNotIn('opens', shown)
        self.assertIn('opens   yes', self.good('show', '--open', '--passphrase-file', 'pass', 'trading'))

    def test_of_a_new_key(self):
        for name in ('one', 'two'):
            self.good('init', '--keystore', name, '--name', name, '--passphrase-file', 'pass', '--kdf-memory', '8M')
        one, two = self.good('show', 'one', 'two').split('key     ')[1:]
        self.assertNotEqual(one.split()[2], two.split()[2])

    def test_of_a_seed_on_standard_input(self):
        self.sdex('key', 'new', '--out', 'seed')
        text = self.good('init', '--keystore', 'k', '--name', 'k', '--seed', '-', '--passphrase-file', 'pass',
                         '--kdf-memory', '8M', stdin=(self.folder / 'seed').read_text())
        self.assertIn(text.split()[-1], self.sdex('key', 'inspect', stdin=(self.folder / 'seed').read_text()))

    def test_refusals(self):
        self.init()
        before = (self.folder / 'trading').read_bytes()
        init = ['init', '--name', 'x', '--passphrase-file', 'pass', '--kdf-memory', '8M', '--keystore']
        self.refused(*init, 'trading', says='no key is ever written over')
        self.assertEqual((self.folder / 'trading').read_bytes(), before)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ['pass', 'trading', 'trading.seed'])
        self.refused(*init, 'no/such', says='cannot make no/such')
        self.refused('init', '--name', 'a b', '--passphrase-file', 'pass', '--keystore', 'k', says="a key's name")
        self.refused('init', '--keystore', 'k', says='--name is missing', status=2)
        for size in ('7M', '3G', '8', 'x', '8MM'):
            self.refused('init', '--kdf-memory', size, says='wants a size from 8M to 2048M', status=2)
        self.refused('init', '--kdf-passes', '2', says='from 3 to 16', status=2)
        self.refused('init', 'extra', says='options only', status=2)
        self.file('short', 'seven77')
        self.refused('init', '--name', 'x', '--passphrase-file', 'short', '--kdf-memory', '8M', '--keystore', 'k',
                     says='8 bytes at least')
        self.file('open', PASSPHRASE, mode=0o644)
        self.refused('init', '--name', 'x', '--passphrase-file', 'open', '--kdf-memory', '8M', '--keystore', 'k',
                     says='can be read by others')
        self.file('seed', 'SAAA')
        self.refused('init', '--name', 'x', '--seed', 'seed', '--keystore', 'k', says='the seed: ')
        self.assertFalse((self.folder / 'k').exists())

    def test_damaged_files(self):
        self.init()
        path = self.folder / 'trading'
        self.file('wrong', 'another passphrase')
        self.refused('show', '--open', '--passphrase-file', 'wrong', 'trading', says='does not open the key')
        data = bytearray(path.read_bytes())
        data[100] ^= 1  # in the public key that is shown
        path.write_bytes(data)
        self.refused('show', '--open', '--passphrase-file', 'pass', 'trading', says='does not open the key')
        path.write_bytes(data[:-1])
        self.refused('show', 'trading', says='a keystore has 184 bytes, this has 183')
        path.write_text('something else')
        self.refused('show', 'trading', says='not a keystore')
        self.refused('show', 'nothing', says='No such file')
        (self.folder / 'link').symlink_to('trading')
        self.refused('show', 'link', says='is a link')

    def test_usage(self):
        for words in ((), ('frobnicate',), ('show',), ('audit',), ('audit', 'verify'), ('serve',)):
            self.assertEqual(self.run_it(*words).returncode, 2, words)
        for words in (('--help',), ('init', '--help'), ('show', '--help'), ('serve', '--help'), ('audit', '--help')):
            self.assertIn('usage: sdex-signer', self.good(*words))
        self.assertRegex(self.good('--version'), r'^sdex-signer \d')


class Passphrases(Case):
    def setUp(self):
        super().setUp()
        self.init()
        self.file('wrong', 'another passphrase')

    def opens(self, *words, **options):
        return 'opens   yes' in self.run_it('show', '--open', *words, 'trading', **options).stdout

    def test_order(self):
        (self.folder / 'credentials').mkdir()
        credentials = {'CREDENTIALS_DIRECTORY': str(self.folder / 'credentials')}
        good, bad = self.folder / 'pass', self.folder / 'wrong'
        environment = {'SDEX_SIGNER_PASSPHRASE': PASSPHRASE}
        self.assertTrue(self.opens(env=environment))
        self.assertTrue(self.opens('--passphrase-file', 'pass'))
        self.assertFalse(self.opens('--passphrase-file', 'wrong', env=environment))
        self.assertTrue(self.opens('--passphrase-file', 'pass', env=credentials))
        self.file('credentials/sdex-signer.passphrase', bad.read_text())
        self.assertFalse(self.opens('--passphrase-file', 'pass', env=credentials))
        with open(good) as stream:
            fd = stream.fileno()
            self.assertTrue(self.opens('--passphrase-fd', str(fd), '--passphrase-file', 'wrong', env=credentials,
                                       pass_fds=[fd]))
        self.file('credentials/sdex-signer.passphrase', good.read_text(), mode=0o440)
        if os.getuid() == 0:  # as a service manager gives it: root's, and readable by a group
            self.assertTrue(self.opens(env=credentials))
        self.file('credentials/sdex-signer.passphrase', good.read_text(), mode=0o644)
        self.assertFalse(self.opens(env=credentials))
        self.refused('show', '--open', 'trading', says='there is no passphrase')

    def test_the_environment_is_warned_of_and_not_for_the_public_network(self):
        environment = {'SDEX_SIGNER_PASSPHRASE': PASSPHRASE}
        done = self.run_it('show', '--open', 'trading', env=environment)
        self.assertIn('came from the environment', done.stderr)
        served = self.serve(passphrase=(), env=environment)
        with open(f'/proc/{served.process.pid}/environ', 'rb') as stream:
            self.assertNotIn(PASSPHRASE.encode(), stream.read())
        served.end()
        served = self.serve(passphrase=(), env=environment, network=PUBNET, ready=False)
        self.assertIn('not for the public network', served.next().text)
        self.assertEqual(served.end()[0], 1)

    def test_an_empty_one(self):
        self.file('empty', '\n')
        self.refused('show', '--open', '--passphrase-file', 'empty', 'trading', says='the passphrase is empty')

    def terminal(self, answers, *words):
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            os.execv(SIGNER, [SIGNER, *words])
        shown, answers = b'', list(answers)
        while select.select([terminal], [], [], 60)[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            shown += piece
            if piece.endswith(b': ') and answers:
                os.write(terminal, answers.pop(0).encode() + b'\n')
        os.close(terminal)
        return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_the_terminal(self):
        init = ['init', '--name', 'k', '--kdf-memory', '8M', '--keystore']
        shown, status = self.terminal(['a good passphrase', 'a god passphrase'], *init, 'k')
        self.assertIn('not the same', shown)
        self.assertEqual(status, 1)
        shown, status = self.terminal(['a good passphrase'] * 2, *init, 'k')
        self.assertEqual(status, 0, shown)
        self.assertNotIn('good', shown)
        shown, status = self.terminal(['a good passphrase'], 'show', '--open', 'k')
        self.assertIn('opens   yes', shown)


class Service(Case):
    def setUp(self):
        super().setUp()
        self.address = self.init()

    def test_signs_as_sdex_does(self):
        served = self.serve()
        self.assertEqual(served.ready.version, 1)
        self.assertEqual(list(served.ready.keys), ['trading'])
        envelope = self.envelope(self.address)
        for key in ('trading', self.address):
            answer = served.ask(key, envelope, token=2 ** 64 - 1)
            self.assertEqual(answer.kind, SIGNED, answer)
            self.assertEqual(answer.token, 2 ** 64 - 1)
            self.assertEqual(answer.envelope, self.signed_by_sdex(envelope))
        self.assertEqual(served.end()[0], 0)

    def test_two_keys(self):
        other = self.init('second')
        served = self.serve(keystores=('trading', 'second'))
        envelope = self.envelope(other)  # which has the time in it: the same twice only when made once
        self.assertEqual(served.ask('second', envelope).envelope,
                         self.signed_by_sdex(envelope, 'second.seed'))
        self.assertEqual(served.ask('trading', envelope).rule, 'source')

    def test_source_of_another_account(self):
        other = self.init('second')
        served = self.serve('--source', f'trading={other}')
        self.assertEqual(served.ask('trading', self.envelope(other)).kind, SIGNED)
        self.assertEqual(served.ask('trading', self.envelope(self.address)).kind, SIGNED)
        served.end()
        for source, says in ((other, 'expected NAME=G'), (f'nobody={other}', 'expected NAME=G'),
                             ('trading=GABC', '--source trading=GABC')):
            served = self.serve('--source', source, ready=False)
            self.assertIn(says, served.next().text)
            served.end()

    def test_as_many_assets_as_the_connector_has(self):
        assets = [f'--asset=LONGCODE{i:04}:{ISSUER}' for i in range(2047)]
        served = self.serve('--asset=native', *assets)
        self.assertEqual(served.ask('trading', self.envelope(self.address)).rule, 'asset')
        served.end()
        self.assertIn(f'LONGCODE2046:{ISSUER}', self.good('audit', 'show', 'log'))
        self.refused('serve', *self.words('--asset=native', *assets, '--asset=native'), says='more than 2048 assets',
                     status=2)

    def test_refuses(self):
        served = self.serve('--asset', 'native', '--asset', f'USDC:{ISSUER}', '--max-fee', '200', '--max-time', '30')
        now = int(time.time())
        build = ['tx', 'build', '--source', self.address, '--sequence', '9']
        offer = f'manage_sell_offer selling=XLM buying=USDC:{ISSUER} amount=1 price=0.5'
        other = f'manage_sell_offer selling=XLM buying=EURC:{ISSUER} amount=1 price=0.5'
        near = ['--max-time', now + 20]
        for rule, words in (
                ('max_time', ['--op', offer]),
                ('max_time', ['--op', offer, '--max-time', now + 100]),
                ('max_time', ['--op', offer, '--max-time', now - 100]),
                ('fee', ['--op', offer, '--fee', '201', *near]),
                ('asset', ['--op', other, *near]),
                ('operation', ['--op', f'payment to={ISSUER} amount=1', *near]),
                ('operation', ['--op', offer, '--op', f'account_merge to={ISSUER}', *near]),
                ('preconditions', ['--op', offer, '--min-sequence', '3', *near]),
                ('envelope', ['--op', offer, '--v0', *near])):
            with self.subTest(rule=rule, words=words):
                envelope = self.sdex(*build, *words)
                answer = served.ask('trading', base64.b64decode(envelope))
                self.assertEqual((answer.kind, answer.rule), (REFUSED, rule), answer)
                self.assertGreater(len(answer.text), 20)
        self.assertEqual(served.ask('nobody', b'x').rule, 'key')
        self.assertEqual(served.ask('trading', b'x').rule, 'encoding')
        self.assertEqual(served.ask('trading', self.envelope(self.address, 9)).rule, 'max_time')  # 60 s ahead
        served.end()
        log = [json.loads(line) for line in self.good('audit', 'show', 'log').splitlines()]
        self.assertEqual([r['rule'] for r in log if r['kind'] == 'refused'],
                         ['max_time'] * 3 + ['fee', 'asset'] + ['operation'] * 2 +
                         ['preconditions', 'envelope', 'key', 'encoding', 'max_time'])
        self.assertNotIn('signed', [r['kind'] for r in log])

    def test_killed_and_started_again(self):
        first, second = self.envelope(self.address, 7, '1'), self.envelope(self.address, 7, '2')
        served = self.serve()
        signed = served.ask('trading', first).envelope
        self.assertEqual(served.ask('trading', second).rule, 'sequence')
        served.process.kill()
        self.assertIsNone(served.next())
        served = self.serve()
        self.assertEqual(served.ask('trading', second).rule, 'sequence')
        self.assertEqual(served.ask('trading', self.envelope(self.address, 6)).rule, 'sequence')
        self.assertEqual(served.ask('trading', first).envelope, signed)
        self.assertEqual(served.ask('trading', second, replace=True).kind, SIGNED)
        served.end()
        self.assertIn('good', self.good('audit', 'verify', 'log'))

    def test_killed_at_any_moment(self):
        """After any kill the log is whole, and knows each signature that has left."""
        envelopes = [self.envelope(self.address, 10 + i) for i in range(40)]
        signed, at = set(), 0
        while at < len(envelopes):
            served = self.serve()
            for token in range(at, len(envelopes)):
                served.socket.sendall(request(token, 'trading', envelopes[token]))
            wanted = min(1 + at * 7 % 11, len(envelopes) - at)
            while wanted and (answer := served.next()):
                self.assertEqual(answer.kind, SIGNED, answer)
                signed.add(answer.envelope)
                at, wanted = answer.token + 1, wanted - 1
            served.process.kill()
            served.end()
        log = [json.loads(line) for line in self.good('audit', 'show', 'log').splitlines()]
        intents = {bytes.fromhex(r['envelope'])[:-4] for r in log if r['kind'] == 'intent'}
        for envelope in signed:
            self.assertTrue(any(envelope.startswith(intent) for intent in intents))
        self.assertGreater(sum(r['kind'] == 'start' for r in log), 3)

    def test_one_at_a_time(self):
        self.serve()
        second = self.serve(ready=False)
        self.assertIn('another signer has the audit log', second.next().text)
        status, error = second.end()
        self.assertEqual(status, 1)
        self.assertIn('another signer has the audit log', error)

    def test_a_connector_that_has_gone_gets_no_log(self):
        low = os.pipe()
        theirs, ours = (fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in low)
        for fd in low:
            os.close(fd)
        served = self.serve(passphrase=('--passphrase-fd', str(theirs)), pass_fds=(theirs,), ready=False)
        served.socket.close()
        os.close(theirs)
        with os.fdopen(ours, 'w') as stream:
            stream.write(PASSPHRASE)
        self.assertEqual(served.process.wait(timeout=60), 1)
        self.assertIn('the connector has gone', served.process.stderr.read().decode())
        self.assertFalse((self.folder / 'log').exists())

    def test_a_new_log_is_told(self):
        self.assertIn('the audit log log is new', self.serve().end()[1])
        self.assertNotIn('is new', self.serve().end()[1])

    def test_a_cheap_passphrase_is_told_on_the_public_network(self):
        self.assertNotIn('cheap', self.serve().end()[1])
        (self.folder / 'log').unlink()
        self.assertIn('makes a guess of its passphrase cheap', self.serve(network=PUBNET).end()[1])

    def test_another_network(self):
        self.serve().end()
        served = self.serve(network=PUBNET, ready=False)
        self.assertIn('of another network', served.next().text)
        served.end()

    def test_ends_in_order(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            served = self.serve()
            served.process.send_signal(number)
            self.assertIsNone(served.next())
            self.assertEqual(served.end()[0], 0)
        log = [json.loads(line)['kind'] for line in self.good('audit', 'show', 'log').splitlines()]
        self.assertEqual(log, ['start', 'stop'] * 3)

    def test_a_full_disk(self):
        """A limit of the file's size stands for it."""
        served = self.serve()
        served.ask('trading', self.envelope(self.address, 5))
        served.end()
        size = (self.folder / 'log').stat().st_size

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, resource.RLIM_INFINITY))

        served = self.serve(prepare=limit)
        answers = [served.ask('trading', self.envelope(self.address, 6))]
        while answers[-1].kind == SIGNED:
            answers.append(served.ask('trading', self.envelope(self.address, 6 + len(answers))))
        self.assertEqual(answers[-1].kind, STOPPED)
        self.assertIn('nothing is signed until', answers[-1].text)
        self.assertEqual(served.end()[0], 1)
        self.assertIn('good', self.good('audit', 'verify', 'log'))
        log = self.good('audit', 'show', 'log')
        self.assertEqual(log.count('"kind":"signed"'), len(answers))  # with the one before it was full


class Attacks(Case):
    def setUp(self):
        super().setUp()
        self.address = self.init()

    def ended(self, data):
        served = self.serve()
        served.socket.sendall(data)
        answer = served.next()
        self.assertEqual(answer.kind, STOPPED)
        self.assertIn('no request', answer.text)
        self.assertEqual(served.end()[0], 1)

    def test_what_is_no_frame(self):
        for data in (b'\xff\xff\xff\xff', b'\0\0\0\0', b'GET / HTTP/1.1\r\n\r\n' * 5000, frame(READY, b''),
                     frame(SIGNED, bytes(12)), frame(9, b''), request(1, '../x', b'x'), request(1, '', b'x')):
            with self.subTest(data=data[:30]):
                self.ended(data)

    def test_bytes_that_stop(self):
        served = self.serve()
        served.socket.sendall(request(1, 'trading', self.envelope(self.address))[:-1])
        self.assertEqual(served.end()[0], 0)

    def test_a_flood(self):
        served = self.serve('--rate', '5')
        envelope = self.envelope(self.address)
        served.socket.sendall(b''.join(request(i, 'trading', envelope) for i in range(500)))
        answers = [served.next() for _ in range(500)]
        self.assertEqual([a.token for a in answers], list(range(500)))
        fine = sum(a.kind == SIGNED for a in answers)
        self.assertGreaterEqual(fine, 20)
        self.assertLess(fine, 200)
        self.assertEqual({a.rule for a in answers if a.kind == REFUSED}, {'rate'})
        served.end()
        self.assertLess((self.folder / 'log').stat().st_size, 300 * 1000)

    def test_gives_up_what_it_does_not_need(self):
        read, write = os.pipe()
        served = self.serve(pass_fds=(read, write))
        os.close(write)
        self.assertEqual(os.read(read, 1), b'')  # it has closed its copy
        os.close(read)
        proc = pathlib.Path(f'/proc/{served.process.pid}')
        status = dict(line.split(':\t', 1) for line in (proc / 'status').read_text().splitlines())
        self.assertEqual(status['NoNewPrivs'], '1')
        limits = (proc / 'limits').read_text()
        self.assertEqual(limits.split('Max core file size')[1].split()[:2], ['0', '0'])
        if 'no seccomp' not in served.ready.text:
            self.assertEqual(status['Seccomp'], '2')
        links = sorted(os.readlink(fd) for fd in (proc / 'fd').iterdir())
        files = [link for link in links if link.startswith(str(self.folder))]
        self.assertEqual(files, [str(self.folder / 'log')])  # no keystore, no passphrase
        self.assertLessEqual(len(links), 6)
        self.assertIn('no dumps', served.ready.text)

    def test_its_user_s_other_programs_cannot_look_in(self):
        def spy(pid):
            return subprocess.run([sys.executable, '-c', SPY, str(pid)], preexec_fn=nobody_special,
                                  capture_output=True, text=True, check=True).stdout
        served = self.serve(prepare=nobody_special)
        with subprocess.Popen(['sleep', '600'], preexec_fn=nobody_special) as other:
            seen = spy(other.pid)
            other.kill()
        self.assertIn('environ', seen)  # so it can spy
        self.assertEqual(spy(served.process.pid), '')
        self.assertEqual(served.ask('trading', self.envelope(self.address)).kind, SIGNED)

    def test_what_a_confined_process_can_do(self):
        def attempt(word):
            done = subprocess.run([CONFINED, word], capture_output=True, text=True, timeout=60)
            first, _, rest = done.stdout.partition('\n')
            return done.returncode, first, rest
        self.assertEqual(attempt('work')[0], 0)
        self.assertEqual(attempt('work')[2], 'lives\n')
        self.assertEqual(attempt('abort')[0], -signal.SIGABRT)
        kernel = attempt('work')[1]
        ready = self.serve().ready.text
        self.assertEqual('no seccomp' in ready, 'seccomp 0' in kernel)
        self.assertEqual('no Landlock' in ready, 'landlock 0' in kernel)
        if 'seccomp 1' in kernel:
            for word in ('open', 'unlink', 'socket', 'execve', 'clone', 'kill', 'tgkill', 'process_vm_readv',
                         'ptrace', 'prctl', 'mmap-exec', 'mprotect-exec'):
                self.assertEqual(attempt(word)[::2], (-signal.SIGSYS, ''), word)

    def test_older_kernels(self):
        envelope = self.envelope(self.address)
        for number, says in ((LANDLOCK, 'no Landlock'), (SECCOMP, 'no seccomp')):
            served = self.serve(prepare=without(number))
            self.assertIn(says, served.ready.text)
            self.assertEqual(served.ask('trading', envelope).kind, SIGNED)
            served.end()
            served = self.serve('--strict', prepare=without(number), ready=False)
            self.assertIn(says, served.next().text)
            self.assertEqual(served.end()[0], 1)

    def test_strict(self):
        served = self.serve('--strict', ready=False)
        answer = served.next()
        self.assertIn(answer.kind, (READY, STOPPED))
        if answer.kind == STOPPED:
            self.assertIn('--strict wants all of it', answer.text)
        served.end()

    def test_a_peer_that_does_not_read_does_not_keep_it(self):
        served = self.serve('--rate', '10000')
        data = b''.join(request(i, 'trading', b'x' * 100) for i in range(20000))
        served.socket.setblocking(False)
        while data:
            # nothing more goes when the signer, too, waits for room
            if not select.select([], [served.socket], [], 2)[1]:
                break
            data = data[served.socket.send(data):]
        self.assertTrue(data)
        served.process.send_signal(signal.SIGTERM)
        self.assertEqual(served.process.wait(timeout=60), 0)

    def test_without_a_socket(self):
        self.refused('serve', *self.words(), says='descriptor 3 is not a socket')

    def test_words(self):
        for words, says in ((['--asset', 'USDC'], '--asset USDC'), (['--max-fee', '99'], 'from 100'),
                            (['--max-time', '0'], 'from 1 to 3600'), (['--rate', '0'], 'from 1'), (['x'], 'options only'),
                            (['--passphrase-fd', '3'], "the connector's socket")):
            self.refused('serve', *self.words(*words), says=says, status=2)


class Audit(Case):
    def setUp(self):
        super().setUp()
        self.address = self.init()
        served = self.serve()
        for sequence in (5, 6, 7):
            served.ask('trading', self.envelope(self.address, sequence))
        served.ask('trading', b'x')
        served.end()
        self.log = (self.folder / 'log').read_bytes()

    def test_shows_what_happened(self):
        records = [json.loads(line) for line in self.good('audit', 'show', 'log').splitlines()]
        self.assertEqual([r['kind'] for r in records],
                         ['start'] + ['intent', 'signed'] * 3 + ['refused', 'stop'])
        self.assertEqual([r['number'] for r in records], list(range(1, 10)))
        self.assertEqual(len({r['policy'] for r in records}), 1)
        policy = json.loads(records[0]['text'])
        self.assertEqual(policy['network'], TESTNET)
        self.assertEqual(policy['keys']['trading']['public_key'], self.address)
        for record in records[1:7]:
            self.assertEqual(record['key'], 'trading')
        self.assertEqual([r['sequence'] for r in records if r['kind'] == 'intent'], [5, 6, 7])
        self.assertEqual(records[1]['source'], self.address)
        self.assertRegex(records[1]['at'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')

    def test_verify(self):
        text = self.good('audit', 'verify', 'log')
        self.assertIn('good    9 records', text)
        last = text.split()[-1]
        self.assertEqual(bytes.fromhex(last), self.log[-32:])

    def test_a_change_is_found_and_nothing_is_signed_on_it(self):
        changed = bytearray(self.log)
        changed[len(changed) // 2] ^= 1
        (self.folder / 'log').write_bytes(changed)
        self.refused('audit', 'verify', 'log', says='damaged or was changed')
        served = self.serve(ready=False)
        self.assertIn('damaged or was changed', served.next().text)
        self.assertEqual(served.end()[0], 1)

    def test_a_torn_end_is_removed(self):
        (self.folder / 'log').write_bytes(self.log[:-10])
        done = self.run_it('audit', 'verify', 'log')
        self.assertEqual(done.returncode, 0)
        self.assertIn('not finished', done.stderr)
        self.serve().end()
        self.assertIn('good    10 records', self.good('audit', 'verify', 'log'))

    def test_a_changed_length_is_no_crash(self):
        """It would have everything behind it forgotten, and signed anew."""
        changed = bytearray(self.log)
        at = 16 + 36 + int.from_bytes(self.log[16:20], 'big')
        changed[at:at + 4] = (len(self.log) - at).to_bytes(4, 'big')
        (self.folder / 'log').write_bytes(changed)
        self.refused('audit', 'verify', 'log', says='damaged or was changed')
        served = self.serve(ready=False)
        self.assertIn('damaged or was changed', served.next().text)
        self.assertEqual(served.end()[0], 1)
        self.assertEqual((self.folder / 'log').read_bytes(), changed)

    def test_what_is_no_log(self):
        self.refused('audit', 'verify', 'pass', says='not an audit log')
        self.refused('audit', 'verify', 'nothing', says='cannot open')


if __name__ == '__main__':
    unittest.main()
