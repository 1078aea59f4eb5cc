// Answers the oracle's questions (tests/oracle/README.md) with npm's @stellar/stellar-sdk, and makes
// transactions with its builders.  NODE_PATH names the folder of installed packages.
'use strict';

const fs = require('node:fs');
const sdk = require('@stellar/stellar-sdk');
const { xdr, StrKey, Keypair, Asset, Operation, TransactionBuilder } = sdk;
const { makeTx } = require('./make.cjs');

/* Answers */

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex'));

// The types by their names in the XDR files, whose capitals the SDK spells otherwise.
const types = new Map();
for (const name of Object.keys(xdr)) {
	if (xdr[name]?.schema && xdr[name].fromXdr) types.set(name.toLowerCase(), xdr[name]);
}
types.delete('uint256'); // the SDK's number of 256 bits took the name of the 32 opaque bytes

function sign(transaction, signers) {
	for (const signer of signers.split(' ').filter(Boolean)) {
		const [first, second, third] = signer.split(':');
		if (first === 'x') transaction.signHashX(unhex(second));
		else if (first === 'p')
			transaction.addDecoratedSignature(
				Keypair.fromSecret(second).signPayloadDecorated(unhex(third)),
			);
		else transaction.sign(Keypair.fromSecret(first));
	}
}

function tx(network, envelope, signers) {
	const transaction = TransactionBuilder.fromXdr(envelope, network);
	sign(transaction, signers);
	return `${hex(transaction.hash())}\t${transaction.toXdr()}`;
}

const kinds = {
	G: 'Ed25519PublicKey',
	S: 'Ed25519SecretSeed',
	M: 'Med25519PublicKey',
	T: 'PreAuthTx',
	X: 'Sha256Hash',
	P: 'SignedPayload',
	C: 'Contract',
	L: 'LiquidityPool',
	B: 'ClaimableBalance',
};

function address(kind, payload) {
	return kinds[kind] ? StrKey[`encode${kinds[kind]}`](unhex(payload)) : 'unknown';
}

function inspect(text) {
	const kind = kinds[text[0]];
	if (!kind) throw new Error('no such kind');
	return `${text[0]}\t${hex(StrKey[`decode${kind}`](text))}`;
}

function asset(text) {
	if (text === 'native') return Asset.native();
	const [code, issuer] = text.split(':');
	return new Asset(code, issuer);
}

// The SDK converts amounts and prices inside its operations only.
const anyone = Keypair.fromRawEd25519Seed(new Uint8Array(32)).publicKey();
const other = new Asset('A', anyone);

function amount(text) {
	return Operation.createAccount({
		destination: anyone,
		startingBalance: text,
	}).body.value.startingBalance.toString();
}

function stroops(number) {
	const { destination } = Operation.createAccount({ destination: anyone, startingBalance: '1' })
		.body.value;
	const body = xdr.OperationBody.createAccount(
		new xdr.CreateAccountOp({ destination, startingBalance: BigInt(number) }),
	);
	return Operation.fromXdrObject(new xdr.Operation({ sourceAccount: null, body })).startingBalance;
}

function price(text) {
	const { n, d } = Operation.manageSellOffer({
		selling: Asset.native(),
		buying: other,
		amount: '1',
		price: text,
	}).body.value.price;
	return `${n}/${d}`;
}

function deployed(network, who, salt) {
	const preimage = xdr.HashIdPreimage.envelopeTypeContractId(
		new xdr.HashIdPreimageContractId({
			networkId: sdk.hash(Buffer.from(network)),
			contractIdPreimage: xdr.ContractIdPreimage.contractIdPreimageFromAddress(
				new xdr.ContractIdPreimageFromAddress({
					address: new sdk.Address(who).toScAddress(),
					salt: unhex(salt),
				}),
			),
		}),
	);
	return StrKey.encodeContract(sdk.hash(preimage.toXdr()));
}

function pool(a, b) {
	let [assetA, assetB] = [asset(a), asset(b)];
	if (Asset.compare(assetA, assetB) > 0) [assetA, assetB] = [assetB, assetA];
	return hex(
		sdk.getLiquidityPoolId('constant_product', { assetA, assetB, fee: sdk.LiquidityPoolFeeV18 }),
	);
}

// Only a transaction can say which balance it creates: this one does at the index asked for.
function balance(source, sequence, index) {
	const account = new sdk.Account(source, (BigInt(sequence) - 1n).toString());
	const builder = new TransactionBuilder(account, {
		fee: '100',
		networkPassphrase: 'x',
		timebounds: { minTime: 0, maxTime: 0 },
	});
	for (let i = 0; i < Number(index); i++) builder.addOperation(Operation.inflation({}));
	builder.addOperation(
		Operation.createClaimableBalance({
			asset: Asset.native(),
			amount: '1',
			claimants: [new sdk.Claimant(anyone)],
		}),
	);
	return builder.build().getClaimableBalanceId(Number(index));
}

async function auth(network, entry, seed, ledger) {
	const unsigned = xdr.SorobanAuthorizationEntry.fromXdr(entry, 'base64');
	const signer = Keypair.fromSecret(seed);
	return (await sdk.authorizeEntry(unsigned, signer, Number(ledger), network)).toXdr('base64');
}

function delegates(entry, ledger, addresses) {
	return sdk
		.buildWithDelegatesEntry({
			entry: xdr.SorobanAuthorizationEntry.fromXdr(entry, 'base64'),
			validUntilLedgerSeq: Number(ledger),
			delegates: addresses.split(' ').map((each) => ({ address: each })),
		})
		.toXdr('base64');
}

function answer(question) {
	const [kind, ...args] = question.split('\t');
	switch (kind) {
		case 'tx':
			return tx(...args);
		case 'address':
			return address(...args);
		case 'inspect':
			return inspect(...args);
		case 'amount':
			return amount(...args);
		case 'stroops':
			return stroops(...args);
		case 'price':
			return price(...args);
		case 'contract':
			return asset(args[1]).contractId(args[0]);
		case 'deployed':
			return deployed(...args);
		case 'pool':
			return pool(...args);
		case 'balance':
			return balance(...args);
		case 'sign':
			return hex(Keypair.fromSecret(args[0]).sign(unhex(args[1])));
		case 'auth':
			return auth(...args);
		case 'delegates':
			return delegates(...args);
		case 'bytes': {
			const type = types.get(args[0].toLowerCase());
			return type ? type.fromXdr(args[1], 'base64').toXdr('base64') : 'unknown';
		}
		case 'message':
			return hex(Keypair.fromSecret(args[0]).signMessage(unhex(args[1])));
		case 'json': {
			const type = types.get(args[0].toLowerCase());
			return type ? JSON.stringify(type.fromXdr(args[1], 'base64').toJson()) : 'unknown';
		}
		case 'xdr': {
			const type = types.get(args[0].toLowerCase());
			return type ? type.fromJson(JSON.parse(args[1])).toXdr('base64') : 'unknown';
		}
		default:
			return 'unknown';
	}
}

async function main([command, kind, seed, count]) {
	const out = [];
	if (command === 'answer') {
		for (const question of fs.readFileSync(0, 'utf8').split('\n')) {
			if (question === '') continue;
			try {
				out.push(await answer(question));
			} catch (error) {
				out.push(`refused ${String(error.message).replaceAll('\n', ' ')}`);
			}
		}
	} else if (command === 'make' && kind === 'tx') {
		for (const question of makeTx(sdk, sign, BigInt(seed), Number(count))) out.push(question);
	} else {
		process.stderr.write('usage: oracle answer | oracle make tx SEED COUNT\n');
		process.exit(2);
	}
	fs.writeFileSync(1, out.map((line) => `${line}\n`).join(''));
}

main(process.argv.slice(2));
