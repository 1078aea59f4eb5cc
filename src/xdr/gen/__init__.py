"""The XDR generator: schema files in, C out.

parse    text of a .x file -> definitions, with errors that name file and line
model    the definitions and what follows from them (sizes on the wire, recursion)
layout   how a definition looks in C: names, sizes, which union arms are pointers
emit_*   one module per generated file
"""
