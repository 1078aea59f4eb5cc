"""Scripts of cases fail when the ledger is not as they say, and tools/conformance when its lists
are not as the cases are."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ['SDEX_BUILD_ROOT']) / 'src/ledger/test_ledger_cases'

WORLD = '''
case world
    account issuer reserve(9)
    asset USD issuer
    account A reserve(9)
    account B reserve(9)
    A trusts USD up to 1000
    B trusts USD up to 1000
    issuer pays A 500 USD
    A sells 100 USD for XLM at 2/1; as o
    B trusts pool XLM USD up to max
    issuer pays B 100 USD
    B deposits 100 XLM 100 USD
'''

# what is wrong of the world, and what the failure says of it
WRONG = {
    'A sells 1 USD for USD at 1/1; fails LINE_FULL': 'the outcome is MALFORMED, not LINE_FULL',
    'A sells 1 USD for XLM at 2/1; fails LINE_FULL': 'the outcome is SUCCESS',
    'A sells 900 USD for XLM at 2/1': 'the outcome is UNDERFUNDED, not SUCCESS',
    'ghost pays A 1 XLM': 'the outcome is txNO_ACCOUNT, not SUCCESS',
    'B sells 20 XLM for USD at 1/2; leaves 0': 'offer o .* has 90 left, not 100',
    'B sells 20 XLM for USD at 1/2; leaves 0; o left 91': 'has 90 left, not 91',
    'B sells 200 XLM for USD at 1/2; leaves 0; o left 1': 'offer o .* is gone',
    'B sells 20 XLM for USD at 1/2; leaves 0; o gone': 'offer o .* is still there, with 90',
    'B sells 20 XLM for USD at 1/2; o left 90': 'the effect is MANAGE_OFFER_DELETED',
    'B sells 20 XLM for USD at 1/2; leaves 0; o left 90; claims o 10 21': 'the claim of o is 10 for 20',
    'B sells 20 XLM for USD at 1/2; leaves 0; o left 90; claims none': 'there are 1 claims, not 0',
    'B sells 20 XLM for USD at 1/2; leaves 0; o left 90; claims 1 pools': 'a claim is not of the pools',
    'B sells 20 XLM for USD at 1/2; leaves 0; p gone': 'no offer is called p',
    'A changes o to sell 100 USD for XLM at 3/1; as o; leaves 99': 'has 100 left, not 99',
    'A has 499 USD': r'balance\(A,USD\) is 500, not 499',
    'A reserves USD 0 99': 'reserved for selling is 100, not 99',
    'A reserves XLM 199 0': 'reserved for buying is 200, not 199',
    'A counts 3 0 0': 'the number of subentries is 2, not 3',
    'A counts 2 1 0': 'what it sponsors is 0, not 1',
    'A counts 2 0 1': 'what is sponsored of it is 0, not 1',
    'o paid by B': 'B does not pay for it',
    'A gone': 'the number of accounts is 1, not 0',
    'A line USD flags 2': 'flags is 1, not 2',
    'A line USD gone': 'the number of trustlines is 1, not 0',
    'A sequence 99': 'the sequence number is 10[0-9], not 99',
    'A available -1': 'what is available is [0-9]+, not -1',
    'A line USD uses 1': 'the number of pools is 0, not 1',
    'B line pool USD XLM flags 1': 'flags is 0, not 1',
    'B line pool USD XLM paid by A': 'A does not pay for it',
    'pool USD XLM gone': 'the number of pools is 1, not 0',
    'offers 2': 'the number of offers is 1, not 2',
    'pool XLM USD has 101 100 shares 100 lines 1': 'the first reserve is 100, not 101',
    'pool USD XLM has 100 99 shares 100 lines 1': 'the second reserve is 100, not 99',
    'pool XLM USD has 100 100 shares 99 lines 1': 'shares is 100, not 99',
    'A sells 1 EUR for XLM at 1/1': 'no asset is called EUR',
    'A sells one USD for XLM at 1/1': 'no number is called one',
    'A sells 1 USD': 'no operation reads like this',
    'let x = max+1': 'out of range',
    'A pays B 1 USD; leaves 1; nonsense': 'no offer is called nonsense',
}


def run(text, name='XTests.case', *options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / name
        path.write_text(text)
        return subprocess.run([PROGRAM, *options, path], capture_output=True, text=True)


class Scripts(unittest.TestCase):
    def test_the_world_itself_holds(self):
        self.assertEqual(run(WORLD).returncode, 0)

    def test_what_is_wrong_fails(self):
        for line, says in WRONG.items():
            with self.subTest(line):
                ran = run(WORLD + f'    {line}\n')
                self.assertEqual(ran.returncode, 1)
                self.assertRegex(ran.stderr, f'XTests.case:14: protocol 19: .*{says}')

    def test_a_transaction_fails_as_a_whole_or_where_it_says(self):
        for text, says in {'tx A; fails BAD_SEQ\n        A pays B 1 USD\n': 'is SUCCESS, not BAD_SEQ',
                           'tx A\n        A pays B 1 USD\n        A sponsors B\n':
                               'is txBAD_SPONSORSHIP, not SUCCESS',
                           'tx A paid by B; fails txBAD_SEQ\n        A pays B 1 USD\n':
                               'is SUCCESS, not txBAD_SEQ',
                           'tx A\n        A merges into B; fails txBAD_SEQ\n':
                               'is HAS_SUB_ENTRIES, not txBAD_SEQ',
                           'tx A\n        A pays B 1 USD; fails UNDERFUNDED\n'
                           '        A pays B 900 USD\n': 'does not fail by UNDERFUNDED'}.items():
            ran = run(WORLD + '    ' + text)
            self.assertEqual(ran.returncode, 1)
            self.assertRegex(ran.stderr, says)

    def test_versions_bound_what_runs(self):
        self.assertEqual(run(WORLD + '    from 25\n        offers 1\n').returncode, 0)
        self.assertRegex(run(WORLD + '    from 25\n        offers 2\n').stderr, 'protocol 25')
        self.assertRegex(run(WORLD + '    until 20\n        offers 2\n').stderr, 'protocol 19')
        # a case that no version comes to is no test
        self.assertEqual(run('case a\n    from 99\n        case b\n            offers 0\n').returncode, 1)

    def test_files_that_make_no_sense_are_refused(self):
        for text in ('', 'offers 0\n', 'case a\n      offers 0\n', 'case a\n        offers 0\n',
                     'case a\n    use nothing\n', 'case a\n    def f $x\n        offers $x\n    use f\n',
                     'case a\n    offers 0\ncase a\n    offers 0\n'):
            with self.subTest(text):
                self.assertEqual(run(text).returncode, 1)

    def test_names_of_cases(self):
        text = 'case a\n    def f $x\n        case b $x\n            offers 0\n    each $i 1..2 7\n        use f $i\n'
        self.assertEqual(run(text, 'XTests.case', '--list').stdout.splitlines(),
                         ['XTests: a / b 1', 'XTests: a / b 2', 'XTests: a / b 7'])


class Conformance(unittest.TestCase):
    """On a copy of what it reads."""

    def check(self, change):
        with tempfile.TemporaryDirectory() as name:
            copy = pathlib.Path(name)
            for part in ('tools', 'docs', 'src'):
                shutil.copytree(ROOT / part, copy / part)
            change(copy)
            return subprocess.run([copy / 'tools/conformance', '--check', os.environ['SDEX_BUILD_ROOT']],
                                  capture_output=True, text=True)

    def replaced(self, path, old, new):
        def change(copy):
            text = (copy / path).read_text()
            self.assertIn(old, text)
            (copy / path).write_text(text.replace(old, new, 1))
        return self.check(change)

    def test_it_holds(self):
        ran = self.check(lambda copy: None)
        self.assertEqual((ran.returncode, ran.stderr), (0, ''))

    def test_a_case_of_ours_that_is_not_listed(self):
        ran = self.replaced('src/ledger/cases/OfferTests.case', 'case cancel offer\n', 'case cancel the offer\n')
        self.assertEqual(ran.returncode, 1)
        self.assertIn('not a case of stellar-core: create offer / update offer / cancel the offer', ran.stderr)
        self.assertIn('neither here nor left out: create offer / update offer / cancel offer', ran.stderr)

    def test_a_case_in_c_that_is_gone(self):
        ran = self.replaced('src/ledger/test_exchange.c', '/* ExchangeTests: getPoolWithdrawalAmount */', '')
        self.assertIn('neither here nor left out: getPoolWithdrawalAmount', ran.stderr)

    def test_a_case_that_is_here_and_left_out(self):
        path = 'docs/conformance/OfferTests.txt'
        title = 'create offer / update offer / cancel offer'
        text = (ROOT / path).read_text()
        ran = self.check(lambda copy: (copy / path).write_text(
            re.sub(f'^{title}\n', '', text, flags=re.MULTILINE) + title + '\n'))
        self.assertIn(f'here, yet left out: {title}', ran.stderr)

    def test_a_file_that_is_listed_and_absent(self):
        ran = self.check(lambda copy: (copy / 'docs/conformance/absent').write_text('OfferTests 1 no\n'))
        self.assertIn('absent: yet listed: OfferTests', ran.stderr)

    def test_a_table_that_is_old(self):
        ran = self.replaced('docs/conformance.md', '| all | ', '| all | 1')
        self.assertIn('the table is not what there is', ran.stderr)


if __name__ == '__main__':
    unittest.main()
