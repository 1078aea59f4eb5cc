"""The work of README.md with PyPI's stellar-sdk."""

import base64
import os
import re
import statistics
import sys
import time

from stellar_sdk import (
    Account,
    Asset,
    Keypair,
    ManageSellOffer,
    Network,
    Payment,
    Price,
    StrKey,
    TransactionBuilder,
    xdr,
)


def rate(work):
    """Median of three samples of a tenth of a second; times of the work in one second."""

    def sample(count):
        start = time.process_time()
        for _ in range(count):
            work()
        return time.process_time() - start

    count = 1
    while (seconds := sample(count)) < 0.1:
        count = int(count * min(max(0.12 / max(seconds, 1e-6), 2), 100))
    return statistics.median(count / sample(count) for _ in range(3))


def show(name, figure, unit):
    print(f"{name}\t{figure:.4f}\t{unit}", flush=True)


def ledger(path):
    with open(path, "rb") as file:
        data = file.read()
    name = re.search(r"\d+", os.path.basename(path))[0]
    show(
        f"decode ledger {name}",
        len(data) / 1e6 * rate(lambda: xdr.LedgerCloseMeta.from_xdr_bytes(data)),
        "MB/s",
    )
    value = xdr.LedgerCloseMeta.from_xdr_bytes(data)
    show(f"encode ledger {name}", len(data) / 1e6 * rate(value.to_xdr_bytes), "MB/s")


KEY = Keypair.from_raw_ed25519_seed(bytes([7]) * 32)
ISSUER = StrKey.encode_ed25519_public_key(bytes(32))
EURO = Asset("EURC", ISSUER)


def transaction(operations):
    builder = TransactionBuilder(
        Account(KEY.public_key, 2**40), Network.PUBLIC_NETWORK_PASSPHRASE, 100
    )
    builder.add_time_bounds(0, 1_800_000_000)
    for operation in operations:
        builder.append_operation(operation)
    envelope = builder.build()
    envelope.sign(KEY)
    return envelope.to_xdr()


def payment():
    return transaction([Payment(ISSUER, EURO, "1.2345678")])


def offers():
    return transaction(
        ManageSellOffer(EURO, Asset.native(), "1.0000001", Price(100 + i, 99), i) for i in range(20)
    )


for each in sys.argv[1:]:
    ledger(each)
data = base64.b64decode(payment())
show("decode envelope", rate(lambda: xdr.TransactionEnvelope.from_xdr_bytes(data)), "/s")
show("payment", rate(payment), "/s")
show("20 offers", rate(offers), "/s")
show("decode strkey", rate(lambda: StrKey.decode_ed25519_public_key(ISSUER)), "/s")
