"""The examples do what they say: on good input, on bad input, and without arguments."""
import base64
import binascii
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(os.environ['SDEX_BUILD_ROOT'])
LEDGER = pathlib.Path(sys.argv.pop(1))
UNDER = shlex.split(os.environ.get('SDEX_RUN_UNDER', ''))
HASH = 'ab' * 32
KEY = b'\x30' + bytes([7] * 32)
SELLER = base64.b32encode(KEY + binascii.crc_hqx(KEY, 0).to_bytes(2, 'little')).decode()


def run(name, *arguments, **environment):
    """(exit status, what it printed, what it said on stderr)"""
    done = subprocess.run([*UNDER, BUILD / 'examples' / name, *map(str, arguments)],
                          env={**os.environ, **environment}, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


class Ledgers(unittest.TestCase):
    def test_decode(self):
        self.assertEqual(run('decode_ledger', LEDGER), (
            0, 'ledger 1001, protocol 28, closed at 1790000000, 1 transactions\n'
               f'{HASH} txSUCCESS, fee 100 stroops\n', ''))

    def test_changes(self):
        self.assertEqual(run('ledger_changes', LEDGER), (
            0, f'updated  OFFER 11 of {SELLER}: 2500000 stroops left at 3/2\n'
               f'created  OFFER 13 of {SELLER}: 1 stroops left at 3/2\n'
               'removed  OFFER 12\n'
               '4 states and changes\n', ''))

    def test_bad_bytes(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(LEDGER.read_bytes()[:-3])
            file.flush()
            for name in ('decode_ledger', 'ledger_changes'):
                status, _, said = run(name, file.name)
                self.assertEqual(status, 1)
                self.assertRegex(said, r'byte \d+: ')

    def test_no_file(self):
        for name in ('decode_ledger', 'ledger_changes'):
            self.assertEqual(run(name, '/nonexistent')[0], 1)
            self.assertEqual(run(name)[0], 2)


class Keys(unittest.TestCase):
    # SEP-5, test 1
    WORDS = 'illness spike retreat truth genius clock brain pass fit cave bargain toe'

    def test_derive(self):
        self.assertEqual(run('derive_key', 0, self.WORDS), (
            0, 'address GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6\n'
               'secret  SBGWSG6BTNCKCOB3DIFBGCVMUPQFYPA2G4O34RMTB343OYPXU5DJDVMN\n', ''))
        self.assertIn('GBAW5XGWORWVFE2XTJYDTLDHXTY2Q2MO73HYCGB3XMFMQ562Q2W2GJQX',
                      run('derive_key', 1, self.WORDS)[1])

    def test_bad_words(self):
        status, printed, said = run('derive_key', 0, self.WORDS.replace('toe', 'brain'))
        self.assertEqual((status, printed), (1, ''))
        self.assertIn('mnemonic: ', said)
        for number in ('x', '-1', '1x', '', '2147483648'):
            self.assertEqual(run('derive_key', number, self.WORDS)[0], 2)


class Transactions(unittest.TestCase):
    SEED = 'SBGWSG6BTNCKCOB3DIFBGCVMUPQFYPA2G4O34RMTB343OYPXU5DJDVMN'
    TO = 'GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ'

    def test_sign(self):
        # The same bytes come from npm's @stellar/stellar-sdk 17.2.0 for the same payment.
        self.assertEqual(
            run('sign_transaction', self.TO, '12.5', 4294967296, 1790000000, SEED=self.SEED), (
                0, 'hash     343e8410fc7df0f87211421bcb6cf99544bb9ac613be57a2ae331c4628cc962c\n'
                   'envelope AAAAAgAAAADjcmgwoLYMtfUshEz/zU7tZeulwVXomyZBFWJyTnHlRAAAAGQAAAABAAAA'
                   'AQAAAAEAAAAAAAAAAAAAAABqsTuAAAAAAQAAAAxzZGV4IGV4YW1wbGUAAAABAAAAAAAAAAEAAAAA'
                   'Pww0v5OtDZlx0EzMkPcFURyDiq2XNKSi+w16A/x/6JoAAAAAAAAAAAdzWUAAAAAAAAAAAU5x5UQA'
                   'AABAIOhtXjYB0hNwpdoXkRNnhjInhVbf8fn8xL7sgmyJR4b+wMBpnpSWI2PxXKtlY38vkvhmOj/C'
                   'Uxb9AZnVFICjBA==\n', ''))

    def test_refused(self):
        for seed, to, amount in ((self.SEED, self.TO[:-1] + 'A', '1'), (self.SEED, self.TO, '0'),
                                 (self.SEED, self.TO, '1.00000001'), (self.SEED, self.TO, 'x'),
                                 (self.TO, self.TO, '1'), ('', self.TO, '1')):
            status, printed, said = run('sign_transaction', to, amount, 1, 2, SEED=seed)
            self.assertEqual((status, printed), (1, ''))
            self.assertGreater(len(said), 20)
            self.assertNotIn(self.SEED, said)
        for sequence in ('x', '-1', '9223372036854775807', '9223372036854775808'):
            self.assertEqual(
                run('sign_transaction', self.TO, '1', sequence, 2, SEED=self.SEED)[0], 2)


if __name__ == '__main__':
    unittest.main()
