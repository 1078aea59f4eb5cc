"""Readers of Horizon's and RPC's answers on the examples of both documentations."""
import base64
import json
import os
import pathlib
import re
import subprocess
import unittest

EXE = os.environ['CHAIN_READ']
CORPUS = os.environ.get('SDEX_CORPUS')


def run(reader, text):
    return subprocess.run([EXE, reader], input=text.encode(), capture_output=True, timeout=60)


def read(reader, value):
    done = run(reader, json.dumps(value))
    if done.returncode:
        raise AssertionError(f'{reader}: {done.stderr.decode()}')
    return json.loads(done.stdout)


def answer(result):
    return {'jsonrpc': '2.0', 'id': 7, 'result': result}


def plain(line):
    """A scalar of YAML."""
    if line in ('true', 'false'):
        return line == 'true'
    if line in ('', 'null', '~'):
        return None
    if line == '{}':
        return {}
    if line[0] in '\'"':
        return line[1:-1]
    return int(line) if re.fullmatch('-?[0-9]+', line) else line


def yaml(text):
    """So much of YAML as the examples need: maps, lists and scalars by indentation."""
    lines = [(len(line) - len(line.lstrip(' ')), line.strip()) for line in text.replace('\t', '').split('\n')
             if line.strip() and not line.strip().startswith('#')]

    def value(at, least):
        if at == len(lines) or lines[at][0] < least:
            return None, at
        indent = lines[at][0]
        if not re.match(r'- |-$', lines[at][1]):
            made = {}
            while at < len(lines) and lines[at][0] == indent and not re.match(r'- |-$', lines[at][1]):
                name, _, rest = lines[at][1].partition(':')
                at += 1
                if rest.strip():
                    made[plain(name)] = plain(rest.strip())
                else:
                    # a list may stand as far left as its name
                    dashed = at < len(lines) and lines[at][0] == indent and lines[at][1].startswith('-')
                    made[plain(name)], at = value(at, indent if dashed else indent + 1)
            return made, at
        made = []
        while at < len(lines) and lines[at][0] == indent and re.match(r'- |-$', lines[at][1]):
            rest = lines[at][1][1:].lstrip()
            if re.match(r'[\w.]+:', rest):
                lines[at] = (indent + len(lines[at][1]) - len(rest), rest)
                item, at = value(at, indent + 1)
            else:
                item, at = plain(rest), at + 1
            made.append(item)
        return made, at

    return value(0, 0)[0]


def hexed(text):
    return base64.b64decode(text).hex()


def stroops(text):
    whole, _, part = text.partition('.')
    return str(int(whole) * 10**7 + int(part.ljust(7, '0') or 0))


def asset(value, prefix=''):
    if value[prefix + 'asset_type'] == 'native':
        return 'native'
    return f"{value[prefix + 'asset_code']}:{value[prefix + 'asset_issuer']}"


@unittest.skipUnless(CORPUS, 'SDEX_CORPUS is not set: the examples are in the corpus')
class Rpc(unittest.TestCase):
    def examples(self, name):
        found = json.loads(pathlib.Path(CORPUS, 'rpc/examples', name + '.json').read_text())
        return {name: example['value'] for name, example in found.items() if isinstance(example.get('value'), dict)}

    def agree(self, shown, value, xdr=()):
        for name, one in shown.items():
            if isinstance(one, list):
                self.assertEqual(len(one), len(value[name]))
                for a, b in zip(one, value[name]):
                    self.agree(a, b, xdr)
            elif name in xdr:
                self.assertEqual(one, hexed(value[name]), name)
            else:
                self.assertEqual(one, value[name] if isinstance(one, bool) else str(value[name]), name)

    def test_ledgers(self):
        value = self.examples('Ledgers')['GetLedgersResult']
        shown = read('rpc.ledgers', answer(value))
        self.agree(shown, value, ('metadataXdr',))
        self.assertGreater(len(shown['ledgers']), 0)
        value['ledgers'] = None
        self.assertEqual(read('rpc.ledgers', answer(value))['ledgers'], [])

    def test_transactions(self):
        examples = self.examples('Transactions')
        for name in ('SuccessTransactionResult', 'NotFoundTransactionResult', 'FailedTransactionResult'):
            shown = read('rpc.transaction', answer(examples[name]))
            self.assertIn('latestLedger', shown)
            self.agree(shown, examples[name], ('envelopeXdr', 'resultXdr', 'resultMetaXdr'))
        for name in ('PendingTransactionResult', 'DuplicateTransactionResult', 'ErrorTransactionResult',
                     'TryAgainLaterTransactionResult'):
            self.agree(read('rpc.sent', answer(examples[name])), examples[name], ('errorResultXdr',))

    def test_entries(self):
        examples = self.examples('LedgerEntries')
        results = [v for n, v in examples.items() if n.endswith('Result')]
        self.assertEqual(len(results), 3)
        for value in results:
            self.agree(read('rpc.entries', answer(value)), value, ('key', 'xdr'))

    def test_others(self):
        """Shapes of stellar-rpc's source: there are no examples of these."""
        fees = {'max': '200', 'min': '100', 'mode': '100', 'p10': '100', 'p20': '100', 'p30': '100', 'p40': '100',
                'p50': '100', 'p60': '100', 'p70': '100', 'p80': '100', 'p90': '120', 'p95': '190', 'p99': '200',
                'transactionCount': '10', 'ledgerCount': 50}
        stats = {'sorobanInclusionFee': {**fees, 'max': '210'}, 'inclusionFee': fees, 'latestLedger': 4519945}
        self.assertEqual(read('rpc.fee_stats', answer(stats)),
                         {'p10': '100', 'p99': '200', 'soroban max': '210', 'latestLedger': '4519945'})
        health = {'status': 'healthy', 'latestLedger': 51583040, 'oldestLedger': 51565761, 'ledgerRetentionWindow': 17280,
                  'latestLedgerCloseTime': '1', 'oldestLedgerCloseTime': '1'}
        self.assertEqual(read('rpc.health', answer(health))['ledgerRetentionWindow'], '17280')
        network = {'friendbotUrl': 'https://friendbot', 'passphrase': 'Test SDF Network ; September 2015',
                   'protocolVersion': 28}
        self.assertEqual(read('rpc.network', answer(network)),
                         {'passphrase': 'Test SDF Network ; September 2015', 'protocolVersion': '28'})
        latest = {'id': 'c7' * 32, 'protocolVersion': 28, 'sequence': 45075181, 'closeTime': '1677115742',
                  'headerXdr': 'AA==', 'metadataXdr': 'AA=='}
        self.assertEqual(read('rpc.latest', answer(latest))['closeTime'], '1677115742')

    def test_refusals(self):
        message = ('start ledger (63800061) must be between the oldest ledger: 63679101 and the latest ledger: '
                   '63800060 for this rpc instance')
        error = {'jsonrpc': '2.0', 'id': 7, 'error': {'code': -32600, 'message': message}}
        self.assertEqual(read('rpc.ledgers', error),
                         {'code': '-32600', 'message': message, 'oldest': '63679101', 'latest': '63800060'})
        error['error'] = {'code': -32603, 'message': 'ä' * 600, 'data': {'x': [1]}}
        self.assertEqual(read('rpc.sent', error), {'code': '-32603', 'message': 'ä' * 500})
        error.update(id=None)
        self.assertEqual(read('rpc.sent', error)['code'], '-32603')

    def test_what_is_no_answer(self):
        sent = self.examples('Transactions')['PendingTransactionResult']
        good = answer(sent)
        for change, says in (
                ({'id': 8}, 'INVALID id: expected the id of the request, found "8"'),
                ({'id': '7'}, 'KIND id: expected'),
                ({'result': None}, 'MISSING expected an object with `id` and one of `result` and `error`'),
                ({'error': {'code': 1, 'message': 'x'}}, 'MISSING expected an object with `id`'),
                ({'error': {'code': 0, 'message': 'x'}}, 'RANGE error: expected a code that is not 0'),
                ({'result': {**sent, 'status': 'FILTERED'}},
                 'UNKNOWN result.status: expected one of the words for this member, found the string "FILTERED"'),
                ({'result': {**sent, 'hash': 'ab'}}, 'LENGTH result.hash: expected 64 hexadecimal digits'),
                ({'result': {**sent, 'hash': 'g' * 64}}, 'CHARACTER result.hash: expected'),
                ({'result': {**sent, 'latestLedger': -1}}, 'RANGE result.latestLedger: expected 0 to 4294967295'),
                ({'result': {**sent, 'latestLedger': 1.5}}, 'RANGE result.latestLedger'),
                ({'result': {**sent, 'latestLedger': '5'}}, 'KIND result.latestLedger'),
                ({'result': {**sent, 'latestLedgerCloseTime': '5x'}}, 'SYNTAX result.latestLedgerCloseTime'),
                ({'result': {**sent, 'latestLedgerCloseTime': 2**63}}, 'RANGE result.latestLedgerCloseTime'),
                ({'result': {**sent, 'errorResultXdr': 'AB=='}}, 'SYNTAX result.errorResultXdr: expected base64'),
                ({'result': [sent]}, 'KIND result: expected an object'),
                ({'result': {k: v for k, v in sent.items() if k != 'hash'}},
                 'MISSING result.hash: expected this member in the object')):
            done = run('rpc.sent', json.dumps({**good, **change}))
            self.assertEqual(done.returncode, 1, change)
            self.assertIn(says, done.stderr.decode(), change)
        text = json.dumps(good)
        for bad, says in ((text[:-1], 'TRUNCATED'), (text + 'x', 'TRAILING'), ('', 'expected an object'), ('[]', 'KIND'),
                          (text.replace('"hash"', '"status": "PENDING", "hash"'), 'DUPLICATE result.status'),
                          (text.replace('"id": 7', '"id": 7, "id": 7'), 'DUPLICATE id'),
                          ('[' * 100, 'expected'), ('{"x":' + '[' * 100, 'DEPTH')):
            done = run('rpc.sent', bad)
            self.assertEqual(done.returncode, 1, bad)
            self.assertIn(says, done.stderr.decode())
        ledgers = self.examples('Ledgers')['GetLedgersResult']
        first = ledgers['ledgers'][0]
        ledgers['ledgers'] = [first, {**first, 'sequence': first['sequence'] + 2}]
        self.assertIn('INVALID result: expected ledgers in sequence, without holes',
                      run('rpc.ledgers', json.dumps(answer(ledgers))).stderr.decode())
        ledgers['ledgers'] = [first, {**first, 'sequence': None}]
        self.assertIn('KIND result.ledgers[1].sequence', run('rpc.ledgers', json.dumps(answer(ledgers))).stderr.decode())


@unittest.skipUnless(CORPUS, 'SDEX_CORPUS is not set: the examples are in the corpus')
class Horizon(unittest.TestCase):
    def example(self, name):
        text = pathlib.Path(CORPUS, 'horizon/examples', name + '.yml').read_text()
        examples = yaml(text)['components']['examples']
        return next(iter(examples.values()))['value']

    def offer(self, value):
        return {'id': str(value['id']), 'seller': value['seller'], 'selling': asset(value['selling']),
                'buying': asset(value['buying']), 'amount': stroops(value['amount']), 'n': str(value['price_r']['n']),
                'd': str(value['price_r']['d']), 'last_modified_ledger': str(value['last_modified_ledger'])}

    def test_offers(self):
        for name in ('GetAllOffers', 'RetrieveAnAccountsOffers'):
            page = self.example(name)
            records = page['_embedded']['records']
            self.assertGreater(len(records), 0)
            self.assertEqual(read('horizon.offers', page),
                             {'cursor': str(records[-1]['paging_token']), 'records': [self.offer(r) for r in records]})
        self.assertEqual(read('horizon.offers', {'_embedded': {'records': []}}), {'cursor': None, 'records': []})
        one = self.example('GetOfferByOfferId')
        self.assertEqual(read('horizon.offers', {'_embedded': {'records': [one]}})['records'], [self.offer(one)])

    def account(self, value):
        def balance(b):
            native = b['asset_type'] == 'native'
            what = {'pool': b['liquidity_pool_id']} if b['asset_type'] == 'liquidity_pool_shares' else \
                {'asset': asset(b)}
            return {**what, 'balance': stroops(b['balance']), 'limit': str(2**63 - 1) if native else stroops(b['limit']),
                    'buying_liabilities': stroops(b.get('buying_liabilities', '0')),
                    'selling_liabilities': stroops(b.get('selling_liabilities', '0')),
                    'is_authorized': native or b.get('is_authorized', False)}
        made = {name: str(value.get(name, 0)) for name in (
            'account_id', 'sequence', 'subentry_count', 'num_sponsoring', 'num_sponsored', 'last_modified_ledger')}
        made.update({name: str(n) for name, n in value['thresholds'].items()})
        made.update({name: value['flags'].get(name, False) for name in (
            'auth_required', 'auth_revocable', 'auth_immutable', 'auth_clawback_enabled')})
        made['balances'] = [balance(b) for b in value['balances']]
        made['signers'] = [{'key': s['key'], 'weight': str(s['weight'])} for s in value['signers']]
        return made

    def test_accounts(self):
        accounts = [self.example('RetrieveAnAccount'), *self.example('ListAllAccounts')['_embedded']['records']]
        self.assertGreater(len(accounts), 1)
        for value in accounts:
            self.assertEqual(read('horizon.account', value), self.account(value))
        value = accounts[0]
        value['balances'].append({
            'balance': '6.5000000', 'liquidity_pool_id': 'ab' * 32, 'limit': '7.0000000', 'is_authorized': True,
            'is_authorized_to_maintain_liabilities': True, 'last_modified_ledger': 5, 'is_clawback_enabled': False,
            'asset_type': 'liquidity_pool_shares'})
        value['sequence_ledger'], value['sequence_time'], value['sponsor'] = 5, '1', None
        self.assertEqual(read('horizon.account', value), self.account(value))

    def test_transactions(self):
        pages = [self.example(n)['_embedded']['records'] for n in (
            'ListAllTransactions', 'RetrieveALedgersTransactions', 'RetrieveAnAccountsTransactions')]
        for value in (self.example('RetrieveATransaction'), self.example('SubmitaTransaction'), *sum(pages, [])):
            shown = read('horizon.transaction', value)
            for name, one in shown.items():
                expected = hexed(value[name]) if name.endswith('_xdr') else value[name]
                self.assertEqual(one, expected if isinstance(one, bool) else str(expected), name)

    def test_fee_stats(self):
        value = self.example('RetrieveFeeStats')
        self.assertEqual(read('horizon.fee_stats', value), {
            'last_ledger': '43277313', 'last_ledger_base_fee': '100', 'fee_charged.p90': '5500', 'max_fee.max': '616065406'})

    def test_problems(self):
        """The shapes of internal/actions/submit_transaction.go and internal/render/problem."""
        problem = {
            'type': 'https://stellar.org/horizon-errors/transaction_failed', 'title': 'Transaction Failed',
            'status': 400, 'detail': 'It failed.', 'extras': {
                'envelope_xdr': 'AA==', 'result_xdr': 'AAAAAAAAAGT////7AAAAAA==',
                'result_codes': {'transaction': 'tx_bad_seq'}}}
        self.assertEqual(read('horizon.problem', problem), {
            'type': 'transaction_failed', 'title': 'Transaction Failed', 'detail': 'It failed.', 'status': '400',
            'result_xdr': '0000000000000064fffffffb00000000', 'transaction': 'tx_bad_seq'})
        shown = read('horizon.problem', {'type': 'not_found', 'title': 'Resource Missing', 'status': 404})
        self.assertEqual((shown['type'], shown['detail'], shown['transaction']), ('not_found', '', None))

    def test_others(self):
        sent = {'tx_status': 'ERROR', 'hash': 'ab' * 32, 'error_result_xdr': 'AAAAAAAAAGT////7AAAAAA=='}
        self.assertEqual(read('horizon.sent', sent)['error_result_xdr'], '0000000000000064fffffffb00000000')
        root = {'horizon_version': '28.0.0', 'core_version': 'v28', 'ingest_latest_ledger': 7, 'history_latest_ledger': 7,
                'history_latest_ledger_closed_at': '2026-01-01T00:00:00Z', 'history_elder_ledger': 2,
                'core_latest_ledger': 8, 'network_passphrase': 'Test SDF Network ; September 2015',
                'current_protocol_version': 28, 'supported_protocol_version': 28, 'core_supported_protocol_version': 28}
        self.assertEqual(read('horizon.root', root)['core_latest_ledger'], '8')

    def test_what_is_no_answer(self):
        page = self.example('GetAllOffers')
        good = page['_embedded']['records'][0]
        dollar = {'asset_type': 'credit_alphanum4', 'asset_code': 'USD', 'asset_issuer': good['seller']}
        for change, says in (
                ({'id': '0'}, 'RANGE _embedded.records[1]: expected an offer of id, amount and price above zero'),
                ({'id': 1.0}, 'RANGE _embedded.records[1].id: expected a whole number in plain digits'),
                ({'id': '1e3'}, 'SYNTAX _embedded.records[1].id'),
                ({'amount': '0.0000000'}, 'RANGE _embedded.records[1]'),
                ({'amount': 5}, 'KIND _embedded.records[1].amount'),
                ({'amount': '-1.0'}, 'SYNTAX _embedded.records[1].amount'),
                ({'amount': '0.00000001'}, 'PRECISION _embedded.records[1].amount'),
                ({'amount': '922337203685.4775808'}, 'RANGE _embedded.records[1].amount'),
                ({'price_r': {'n': 0, 'd': 1}}, 'RANGE _embedded.records[1]'),
                ({'price_r': {'n': 2**31, 'd': 1}}, 'RANGE _embedded.records[1].price_r.n: expected a number of 32 bits'),
                ({'price_r': {'n': 1}}, 'MISSING _embedded.records[1].price_r.d'),
                ({'seller': good['seller'][:-1] + 'A'}, '_embedded.records[1].seller: expected an account (G...)'),
                ({'selling': {'asset_type': 'credit_alphanum4', 'asset_code': 'USD'}}, 'MISSING _embedded.records[1]: expected an asset'),
                ({'selling': {**dollar, 'asset_type': 'credit_alphanum12'}}, 'INVALID _embedded.records[1]'),
                ({'selling': {**dollar, 'asset_code': 'U$D'}}, 'CHARACTER _embedded.records[1]'),
                ({'selling': {**dollar, 'asset_code': 'U\0D'}}, 'CHARACTER _embedded.records[1].selling.asset_code: expected a text without NUL'),
                ({'selling': {'asset_type': 'liquidity_pool_shares'}}, 'MISSING _embedded.records[1]'),
                ({'selling': {'asset_type': 'gold'}}, 'UNKNOWN _embedded.records[1].selling.asset_type')):
            bad = {'_embedded': {'records': [good, {**good, **change}]}}
            done = run('horizon.offers', json.dumps(bad))
            self.assertEqual(done.returncode, 1, change)
            self.assertIn(says, done.stderr.decode(), change)


if __name__ == '__main__':
    unittest.main()
