"""Drives a sandbox as a user of the Python SDK would: HORIZON_URL RPC_URL.  A line for each thing
that was as it should be; the first that is not ends it with status 1."""
import sys
import time
import urllib.request

from stellar_sdk import Asset, Keypair, Server, SorobanServer, TransactionBuilder
from stellar_sdk.exceptions import BadRequestError

horizon, rpc = Server(sys.argv[1]), SorobanServer(sys.argv[2])
alice, bob = Keypair.random(), Keypair.random()
passphrase = horizon.root().call()['network_passphrase']


def ok(what):
    print('ok', what, flush=True)


def builder(account):
    return TransactionBuilder(account, passphrase, base_fee=1000).set_timeout(60)


def signed(made, key):
    tx = made.build()
    tx.sign(key)
    return tx


for key in alice, bob:
    urllib.request.urlopen(f'{sys.argv[1]}/friendbot?addr={key.public_key}').read()
account = horizon.load_account(alice.public_key)
record = horizon.accounts().account_id(alice.public_key).call()
assert record['balances'][0]['balance'] == '10000.0000000'
ok('friendbot, load_account')

offers = horizon.offers().for_selling(Asset.native()).limit(50).call()['_embedded']['records']
buying = next(o['buying'] for o in offers if o['buying'].get('asset_code') == 'USDC')
usdc = Asset(buying['asset_code'], buying['asset_issuer'])
horizon.submit_transaction(signed(builder(account).append_change_trust_op(usdc), alice))
horizon.submit_transaction(signed(builder(account).append_path_payment_strict_send_op(
    alice.public_key, Asset.native(), '100', usdc, '1', []), alice))
assert horizon.trades().for_account(alice.public_key).call()['_embedded']['records']
assert horizon.orderbook(Asset.native(), usdc).call()['asks']
ok('trust, path payment, trades, order book')

try:
    horizon.submit_transaction(signed(builder(account).append_payment_op(
        bob.public_key, Asset.native(), '999999'), alice))
    raise AssertionError('a payment of what is not there went through')
except BadRequestError as error:
    assert error.extras['result_codes']['operations'] == ['op_underfunded'], error
ok('submission errors')

for event in horizon.ledgers().cursor('now').stream():
    if 'sequence' in event:
        break
ok('streams')

assert rpc.get_health().status == 'healthy'
assert rpc.get_network().passphrase == passphrase
assert rpc.get_fee_stats().inclusion_fee.p50 >= 100
assert rpc.get_version_info().protocol_version >= 27
latest = rpc.get_latest_ledger()
assert len(rpc.get_ledgers(latest.sequence - 2, limit=2).ledgers) == 2
ok('health, network, fees, version, ledgers')

payer = rpc.load_account(bob.public_key)
sent = rpc.send_transaction(signed(builder(payer).append_payment_op(
    alice.public_key, Asset.native(), '1'), bob))
assert sent.status.value == 'PENDING', sent
for _ in range(50):
    done = rpc.get_transaction(sent.hash)
    if done.status.value != 'NOT_FOUND':
        break
    time.sleep(0.2)
assert done.status.value == 'SUCCESS', done
assert any(tx.transaction_hash == sent.hash for tx in
           rpc.get_transactions(start_ledger=done.ledger).transactions)
ok('entries, sending, transactions')
