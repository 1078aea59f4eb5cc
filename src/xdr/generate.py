#!/usr/bin/env python3
"""Makes C of the XDR schema.  Run by the build; see src/xdr/meson.build.

    generate.py --types DIR FILE.x ...   the public headers
    generate.py --codec DIR FILE.x ...   the C files behind them
    generate.py --dump FILE.x ...        prints the schema as JSON
"""

import argparse
import json
import sys
from pathlib import Path

from gen import dump, emit_codec, emit_describe, emit_types, model, parse
from gen.fold import fold
from gen.layout import Layout


def write(folder, files):
    for name, text in files.items():
        (folder / name).write_text(fold(text), encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--types", type=Path, help="folder for the public headers")
    arguments.add_argument("--codec", type=Path, help="folder for the C files")
    arguments.add_argument("--dump", action="store_true", help="print the schema as JSON")
    arguments.add_argument("schema", nargs="+", type=Path, help=".x files, constants before uses")
    options = arguments.parse_args()
    try:
        schema = parse.parse_files(options.schema)
    except (parse.SchemaError, model.ModelError) as error:
        sys.exit(f"generate.py: {error}")
    if options.dump:
        json.dump(dump.schema(schema), sys.stdout, indent=1)
    layout = Layout(schema)
    if options.types:
        write(options.types, emit_types.files(schema, layout))
    if options.codec:
        write(options.codec, emit_describe.files(schema, layout))
        write(options.codec, emit_codec.files(schema, layout))


if __name__ == "__main__":
    main()
