#!/usr/bin/env python3
"""test_schema.py FILE.x ...: the schema files say what the schema document of js-stellar-sdk says.

Every definition in both directions: fields, order, numbers, bounds, cases and sizes on the wire.
Needs $SDEX_CORPUS.
"""
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from gen import dump, parse  # noqa: E402

NOT_OURS = {'source', 'file_index', 'member_prefix'}  # of the document, not of the schema


def compare(expected, found):
    """A line for each definition that differs."""
    lines = []
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            lines.append(f'{name}: missing')
        elif name not in expected:
            lines.append(f'{name}: the document has no such definition')
        elif expected[name] != found[name]:
            lines.append(f'{name}:\n  document {json.dumps(expected[name])}\n'
                         f'  schema   {json.dumps(found[name])}')
    return lines


def main(files):
    corpus = os.environ.get('SDEX_CORPUS')
    if not corpus:
        print('SDEX_CORPUS is not set: the schema document is in the corpus')
        return 77
    document = json.loads((pathlib.Path(corpus) / 'xdr/xdr-p28.json').read_text())
    expected = {d['name']: {k: v for k, v in d.items() if k not in NOT_OURS}
                for d in document['definitions']}
    found = {d['name']: d for d in dump.schema(parse.parse_files(files))['definitions']}
    if len(expected) < 490:
        print(f'the document has {len(expected)} definitions, expected 490 or more')
        return 1
    lines = compare(expected, found)
    for line in lines:
        print(line)
    print(f'{len(expected)} definitions in the document, {len(found)} in the schema, '
          f'{len(lines)} differ')
    return 1 if lines else 0


if __name__ == '__main__':
    sys.exit(main([pathlib.Path(name) for name in sys.argv[1:]]))
