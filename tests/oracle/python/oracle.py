"""Answers the oracle's questions (tests/oracle/README.md) with PyPI's stellar-sdk, and makes
transactions with its builders and questions about keys, amounts, prices and ids."""

import sys
import warnings
from decimal import Decimal

from stellar_sdk import (
    Account,
    Address,
    Asset,
    ClaimPredicate,
    Claimant,
    CreateClaimableBalance,
    Inflation,
    Keypair,
    LiquidityPoolAsset,
    Price,
    StrKey,
    TransactionBuilder,
    utils,
    xdr,
)
from stellar_sdk.auth import DelegateSignature, authorize_entry, build_with_delegates_entry
from stellar_sdk.sep.toid import TOID

import make

warnings.simplefilter("ignore")


def sign(envelope, signers):
    for signer in signers.split():
        kind, *rest = signer.split(":")
        if kind == "x":
            envelope.sign_hashx(bytes.fromhex(rest[0]))
        elif kind == "p":
            decorated = Keypair.from_secret(rest[0]).sign_payload_decorated(bytes.fromhex(rest[1]))
            envelope.signatures.append(decorated)
        else:
            envelope.sign(Keypair.from_secret(kind))


def tx(network, envelope, signers):
    envelope = TransactionBuilder.from_xdr(envelope, network)
    sign(envelope, signers)
    return f"{envelope.hash_hex()}\t{envelope.to_xdr()}"


KINDS = {
    "G": "ed25519_public_key",
    "S": "ed25519_secret_seed",
    "M": "med25519_public_key",
    "T": "pre_auth_tx",
    "X": "sha256_hash",
    "P": "ed25519_signed_payload",
    "C": "contract",
    "L": "liquidity_pool",
    "B": "claimable_balance",
}


def address(kind, payload):
    return (
        getattr(StrKey, f"encode_{KINDS[kind]}")(bytes.fromhex(payload))
        if kind in KINDS
        else "unknown"
    )


def inspect(text):
    payload = getattr(StrKey, f"decode_{KINDS[text[:1]]}")(text)
    return f"{text[0]}\t{payload.hex()}"


def asset(text):
    return Asset.native() if text == "native" else Asset(*text.split(":"))


def price(text):
    found = Price.from_raw_price(text)
    return f"{found.n}/{found.d}"


def deployed(network, who, salt):
    preimage = xdr.HashIDPreimage(
        type=xdr.EnvelopeType.ENVELOPE_TYPE_CONTRACT_ID,
        contract_id=xdr.HashIDPreimageContractID(
            network_id=xdr.Hash(utils.sha256(network.encode())),
            contract_id_preimage=xdr.ContractIDPreimage(
                type=xdr.ContractIDPreimageType.CONTRACT_ID_PREIMAGE_FROM_ADDRESS,
                from_address=xdr.ContractIDPreimageFromAddress(
                    address=Address(who).to_xdr_sc_address(),
                    salt=xdr.Uint256(bytes.fromhex(salt)),
                ),
            ),
        ),
    )
    return StrKey.encode_contract(utils.sha256(preimage.to_xdr_bytes()))


def pool(first, second):
    a, b = asset(first), asset(second)
    if not LiquidityPoolAsset.is_valid_lexicographic_order(a, b):
        a, b = b, a
    return LiquidityPoolAsset(a, b).liquidity_pool_id


def balance(source, sequence, index):
    """Only a transaction can say which balance it creates: this one does at the index asked for."""
    builder = TransactionBuilder(Account(source, int(sequence) - 1), "x")
    for _ in range(int(index)):
        builder.append_operation(Inflation())
    claimants = [Claimant(source, ClaimPredicate.predicate_unconditional())]
    builder.append_operation(CreateClaimableBalance(Asset.native(), "1", claimants))
    return builder.build().transaction.get_claimable_balance_id(int(index))


def sep5(index, passphrase, mnemonic):
    pair = Keypair.from_mnemonic_phrase(mnemonic, passphrase=passphrase, index=int(index))
    return f"{pair.public_key}\t{pair.secret}"


def auth(network, entry, seed, ledger):
    return authorize_entry(entry, Keypair.from_secret(seed), int(ledger), network).to_xdr()


def delegates(entry, ledger, addresses):
    signers = [DelegateSignature(address) for address in addresses.split()]
    return build_with_delegates_entry(entry, int(ledger), signers).to_xdr()


# The types by their names in the XDR files, whose capitals the SDK spells otherwise here and there.
TYPES = {
    name.lower(): kind
    for name, kind in vars(xdr).items()
    if isinstance(kind, type) and hasattr(kind, "from_xdr")
}


def same(name, value):
    kind = TYPES.get(name.lower())
    return kind.from_xdr(value).to_xdr() if kind else "unknown"


def json(name, value):
    kind = TYPES.get(name.lower())
    return kind.from_xdr(value).to_json().replace("\n", " ") if kind else "unknown"


def from_json(name, value):
    kind = TYPES.get(name.lower())
    return kind.from_json(value).to_xdr() if kind else "unknown"


ANSWERS = {
    "tx": tx,
    "address": address,
    "inspect": inspect,
    "amount": lambda text: str(utils.to_xdr_amount(text)),
    "stroops": lambda number: f"{Decimal(utils.from_xdr_amount(int(number))):.7f}",
    "price": price,
    "contract": lambda network, text: asset(text).contract_id(network),
    "deployed": deployed,
    "pool": pool,
    "balance": balance,
    "sep5": sep5,
    "sign": lambda seed, message: Keypair.from_secret(seed).sign(bytes.fromhex(message)).hex(),
    "message": lambda seed, message: Keypair.from_secret(seed)
    .sign_message(bytes.fromhex(message))
    .hex(),
    "toid": lambda ledger, transaction, operation: str(
        TOID(int(ledger), int(transaction), int(operation)).to_int64()
    ),
    "auth": auth,
    "delegates": delegates,
    "bytes": same,
    "json": json,
    "xdr": from_json,
}


def answer(question):
    kind, *args = question.split("\t")
    try:
        return ANSWERS[kind](*args) if kind in ANSWERS else "unknown"
    except Exception as error:  # whatever the library throws is its answer
        return f"refused {type(error).__name__} {error}".replace("\n", " ").replace("\t", " ")


def main(args):
    if args == ["answer"]:
        for line in sys.stdin:
            print(answer(line.rstrip("\n")))
    elif args[:1] == ["make"] and len(args) == 4 and args[1] in ("tx", "text"):
        for question in getattr(make, args[1])(sign, int(args[2]), int(args[3])):
            print(question)
    else:
        sys.exit("usage: oracle.py answer | oracle.py make tx|text SEED COUNT")


main(sys.argv[1:])
