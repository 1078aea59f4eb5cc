"""Random questions: transactions made with the classes of PyPI's stellar-sdk (all operations, memos,
preconditions, muxed accounts, old envelopes, fee bumps, Soroban data and authorisations), and texts:
addresses right and wrong, amounts, prices, ids, mnemonics."""

import base64
import binascii
import random
import string

from stellar_sdk import (
    AccountMerge,
    Address,
    AllowTrust,
    Asset,
    BeginSponsoringFutureReserves,
    BumpSequence,
    ChangeTrust,
    Claimant,
    ClaimClaimableBalance,
    ClaimPredicate,
    Clawback,
    ClawbackClaimableBalance,
    CreateAccount,
    CreateClaimableBalance,
    CreatePassiveSellOffer,
    EndSponsoringFutureReserves,
    ExtendFootprintTTL,
    FeeBumpTransaction,
    FeeBumpTransactionEnvelope,
    HashMemo,
    IdMemo,
    Inflation,
    InvokeHostFunction,
    Keypair,
    LedgerBounds,
    LiquidityPoolAsset,
    LiquidityPoolDeposit,
    LiquidityPoolId,
    LiquidityPoolWithdraw,
    ManageBuyOffer,
    ManageData,
    ManageSellOffer,
    MuxedAccount,
    NoneMemo,
    PathPaymentStrictReceive,
    PathPaymentStrictSend,
    Payment,
    Preconditions,
    Price,
    RestoreFootprint,
    ReturnHashMemo,
    RevokeSponsorship,
    SetOptions,
    SetTrustLineFlags,
    Signer,
    SignerKey,
    SorobanDataBuilder,
    StrKey,
    TextMemo,
    TimeBounds,
    Transaction,
    TransactionEnvelope,
    TrustLineEntryFlag,
    TrustLineFlags,
    scval,
    xdr,
)
from stellar_sdk.operation.set_options import AuthorizationFlag
from stellar_sdk.sep.mnemonic import StellarMnemonic

NETWORKS = [
    "Public Global Stellar Network ; September 2015",
    "Test SDF Network ; September 2015",
    "Standalone Network ; February 2017",
]
LETTERS = string.ascii_letters + string.digits
INT64_MAX = 2**63 - 1


class Parts:
    """Random parts of transactions."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def chance(self, percent):
        return self.r.randrange(100) < percent

    def maybe(self, value, percent=50):
        return value() if self.chance(percent) else None

    def list(self, least, most, make):
        return [make() for _ in range(self.r.randint(least, most))]

    def text(self, least, most, letters=LETTERS):
        return "".join(self.r.choices(letters, k=self.r.randint(least, most)))

    def keypair(self):
        return Keypair.from_raw_ed25519_seed(self.r.randbytes(32))

    def account(self):
        return self.keypair().public_key

    def muxed(self):
        return MuxedAccount(self.account(), self.maybe(lambda: self.r.getrandbits(64), 30))

    def source(self):
        return self.maybe(self.muxed, 40)

    def contract(self):
        return StrKey.encode_contract(self.r.randbytes(32))

    def hash(self):
        return self.r.randbytes(32).hex()

    def credit(self):
        return Asset(self.text(1, 12), self.account())

    def asset(self):
        return Asset.native() if self.chance(25) else self.credit()

    def stroops(self, least=0):
        return max(least, self.r.getrandbits(63) >> self.r.randrange(63))

    def amount(self, least=1):
        whole, part = divmod(self.stroops(least), 10**7)
        return f"{whole}.{part:07}"

    def price(self):
        return Price(self.r.randint(1, 2**31 - 1), self.r.randint(1, 2**31 - 1))

    def payload(self):
        return self.r.randbytes(self.r.randint(1, 64))

    def signer_key(self):
        return self.r.choice(
            [
                lambda: SignerKey.ed25519_public_key(self.account()),
                lambda: SignerKey.sha256_hash(self.r.randbytes(32)),
                lambda: SignerKey.pre_auth_tx(self.r.randbytes(32)),
                lambda: SignerKey.ed25519_signed_payload(
                    StrKey.encode_ed25519_signed_payload(
                        signed_payload(self.r.randbytes(32), self.payload())
                    )
                ),
            ]
        )()

    def predicate(self, depth):
        leaf = [
            ClaimPredicate.predicate_unconditional,
            lambda: ClaimPredicate.predicate_before_absolute_time(self.r.randint(0, INT64_MAX)),
            lambda: ClaimPredicate.predicate_before_relative_time(self.r.randint(0, INT64_MAX)),
        ]
        node = [
            lambda: ClaimPredicate.predicate_not(self.predicate(depth - 1)),
            lambda: ClaimPredicate.predicate_and(
                self.predicate(depth - 1), self.predicate(depth - 1)
            ),
            lambda: ClaimPredicate.predicate_or(
                self.predicate(depth - 1), self.predicate(depth - 1)
            ),
        ]
        return self.r.choice(leaf + node if depth else leaf)()

    def scval(self, depth):
        def signed(bits):
            return self.r.getrandbits(bits) - 2 ** (bits - 1)

        leaf = [
            scval.to_void,
            lambda: scval.to_bool(self.chance(50)),
            lambda: scval.to_uint32(self.r.getrandbits(32)),
            lambda: scval.to_int32(signed(32)),
            lambda: scval.to_uint64(self.r.getrandbits(64)),
            lambda: scval.to_int64(signed(64)),
            lambda: scval.to_timepoint(self.r.getrandbits(64)),
            lambda: scval.to_duration(self.r.getrandbits(64)),
            lambda: scval.to_uint128(self.r.getrandbits(128)),
            lambda: scval.to_int128(signed(128)),
            lambda: scval.to_uint256(self.r.getrandbits(256)),
            lambda: scval.to_int256(signed(256)),
            lambda: scval.to_bytes(self.r.randbytes(self.r.randrange(70))),
            lambda: scval.to_string(self.r.randbytes(self.r.randrange(40))),
            lambda: scval.to_symbol(self.text(0, 32, LETTERS + "_")),
            lambda: scval.to_address(self.account() if self.chance(50) else self.contract()),
        ]
        node = [
            lambda: scval.to_vec(self.list(0, 3, lambda: self.scval(depth - 1))),
            lambda: scval.to_map(
                {
                    scval.to_symbol(self.text(1, 9)): self.scval(depth - 1)
                    for _ in range(self.r.randrange(4))
                }
            ),
        ]
        return self.r.choice(leaf + node if depth else leaf)()

    def sc_address(self):
        return Address(self.account() if self.chance(50) else self.contract()).to_xdr_sc_address()

    def invocation(self, depth):
        return xdr.SorobanAuthorizedInvocation(
            function=xdr.SorobanAuthorizedFunction(
                type=xdr.SorobanAuthorizedFunctionType.SOROBAN_AUTHORIZED_FUNCTION_TYPE_CONTRACT_FN,
                contract_fn=self.call(),
            ),
            sub_invocations=self.list(0, depth, lambda: self.invocation(depth - 1)),
        )

    def call(self):
        return xdr.InvokeContractArgs(
            contract_address=Address(self.contract()).to_xdr_sc_address(),
            function_name=xdr.SCSymbol(self.text(1, 32).encode()),
            args=self.list(0, 4, lambda: self.scval(2)),
        )

    def address_credentials(self):
        return xdr.SorobanAddressCredentials(
            address=self.sc_address(),
            nonce=xdr.Int64(self.r.getrandbits(64) - 2**63),
            signature_expiration_ledger=xdr.Uint32(self.r.getrandbits(32)),
            signature=self.scval(1),
        )

    def delegate(self, depth):
        return xdr.SorobanDelegateSignature(
            address=self.sc_address(),
            signature=self.scval(1),
            nested_delegates=self.list(0, depth, lambda: self.delegate(depth - 1)),
        )

    def credentials(self):
        kind = xdr.SorobanCredentialsType
        return self.r.choice(
            [
                lambda: xdr.SorobanCredentials(kind.SOROBAN_CREDENTIALS_SOURCE_ACCOUNT),
                lambda: xdr.SorobanCredentials(
                    kind.SOROBAN_CREDENTIALS_ADDRESS, address=self.address_credentials()
                ),
                lambda: xdr.SorobanCredentials(
                    kind.SOROBAN_CREDENTIALS_ADDRESS_V2, address_v2=self.address_credentials()
                ),
                lambda: xdr.SorobanCredentials(
                    kind.SOROBAN_CREDENTIALS_ADDRESS_WITH_DELEGATES,
                    address_with_delegates=xdr.SorobanAddressCredentialsWithDelegates(
                        address_credentials=self.address_credentials(),
                        delegates=self.list(0, 2, lambda: self.delegate(1)),
                    ),
                ),
            ]
        )()

    def auth(self):
        return self.list(
            0,
            2,
            lambda: xdr.SorobanAuthorizationEntry(
                credentials=self.credentials(), root_invocation=self.invocation(2)
            ),
        )

    def host_function(self):
        kind = xdr.HostFunctionType
        from_address = lambda: xdr.ContractIDPreimage(
            type=xdr.ContractIDPreimageType.CONTRACT_ID_PREIMAGE_FROM_ADDRESS,
            from_address=xdr.ContractIDPreimageFromAddress(
                address=self.sc_address(), salt=xdr.Uint256(self.r.randbytes(32))
            ),
        )
        wasm = lambda: xdr.ContractExecutable(
            type=xdr.ContractExecutableType.CONTRACT_EXECUTABLE_WASM,
            wasm_hash=xdr.Hash(self.r.randbytes(32)),
        )
        from_asset = lambda: xdr.ContractIDPreimage(
            type=xdr.ContractIDPreimageType.CONTRACT_ID_PREIMAGE_FROM_ASSET,
            from_asset=self.asset().to_xdr_object(),
        )
        token = lambda: xdr.ContractExecutable(
            type=xdr.ContractExecutableType.CONTRACT_EXECUTABLE_STELLAR_ASSET
        )
        return self.r.choice(
            [
                lambda: xdr.HostFunction(
                    kind.HOST_FUNCTION_TYPE_INVOKE_CONTRACT, invoke_contract=self.call()
                ),
                lambda: xdr.HostFunction(
                    kind.HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM,
                    wasm=self.r.randbytes(self.r.randrange(200)),
                ),
                lambda: xdr.HostFunction(
                    kind.HOST_FUNCTION_TYPE_CREATE_CONTRACT,
                    create_contract=xdr.CreateContractArgs(
                        contract_id_preimage=from_asset(), executable=token()
                    ),
                ),
                lambda: xdr.HostFunction(
                    kind.HOST_FUNCTION_TYPE_CREATE_CONTRACT_V2,
                    create_contract_v2=xdr.CreateContractArgsV2(
                        contract_id_preimage=from_address(),
                        executable=wasm(),
                        constructor_args=self.list(0, 3, lambda: self.scval(2)),
                    ),
                ),
            ]
        )()

    def revoke(self):
        r = RevokeSponsorship
        return self.r.choice(
            [
                lambda: r.revoke_account_sponsorship(self.account(), self.source()),
                lambda: r.revoke_trustline_sponsorship(
                    self.account(),
                    LiquidityPoolId(self.hash()) if self.chance(30) else self.credit(),
                    self.source(),
                ),
                lambda: r.revoke_offer_sponsorship(
                    self.account(), self.r.randint(1, INT64_MAX), self.source()
                ),
                lambda: r.revoke_data_sponsorship(self.account(), self.text(1, 64), self.source()),
                lambda: r.revoke_claimable_balance_sponsorship(
                    "00000000" + self.hash(), self.source()
                ),
                lambda: r.revoke_liquidity_pool_sponsorship(self.hash(), self.source()),
                lambda: r.revoke_signer_sponsorship(
                    self.account(), self.signer_key(), self.source()
                ),
            ]
        )()

    def trust(self):
        if not self.chance(30):
            return self.credit()
        first, second = self.asset(), self.credit()
        ordered = LiquidityPoolAsset.is_valid_lexicographic_order(first, second)
        return LiquidityPoolAsset(first, second) if ordered else LiquidityPoolAsset(second, first)

    def trust_flags(self):
        """Disjoint flags to clear and to set; clawback can be cleared only."""
        both = [
            (None, None),
            (TrustLineFlags(1), TrustLineFlags(2)),
            (TrustLineFlags(6), TrustLineFlags(1)),
            (TrustLineFlags(4), None),
            (None, TrustLineFlags(2)),
        ]
        return self.r.choice(both)

    def operations(self):
        """One maker for each operation, the Soroban ones last."""
        p = self
        return [
            lambda: CreateAccount(p.account(), p.amount(0), p.source()),
            lambda: Payment(p.muxed(), p.asset(), p.amount(), p.source()),
            lambda: PathPaymentStrictReceive(
                p.muxed(),
                p.asset(),
                p.amount(),
                p.asset(),
                p.amount(),
                p.list(0, 5, p.asset),
                p.source(),
            ),
            lambda: PathPaymentStrictSend(
                p.muxed(),
                p.asset(),
                p.amount(),
                p.asset(),
                p.amount(),
                p.list(0, 5, p.asset),
                p.source(),
            ),
            lambda: ManageSellOffer(
                p.asset(), p.credit(), p.amount(0), p.price(), p.stroops(), p.source()
            ),
            lambda: ManageBuyOffer(
                p.asset(), p.credit(), p.amount(0), p.price(), p.stroops(), p.source()
            ),
            lambda: CreatePassiveSellOffer(
                p.asset(), p.credit(), p.amount(), p.price(), p.source()
            ),
            lambda: SetOptions(
                p.maybe(p.account),
                p.maybe(lambda: AuthorizationFlag(p.r.randrange(16))),
                p.maybe(lambda: AuthorizationFlag(p.r.randrange(16))),
                *[p.maybe(lambda: p.r.randrange(256)) for _ in range(4)],
                p.maybe(lambda: Signer(p.signer_key(), p.r.randrange(256)), 70),
                p.maybe(lambda: p.text(0, 32, LETTERS + ".-")),
                p.source(),
            ),
            lambda: ChangeTrust(p.trust(), p.amount(0), p.source()),
            lambda: AllowTrust(
                p.account(), p.text(1, 12), TrustLineEntryFlag(p.r.randrange(3)), p.source()
            ),
            lambda: AccountMerge(p.muxed(), p.source()),
            lambda: Inflation(p.source()),
            lambda: ManageData(
                p.text(1, 64, LETTERS + " ."),
                p.maybe(lambda: p.r.randbytes(p.r.randrange(65)), 80),
                p.source(),
            ),
            lambda: BumpSequence(p.stroops(), p.source()),
            lambda: CreateClaimableBalance(
                p.asset(),
                p.amount(),
                p.list(1, 10, lambda: Claimant(p.account(), p.predicate(3))),
                p.source(),
            ),
            lambda: ClaimClaimableBalance("00000000" + p.hash(), p.source()),
            lambda: BeginSponsoringFutureReserves(p.account(), p.source()),
            lambda: EndSponsoringFutureReserves(p.source()),
            p.revoke,
            lambda: Clawback(p.credit(), p.muxed(), p.amount(), p.source()),
            lambda: ClawbackClaimableBalance("00000000" + p.hash(), p.source()),
            lambda: SetTrustLineFlags(p.account(), p.credit(), *p.trust_flags(), p.source()),
            lambda: LiquidityPoolDeposit(
                p.hash(), p.amount(), p.amount(), p.price(), p.price(), p.source()
            ),
            lambda: LiquidityPoolWithdraw(
                p.hash(), p.amount(), p.amount(0), p.amount(0), p.source()
            ),
            lambda: InvokeHostFunction(p.host_function(), p.auth(), p.source()),
            lambda: ExtendFootprintTTL(p.r.randint(1, 2**31 - 1), p.source()),
            lambda: RestoreFootprint(p.source()),
        ]

    def memo(self):
        return self.r.choice(
            [
                NoneMemo,
                lambda: TextMemo(self.text(0, 28)),
                lambda: TextMemo(self.r.randbytes(self.r.randrange(29))),
                lambda: IdMemo(self.r.getrandbits(64)),
                lambda: HashMemo(self.hash()),
                lambda: ReturnHashMemo(self.hash()),
            ]
        )()

    def bounds(self, kind, bits):
        low, high = sorted([self.r.getrandbits(bits), self.r.getrandbits(bits)])
        return kind(low, 0 if self.chance(20) else high)

    def preconditions(self):
        if self.chance(20):
            return None
        return Preconditions(
            self.maybe(lambda: self.bounds(TimeBounds, 64), 60),
            self.maybe(lambda: self.bounds(LedgerBounds, 32), 30),
            self.maybe(self.stroops, 30),
            self.maybe(lambda: self.r.getrandbits(64), 30),
            self.maybe(lambda: self.r.getrandbits(32), 30),
            self.maybe(lambda: self.list(1, 2, self.signer_key), 30),
        )

    def ledger_key(self):
        kind = xdr.LedgerEntryType
        return self.r.choice(
            [
                lambda: xdr.LedgerKey(
                    kind.ACCOUNT, account=xdr.LedgerKeyAccount(self.keypair().xdr_account_id())
                ),
                lambda: xdr.LedgerKey(
                    kind.CONTRACT_CODE,
                    contract_code=xdr.LedgerKeyContractCode(xdr.Hash(self.r.randbytes(32))),
                ),
                lambda: xdr.LedgerKey(
                    kind.CONTRACT_DATA,
                    contract_data=xdr.LedgerKeyContractData(
                        Address(self.contract()).to_xdr_sc_address(),
                        self.scval(2),
                        self.r.choice(list(xdr.ContractDataDurability)),
                    ),
                ),
            ]
        )()

    def soroban_data(self):
        data = (
            SorobanDataBuilder()
            .set_resources(*[self.r.getrandbits(32) for _ in range(3)])
            .set_read_only(self.list(0, 4, self.ledger_key))
            .set_read_write(self.list(0, 4, self.ledger_key))
            .set_resource_fee(self.r.getrandbits(30))
            .build()
        )
        if self.chance(30):
            archived = xdr.SorobanResourcesExtV0(
                [xdr.Uint32(self.r.getrandbits(16)) for _ in range(self.r.randrange(4))]
            )
            data.ext = xdr.SorobanTransactionDataExt(1, archived)
        return data

    def signers(self):
        return " ".join(
            self.list(
                1,
                3,
                lambda: self.r.choices(
                    [
                        lambda: self.keypair().secret,
                        lambda: f"x:{self.payload().hex()}",
                        lambda: f"p:{self.keypair().secret}:{self.payload().hex()}",
                    ],
                    [4, 1, 1],
                )[0](),
            )
        )


def signed_payload(key, payload):
    return key + len(payload).to_bytes(4, "big") + payload + bytes(-len(payload) % 4)


def resource_fee(data):
    return data.resource_fee.int64 if data else 0


def transaction(parts, i):
    makers = parts.operations()
    first = i % len(makers)
    operations = [makers[first]()]
    soroban = first >= len(makers) - 3
    old = not soroban and parts.chance(15)
    if not soroban:
        operations += parts.list(
            0, 99 if parts.chance(3) else 4, lambda: parts.r.choice(makers[:-3])()
        )
    preconditions = parts.preconditions()
    if old and preconditions:
        preconditions = (
            Preconditions(preconditions.time_bounds) if preconditions.time_bounds else None
        )
    data = parts.soroban_data() if soroban else None
    return Transaction(
        source=MuxedAccount(parts.account()) if old else parts.muxed(),
        sequence=parts.stroops(1),
        fee=parts.r.randint(100, 10**6) * len(operations) + resource_fee(data),
        operations=operations,
        memo=parts.memo(),
        preconditions=preconditions,
        soroban_data=data,
        v1=not old,
    )


def tx(sign, seed, count):
    parts = Parts(seed)
    for i in range(count):
        network = parts.r.choice(NETWORKS)
        made = transaction(parts, i)
        envelope = TransactionEnvelope(made, network)
        if made.v1 and parts.chance(20):
            sign(envelope, parts.signers())
            fee = (10**6 + parts.r.getrandbits(40)) * (len(made.operations) + 1) + resource_fee(
                made.soroban_data
            )
            envelope = FeeBumpTransactionEnvelope(
                FeeBumpTransaction(parts.muxed(), fee, envelope), network
            )
        yield "\t".join(["tx", network, envelope.to_xdr(), parts.signers()])


# Texts


def payload_of(parts, kind):
    if kind == "M":
        return parts.r.randbytes(40)
    if kind == "B":
        return bytes(1) + parts.r.randbytes(32)
    if kind == "P":
        return signed_payload(parts.r.randbytes(32), parts.payload())
    return parts.r.randbytes(32)


def spoiled(parts, text):
    """An address with one thing changed, or none."""
    at = parts.r.randrange(len(text))
    letter = parts.r.choice(string.ascii_uppercase + "234567" + "018=ab \n".replace("\n", ""))
    return parts.r.choice(
        [
            lambda: text,
            lambda: text[:at] + letter + text[at + 1 :],
            lambda: text[:at] + text[at + 1 :],
            lambda: text[:at] + letter + text[at:],
            lambda: text + parts.r.choice(["A", "=", "==", " ", "AAAAAAAA"]),
            lambda: text[:-1] + letter,
            lambda: text[:at],
            lambda: text.lower(),
        ]
    )()


def rechecked(parts, kind, payload):
    """A strkey of a payload that may be of the wrong size or shape, with a checksum that fits."""
    body = bytes(
        [
            {"G": 6, "S": 18, "M": 12, "T": 19, "X": 23, "P": 15, "C": 2, "L": 11, "B": 1}[kind]
            << 3
            | parts.r.choice([0] * 9 + [1])
        ]
    )
    change = parts.r.randrange(6)
    if change == 0:
        payload = payload[:-1]
    elif change == 1:
        payload += bytes(parts.r.randint(1, 8))
    elif change == 2:
        at = parts.r.randrange(len(payload))
        payload = (
            payload[:at] + bytes([payload[at] ^ 1 << parts.r.randrange(8)]) + payload[at + 1 :]
        )
    elif change == 3 and kind == "P":
        payload = payload[:35] + bytes([parts.r.randrange(70)]) + payload[36:]
    elif change == 4 and kind == "P":
        payload = parts.r.choice(
            [signed_payload(payload[:32], b""), signed_payload(payload[:32], b"padded")[:-1] + b"!"]
        )
    body += payload
    body += binascii.crc_hqx(body, 0).to_bytes(2, "little")
    return base64.b32encode(body).decode().rstrip("=")


def decimal_text(parts):
    whole = str(parts.r.getrandbits(parts.r.randrange(1, 44)))
    part = "".join(parts.r.choices("0123456789", k=parts.r.randrange(9)))
    plain = whole + ("." + part if part else "")
    return parts.r.choices(
        [
            plain,
            plain + ".",
            "." + (part or "5"),
            "-" + plain,
            "+" + plain,
            plain + "e3",
            " " + plain,
            plain + "0000000000",
            "0" + plain,
            "",
            plain.replace("0", "o"),
        ],
        [20, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    )[0]


def price_text(parts):
    kind = parts.r.randrange(3)
    if kind == 0:
        return f"{parts.r.randrange(1, 10**parts.r.randint(1, 9))}.{parts.r.randrange(10**7):07}"
    if kind == 1:
        return f"0.{parts.r.randrange(1, 10**9):0{parts.r.randint(9, 15)}}"
    return str(parts.r.randint(1, 2**31 - 1))


def words(parts):
    made = StellarMnemonic().to_mnemonic(parts.r.randbytes(parts.r.choice([16, 20, 24, 28, 32])))
    return made if parts.chance(80) else " ".join(sorted(made.split()))


def authorisation(parts):
    """ENTRY SEED LEDGER; nobody but the signer has signed the entry."""
    entry = xdr.SorobanAuthorizationEntry(parts.credentials(), parts.invocation(2))
    with_delegates = entry.credentials.address_with_delegates
    for each in with_delegates.delegates if with_delegates else []:
        each.signature = scval.to_void()
        each.nested_delegates = []
    return [entry.to_xdr(), parts.keypair().secret, str(parts.r.getrandbits(32))]


def delegation(parts):
    """ENTRY LEDGER DELEGATES, of whom one may be there twice."""
    kind = xdr.SorobanCredentialsType
    credentials = parts.r.choice(
        [
            xdr.SorobanCredentials(
                kind.SOROBAN_CREDENTIALS_ADDRESS, address=parts.address_credentials()
            ),
            xdr.SorobanCredentials(
                kind.SOROBAN_CREDENTIALS_ADDRESS_V2, address_v2=parts.address_credentials()
            ),
        ]
    )
    entry = xdr.SorobanAuthorizationEntry(credentials, parts.invocation(1))
    delegates = parts.list(1, 4, lambda: parts.account() if parts.chance(70) else parts.contract())
    if parts.chance(10):
        delegates.append(delegates[0])
    return [entry.to_xdr(), str(parts.r.getrandbits(32)), " ".join(delegates)]


def asset_text(parts, made=None):
    made = made or parts.asset()
    return "native" if made.is_native() else f"{made.code}:{made.issuer}"


def text(_sign, seed, count):
    parts = Parts(seed)
    network = lambda: parts.r.choice(NETWORKS)
    kinds = "GSMTXPCLB"
    makers = [
        lambda: (lambda kind: ["address", kind, payload_of(parts, kind).hex()])(
            parts.r.choice(kinds)
        ),
        lambda: (
            lambda kind: [
                "inspect",
                spoiled(parts, getattr(StrKey, "encode_" + NAMES[kind])(payload_of(parts, kind))),
            ]
        )(parts.r.choice(kinds)),
        lambda: (lambda kind: ["inspect", rechecked(parts, kind, payload_of(parts, kind))])(
            parts.r.choice(kinds)
        ),
        lambda: ["amount", decimal_text(parts)],
        lambda: ["stroops", str(parts.stroops())],
        lambda: ["price", price_text(parts)],
        lambda: ["contract", network(), asset_text(parts)],
        lambda: [
            "deployed",
            network(),
            parts.account() if parts.chance(50) else parts.contract(),
            parts.hash(),
        ],
        lambda: ["pool", asset_text(parts), asset_text(parts, parts.credit())],
        lambda: [
            "contract",
            network(),
            f"{parts.r.choice(['XLM', 'xlm', 'Xlm'])}:{parts.account()}",
        ],
        lambda: ["balance", parts.account(), str(parts.stroops(1)), str(parts.r.randrange(20))],
        lambda: ["sign", parts.keypair().secret, parts.r.randbytes(parts.r.randrange(300)).hex()],
        lambda: ["auth", network(), *authorisation(parts)],
        lambda: ["delegates", *delegation(parts)],
        lambda: [
            "message",
            parts.keypair().secret,
            parts.r.randbytes(parts.r.randrange(300)).hex(),
        ],
        lambda: [
            "toid",
            str(parts.r.getrandbits(31)),
            str(parts.r.getrandbits(20)),
            str(parts.r.getrandbits(12)),
        ],
    ]
    for i in range(count):
        # A mnemonic costs 2048 rounds of a hash, so those are few.
        made = (
            ["sep5", str(parts.r.randrange(100)), parts.text(0, 9), words(parts)]
            if i % 100 == 99
            else makers[i % len(makers)]()
        )
        yield "\t".join(made)


NAMES = {
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
