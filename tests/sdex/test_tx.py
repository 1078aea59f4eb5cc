"""sdex tx build, operations, show, sign, hash: every operation, wrong ones, and signatures that others check."""
import base64
import hashlib
import json
import os
import re
import time
import unittest

from sdex import Case, ENVELOPE, WORDS_ADDRESS, WORDS_SEED

SEED = 'SAKICEVQLYWGSOJS4WW7HZJWAHZVEEBS527LHK5V4MLJALYKICQCJXMW'
A = 'GBXFXNDLV4LSWA4VB7YIL5GBD7BVNR22SGBTDKMO2SBZZHDXSKZYCP7L'
B = 'GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN'
M = 'MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK'
POOL = 'LA3D5KRYM6CB7OWQ6TWYRR3Z4T7GNZLKERYNZGGA5SOAOPIFY6YQGZ5J'
BALANCE = 'BAADMPVKHBTYIH522D2O3CGHPHSP4ZXFNISHBXEYYDWJYBZ5AXD3CA3GDE'
CONTRACT = 'CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA'
USD, EURX = f'USD:{B}', f'EURTX:{B}'
USD_JSON = {'credit_alphanum4': {'asset_code': 'USD', 'issuer': B}}
EURX_JSON = {'credit_alphanum12': {'asset_code': 'EURTX', 'issuer': B}}
MAX = str(2**63 - 1)

TESTNET = 'Test SDF Network ; September 2015'

# what is typed, the operation's body, and how it is said
OPERATIONS = [
    (f'create_account to={B} balance=10',
     {'create_account': {'destination': B, 'starting_balance': '100000000'}},
     f'create account {B} with 10 XLM'),
    (f'payment to={M} asset={USD} amount=0.0000001',
     {'payment': {'destination': M, 'asset': USD_JSON, 'amount': '1'}},
     f'pay 0.0000001 {USD} to {M}'),
    (f'payment to={B} amount=1.5', {'payment': {'destination': B, 'asset': 'native', 'amount': '15000000'}},
     f'pay 1.5 XLM to {B}'),
    (f'path_payment_strict_receive to={B} send_asset=XLM send_max=5 dest_asset={USD} dest_amount=1 path={EURX},native',
     {'path_payment_strict_receive': {
         'send_asset': 'native', 'send_max': '50000000', 'destination': B, 'dest_asset': USD_JSON,
         'dest_amount': '10000000', 'path': [EURX_JSON, 'native']}},
     f'pay exactly 1 {USD} to {B}, taking at most 5 XLM, by way of {EURX}, XLM'),
    (f'path_payment_strict_send to={B} send_asset={USD} send_amount=5 dest_asset=native dest_min=1',
     {'path_payment_strict_send': {
         'send_asset': USD_JSON, 'send_amount': '50000000', 'destination': B, 'dest_asset': 'native',
         'dest_min': '10000000', 'path': []}},
     f'take exactly 5 {USD} and pay at least 1 XLM to {B}'),
    (f'manage_sell_offer selling=XLM buying={USD} amount=100 price=1/3 offer=7',
     {'manage_sell_offer': {'selling': 'native', 'buying': USD_JSON, 'amount': '1000000000',
                            'price': {'n': 1, 'd': 3}, 'offer_id': '7'}},
     f'change offer 7: sell 100 XLM for {USD} at '),
    (f'manage_sell_offer selling=XLM buying={USD} amount=0 price=1 offer=7',
     {'manage_sell_offer': {'selling': 'native', 'buying': USD_JSON, 'amount': '0',
                            'price': {'n': 1, 'd': 1}, 'offer_id': '7'}},
     f'delete offer 7 (XLM against {USD})'),
    (f'manage_buy_offer selling={USD} buying=XLM amount=2 price=0.25',
     {'manage_buy_offer': {'selling': USD_JSON, 'buying': 'native', 'buy_amount': '20000000',
                           'price': {'n': 1, 'd': 4}, 'offer_id': '0'}},
     f'buy 2 XLM for {USD} at 0.25 (1/4) each'),
    (f'create_passive_sell_offer selling={USD} buying={EURX} amount=2 price=1.25',
     {'create_passive_sell_offer': {'selling': USD_JSON, 'buying': EURX_JSON, 'amount': '20000000',
                                    'price': {'n': 5, 'd': 4}}},
     f'sell, without taking offers of the same price, 2 {USD} for {EURX} at 1.25 (5/4) each'),
    (f'set_options inflation_dest={B} clear_flags=clawback set_flags=required,revocable master_weight=1 low=1 med=2 '
     f'high=3 home_domain=example.com signer={B} weight=9',
     {'set_options': {'inflation_dest': B, 'clear_flags': 8, 'set_flags': 3, 'master_weight': 1,
                      'low_threshold': 1, 'med_threshold': 2, 'high_threshold': 3,
                      'home_domain': 'example.com', 'signer': {'key': B, 'weight': 9}}},
     'set options: set flags required, revocable, clear flags clawback, weight of the own key 1, low threshold 1, '
     f'medium threshold 2, high threshold 3, home domain "example.com", put in signer {B} of weight 9, '
     f'inflation destination {B}'),
    ('set_options', {'set_options': {k: None for k in (
        'inflation_dest', 'clear_flags', 'set_flags', 'master_weight', 'low_threshold', 'med_threshold',
        'high_threshold', 'home_domain', 'signer')}}, 'set options: nothing'),
    (f'set_options signer={B} weight=0', None, f'set options: remove signer {B}'),
    (f'change_trust asset={EURX}', {'change_trust': {'line': EURX_JSON, 'limit': MAX}}, f'trust {EURX}'),
    (f'change_trust asset={USD} limit=12.5', {'change_trust': {'line': USD_JSON, 'limit': '125000000'}},
     f'trust {USD}, holding at most 12.5'),
    (f'change_trust asset={USD} limit=0', None, f'delete the trustline of {USD}'),
    (f'change_trust pool={USD},XLM limit=max',
     {'change_trust': {'line': {'pool_share': {'liquidity_pool_constant_product': {
         'asset_a': 'native', 'asset_b': USD_JSON, 'fee': 30}}}, 'limit': MAX}},
     f'trust shares of the pool of XLM and {USD}'),
    (f'allow_trust trustor={B} code=USD authorize=yes',
     {'allow_trust': {'trustor': B, 'asset': 'USD', 'authorize': 1}}, f'authorise {B} for own asset "USD"'),
    (f'allow_trust trustor={B} code=EURTX', {'allow_trust': {'trustor': B, 'asset': 'EURTX', 'authorize': 0}},
     f'stop {B} for own asset "EURTX"'),
    (f'account_merge to={B}', {'account_merge': B}, f'move all XLM to {B} and delete the account'),
    ('manage_data name=key value="a value"', {'manage_data': {'data_name': 'key', 'data_value': b'a value'.hex()}},
     'write data entry "key": "a value"'),
    ("manage_data name='a key' value_hex=00ff", {'manage_data': {'data_name': 'a key', 'data_value': '00ff'}},
     r'write data entry "a key": "\\0\\xff"'),
    ('manage_data name=key', {'manage_data': {'data_name': 'key', 'data_value': None}}, 'delete data entry "key"'),
    ('bump_sequence to=9007199254740993', {'bump_sequence': {'bump_to': '9007199254740993'}},
     'raise the sequence number to 9007199254740993'),
    (f'create_claimable_balance claimant={B} claimant={A},before:1767225600 amount=5 asset={USD}',
     {'create_claimable_balance': {'asset': USD_JSON, 'amount': '50000000', 'claimants': [
         {'claimant_type_v0': {'destination': B, 'predicate': 'unconditional'}},
         {'claimant_type_v0': {'destination': A, 'predicate': {'before_absolute_time': '1767225600'}}}]}},
     f'set 5 {USD} aside for {B} always, or {A} before 2026-01-01 00:00:00 UTC'),
    (f'create_claimable_balance claimant={B},from:5 claimant={A},within:7 amount=1',
     {'create_claimable_balance': {'asset': 'native', 'amount': '10000000', 'claimants': [
         {'claimant_type_v0': {'destination': B, 'predicate': {'not': {'before_absolute_time': '5'}}}},
         {'claimant_type_v0': {'destination': A, 'predicate': {'before_relative_time': '7'}}}]}},
     'set 1 XLM aside for '),
    (f'create_claimable_balance claimant=\'{B},{{"or":["unconditional",{{"before_absolute_time":"5"}}]}}\' amount=1',
     {'create_claimable_balance': {'asset': 'native', 'amount': '10000000', 'claimants': [
         {'claimant_type_v0': {'destination': B, 'predicate': {
             'or': ['unconditional', {'before_absolute_time': '5'}]}}}]}}, 'set 1 XLM aside for '),
    (f'claim_claimable_balance id={BALANCE}', {'claim_claimable_balance': {'balance_id': BALANCE}},
     f'claim balance {BALANCE}'),
    (f'begin_sponsoring_future_reserves sponsored={B}', {'begin_sponsoring_future_reserves': {'sponsored_id': B}},
     f'sponsor the reserves of {B} from here on'),
    (f'end_sponsoring_future_reserves source={B}', 'end_sponsoring_future_reserves',
     f'end being sponsored [on behalf of {B}]'),
    (f'revoke_sponsorship account={B}', {'revoke_sponsorship': {'ledger_entry': {'account': {'account_id': B}}}},
     f'end or move the sponsorship of account {B}'),
    (f'revoke_sponsorship account={A} asset={USD}',
     {'revoke_sponsorship': {'ledger_entry': {'trustline': {'account_id': A, 'asset': USD_JSON}}}},
     f"sponsorship of {A}'s trustline of {USD}"),
    (f'revoke_sponsorship account={A} asset={EURX}',
     {'revoke_sponsorship': {'ledger_entry': {'trustline': {'account_id': A, 'asset': EURX_JSON}}}},
     f"sponsorship of {A}'s trustline of {EURX}"),
    (f'revoke_sponsorship account={A} pool={POOL}',
     {'revoke_sponsorship': {'ledger_entry': {'trustline': {'account_id': A, 'asset': {'pool_share': POOL}}}}},
     f"sponsorship of {A}'s trustline of {POOL}"),
    (f'revoke_sponsorship account={A} offer=5',
     {'revoke_sponsorship': {'ledger_entry': {'offer': {'seller_id': A, 'offer_id': '5'}}}},
     f"sponsorship of {A}'s offer 5"),
    (f'revoke_sponsorship account={A} data=x',
     {'revoke_sponsorship': {'ledger_entry': {'data': {'account_id': A, 'data_name': 'x'}}}},
     f"sponsorship of {A}'s data entry \"x\""),
    (f'revoke_sponsorship balance={BALANCE}',
     {'revoke_sponsorship': {'ledger_entry': {'claimable_balance': {'balance_id': BALANCE}}}},
     f'sponsorship of claimable balance {BALANCE}'),
    (f'revoke_sponsorship account={A} signer={B}',
     {'revoke_sponsorship': {'signer': {'account_id': A, 'signer_key': B}}}, f"sponsorship of {A}'s signer {B}"),
    (f'clawback from={A} asset={USD} amount=1 source={B}',
     {'clawback': {'asset': USD_JSON, 'from': A, 'amount': '10000000'}}, f'take back 1 {USD} from {A}'),
    (f'clawback_claimable_balance id={BALANCE}', {'clawback_claimable_balance': {'balance_id': BALANCE}},
     f'take back claimable balance {BALANCE}'),
    (f'set_trust_line_flags trustor={A} asset={USD} set=authorized clear=maintain,clawback source={B}',
     {'set_trust_line_flags': {'trustor': A, 'asset': USD_JSON, 'clear_flags': 6, 'set_flags': 1}},
     f'for {A} and {USD} set authorized, clear maintain liabilities, clawback'),
    (f'liquidity_pool_deposit pool={POOL} max_a=1 max_b=2 min_price=1/2 max_price=2',
     {'liquidity_pool_deposit': {'liquidity_pool_id': POOL, 'max_amount_a': '10000000', 'max_amount_b': '20000000',
                                 'min_price': {'n': 1, 'd': 2}, 'max_price': {'n': 2, 'd': 1}}},
     f'give at most 1 of the first and 2 of the second asset into pool {POOL}, at a price from 0.5 (1/2) to 2 (2/1)'),
    (f'liquidity_pool_withdraw pool={POOL} shares=3 min_a=1 min_b=0',
     {'liquidity_pool_withdraw': {'liquidity_pool_id': POOL, 'amount': '30000000', 'min_amount_a': '10000000',
                                  'min_amount_b': '0'}},
     f'give back 3 shares of pool {POOL} for at least 1 of the first and 0 of the second asset'),
]

NO_KEYS = {'read_only': [], 'read_write': []}
CODE_KEY = {'contract_code': {'hash': '00' * 32}}


def soroban(footprint, fee=500):
    return json.dumps({'ext': 'v0', 'resources': {
        'footprint': footprint, 'instructions': 1000, 'disk_read_bytes': 0, 'write_bytes': 0},
        'resource_fee': str(fee)})


SOROBAN = [
    ('invoke_host_function function={"invoke_contract":{"contract_address":"%s","function_name":"swap",'
     '"args":[{"u32":5},"void"]}}' % CONTRACT, NO_KEYS, f'call "swap" of contract {CONTRACT} with ({{"u32":5}}, "void")'),
    ('invoke_host_function auth=[] function={"upload_contract_wasm":"0061736d01000000"}', NO_KEYS,
     'upload 8 bytes of contract code'),
    ('invoke_host_function function={"create_contract":{"contract_id_preimage":{"asset":"native"},'
     '"executable":"stellar_asset"}}', NO_KEYS, 'create a contract for asset XLM'),
    ('extend_footprint_ttl to=1000', {'read_only': [CODE_KEY], 'read_write': []},
     'extend the life of the contract entries read to 1000 ledgers'),
    ('restore_footprint', {'read_only': [], 'read_write': [CODE_KEY]},
     'restore the archived contract entries written'),
]


class Tx(Case):
    def setUp(self):
        super().setUp()
        self.file('a.seed', SEED)
        self.file('b.seed', WORDS_SEED)

    def words(self, *more, op=None, sequence=5):
        ops = [x for o in (op or [f'payment to={B} amount=1']) for x in ('--op', o)]
        return ('tx', 'build', '--source', A, '--sequence', sequence, '--max-time', '2000000000', *ops, *more)

    def build(self, *more, **options):
        return self.sdex(*self.words(*more, **options)).strip()

    def json(self, envelope):
        return json.loads(self.sdex('xdr', 'decode', '--type', 'TransactionEnvelope', '--json', stdin=envelope))

    def tx(self, *more, **options):
        return self.json(self.build(*more, **options))['tx']['tx']


class Build(Tx):
    def test_every_operation(self):
        said, seen = set(), set()
        for typed, body, words in OPERATIONS:
            envelope = self.build(op=[typed])
            got = self.json(envelope)['tx']['tx']['operations']
            self.assertEqual(len(got), 1)
            seen.add(typed.split()[0])
            if body is not None:
                self.assertEqual(got[0]['body'], body)
            source = re.search(r'source=(\S+)', typed)
            self.assertEqual(got[0]['source_account'], source[1] if source else None)
            shown = self.sdex('tx', 'show', stdin=envelope)
            self.assertIn(words, shown)
            self.assertNotIn('would refuse', shown)
            said.add(words)
        for typed, footprint, words in SOROBAN:
            envelope = self.build('--soroban-data', soroban(footprint), op=[typed])
            seen.add(typed.split()[0])
            tx = self.json(envelope)['tx']['tx']
            self.assertEqual(tx['fee'], 600)
            self.assertEqual(tx['ext']['v1']['resource_fee'], '500')
            shown = self.sdex('tx', 'show', stdin=envelope)
            self.assertIn(words, shown)
            self.assertIn('of the fee at most 0.00005 XLM for resources: 1000 instructions', shown)
        names = [line.split()[0] for line in self.sdex('tx', 'operations').splitlines()]
        self.assertEqual(len(names), 27)
        # the network has refused inflation since protocol 12, and so does build
        self.assertEqual(set(names) - seen, {'inflation'})
        self.refused(*self.words(op=['inflation']), says='opNOT_SUPPORTED')
        for name in names:
            self.assertIn(name + ':', self.sdex('tx', 'operations', name))

    def test_soroban_data_in_base64(self):
        data = self.sdex('xdr', 'encode', '--type', 'SorobanTransactionData', stdin=soroban(NO_KEYS)).strip()
        self.assertEqual(self.build('--soroban-data', data, op=[SOROBAN[0][0]]),
                         self.build('--soroban-data', soroban(NO_KEYS), op=[SOROBAN[0][0]]))
        self.refused(*self.words('--soroban-data', 'AAAA', op=[SOROBAN[0][0]]), says='--soroban-data: ')
        self.refused(*self.words('--soroban-data', '!', op=[SOROBAN[0][0]]), says='--soroban-data: ')
        self.refused(*self.words('--soroban-data', '{}', op=[SOROBAN[0][0]]), says='--soroban-data: ')
        self.refused(*self.words(op=[SOROBAN[0][0]]), says='')

    def test_several_operations_and_the_fee(self):
        tx = self.tx('--fee', 250, op=[OPERATIONS[0][0], OPERATIONS[1][0], OPERATIONS[2][0]])
        self.assertEqual((tx['fee'], len(tx['operations'])), (750, 3))
        self.assertEqual(self.tx()['fee'], 100)
        self.assertEqual(len(self.tx(op=[OPERATIONS[2][0]] * 100)['operations']), 100)
        self.refused(*self.words(op=[OPERATIONS[2][0]] * 101), says='at most 100 operations')
        self.refused(*self.words('--fee', 99), says='fee')
        self.misused(*self.words('--fee', 4294967296), says='--fee wants a whole number')
        done = self.run_sdex(*self.words('--fee', 4294967295, op=[OPERATIONS[2][0]] * 2))
        self.assertIn('is too much', done.error)
        self.assertNotEqual(done.status, 0)

    def test_memos(self):
        digits = '5c' * 32
        for memo, expected in (('none', 'none'), ('text:hi there', {'text': 'hi there'}), ('text:', {'text': ''}),
                               ('id:18446744073709551615', {'id': '18446744073709551615'}),
                               ('hash:' + digits, {'hash': digits}), ('return:' + digits, {'return': digits})):
            envelope = self.build('--memo', memo)
            self.assertEqual(self.json(envelope)['tx']['tx']['memo'], expected)
            shown = self.sdex('tx', 'show', stdin=envelope)
            self.assertEqual('memo' in shown, memo != 'none')
        self.refused(*self.words('--memo', 'text:' + 29 * 'x'), says='text')
        for memo in ('hi', 'id:x', 'id:-1', 'id:18446744073709551616', 'text'):
            self.misused(*self.words('--memo', memo), says='--memo wants text:TEXT')
        for memo in ('hash:00', 'hash:' + 'g' * 64, 'return:' + '0' * 66):
            self.assertIn('--memo: ', self.run_sdex(*self.words('--memo', memo)).error)

    def test_conditions(self):
        base = ('tx', 'build', '--source', A, '--sequence', 5, '--op', f'payment to={B} amount=1')
        done = self.run_sdex(*base)
        self.assertEqual(self.json(done.text)['tx']['tx']['cond'], 'none')
        self.assertIn('without --max-time', done.error)
        self.assertEqual(self.run_sdex(*base, '--max-time', 0).error, '')
        tx = self.json(self.sdex(*base, '--min-time', 5, '--max-time', 10))['tx']['tx']
        self.assertEqual(tx['cond'], {'time': {'min_time': '5', 'max_time': '10'}})
        before = int(time.time())
        tx = self.json(self.sdex(*base, '--max-time', '+300'))['tx']['tx']
        self.assertTrue(before + 300 <= int(tx['cond']['time']['max_time']) <= time.time() + 300)
        envelope = self.sdex(*base, '--min-ledger', 3, '--max-ledger', 9, '--min-sequence', 2, '--min-sequence-age', 60,
                             '--min-sequence-gap', 4, '--extra-signer', B, '--max-time', 10, '--min-time', 5,
                             '--extra-signer', 'XBU2RRGLXH3E5CQHTD3ODLDF2BWDCYUSSBLLZ5GNW7JXHDIYKXZWGTOG')
        self.assertEqual(self.json(envelope)['tx']['tx']['cond'], {'v2': {
            'time_bounds': {'min_time': '5', 'max_time': '10'}, 'ledger_bounds': {'min_ledger': 3, 'max_ledger': 9},
            'min_seq_num': '2', 'min_seq_age': '60', 'min_seq_ledger_gap': 4,
            'extra_signers': [B, 'XBU2RRGLXH3E5CQHTD3ODLDF2BWDCYUSSBLLZ5GNW7JXHDIYKXZWGTOG']}})
        shown = self.sdex('tx', 'show', stdin=envelope)
        for line in ('not before 1970-01-01 00:00:05 UTC', 'not after 1970-01-01 00:00:10 UTC', 'not before ledger 3',
                     'only before ledger 9', 'sequence number is 2 or more', '60 s after', '4 ledgers after',
                     f'with a signature of {B}'):
            self.assertIn(line, shown)
        self.misused(*base, '--max-time', 'soon', says='--max-time wants seconds since 1970')
        self.refused(*base, '--max-time', 0, '--extra-signer', B, '--extra-signer', B, says='extraSigners')
        for words in (('--extra-signer', B) * 3, ('--extra-signer', 'G'), ('--min-ledger', 'x')):
            self.assertNotEqual(self.run_sdex(*base, '--max-time', 0, *words).status, 0)

    def test_what_is_wrong_with_an_operation(self):
        for typed, says in (
                ('', 'there is no operation ""'),
                (f'paymnt to={B}', 'there is no operation "paymnt"; did you mean "payment"?'),
                (f'payment to={B}', 'payment needs amount=AMOUNT'),
                (f'payment too={B} amount=1', 'payment has no field "too"; did you mean "to"?'),
                (f'payment to={B} to={B} amount=1', 'payment to stands there twice'),
                (f'payment to={B} amount', 'expected field=value in an operation, found "amount"'),
                (f'payment to={B} amount=1 "x"', 'expected field=value'),
                ('manage_data name="x', 'the quote behind name= is not closed'),
                (f'payment to={B[:-1]} amount=1', 'payment to='),
                (f'payment to={CONTRACT} amount=1', 'payment to='),
                (f'payment to={B} amount=1.00000001', 'at most 7 decimals'),
                (f'payment to={B} amount=-1', 'payment amount=-1: '),
                (f'payment to={B} amount=0', 'PAYMENT_MALFORMED'),
                (f'payment to={B} asset=USD amount=1', 'payment asset=USD: '),
                (f'manage_sell_offer selling=XLM buying=XLM amount=1 price=1', 'MANAGE_SELL_OFFER_MALFORMED'),
                (f'manage_sell_offer selling=XLM buying={USD} amount=1 price=0', 'price=0: '),
                (f'manage_sell_offer selling=XLM buying={USD} amount=1 price=1/0', 'MANAGE_SELL_OFFER_MALFORMED'),
                (f'manage_sell_offer selling=XLM buying={USD} amount=1 price=4294967296/1', 'price=4294967296/1: '),
                (f'manage_sell_offer selling=XLM buying={USD} amount=1 price=1111111111111111111111/1', 'price='),
                (f'manage_sell_offer selling=XLM buying={USD} amount=1 price=1 offer=-1', 'offer=-1: '),
                (f'set_options set_flags=nonsense', 'expected words of required=1'),
                (f'set_options signer={B}', 'signer= and weight= go together'),
                ('set_options low=256', 'SET_OPTIONS_THRESHOLD_OUT_OF_RANGE'),
                (f'change_trust asset={USD} pool=XLM,{USD}', 'give either asset=, or pool='),
                (f'change_trust pool={USD}', 'pool= has two assets'),
                ('change_trust', 'give either asset=, or pool='),
                (f'allow_trust trustor={B} code=', 'code= has 1 to 12 characters'),
                ('manage_data name=x value=1 value_hex=00', 'value= and value_hex= exclude each other'),
                ('manage_data name=x value_hex=0', 'value_hex=0: '),
                (f'create_claimable_balance claimant={B},sometimes amount=1', 'expected always, before:SECONDS'),
                (f'create_claimable_balance claimant={B},before:x amount=1', 'expected a whole number'),
                (f'create_claimable_balance claimant={B},{{"no":1}} amount=1', 'ClaimPredicate'),
                (f'create_claimable_balance {("claimant=" + B + " ") * 11} amount=1', 'at most 10 claimants'),
                (f'revoke_sponsorship account={B} offer=1 data=x', 'give balance=, or account='),
                ('revoke_sponsorship', 'give balance=, or account='),
                (f'clawback_claimable_balance id={B}', 'id='),
                ('invoke_host_function function={"x":1}', 'HostFunction'),
                (f'bump_sequence to=9223372036854775808', 'expected a whole number from 0 to 9223372036854775807')):
            done = self.refused(*self.words(op=[typed]))
            self.assertIn(says, done.error, typed)

    def test_wrong_use(self):
        self.misused('tx', 'build', says='--sequence is missing')
        self.misused('tx', 'build', '--sequence', 5, says='--source is missing')
        self.assertIn('--op is missing', self.run_sdex('tx', 'build', '--sequence', 5, '--source', A).error)
        self.assertIn('--source: ', self.run_sdex('tx', 'build', '--sequence', 5, '--source', 'X').error)
        self.misused(*self.words('--from-json', 'x'), says='takes the transaction from elsewhere')
        self.misused('tx', 'operations', 'nonsense', says='there is no operation "nonsense"')

    def test_from_json(self):
        envelope = self.build()
        whole = self.sdex('xdr', 'decode', '--type', 'TransactionEnvelope', stdin=envelope)
        self.file('whole.json', whole)
        self.file('tx.json', json.dumps(json.loads(whole)['tx']['tx']))
        for words in (('whole.json',), ('tx.json',)):
            self.assertEqual(self.sdex('tx', 'build', '--from-json', *words).strip(), envelope)
        self.assertEqual(self.sdex('tx', 'build', '--from-json', '-', stdin=whole).strip(), envelope)
        self.refused('tx', 'build', '--from-json', '-', stdin=whole.replace('"10000000"', '"0"'),
                     says='PAYMENT_MALFORMED')
        self.refused('tx', 'build', '--from-json', '-', stdin=whole.replace('"memo"', '"mmo"'),
                     says='TransactionEnvelope.tx.tx: expected')
        self.refused('tx', 'build', '--from-json', '-', stdin='{"fee":1,"x":2}', says='Transaction: expected')

    def test_outputs_and_v0(self):
        envelope = self.build()
        raw = base64.b64decode(envelope)
        self.assertEqual(self.sdex(*self.words('--output', 'hex')).strip(), raw.hex())
        self.assertEqual(self.sdex(*self.words('--output', 'raw')), raw)
        self.assertEqual(json.loads(self.sdex(*self.words('--output', 'json'))), self.json(envelope))
        old = self.build('--v0')
        self.assertIn('tx_v0', self.json(old))
        network = ('--network', 'testnet')
        self.assertEqual(self.sdex('tx', 'hash', *network, stdin=old), self.sdex('tx', 'hash', *network, stdin=envelope))
        self.assertIn(f'pay 1 XLM to {B}', self.sdex('tx', 'show', stdin=old))


class SignShowHash(Tx):
    def payload_hash(self, envelope, passphrase):
        """As the protocol has it: SHA-256 of network id, envelope type, transaction."""
        raw = base64.b64decode(envelope)
        self.assertEqual(raw[:4] + raw[-4:], b'\0\0\0\2\0\0\0\0')
        return hashlib.sha256(hashlib.sha256(passphrase.encode()).digest() + raw[:-4]).hexdigest()

    def test_hashes(self):
        envelope = self.build()
        for words, passphrase in (
                (('--network', 'testnet'), TESTNET),
                (('--network', 'public'), 'Public Global Stellar Network ; September 2015'),
                (('--network', 'futurenet'), 'Test SDF Future Network ; October 2022'),
                (('--network', 'standalone'), 'Standalone Network ; February 2017'),
                (('--passphrase', 'My own'), 'My own')):
            self.assertEqual(self.sdex('tx', 'hash', *words, stdin=envelope).strip(),
                             self.payload_hash(envelope, passphrase))
        self.misused('tx', 'hash', envelope, says='--network is missing')
        self.misused('tx', 'hash', '--network', 'testnet', '--passphrase', 'x', envelope, says='exclude each other')
        self.misused('tx', 'hash', '--network', 'mainnet', envelope, says='--network is one of testnet|public')
        self.refused('tx', 'hash', '--network', 'testnet', 'AAAA', says='')

    def test_signatures(self):
        envelope = self.build()
        signed = self.sdex('tx', 'sign', '--network', 'testnet', '--key', 'a.seed', '--key', 'b.seed', stdin=envelope)
        signatures = self.json(signed)['tx']['signatures']
        digest = bytes.fromhex(self.payload_hash(envelope, TESTNET))
        self.file('digest', digest)
        for signature, address in zip(signatures, (A, WORDS_ADDRESS), strict=True):
            self.assertEqual(self.sdex('key', 'verify', '--bare', '--address', address, '--signature',
                                       signature['signature'], 'digest'), 'good\n')
            self.assertIn('hint    ' + signature['hint'], self.sdex('key', 'inspect', address))
        # one after the other is the same as at once; a second time changes nothing
        first = self.sdex('tx', 'sign', '--network', 'testnet', '--key', 'a.seed', stdin=envelope)
        self.assertEqual(self.sdex('tx', 'sign', '--network', 'testnet', '--key', 'b.seed', stdin=first), signed)
        again = self.run_sdex('tx', 'sign', '--network', 'testnet', '--key', 'a.seed', stdin=signed)
        self.assertEqual(again.text, signed)
        self.assertIn('has signed already', again.error)
        # the hash leaves signatures out
        self.assertEqual(self.sdex('tx', 'hash', '--network', 'testnet', stdin=signed).strip(), digest.hex())
        shown = self.sdex('tx', 'show', '--network', 'testnet', stdin=first)
        self.assertIn('hash ' + digest.hex(), shown)
        self.assertIn('txSUCCESS', shown)
        self.assertIn('1 signature, hint ' + signatures[0]['hint'], shown)
        self.assertIn('txBAD_AUTH', self.sdex('tx', 'show', '--network', 'public', stdin=first))
        self.assertIn('no signature', self.sdex('tx', 'show', stdin=envelope))

    def test_keys_from_everywhere(self):
        envelope = self.build()
        self.file('tx', envelope)
        expected = self.sdex('tx', 'sign', '--network', 'testnet', '--key', 'a.seed', 'tx')
        self.assertEqual(self.sdex('tx', 'sign', '--network', 'testnet', '--key', '-', 'tx', stdin=SEED), expected)
        reader, writer = os.pipe()
        os.write(writer, SEED.encode())
        os.close(writer)
        self.assertEqual(self.sdex('tx', 'sign', '--network', 'testnet', '--key-fd', reader, 'tx', pass_fds=[reader]),
                         expected)
        os.close(reader)
        self.misused('tx', 'sign', '--network', 'testnet', '--key', '-', says='standard input cannot give both')
        self.misused('tx', 'sign', 'tx', '--key', 'a.seed', says='--network is missing')
        done = self.run_sdex('tx', 'sign', '--network', 'testnet', 'tx')
        self.assertEqual(done.status, 1, done)
        self.assertIn('there is no terminal', done.error)
        self.assertIn(f'pay 1 XLM to {B}', done.error)
        self.file('open.seed', SEED, 0o644)
        self.refused('tx', 'sign', '--network', 'testnet', '--key', 'open.seed', 'tx', says='can be read by others')
        self.refused('tx', 'sign', '--network', 'testnet', '--key', 'tx', 'tx', says='the secret')

    def test_a_preimage(self):
        self.file('preimage', b'open sesame')
        signed = self.sdex('tx', 'sign', '--network', 'testnet', '--preimage', 'preimage', stdin=self.build())
        signature, = self.json(signed)['tx']['signatures']
        self.assertEqual(signature, {'hint': hashlib.sha256(b'open sesame').hexdigest()[-8:],
                                     'signature': b'open sesame'.hex()})
        self.file('long', bytes(65))
        self.refused('tx', 'sign', '--network', 'testnet', '--preimage', 'long', stdin=self.build(), says='over the limit')

    def test_what_the_network_refuses_is_not_signed(self):
        value = self.json(self.build())
        value['tx']['tx']['operations'][0]['body']['payment']['amount'] = '0'
        bad = json.dumps(value)
        sign = ('tx', 'sign', '--network', 'testnet', '--key', 'a.seed')
        self.refused(*sign, stdin=bad, says='PAYMENT_MALFORMED')
        self.assertEqual(len(self.json(self.sdex(*sign, '--unchecked', stdin=bad))['tx']['signatures']), 1)
        self.assertIn('the network would refuse this: ', self.sdex('tx', 'show', stdin=bad))

    def test_fee_bumps(self):
        inner = self.sdex('tx', 'sign', '--network', 'testnet', '--key', 'a.seed', stdin=self.build())
        self.file('inner', inner)
        bump = self.sdex('tx', 'build', '--fee-bump', 'inner', '--source', WORDS_ADDRESS, '--fee', 200)
        value = self.json(bump)['tx_fee_bump']
        self.assertEqual((value['tx']['fee'], value['tx']['fee_source']), ('400', WORDS_ADDRESS))
        self.assertEqual(value['tx']['inner_tx']['tx'], self.json(inner)['tx'])
        signed = self.sdex('tx', 'sign', '--network', 'testnet', '--key', 'b.seed', stdin=bump)
        shown = self.sdex('tx', 'show', '--network', 'testnet', stdin=signed)
        self.assertIn(f'fee bump: {WORDS_ADDRESS} pays a fee of at most 0.00004 XLM', shown)
        self.assertIn('txSUCCESS', shown)
        self.assertNotEqual(self.sdex('tx', 'hash', '--network', 'testnet', stdin=bump),
                            self.sdex('tx', 'hash', '--network', 'testnet', stdin=inner))
        self.refused('tx', 'build', '--fee-bump', 'inner', '--source', WORDS_ADDRESS, '--fee', 99, says='fee')
        self.refused('tx', 'build', '--fee-bump', 'no.such', '--source', WORDS_ADDRESS, says='cannot open')
        self.misused('tx', 'build', '--fee-bump', 'inner', says='--source is missing')

    def test_nothing_in_a_transaction_moves_the_terminal(self):
        nasty = '\\\\x1b[2J\\\\x07'
        value = self.build('--memo', 'text:x', op=['manage_data name=key value=x'])
        text = json.dumps(self.json(value)).replace('{"text": "x"}', '{"text": "%s"}' % nasty)
        text = text.replace('"data_value": "78"', '"data_value": "1b5b324a"')
        shown = self.sdex('tx', 'show', stdin=text)
        self.assertIn('x1b', shown)
        self.assertNotIn('\x1b', shown)
        self.assertNotIn('\x07', shown)

    def test_every_form_of_input(self):
        expected = self.sdex('tx', 'show', ENVELOPE)
        raw = base64.b64decode(ENVELOPE)
        text = self.sdex('xdr', 'decode', '--type', 'TransactionEnvelope', stdin=raw)
        for data in (raw, ENVELOPE, raw.hex(), text):
            self.assertEqual(self.sdex('tx', 'show', stdin=data), expected)
        self.refused('tx', 'show', stdin='{"tx":1}', says='TransactionEnvelope.tx: expected')
        self.refused('tx', 'show', 'no.such', says='cannot open')


class Explain(Tx):
    FAILED = 'AAAAAAAAAGT/////AAAAAQAAAAAAAAAB/////gAAAAA='  # a payment that was underfunded
    BAD_SEQ = 'AAAAAAAAAAD////7AAAAAA=='

    def test_results_in_every_form(self):
        expected = self.sdex('tx', 'explain', self.FAILED)
        for word in ('txFAILED', 'PAYMENT_UNDERFUNDED', 'operation 0', 'next: '):
            self.assertIn(word, expected)
        raw = base64.b64decode(self.FAILED)
        text = self.sdex('xdr', 'decode', '--type', 'TransactionResult', stdin=raw)
        for data in (raw, self.FAILED, raw.hex(), text):
            self.assertEqual(self.sdex('tx', 'explain', stdin=data), expected)
        self.assertEqual(self.sdex('tx', 'explain', self.file('result', raw)), expected)
        self.assertIn('txBAD_SEQ', self.sdex('tx', 'explain', self.BAD_SEQ))

    def test_answers_of_horizon_and_rpc(self):
        expected = self.sdex('tx', 'explain', self.FAILED)
        envelope = self.build()
        for answer in (
                {'type': 'https://stellar.org/horizon-errors/transaction_failed', 'status': 400,
                 'extras': {'envelope_xdr': envelope, 'result_codes': {'transaction': 'tx_failed'},
                            'result_xdr': self.FAILED}},
                {'jsonrpc': '2.0', 'id': 1, 'result': {'status': 'FAILED', 'resultXdr': self.FAILED, 'envelopeXdr': envelope}},
                {'result': {'status': 'ERROR', 'errorResultXdr': self.FAILED}}):
            self.assertEqual(self.sdex('tx', 'explain', stdin=json.dumps(answer)), expected)
        self.refused('tx', 'explain', stdin='{"status": 404}', says='holds no result')
        self.refused('tx', 'explain', stdin='{"result_xdr": "AAAA"}', says='holds no result')
        self.refused('tx', 'explain', stdin='{"result_xdr": 5, "x": [', says='byte 24')

    def test_the_envelope_names_what_was_not_tried(self):
        self.file('tx', self.build(op=[f'payment to={B} amount=1', f'account_merge to={B}']))
        text = self.sdex('tx', 'explain', '--envelope', 'tx', self.BAD_SEQ)
        self.assertIn('txBAD_SEQ', text)
        self.refused('tx', 'explain', '--envelope', 'no.such', self.BAD_SEQ, says='cannot open')
        self.refused('tx', 'explain', '--envelope', 'tx', 'no.such', says='cannot open')

    def test_codes_by_name(self):
        self.assertRegex(self.sdex('tx', 'explain', 'txBAD_SEQ'),
                         r'^txBAD_SEQ \(-5 of TransactionResultCode, in Horizon tx_bad_seq\): .*\n$')
        self.assertEqual(self.sdex('tx', 'explain', 'tx_bad_seq'), self.sdex('tx', 'explain', 'txBAD_SEQ'))
        self.assertGreater(self.sdex('tx', 'explain', 'op_underfunded').count('\n'), 5)
        self.misused('tx', 'explain', 'PAYMENT_UNDERFUNDD', says='did you mean "PAYMENT_UNDERFUNDED"?')
        self.refused('tx', 'explain', 'nonsense', says='the operand, which names no file')
        self.refused('tx', 'explain', self.FAILED[:-4], says='TransactionResult')


if __name__ == '__main__':
    unittest.main()
