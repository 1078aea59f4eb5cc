"""sdex key new, derive, inspect, sign, verify: secrets never come over the command line."""
import base64
import os
import pty
import re
import select
import signal
import stat
import termios
import unittest

from sdex import Case, EXE, UNDER, WORDS, WORDS_ADDRESS, WORDS_ADDRESS_1, WORDS_SEED

# The examples of SEP-53.
SEED = 'SAKICEVQLYWGSOJS4WW7HZJWAHZVEEBS527LHK5V4MLJALYKICQCJXMW'
ADDRESS = 'GBXFXNDLV4LSWA4VB7YIL5GBD7BVNR22SGBTDKMO2SBZZHDXSKZYCP7L'
HELLO = 'fO5dbYhXUhBMhe6kId/cuVq/AfEnHRHEvsP8vXh03M1uLpi5e46yO2Q8rEBzu3feXQewcQE5GArp88u6ePK6BA=='


class New(Case):
    def test_a_seed_on_the_screen_comes_with_a_warning(self):
        done = self.run_sdex('key', 'new')
        self.assertEqual(done.status, 0, done)
        found = re.fullmatch(r'address (G[A-Z2-7]{55})\nseed    (S[A-Z2-7]{55})\n', done.text)
        self.assertIn('whoever has the secret has the account', done.error)
        self.assertIn(found[1], self.sdex('key', 'inspect', stdin=found[2]))
        self.assertNotEqual(done.text, self.sdex('key', 'new'))

    def test_a_file_is_private_and_never_written_over(self):
        os.umask(0)
        address = self.sdex('key', 'new', '--out', 'my.seed')
        path = self.folder / 'my.seed'
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        seed = path.read_text()
        self.assertRegex(seed, r'^S[A-Z2-7]{55}\n$')
        self.assertNotIn(seed.strip(), address)
        self.assertIn(address.split()[1], self.sdex('key', 'inspect', stdin=seed))
        self.refused('key', 'new', '--out', 'my.seed', says='no key is ever written over')
        self.assertEqual(path.read_text(), seed)
        self.refused('key', 'new', '--out', 'no/such/folder', says='cannot make no/such/folder')
        (self.folder / 'link').symlink_to('elsewhere')
        self.refused('key', 'new', '--out', 'link', says='cannot make link')

    def test_words(self):
        for count in (12, 15, 18, 21, 24):
            lines = self.sdex('key', 'new', '--words', count).splitlines()
            words = lines[1].split()
            self.assertEqual(words[0], 'words')
            self.assertEqual(len(words), count + 1)
            derived = self.sdex('key', 'derive', '--key', '-', stdin=' '.join(words[1:]))
            self.assertEqual(derived.split()[1], lines[0].split()[1])
        self.misused('key', 'new', '--words', '13', says='--words is one of 12|15|18|21|24')
        self.sdex('key', 'new', '--words', '24', '--out', 'my.words')
        self.assertEqual(stat.S_IMODE((self.folder / 'my.words').stat().st_mode), 0o600)


class Derive(Case):
    def setUp(self):
        super().setUp()
        self.file('words', WORDS + '\n')

    def test_the_first_test_of_sep_5(self):
        derived = self.sdex('key', 'derive', '--key', 'words', '--count', 2)
        self.assertEqual(derived, f"m/44'/148'/0' {WORDS_ADDRESS}\nm/44'/148'/1' {WORDS_ADDRESS_1}\n")
        self.assertEqual(self.sdex('key', 'derive', '--key', 'words', '--account', 1),
                         f"m/44'/148'/1' {WORDS_ADDRESS_1}\n")
        self.assertEqual(self.sdex('key', 'derive', '--key', 'words', '--path', "m/44'/148'/1'"),
                         f"m/44'/148'/1' {WORDS_ADDRESS_1}\n")
        with_seed = self.run_sdex('key', 'derive', '--key', 'words', '--seeds')
        self.assertEqual(with_seed.text, f"m/44'/148'/0' {WORDS_SEED} {WORDS_ADDRESS}\n")
        self.assertIn('whoever has the secret', with_seed.error)

    def test_a_seed_into_a_file(self):
        self.assertEqual(self.sdex('key', 'derive', '--key', 'words', '--out', 'seed'),
                         f"m/44'/148'/0' {WORDS_ADDRESS}\n")
        self.assertEqual((self.folder / 'seed').read_text(), WORDS_SEED + '\n')
        self.refused('key', 'derive', '--key', 'words', '--out', 'seed', says='written over')
        self.misused('key', 'derive', '--key', 'words', '--out', 'x', '--count', 2, says='--out takes the seed of one')

    def test_a_passphrase(self):
        # test 3 of SEP-5's text, whose passphrase is p4ssphr4se
        self.file('cable', 'cable spray genius state float twenty onion head street palace net private method '
                  'loan turn phrase state blanket interest dry amazing dress blast tube')
        self.file('pass', 'p4ssphr4se\n')
        self.assertEqual(self.sdex('key', 'derive', '--key', 'cable', '--passphrase', 'pass'),
                         "m/44'/148'/0' GDAHPZ2NSYIIHZXM56Y36SBVTV5QKFIZGYMMBHOU53ETUSWTP62B63EQ\n")
        self.misused('key', 'derive', '--key', 'cable', '--passphrase', 'pass', '--ask-passphrase',
                     says='exclude each other')
        self.file('ümlaut', 'ü\n')
        self.refused('key', 'derive', '--key', 'cable', '--passphrase', 'ümlaut', says='NFKD')

    def test_what_is_refused(self):
        self.refused('key', 'derive', '--key', '-', stdin='illness spike', says='the words, byte')
        done = self.refused('key', 'derive', '--key', '-', stdin=WORDS.replace('toe', 'tow'), says='the words, byte')
        self.assertNotIn('illness', done.error)
        self.refused('key', 'derive', '--key', 'words', '--path', 'm/44', says='the path, byte')
        self.misused('key', 'derive', '--key', 'words', '--path', "m/44'", '--account', 1, says='--path names one key')
        self.misused('key', 'derive', '--count', 0, says='--count wants a whole number from 1')
        self.misused('key', 'derive', '--account', '2147483648', says='--account wants a whole number')
        self.refused('key', 'derive', '--key', 'words', '--account', 2147483647, '--count', 2,
                     says='account 2147483648 is over')


class Sources(Case):
    def test_a_file_that_others_can_read_is_refused(self):
        for mode in (0o644, 0o640, 0o604, 0o620):
            path = self.file('open.seed', SEED, mode)
            done = self.refused('key', 'sign', '--key', 'open.seed', '--text', 'x', says='can be read by others')
            self.assertIn('chmod 600 open.seed', done.error)
            path.unlink()
        self.file('closed.seed', SEED, 0o400)
        self.sdex('key', 'sign', '--key', 'closed.seed', '--text', 'x')

    def test_descriptors_and_standard_input(self):
        expected = HELLO + '\n'
        self.assertEqual(self.sdex('key', 'sign', '--key', '-', '--text', 'Hello, World!', stdin=SEED), expected)
        self.assertEqual(self.sdex('key', 'sign', '--key', '-', '--text', 'Hello, World!', stdin=f' {SEED} \n'),
                         expected)
        reader, writer = os.pipe()
        os.write(writer, SEED.encode())
        os.close(writer)
        self.assertEqual(self.sdex('key', 'sign', '--key-fd', reader, stdin='Hello, World!', pass_fds=[reader]),
                         expected)
        os.close(reader)
        self.refused('key', 'sign', '--key-fd', 63, '--text', 'x', says='cannot read the descriptor')
        self.misused('key', 'sign', '--key', 'a', '--key-fd', '3', '--text', 'x', says='exclude each other')
        self.misused('key', 'sign', '--key-fd', 'three', '--text', 'x', says='--key-fd wants a whole number')
        self.misused('key', 'sign', '--key', '-', says='cannot give both the key and the message')

    def test_no_terminal_no_prompt(self):
        self.refused('key', 'sign', '--text', 'x', says='there is no terminal to ask')

    def test_secrets_are_not_repeated(self):
        for secret in (SEED[:-1], SEED[:-1] + 'X', WORDS, 'hunter2', ADDRESS, ''):
            done = self.refused('key', 'sign', '--key', '-', '--text', 'x', stdin=secret)
            self.assertNotIn(secret or 'no such thing', done.error)
        self.assertIn('sdex key derive', self.refused('key', 'sign', '--key', '-', '--text', 'x', stdin=WORDS).error)
        self.refused('key', 'sign', '--key', '-', '--text', 'x', stdin='S' * 5000, says='too long for a secret')
        done = self.misused('key', 'inspect', SEED, says='does not belong on a command line')
        self.assertNotIn(SEED, done.error)
        for secret in (SEED, WORDS):
            done = self.refused('key', 'sign', '--key', secret, '--text', 'x', says='cannot open the file of the secret')
            self.assertNotIn(secret, done.error)

    def on_a_terminal(self, typed, *words, then=None):
        """Runs with a terminal of its own; what was shown, and the status.  When `then` is given, it is
        called on the terminal once sdex has ended, with sdex's status, and gives the status."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            if then:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                sdex = os.fork()
                if sdex:
                    os._exit(then(os.waitstatus_to_exitcode(os.waitpid(sdex, 0)[1])))
                signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execvp((UNDER + [EXE])[0], [*UNDER, EXE, *words])
        shown, asked = b'', False
        while True:
            ready, _, _ = select.select([terminal], [], [], 60)
            if not ready:
                os.kill(child, signal.SIGKILL)
                self.fail(f'nothing more is shown after {shown!r}')
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if b': ' in shown and not asked:
                asked = True
                os.write(terminal, typed.encode() + b'\n')
        os.close(terminal)
        return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_the_terminal_shows_nothing_of_what_is_typed(self):
        shown, status = self.on_a_terminal(SEED, 'key', 'sign', '--text', 'Hello, World!')
        self.assertEqual(status, 0, shown)
        self.assertIn('seed (S...): ', shown)
        self.assertIn(HELLO, shown)
        self.assertNotIn(SEED, shown)
        shown, status = self.on_a_terminal('', 'key', 'sign', '--text', 'x')
        self.assertEqual(status, 1, shown)


    def test_an_interrupt_gives_the_terminal_back(self):
        def shows_typing(status):
            return 42 if status == -signal.SIGINT and termios.tcgetattr(0)[3] & termios.ECHO else 43

        shown, status = self.on_a_terminal('SAK\x03', 'key', 'sign', '--text', 'x', then=shows_typing)
        self.assertEqual(status, 42, shown)


class Inspect(Case):
    def test_kinds(self):
        for text, lines in (
                ('GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ',
                 ['kind    an account (G...)',
                  'key     3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a',
                  'hint    fc7fe89a']),
                ('MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK',
                 ['kind    a muxed account (M...)',
                  'key     3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a',
                  'account GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ',
                  'id      9223372036854775808', 'hint    fc7fe89a']),
                ('PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXD'
                 'AMRUGY4DUPB6IBZGM',
                 ['kind    a signed payload (P...)',
                  'key     3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a',
                  'account GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ',
                  'payload 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20', 'hint    fc7fe89a']),
                ('CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA',
                 ['kind    a contract (C...)',
                  'hash    3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a'])):
            self.assertEqual(self.sdex('key', 'inspect', text).splitlines(), lines)
            self.assertEqual(self.sdex('key', 'inspect', stdin=text + '\n').splitlines(), lines)
            self.assertEqual(self.sdex('key', 'inspect', '-', stdin=text).splitlines(), lines)
        self.assertEqual(self.sdex('key', 'inspect', stdin=SEED),
                         f'kind    a secret seed (S...)\naddress {ADDRESS}\n')

    def test_what_is_none(self):
        self.refused('key', 'inspect', ADDRESS[:-1] + 'A', says='the text, byte')
        self.refused('key', 'inspect', 'GA0', says='the text, byte')
        self.refused('key', 'inspect', stdin='', says='the text, byte')
        self.misused('key', 'inspect', ADDRESS, ADDRESS, says='takes [STRKEY]')


class SignAndVerify(Case):
    def verify(self, signature, *words, **options):
        return self.run_sdex('key', 'verify', '--address', ADDRESS, '--signature', signature, *words, **options)

    def test_the_examples_of_sep_53(self):
        self.file('seed', SEED)
        for message, signature in (
                ('Hello, World!', HELLO),
                ('こんにちは、世界！', 'CDU265Xs8y3OWbB/56H9jPgUss5G9A0qFuTqH2zs2YDgTm+++dIfmAEceFqB7bhfN3am59lCtDXrCtwH2k1GBA=='),
        ):
            self.assertEqual(self.sdex('key', 'sign', '--key', 'seed', '--text', message), signature + '\n')
            self.assertEqual(self.sdex('key', 'sign', '--key', 'seed', stdin=message), signature + '\n')
            self.assertEqual(self.verify(signature, '--text', message).text, 'good\n')
            self.assertEqual(self.verify(base64.b64decode(signature).hex(), stdin=message).text, 'good\n')
        self.assertEqual(self.sdex('key', 'sign', '--hex', '--key', 'seed', '--text', 'Hello, World!'),
                         base64.b64decode(HELLO).hex() + '\n')

    def test_bytes_and_bare_bytes(self):
        self.file('seed', SEED)
        path = self.file('message', bytes(range(256)))
        signature = self.sdex('key', 'sign', '--key', 'seed', path).strip()
        bare = self.sdex('key', 'sign', '--key', 'seed', '--bare', path).strip()
        self.assertNotEqual(signature, bare)
        self.assertEqual(self.verify(signature, path).status, 0)
        self.assertEqual(self.verify(bare, '--bare', path).status, 0)
        self.assertEqual(self.verify(bare, path).status, 1)
        self.assertEqual(self.verify(signature, '--bare', path).status, 1)

    def test_what_is_not_good(self):
        self.assertIn('not that of this address', self.verify(HELLO, '--text', 'Hello, World?').error)
        self.assertEqual(self.verify(HELLO[:-4], '--text', 'x').status, 1)
        self.assertEqual(self.verify('!' + HELLO[1:], '--text', 'x').status, 1)
        self.assertEqual(self.verify('', '--text', 'x').status, 1)
        self.refused('key', 'verify', '--address', 'G', '--signature', HELLO, '--text', 'x', says='the address, byte')
        self.misused('key', 'verify', '--signature', HELLO, says='--address is missing')
        self.misused('key', 'verify', '--address', ADDRESS, says='--signature is missing')
        self.misused('key', 'verify', '--address', ADDRESS, '--signature', HELLO, '--text', 'a', 'b',
                     says='--text and INPUT exclude each other')
        self.refused('key', 'verify', '--address', ADDRESS, '--signature', HELLO, 'no.such', says='cannot open')


if __name__ == '__main__':
    unittest.main()
