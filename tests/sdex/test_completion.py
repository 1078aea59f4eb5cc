"""sdex completion bash|zsh|fish: bash's is tried out; the others are checked to name all there is."""
import os
import re
import shutil
import subprocess
import unittest

from sdex import Case, EXE


class Completion(Case):
    def complete(self, line):
        """What bash offers behind the line."""
        words = line.split(' ')
        script = f'''
            source <("$SDEX_EXE" completion bash)
            sdex() {{ "$SDEX_EXE" "$@"; }}
            COMP_WORDS=({' '.join(f"'{w}'" for w in words)})
            COMP_CWORD={len(words) - 1}
            _sdex
            printf '%s\\n' "${{COMPREPLY[@]}}"
        '''
        done = subprocess.run(['bash', '-c', script], cwd=self.folder, capture_output=True, text=True,
                              env=dict(os.environ, SDEX_EXE=EXE))
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout.split()

    def test_bash(self):
        self.assertEqual(self.complete('sdex x'), ['xdr'])
        self.assertIn('key', self.complete('sdex '))
        self.assertIn('--version', self.complete('sdex --'))
        self.assertEqual(self.complete('sdex xdr '), ['decode', 'encode', 'guess', 'types', '--help'])
        self.assertEqual(self.complete('sdex xdr de'), ['decode'])
        self.assertEqual(self.complete('sdex xdr decode --st'), ['--stream'])
        self.assertEqual(self.complete('sdex xdr decode --type TransactionEn'), ['TransactionEnvelope'])
        self.assertEqual(self.complete('sdex xdr decode -t TransactionEn'), ['TransactionEnvelope'])
        self.assertEqual(self.complete('sdex xdr decode --output '), ['text', 'json', 'base64', 'hex', 'raw'])
        self.assertEqual(sorted(self.complete('sdex xdr types ManageBuy')),
                         ['ManageBuyOfferOp', 'ManageBuyOfferResult', 'ManageBuyOfferResultCode'])
        self.assertEqual(self.complete('sdex xdr decode --max-size '), [])
        self.file('my.seed', 'x')
        self.assertEqual(self.complete('sdex key sign --key my'), ['my.seed'])
        self.assertEqual(self.complete('sdex xdr decode my'), ['my.seed'])
        self.assertEqual(self.complete('sdex key new '), ['--out', '--words', '--help'])
        self.assertEqual(self.complete('sdex nonsense '), [])
        self.assertEqual(self.complete('sdex book --lev'), ['--levels'])
        self.assertEqual(self.complete('sdex status '), ['--api', '--json', '--help'])
        self.assertEqual(self.complete('sdex order b'), ['buy'])

    def test_all_is_named_in_each(self):
        verbs = re.findall(r'^  sdex (\S+) (\S+) ', self.help(), re.M)
        for shell in ('bash', 'zsh', 'fish'):
            script = self.sdex('completion', shell)
            for group, verb in verbs:
                self.assertIn(group, script)
                self.assertIn(verb, script)
                for option in re.findall(r'--([a-z0-9-]+)', self.help(group, verb).split('examples:')[0]):
                    self.assertRegex(script, rf'(--|-l ){option}\b', (shell, group, verb))

    def test_the_shells_that_are_here_take_it(self):
        tried = 0
        for shell in ('bash', 'zsh', 'fish'):
            if shutil.which(shell):
                script = self.file(shell, self.sdex('completion', shell))
                done = subprocess.run([shell, '-n', str(script)], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ''))
                tried += 1
        self.assertGreater(tried, 0)

    def test_wrong_use(self):
        self.misused('completion', 'tcsh', says='sdex completion has no "tcsh"')
        self.misused('completion', 'bash', 'x', says='takes options only')


if __name__ == '__main__':
    unittest.main()
