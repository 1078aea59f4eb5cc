// The work of README.md with npm's @stellar/stellar-sdk.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const {
	xdr,
	Account,
	Asset,
	Keypair,
	Networks,
	Operation,
	StrKey,
	TransactionBuilder,
} = require('@stellar/stellar-sdk');

// CPU time of the process, all threads, in seconds.
function cpu() {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1e6;
}

// Median of three samples of a tenth of a second; times of the work in one second.  The warm-up is
// long enough for the compiler to have made its mind up.
function rate(work) {
	const sample = (count) => {
		const start = cpu();
		for (let i = 0; i < count; i++) work();
		return cpu() - start;
	};
	for (const start = cpu(); cpu() - start < 0.5;) work();
	let count = 1;
	for (;;) {
		const seconds = sample(count);
		if (seconds >= 0.1) break;
		count = Math.ceil(count * Math.min(Math.max(0.12 / Math.max(seconds, 1e-6), 2), 100));
	}
	return [0, 1, 2].map(() => count / sample(count)).sort((a, b) => a - b)[1];
}

function print(name, figure, unit) {
	console.log(`${name}\t${figure.toFixed(4)}\t${unit}`);
}

for (const file of process.argv.slice(2)) {
	const bytes = new Uint8Array(fs.readFileSync(file));
	const name = path.basename(file).match(/\d+/)[0];
	print(
		`decode ledger ${name}`,
		(bytes.length / 1e6) * rate(() => xdr.LedgerCloseMeta.fromXdr(bytes)),
		'MB/s',
	);
	const value = xdr.LedgerCloseMeta.fromXdr(bytes);
	print(`encode ledger ${name}`, (bytes.length / 1e6) * rate(() => value.toXdr()), 'MB/s');
}

const key = Keypair.fromRawEd25519Seed(new Uint8Array(32).fill(7));
const issuer = StrKey.encodeEd25519PublicKey(new Uint8Array(32));
const euro = new Asset('EURC', issuer);

function transaction(operations) {
	const builder = new TransactionBuilder(new Account(key.publicKey(), (2n ** 40n).toString()), {
		fee: '100',
		networkPassphrase: Networks.PUBLIC,
		timebounds: { minTime: 0, maxTime: 1800000000 },
	});
	for (const operation of operations) builder.addOperation(operation);
	const made = builder.build();
	made.sign(key);
	return made.toXdr();
}

const payment = () =>
	transaction([Operation.payment({ destination: issuer, amount: '1.2345678', asset: euro })]);
const offers = () =>
	transaction(
		Array.from({ length: 20 }, (_, i) =>
			Operation.manageSellOffer({
				selling: euro,
				buying: Asset.native(),
				amount: '1.0000001',
				price: { n: 100 + i, d: 99 },
				offerId: i,
			}),
		),
	);

const bytes = new Uint8Array(Buffer.from(payment(), 'base64'));
print(
	'decode envelope',
	rate(() => xdr.TransactionEnvelope.fromXdr(bytes)),
	'/s',
);
print('payment', rate(payment), '/s');
print('20 offers', rate(offers), '/s');
print(
	'decode strkey',
	rate(() => StrKey.decodeEd25519PublicKey(issuer)),
	'/s',
);
