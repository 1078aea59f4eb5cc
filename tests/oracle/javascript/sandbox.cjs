// Drives a sandbox as a user of the JavaScript SDK would: HORIZON_URL RPC_URL.  A line for each
// thing that was as it should be; the first that is not ends it with status 1.
const assert = require('assert');
const { Horizon, rpc, Keypair, TransactionBuilder, Operation, Asset } = require('@stellar/stellar-sdk');

const [horizonUrl, rpcUrl] = process.argv.slice(2);
const horizon = new Horizon.Server(horizonUrl, { allowHttp: true });
const server = new rpc.Server(rpcUrl, { allowHttp: true });
const alice = Keypair.random();
const bob = Keypair.random();
let passphrase;

function ok(what) {
	console.log(`ok ${what}`);
}

function signed(account, key, ...operations) {
	const builder = new TransactionBuilder(account, { fee: '1000', networkPassphrase: passphrase });
	operations.forEach((operation) => builder.addOperation(operation));
	const tx = builder.setTimeout(60).build();
	tx.sign(key);
	return tx;
}

function nextEvent(call) {
	return new Promise((resolve, reject) => {
		const close = call.stream({
			onmessage: (message) => { close(); resolve(message); },
			onerror: (error) => { close(); reject(new Error(JSON.stringify(error))); },
		});
	});
}

function pay(amount) {
	return Operation.payment({ destination: bob.publicKey(), asset: Asset.native(), amount });
}

async function accountsAndOffers() {
	passphrase = (await horizon.root()).network_passphrase;
	await horizon.friendbot(alice.publicKey()).call();
	await server.requestAirdrop(bob.publicKey());
	const account = await horizon.loadAccount(alice.publicKey());
	assert.equal(account.balances[0].balance, '10000.0000000');
	ok('friendbot, loadAccount');
	const offers = await horizon.offers().selling(Asset.native()).limit(50).call();
	const buying = offers.records.find((offer) => offer.buying.asset_code === 'USDC').buying;
	const usdc = new Asset(buying.asset_code, buying.asset_issuer);
	const trust = await horizon.submitTransaction(
		signed(account, alice, Operation.changeTrust({ asset: usdc })));
	assert(trust.successful);
	const sell = { selling: Asset.native(), buying: usdc, amount: '50', price: '0.1', offerId: 0 };
	const sold = await horizon.submitTransaction(
		signed(account, alice, Operation.manageSellOffer(sell)));
	assert(sold.offerResults[0].wasImmediatelyFilled);
	ok('change trust, manage offer, what it filled');
	return { account, usdc };
}

async function marketAndHistory(usdc) {
	const book = await horizon.orderbook(Asset.native(), usdc).limit(2).call();
	assert.equal(book.asks.length, 2);
	const own = await horizon.trades().forAccount(alice.publicKey()).call();
	assert(own.records.length >= 1);
	const pair = await horizon.trades().forAssetPair(Asset.native(), usdc).order('desc').call();
	assert(pair.records.some((trade) => trade.id === own.records[0].id));
	const txs = await horizon.transactions().forAccount(alice.publicKey()).call();
	assert.equal(txs.records.length, 3);
	const first = await horizon.ledgers().limit(2).call();
	const next = await first.next();
	assert.deepEqual(next.records.map((ledger) => ledger.sequence), [4, 5]);
	assert.equal(await horizon.fetchBaseFee(), 100);
	assert((await horizon.feeStats()).fee_charged.p50);
	ok('order book, trades, transactions, ledgers, fees');
	assert((await nextEvent(horizon.ledgers().cursor('now'))).sequence > 5);
	assert((await nextEvent(horizon.orderbook(Asset.native(), usdc))).bids.length > 0);
	ok('streams');
}

async function submissions(account) {
	await assert.rejects(horizon.submitTransaction(signed(account, alice, pay('999999'))), (e) => {
		assert.deepEqual(e.response.data.extras.result_codes,
			{ transaction: 'tx_failed', operations: ['op_underfunded'] });
		return true;
	});
	const sent = await horizon.submitAsyncTransaction(signed(account, alice, pay('1')));
	assert.equal(sent.tx_status, 'PENDING');
	ok('submission errors, asynchronous submission');
}

async function overRpc(usdc) {
	assert.equal((await server.getHealth()).status, 'healthy');
	assert.equal((await server.getNetwork()).passphrase, passphrase);
	assert((await server.getVersionInfo()).protocolVersion >= 27);
	assert((await server.getFeeStats()).inclusionFee.p50);
	const latest = await server.getLatestLedger();
	const ledgers = await server.getLedgers(
		{ startLedger: latest.sequence - 3, pagination: { limit: 3 } });
	assert.equal(ledgers.ledgers.length, 3);
	ok('health, network, version, fees, ledgers');
	const account = await server.getAccount(bob.publicKey());
	const sent = await server.sendTransaction(signed(account, bob, Operation.payment(
		{ destination: alice.publicKey(), asset: Asset.native(), amount: '1' })));
	assert.equal(sent.status, 'PENDING');
	const done = await server.pollTransaction(sent.hash, { attempts: 20 });
	assert.equal(done.status, 'SUCCESS');
	const near = await server.getTransactions({ startLedger: done.ledger });
	assert(near.transactions.some((tx) => tx.txHash === sent.hash));
	assert(await server.getTrustline(alice.publicKey(), usdc));
	ok('entries, sending, polling, transactions');
}

async function main() {
	const { account, usdc } = await accountsAndOffers();
	await marketAndHistory(usdc);
	await submissions(account);
	await overRpc(usdc);
}

main().then(() => process.exit(0), (error) => {
	console.log(`not ok ${error.stack} ${error.response ? JSON.stringify(error.response.data) : ''}`);
	process.exit(1);
});
