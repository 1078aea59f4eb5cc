"""Answers have the fields of the documentation's examples: the same names, types and formats.

The examples (SDEX_CORPUS) are older than the server in places; where its source says
otherwise, the field stands in a list below with the reason."""
import json
import os
import pathlib
import re
import unittest

from sandbox import Case

CORPUS = os.environ.get('SDEX_CORPUS')

# Fields of examples that differ from what Horizon's protocols/horizon/main.go has today.
OUTDATED = {
    'id': 'offers have theirs as a string',
    'offer_id': 'trades name the offers of both sides instead',
    'n': 'trades have it as a string', 'd': 'trades have it as a string',
    'fee_charged': 'a string', 'max_fee': 'a string',
    'transaction_count': 'split into successful and failed',
    'counter_liquidity_pool': 'counter_liquidity_pool_id', 'base_liquidity_pool': 'its like',
    'liquidity_pool_fee_bp': 'a number', 'total_shares': 'an amount of seven decimals',
    'valid_after': 'moved to preconditions', 'valid_before': 'moved to preconditions',
    'last_modified_time': 'null while it is not known',
    'paging_token': 'an account has its id',
    'header_xdr': 'left out of some',
}
# What only contracts, or what this world does not have, would bring.
ABSENT = {'diagnosticEventsXdr', 'transactionEventsXdr', 'contractEventsXdr', 'is_clawback_enabled', 'home_domain',
          'inflation_destination', 'sponsor'}

FORMATS = [('amount', r'-?\d+\.\d{7}'), ('digits', r'\d+'), ('time', r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ'),
           ('account', r'G[A-Z2-7]{55}'), ('hash', r'[0-9a-f]{64}'), ('trade', r'\d+-\d+'),
           ('url', r'https?://.*'), ('text', r'(?s:.*)')]


def form(value):
    if isinstance(value, str):
        return next(name for name, pattern in FORMATS if re.fullmatch(pattern, value))
    return type(value).__name__


def scalar(text):
    if text[:1] in '\'"' and text[:1]:
        return text[1:-1]
    if text in ('true', 'false'):
        return text == 'true'
    if text in ('{}', '[]'):
        return {} if text == '{}' else []
    if text in ('', '~', 'null'):
        return None
    return int(text) if re.fullmatch(r'-?\d+', text) else text


def read_yaml(text):
    """As much of YAML as the examples have: nested mappings and lists of scalars, a line each."""
    lines = []
    for line in text.splitlines():
        line = line.replace('\t', '')
        if not line.strip() or line.strip().startswith('#'):
            continue
        indent = len(line) - len(line.lstrip())
        content = line.strip()
        while content.startswith('- '):
            lines.append((indent, '-'))
            content = content[2:].lstrip()
            indent += 2
        lines.append((indent, content))
    value, rest = block(lines, 0, lines[0][0])
    assert rest == len(lines), lines[rest]
    return value


def block(lines, at, indent):
    if lines[at][1] == '-':
        items = []
        while at < len(lines) and lines[at] == (indent, '-'):
            value, at = block(lines, at + 1, lines[at + 1][0])
            items.append(value)
        return items, at
    if not re.match(r'[\w"\']+:( |$)', lines[at][1]):
        return scalar(lines[at][1]), at + 1
    fields = {}
    while at < len(lines) and lines[at][0] == indent and lines[at][1] != '-':
        name, _, text = lines[at][1].partition(':')
        at += 1
        deeper = at < len(lines) and (lines[at][0] > indent or lines[at] == (indent, '-'))
        if text.strip() or not deeper:
            fields[name.strip('"\'')] = scalar(text.strip())
        else:
            fields[name.strip('"\'')], at = block(lines, at, lines[at][0])
    return fields, at


def example(name):
    value = read_yaml((pathlib.Path(CORPUS) / 'horizon/examples' / f'{name}.yml').read_text())
    while len(value) == 1 and '_embedded' not in value:
        value = next(iter(value.values()))
    return value


def rpc_example(file, name):
    text = (pathlib.Path(CORPUS) / 'rpc/examples' / f'{file}.json').read_text()
    return json.loads(text)[name]['value']


def forms(value, path, into):
    """All places of a value (items of lists share one), each with the formats found there."""
    if isinstance(value, dict):
        for name, part in value.items():
            forms(part, path + (name,), into)
        if not value:
            into.setdefault(path, set()).add('dict')
    elif isinstance(value, list):
        for part in value:
            forms(part, path + ('*',), into)
        if not value:
            into.setdefault(path, set()).add('list')
    else:
        into.setdefault(path, set()).add(form(value))
    return into


@unittest.skipUnless(CORPUS, 'SDEX_CORPUS is not set: there are no examples to compare with')
class Shapes(Case):
    options = ('--seed', '3')

    def hold(self, wanted, got):
        wanted, got = forms(wanted, (), {}), forms(got, (), {})
        for path, kinds in wanted.items():
            if path[-1] in OUTDATED or set(path) & ABSENT:
                continue
            self.assertIn(path, got, f'{path} is not there')
            # a text of no known format may be any; a list or object may be empty
            self.assertTrue(kinds & got[path] or 'text' in kinds | got[path] or
                            kinds & {'dict', 'list', 'NoneType'}, (path, kinds, got[path]))

    def pool_of(self, trade):
        side = 'base' if trade['base_is_seller'] else 'counter'
        return trade[f'{side}_liquidity_pool_id']

    def test_accounts(self):
        n = self.network
        alice = n.fund('alice')
        maker = n.get('/offers')['_embedded']['records'][0]['seller']
        self.hold(example('RetrieveAnAccount'), n.get(f'/accounts/{maker}'))
        alice.submit('manage_data name=greeting value=hello')
        self.assertEqual(alice.state()['data'], {'greeting': 'aGVsbG8='})
        self.assertEqual(n.get(f'/accounts/{alice.address}/data/greeting'), {'value': 'aGVsbG8='})
        n.get(f'/accounts/{alice.address}/data/farewell', status=404)
        self.assertEqual(set(alice.state()['balances'][0]),
                         {'balance', 'buying_liabilities', 'selling_liabilities', 'asset_type'})

    def test_offers(self):
        n = self.network
        page = n.get('/offers', limit=100)
        first = page['_embedded']['records'][0]
        self.hold(example('GetAllOffers'), page)
        self.hold(example('GetOfferByOfferId'), next(
            o for o in page['_embedded']['records'] if o['buying']['asset_type'] == 'native'))
        self.assertIsInstance(first['id'], str)
        self.assertRegex(first['last_modified_time'], FORMATS[2][1])
        self.hold(example('RetrieveAnAccountsOffers'),
                  n.get(f'/accounts/{first["seller"]}/offers'))

    def test_books_and_trades(self):
        n = self.network
        n.wait_ledgers(10)
        offers = n.get('/offers', limit=200)['_embedded']['records']
        of_xlm = next(o for o in offers if o['selling']['asset_type'] == 'native')
        self.hold(example('RetrieveAnOrderBook'), n.get(
            '/order_book', selling_asset_type='native', buying_asset_type='credit_alphanum4',
            buying_asset_code=of_xlm['buying']['asset_code'],
            buying_asset_issuer=of_xlm['buying']['asset_issuer']))
        trades = n.get('/trades', limit=200)
        self.hold(example('GetAllTrades'), trades)
        pools = []
        while not pools:
            n.wait_ledgers(5)
            pools = n.get('/trades', trade_type='liquidity_pool')['_embedded']['records']
        pool = example('RetrieveALiquidityPool')
        del pool['_links']['effects']  # no longer among a pool's links
        self.hold(pool, n.get(f'/liquidity_pools/{self.pool_of(pools[0])}'))
        of_pool = n.get(f'/liquidity_pools/{self.pool_of(pools[0])}/trades')
        self.hold(example('RetrieveRelatedTrades'), of_pool)
        one = next(t for t in trades['_embedded']['records'] if t['trade_type'] == 'orderbook')
        self.assertIsInstance(one['price']['n'], str)
        offer = one['base_offer_id'] if one['base_is_seller'] else one['counter_offer_id']
        self.assertTrue(n.get(f'/offers/{offer}/trades')['_embedded']['records'])

    def test_transactions_and_ledgers(self):
        n = self.network
        alice, bob = n.fund('alice2'), n.fund('bob2')
        done = alice.submit(f'payment to={bob.address} asset=XLM amount=1',
                            more=('--memo', 'text:Test Transaction'))
        self.hold(example('SubmitaTransaction'), done)
        self.hold(example('RetrieveATransaction'), done)
        self.assertEqual((done['memo'], done['memo_bytes']),
                         ('Test Transaction', 'VGVzdCBUcmFuc2FjdGlvbg=='))
        self.hold(example('RetrieveALedger'), n.get(f'/ledgers/{done["ledger"]}'))
        self.hold(example('ListAllLedgers'), n.get('/ledgers'))
        self.hold(example('RetrieveALedgersTransactions'),
                  n.get(f'/ledgers/{done["ledger"]}/transactions', limit=200))
        of_alice = n.get(f'/accounts/{alice.address}/transactions')['_embedded']['records']
        self.assertEqual([t['hash'] for t in of_alice][-1], done['hash'])
        self.assertEqual(len(of_alice), 2)
        self.hold(example('RetrieveFeeStats'), n.get('/fee_stats'))

    def test_rpc(self):
        n = self.network
        alice, bob = n.fund('alice3'), n.fund('bob3')
        good = alice.submit(f'payment to={bob.address} asset=XLM amount=1')
        alice.submit(f'payment to={bob.address} asset=XLM amount=100000', status=400)
        bad = n.get(f'/accounts/{alice.address}/transactions', include_failed='true', order='desc',
                    limit=1)['_embedded']['records'][0]
        self.assertFalse(bad['successful'])
        for name, tx in (('Success', good['hash']), ('Failed', bad['hash']), ('NotFound', 'f' * 64)):
            self.hold(rpc_example('Transactions', f'{name}TransactionResult'),
                      n.rpc('getTransaction', {'hash': tx}))
        pay = f'payment to={bob.address} asset=XLM amount=1'
        sent = alice.signed(pay)
        self.hold(rpc_example('Transactions', 'PendingTransactionResult'),
                  n.rpc('sendTransaction', {'transaction': sent}))
        self.hold(rpc_example('Transactions', 'ErrorTransactionResult'),
                  n.rpc('sendTransaction', {'transaction': alice.signed(pay, sequence=1)}))
        self.hold(rpc_example('Transactions', 'GetTransactionsResult'),
                  n.rpc('getTransactions', {'startLedger': good['ledger']}))
        self.hold(rpc_example('Ledgers', 'GetLedgersResult'),
                  n.rpc('getLedgers', {'startLedger': 2, 'pagination': {'limit': 2}}))
        latest = n.rpc('getLatestLedger')
        self.assertEqual({k: form(v) for k, v in latest.items()},
                         {'id': 'hash', 'protocolVersion': 'int', 'sequence': 'int',
                          'closeTime': 'digits', 'headerXdr': 'text', 'metadataXdr': 'text'})
        self.assertEqual(set(n.rpc('getHealth')), {
            'status', 'latestLedger', 'latestLedgerCloseTime', 'oldestLedger',
            'oldestLedgerCloseTime', 'ledgerRetentionWindow'})
        self.assertEqual(set(n.rpc('getFeeStats')),
                         {'sorobanInclusionFee', 'inclusionFee', 'latestLedger'})


if __name__ == '__main__':
    unittest.main()
