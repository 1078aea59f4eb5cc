"""The manual pages: they tell of every verb, option and example of the help, and groff finds
nothing to say of them."""
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from sdex import Case

PAGES = pathlib.Path(os.environ['SDEX_MANUAL'])


def rendered(page):
    """What a reader sees, in one line."""
    done = subprocess.run(['groff', '-man', '-ww', '-Tutf8', '-P-cbou', str(page)],
                          capture_output=True, text=True, check=True)
    return ' '.join(done.stdout.replace('‐', '-').replace('−', '-').split()), done.stderr


@unittest.skipUnless(shutil.which('groff'), 'groff is not installed (package groff-base)')
class Manual(Case):
    def commands(self):
        """Of each command its words, as ('xdr', 'decode') or ('status',)."""
        return [tuple(words.split())
                for words in re.findall(r'^  sdex (\S+(?: \S+)?) ', self.help(), re.M)]

    def test_every_group_has_a_page_and_no_other(self):
        groups = {words[0] for words in self.commands()}
        self.assertEqual({page.name for page in PAGES.glob('*.1')},
                         {'sdex.1'} | {f'sdex-{group}.1' for group in groups})

    def test_groff_is_content(self):
        for page in PAGES.glob('*.1'):
            text, warnings = rendered(page)
            self.assertEqual(warnings, '', page.name)
            self.assertIn('EXIT STATUS 0 Done.', text)

    def test_the_first_page_names_every_verb(self):
        text, _ = rendered(PAGES / 'sdex.1')
        for words in self.commands():
            summary = self.help(*words).split('\n')[0].split(': ', 1)[1]
            self.assertIn(f'sdex-{words[0]}(1)', text)
            self.assertIn(f'{words[-1]} {summary}', text)

    def test_a_page_says_what_the_help_says(self):
        for words in self.commands():
            text, _ = rendered(PAGES / f'sdex-{words[0]}.1')
            shown = self.help(*words)
            usage = re.search(r'^usage: (.*)$', shown, re.M).group(1)
            self.assertIn(usage, text)
            self.assertIn(' '.join(shown.split('\n\n')[2].split()), text, words)
            for option in re.findall(r'^  (?:-.,|   ) (--\S+.*?)(?:  |$)', shown, re.M):
                self.assertIn(option, text, words)
            for line in re.findall(r'^  [$#] (.*)$', shown, re.M):
                self.assertIn(' '.join(line.split()), text, words)

    def test_the_other_programs_pages_say_what_their_help_says(self):
        programs = PAGES.parent
        for name, verbs in (('sdexd', ()), ('sdex-sandbox', ()),
                            ('sdex-signer', ('init', 'show', 'serve', 'audit'))):
            text, warnings = rendered(programs / f'{name}.1')
            self.assertEqual(warnings, '', name)
            for words in ((), *((verb,) for verb in verbs)):
                shown = subprocess.run([str(programs / name / name), *words, '--help'], capture_output=True,
                                       text=True, check=True).stdout.split('\n', 1)[1]
                lines = [re.sub(r'^(usage|options|examples?|exit status): *', '', line) for line in shown.split('\n')]
                self.assertIn(' '.join(' '.join(lines[1:3]).split()), text, (name, words))
                for line in lines:
                    self.assertIn(' '.join(line.split()), text, (name, words))


if __name__ == '__main__':
    unittest.main()
