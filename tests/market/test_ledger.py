"""sdex ledger show --json against a reading of its own, from the JSON of the whole ledger.

The reading here shares nothing with the other but the XDR decoder: envelopes are found by
their hashes, claims and changes walked in the order that SEP-35 and stellar-core give."""
import base64
import decimal
import gzip
import hashlib
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import unittest

EXE = os.environ['SDEX_EXE']
CORPUS = os.environ.get('SDEX_CORPUS')
PUBNET = 'Public Global Stellar Network ; September 2015'
CORE = '(V) (;,,;) (V)'
KINDS = {'offer': 'offers', 'account': 'accounts', 'trustline': 'trustlines', 'liquidity_pool': 'pools'}


def sdex(*words, stdin=b''):
    done = subprocess.run([EXE, *words], input=stdin, capture_output=True, timeout=300)
    if done.returncode:
        raise AssertionError(f'{words}: {done.stderr.decode()[:600]}')
    return done.stdout.decode()


# --- strkeys, for what the XDR's JSON has in hexadecimal

def strkey(version, data):
    data = bytes([version]) + data
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xffff
    return base64.b32encode(data + struct.pack('<H', crc)).decode().rstrip('=')


def unmuxed(address):
    if address[0] == 'G':
        return address
    raw = base64.b32decode(address + '=' * (-len(address) % 8))
    return strkey(6 << 3, raw[1:33])


def asset(value):
    if value == 'native':
        return 'native'
    if isinstance(value, dict) and 'pool_share' in value:
        return value['pool_share']
    inner = next(iter(value.values()))
    return f"{inner['asset_code']}:{inner['issuer']}"


def amount(stroops):
    stroops = int(stroops)
    return f'{stroops // 10**7}.{stroops % 10**7:07d}'


# --- envelopes, by their hashes

def only(value):
    (name, inner), = value.items()
    return name, inner


def in_set(value):
    """All envelopes, in the order of the set."""
    if 'txs' in value:
        yield from value['txs']
        return
    for phase in value['v1']['phases']:
        name, inner = only(phase)
        if name == 'v0':
            for component in inner:
                yield from component['txset_comp_txs_maybe_discounted_fee']['txs']
        else:
            for stage in inner['execution_stages']:
                for cluster in stage:
                    yield from cluster


def v1_of(tx):
    """The v1 transaction that a v0 one stands for."""
    bounds = tx['time_bounds']
    source = strkey(6 << 3, bytes.fromhex(tx['source_account_ed25519']))
    return {'source_account': source, 'fee': tx['fee'], 'seq_num': tx['seq_num'],
            'cond': {'time': bounds} if bounds else 'none', 'memo': tx['memo'],
            'operations': tx['operations'], 'ext': 'v0'}


def hashes(envelopes, network):
    payloads = []
    for envelope in envelopes:
        kind, inner = only(envelope)
        tagged = {'tx_fee_bump': inner['tx']} if kind == 'tx_fee_bump' else \
            {'tx': v1_of(inner['tx']) if kind == 'tx_v0' else inner['tx']}
        payloads.append(json.dumps({'network_id': network, 'tagged_transaction': tagged}))
    if not payloads:
        return []
    out = sdex('xdr', 'encode', '--type', 'TransactionSignaturePayload', '--stream', '--output', 'hex',
               stdin='\n'.join(payloads).encode())
    return [hashlib.sha256(bytes.fromhex(line)).hexdigest() for line in out.split()]


def facts(envelope):
    """Source, sequence, who pays, operations."""
    kind, inner = only(envelope)
    if kind == 'tx_fee_bump':
        source, sequence, _, operations = facts({'tx': inner['tx']['inner_tx']['tx']})
        return source, sequence, unmuxed(inner['tx']['fee_source']), operations
    tx = v1_of(inner['tx']) if kind == 'tx_v0' else inner['tx']
    source = unmuxed(tx['source_account'])
    return source, tx['seq_num'], source, tx['operations']


# --- trades

def claims_of(result):
    """The claims of an operation's result, from wherever its kind has them."""
    if 'op_inner' not in result:
        return []
    name, inner = only(result['op_inner'])
    if not isinstance(inner, dict) or 'success' not in inner:
        return []
    success = inner['success']
    if name.startswith('path_payment'):
        return success['offers']
    return success['offers_claimed'] if 'offer' in name and isinstance(success, dict) else []


def price(over, under):
    """Nine digits that count, the rest cut off; None for what was sold for nothing."""
    over, under = int(over), int(under)
    if not under:
        return None
    if not over:
        return '0'
    down = decimal.Context(prec=60, rounding=decimal.ROUND_DOWN)
    exact = down.divide(decimal.Decimal(over), decimal.Decimal(under))
    places = 8 - exact.adjusted()
    cut = exact.quantize(decimal.Decimal(1).scaleb(-max(places, 0)), decimal.ROUND_DOWN, down)
    text = f'{cut:f}'
    return text.rstrip('0').rstrip('.') if '.' in text else text


def trade(claim, index, operation_id, taker):
    kind, inner = only(claim)
    made = {'operation_id': str(operation_id), 'claim_index': index, 'taker': taker}
    if kind == 'liquidity_pool':
        made['pool'] = inner['liquidity_pool_id']
    else:
        made['maker'] = inner['seller_id'] if kind == 'order_book' else \
            strkey(6 << 3, bytes.fromhex(inner['seller_ed25519']))
        made['offer_id'] = inner['offer_id']
    return {**made, 'sold': asset(inner['asset_sold']), 'sold_amount': amount(inner['amount_sold']),
            'bought': asset(inner['asset_bought']), 'bought_amount': amount(inner['amount_bought']),
            'price': price(inner['amount_bought'], inner['amount_sold'])}


def operation_code(result):
    """{'op_inner': {'payment': 'success'}} -> PAYMENT_SUCCESS, 'op_bad_auth' -> opBAD_AUTH"""
    if isinstance(result, str):
        return 'op' + result[3:].upper()
    name, inner = only(result['op_inner'])
    return f'{name}_{inner if isinstance(inner, str) else only(inner)[0]}'.upper()


def operation_shown(body, result, number, source, done):
    """But for the words, which are for people."""
    kind = body['body'] if isinstance(body['body'], str) else only(body['body'])[0]
    return {'id': str(number), 'type': kind, 'source': unmuxed(body['source_account'] or source),
            'result': operation_code(result) if result else None, 'done': done}


def outcome(result):
    """Name of the result, of the inner result, whether it was done, results of operations."""
    value = result['result']
    if isinstance(value, str):
        return value, None, False, []
    name, inner = only(value)
    if name.startswith('tx_fee_bump'):
        below, _, _, results = outcome(inner['result'])
        return name, inner['transaction_hash'], below == 'tx_success', results
    return name, None, name == 'tx_success', inner


def code_name(name):
    """tx_fee_bump_inner_success -> txFEE_BUMP_INNER_SUCCESS"""
    return 'tx' + name[3:].upper()


# --- entries

def shown(kind, data):
    if kind == 'offer':
        return {'selling': asset(data['selling']), 'buying': asset(data['buying']),
                'amount': amount(data['amount']), 'price': data['price']}
    if kind == 'account':
        return {'balance': amount(data['balance']), 'sequence': data['seq_num']}
    if kind == 'trustline':
        return {'balance': amount(data['balance']), 'limit': amount(data['limit'])}
    pool = data['body']['liquidity_pool_constant_product']
    return {'asset_a': asset(pool['params']['asset_a']), 'asset_b': asset(pool['params']['asset_b']),
            'reserve_a': amount(pool['reserve_a']), 'reserve_b': amount(pool['reserve_b']),
            'shares': amount(pool['total_pool_shares'])}


def identity(kind, data):
    if kind == 'offer':
        return {'id': data['offer_id'], 'seller': data['seller_id']}
    if kind == 'account':
        return {'account': data['account_id']}
    if kind == 'trustline':
        return {'account': data['account_id'], 'asset': asset(data['asset'])}
    return {'id': data['liquidity_pool_id']}


class Entries:
    def __init__(self):
        self.lists = {name: {} for name in KINDS.values()}

    def change(self, change, by):
        what, value = only(change)
        kind, data = only(value if what == 'removed' else value['data'])
        if kind not in KINDS:
            return
        who = identity(kind, data)
        name = str(who['id']) if kind == 'offer' else json.dumps(who, sort_keys=True)
        entries = self.lists[KINDS[kind]]
        if name not in entries:
            entries[name] = {**who, 'before': shown(kind, data) if what == 'state' else None}
        elif what == 'state':
            return
        entry = entries[name]
        entry['after'] = None if what == 'removed' else shown(kind, data)
        entry.pop('changed_by', None)
        if by is not None:
            entry['changed_by'] = str(by)


def operations_of(meta):
    name, inner = only(meta)
    return inner if name == 'operations' or name == 'v0' else inner['operations']


def around(meta, part):
    inner = only(meta)[1]
    if isinstance(inner, list):
        return []
    if part == 'before' and 'tx_changes' in inner:
        return inner['tx_changes']
    return inner.get('tx_changes_' + part, [])


def read(meta, passphrase):
    meta = only(meta)[1]
    header = meta['ledger_header']['header']
    sequence = header['ledger_seq']
    envelopes = list(in_set(meta['tx_set']))
    network = hashlib.sha256(passphrase.encode()).hexdigest()
    by_hash = dict(zip(hashes(envelopes, network), envelopes))
    done = meta['tx_processing']
    ids = [sequence << 32 | i + 1 << 12 for i in range(len(done))]
    transactions, entries = [], Entries()
    for i, item in zip(ids, done):
        pair = item['result']
        source, number, payer, operations = facts(by_hash[pair['transaction_hash']])
        name, inner_hash, ok, results = outcome(pair['result'])
        trades = [trade(claim, index, i + o + 1, unmuxed(operations[o]['source_account'] or source))
                  for o, result in enumerate(results if ok else [])
                  for index, claim in enumerate(claims_of(result))]
        tx = {'id': str(i), 'hash': pair['transaction_hash'], 'source': source, 'fee_source': payer,
              'sequence': number, 'fee': amount(pair['result']['fee_charged']), 'successful': ok,
              'result': code_name(name), 'trades': trades,
              'operations': [operation_shown(body, results[o] if results else None, i + o + 1, source, ok)
                             for o, body in enumerate(operations)]}
        if inner_hash:
            tx['inner_hash'] = inner_hash
        transactions.append(tx)
    for i, item in zip(ids, done):
        for change in item['fee_processing']:
            entries.change(change, i)
    for i, item in zip(ids, done):
        applied = item['tx_apply_processing']
        for change in around(applied, 'before'):
            entries.change(change, i)
        for o, operation in enumerate(operations_of(applied)):
            for change in operation['changes']:
                entries.change(change, i + o + 1)
        for change in around(applied, 'after'):
            entries.change(change, i)
    for i, item in zip(ids, done):
        for change in item.get('post_tx_apply_fee_processing', []):
            entries.change(change, i)
    for upgrade in meta['upgrades_processing']:
        for change in upgrade['changes']:
            entries.change(change, None)
    return {'sequence': sequence, 'protocol': header['ledger_version'],
            'close_time': header['scp_value']['close_time'], 'hash': meta['ledger_header']['hash'],
            'previous_hash': header['previous_ledger_hash'], 'base_fee': amount(header['base_fee']),
            'base_reserve': amount(header['base_reserve']), 'transactions': transactions,
            **{name: list(found.values()) for name, found in entries.lists.items()}}


@unittest.skipUnless(CORPUS, 'SDEX_CORPUS is not set: real ledgers are in the corpus')
class Ledgers(unittest.TestCase):
    maxDiff = 4000

    def compare(self, lines, expected, what):
        self.assertEqual(len(lines), len(expected), what)
        for line, meta in zip(lines, expected):
            shown_ledger = json.loads(line)
            for name, value in meta.items():
                if not isinstance(value, list):
                    self.assertEqual(shown_ledger[name], value, (what, name))
                    continue
                self.assertEqual(len(shown_ledger[name]), len(value), (what, name))
                for one in shown_ledger[name] if name == 'transactions' else []:
                    for op in one['operations']:
                        self.assertTrue(op.pop('words'), (what, op))
                for i, (one, other) in enumerate(zip(shown_ledger[name], value)):
                    self.assertEqual(one, other, (what, name, i))
            self.assertEqual(set(shown_ledger), set(meta))

    def test_ledgers_of_pubnet(self):
        trades = pools = several = bumps = failed = 0
        for path in sorted(pathlib.Path(CORPUS, 'pubnet').glob('*.gz')):
            meta = json.loads(sdex('xdr', 'decode', '--type', 'LedgerCloseMeta', '--json', str(path)))
            expected = read(meta, PUBNET)
            self.compare([sdex('ledger', 'show', '--json', str(path))], [expected], path.name)
            for tx in expected['transactions']:
                trades += len(tx['trades'])
                pools += sum('pool' in t for t in tx['trades'])
                several += any(t['claim_index'] > 1 for t in tx['trades'])
                bumps += 'inner_hash' in tx
                failed += not tx['successful']
        # The corpus shows what this is about.
        self.assertGreater(min(trades - pools, pools, several, bumps, failed), 5)

    def test_ledgers_of_stellar_core(self):
        count = changed = 0
        for path in sorted(pathlib.Path(CORPUS, 'core').glob('*/*.xdr')):
            with self.subTest(path=path.name):
                lines = sdex('xdr', 'decode', '--type', 'LedgerCloseMeta', '--stream', '--json',
                             str(path)).splitlines()
                expected = [read(json.loads(line), CORE) for line in lines]
                shown_lines = sdex('ledger', 'show', '--json', '--passphrase', CORE,
                                   str(path)).splitlines()
                self.compare(shown_lines, expected, path.name)
                count += len(lines)
                changed += sum(len(e['offers']) for e in expected)
        print(f'{count} ledgers of stellar-core, {changed} offers changed', file=sys.stderr)
        self.assertGreater(count, 100)

    def test_another_network_is_refused(self):
        path = next(pathlib.Path(CORPUS, 'pubnet').glob('*63092988*'))
        done = subprocess.run([EXE, 'ledger', 'show', '--network', 'testnet', path], capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b'is it of the network with this passphrase?', done.stderr)

    def test_text(self):
        path = next(pathlib.Path(CORPUS, 'pubnet').glob('*63092988*'))
        text = sdex('ledger', 'show', str(path))
        self.assertIn('ledger 63092988 of protocol 26, closed 2026-06-19 00:21:26 UTC', text)
        self.assertIn('transactions: 228, of which 138 failed\n', text)
        self.assertIn('\ntrades: 49, of which 35 with pools\n', text)
        self.assertEqual(len(re.findall(r'^      took ', text, re.M)), 49)
        self.assertIn('90 done, 138 failed, 26 with contracts\n', text)
        self.assertIn(text.split('transactions, in the order')[0], sdex('ledger', 'show', '-p', 'summary', str(path)))
        self.assertEqual(text, sdex('ledger', 'show', stdin=gzip.decompress(path.read_bytes())))


if __name__ == '__main__':
    unittest.main()
