"""The XDR generator: schema files in, C out.

parse    text of a .x file -> definitions, with errors that name file and line
model    the definitions and what follows from them (sizes on the wire, recursion)
layout   how a definition looks in C: names, sizes, which union arms are pointers
wire     what the codec needs to know of the bytes: runs, sizes, refusals
walk     the one order in which every codec function comes to the parts of a value
emit_*   what is emitted there: one module per generated file
fold     keeps its lines within a page
"""
