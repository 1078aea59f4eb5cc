"""The names that SEP-51 gives to fields and enumerators.

The SEP says "snake_case" and "any shared prefix removed"; where exactly words begin
follows rs-stellar-xdr, from whose identifiers the names came about.
"""


def words(name):
    """Splits at underscores, between a small letter and a capital, and before the last of
    several capitals when a small letter follows.  Digits count as the letter before them."""
    out = []
    for part in name.split("_"):
        start, last = 0, ""
        for i, letter in enumerate(part):
            if letter.isupper():
                if last.islower() or (last and part[i + 1:i + 2].islower()):
                    out.append(part[start:i])
                    start = i
                last = letter
            elif letter.islower():
                last = letter
        if part:
            out.append(part[start:])
    return [word.lower() for word in out]


def field(name):
    """ledgerSeq -> ledger_seq"""
    return "_".join(words(name))


def shared_prefix(names):
    """What all names begin with, up to an underscore; of a single name, nothing."""
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    common = 0
    while common < min(len(first), len(last)) and first[common] == last[common]:
        common += 1
    return first[:first.rfind("_", 0, common) + 1]


def enumerators(names):
    """[SCV_BOOL, SCV_VOID] -> {SCV_BOOL: bool, SCV_VOID: void}"""
    prefix, out = shared_prefix(names), {}
    for name in names:
        rest = name[len(prefix):]
        if rest[0].isdigit():  # an identifier must not begin with one: BINARY_FUSE_FILTER_8_BIT
            rest = prefix[0] + rest
        # A word that begins with a digit is not set off by an underscore.
        joined = ""
        for word in words(rest):
            joined += word if not joined or word[0].isdigit() else "_" + word
        out[name] = joined
    return out
