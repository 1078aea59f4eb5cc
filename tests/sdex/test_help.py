"""sdex --help: it names every verb, and every command line that it shows works."""
import base64
import gzip
import os
import re
import subprocess
import unittest

from sdex import Case, ENVELOPE, EXE, WORDS, WORDS_SEED, journal, ledger

SEED = 'SAKICEVQLYWGSOJS4WW7HZJWAHZVEEBS527LHK5V4MLJALYKICQCJXMW'


class Help(Case):
    def verbs(self):
        return re.findall(r'^  sdex (\S+) (\S+) ', self.help(), re.M)

    def alone(self):
        """Commands without verbs."""
        return re.findall(r'^  sdex (\S+)   ', self.help(), re.M)

    def test_all_verbs_are_there(self):
        verbs = self.verbs()
        for group, names in (('ledger', 'show verify'), ('xdr', 'decode encode guess types'), ('key', 'new derive inspect sign verify'),
                             ('tx', 'build operations show sign hash explain'), ('completion', 'bash zsh fish')):
            self.assertEqual([v for g, v in verbs if g == group], names.split())
        self.assertEqual(self.sdex('help'), self.sdex('--help'))
        self.assertEqual(self.sdex('-h'), self.sdex('--help'))
        self.assertRegex(self.sdex('--version'), r'^sdex \d+\.\d+\.\d+, XDR of protocol 28\n$')

    def test_every_verb_has_help_that_fits_a_screen(self):
        for group, verb in self.verbs():
            text = self.help(group, verb)
            self.assertEqual(text, self.sdex(group, verb, '-h'))
            self.assertEqual(text, self.sdex('help', group, verb))
            self.assertIn(f'usage: sdex {group} {verb}', text)
            self.assertIn('exit status: 0 done; 1 refused', text)
            self.assertGreaterEqual(text.count('\n  $ '), 2, 'two examples at least')
            for line in text.split('\n'):
                if not line.startswith('  $ '):
                    self.assertLessEqual(len(line), 100, line)
            self.assertIn(f'sdex {group} {verb} ', self.help(group))
        for group in {group for group, _ in self.verbs()}:
            self.assertEqual(self.sdex('help', group), self.help(group))
            self.assertEqual(self.sdex(group, 'help'), self.help(group))

    def test_commands_without_verbs(self):
        self.assertEqual(self.alone(), ['status', 'book', 'balance'])
        for name in self.alone():
            text = self.sdex(name, '--help')
            self.assertEqual(text, self.sdex('help', name))
            self.assertIn(f'usage: sdex {name} [OPTION...]', text)
            self.assertGreaterEqual(text.count('\n  $ '), 2, 'two examples at least')
        self.misused('status', 'x', says='status takes options only')
        self.misused('book', '--levls', '3', 'X', says='book has no option --levls; did you mean "levels"?')
        self.misused('book', says='see: sdex book --help')

    def test_a_number_below_zero_is_not_taken_for_a_word(self):
        done = self.misused('order', 'sell', 'XLM-USDC', '-5', says='order sell has no option -5\n')
        self.assertNotIn('did you mean', done.error)

    def test_no_connector(self):
        for line in (['status'], ['book', 'XLM-USDC'], ['order', 'list'], ['order', 'show', 'a' * 32]):
            done = self.run_sdex(*line, '--api', 'http://127.0.0.1:1')
            self.assertEqual((done.status, done.text), (1, ''))
            self.assertIn('no answer from the connector at http://127.0.0.1:1', done.error)
            self.assertIn('is it running?', done.error)

    def test_nothing_or_nonsense_is_wrong_use(self):
        done = self.run_sdex()
        self.assertEqual((done.status, done.text), (2, self.sdex('--help')))
        done = self.run_sdex('xdr')
        self.assertEqual((done.status, done.text), (2, self.sdex('xdr', '--help')))
        self.misused('xrd', says='there is no command "xrd"; did you mean "xdr"?')
        self.misused('xdr', 'decoed', says='sdex xdr has no "decoed"; did you mean "decode"?')
        self.misused('--verson', says='there is no command')
        self.misused('buy', 'XLM-USDC', says='there is no command "buy"; did you mean "order buy"?')
        self.misused('xdr', 'zzzzzzzzzzzzz', says='sdex xdr has no "zzzzzzzzzzzzz"')

    def test_a_full_disk_is_told(self):
        if not os.path.exists('/dev/full'):
            self.skipTest('there is no /dev/full')
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([EXE, 'xdr', 'types'], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'cannot write to standard output: No space left on device', done.stderr)

    def prepare(self):
        """What the examples speak of."""
        bin_folder = self.folder / 'bin'
        bin_folder.mkdir()
        (bin_folder / 'sdex').symlink_to(EXE)
        raw = base64.b64decode(ENVELOPE)
        meta = self.encode('LedgerCloseMeta', ledger(7))
        self.file('tx.xdr', raw)
        self.file('tx.json', self.sdex('xdr', 'decode', '--type', 'TransactionEnvelope', stdin=raw))
        self.file('answer.json', '{"extras": {"result_xdr": "AAAAAAAAAGT/////AAAAAQAAAAAAAAAB/////gAAAAA="}}')
        self.file('ledger.xdr.gz', gzip.compress(meta))
        self.file('ledgers.xdr', self.ledgers(3))
        self.file('my.seed', SEED + '\n')
        self.file('second.seed', WORDS_SEED + '\n')
        self.file('my.words', WORDS + '\n')
        self.file('letter.txt', 'Dear all,\n')
        (self.folder / 'data/journal').mkdir(parents=True)
        for name, data in journal([b'first', b'second', b'third']).items():
            self.file(f'data/journal/{name}', data)
        return dict(os.environ, PATH=f'{bin_folder}:{os.environ["PATH"]}', HOME=str(self.folder))

    def test_every_example_works(self):
        environment = self.prepare()
        count = 0
        # Those of the connector are run where there is one: tests/e2e.
        verbs = [v for v in self.verbs() if '--api' not in self.help(*v)]
        for group, verb in verbs:
            for line in re.findall(r'^  \$ (.*)$', self.help(group, verb), re.M):
                done = subprocess.run(['bash', '-euo', 'pipefail', '-c', line], cwd=self.folder, env=environment,
                                      capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
                self.assertEqual(done.returncode, 0, (line, done.stdout, done.stderr))
                count += 1
        self.assertGreaterEqual(count, 2 * len(verbs))


if __name__ == '__main__':
    unittest.main()
