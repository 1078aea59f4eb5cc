// Random transactions made with the builders of npm's @stellar/stellar-sdk: all operations, memos,
// preconditions, muxed accounts, fee bumps, Soroban data and authorisations.
'use strict';

const networks = [
	'Public Global Stellar Network ; September 2015',
	'Test SDF Network ; September 2015',
	'Standalone Network ; February 2017',
];

// SplitMix64: a stream of numbers from a seed.
class Random {
	constructor(seed) {
		this.state = BigInt.asUintN(64, seed);
	}

	next() {
		this.state = BigInt.asUintN(64, this.state + 0x9e3779b97f4a7c15n);
		let z = this.state;
		z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
		z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
		return z ^ (z >> 31n);
	}

	below(n) {
		return Number(this.next() % BigInt(n));
	}

	chance(percent) {
		return this.below(100) < percent;
	}

	pick(list) {
		return list[this.below(list.length)];
	}

	bytes(n) {
		return Uint8Array.from({ length: n }, () => this.below(256));
	}

	text(alphabet, least, most) {
		return Array.from({ length: least + this.below(most - least + 1) }, () =>
			this.pick([...alphabet]),
		).join('');
	}

	list(least, most, make) {
		return Array.from({ length: least + this.below(most - least + 1) }, () => make());
	}
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function* makeTx(sdk, sign, seed, count) {
	const random = new Random(seed);
	const { xdr, Asset, Operation, Keypair, StrKey, TransactionBuilder } = sdk;
	const hex = (bytes) => Buffer.from(bytes).toString('hex');

	/* Parts */

	const keypair = () => Keypair.fromRawEd25519Seed(random.bytes(32));
	const account = () => keypair().publicKey();
	const muxed = () =>
		random.chance(30)
			? StrKey.encodeMed25519PublicKey(
					Buffer.concat([StrKey.decodeEd25519PublicKey(account()), random.bytes(8)]),
				)
			: account();
	const contract = () => StrKey.encodeContract(random.bytes(32));
	const credit = () => {
		const code = random.text(letters, 1, 12);
		// The SDK turns every spelling of XLM into capitals: see divergences.toml.
		return new Asset(code.toLowerCase() === 'xlm' ? 'EUR' : code, account());
	};
	const asset = () => (random.chance(25) ? Asset.native() : credit());
	const decimal = (stroops) =>
		`${stroops / 10000000n}.${String(stroops % 10000000n).padStart(7, '0')}`;
	const stroops = () => (random.next() & 0x7fffffffffffffffn) >> BigInt(random.below(63));
	const amount = () => decimal(stroops() || 1n);
	const any = () => decimal(stroops());
	const price = () => ({ n: 1 + random.below(0x7fffffff), d: 1 + random.below(0x7fffffff) });
	const source = () => (random.chance(40) ? { source: muxed() } : {});
	const positive = () => (random.next() & 0x7fffffffffffffffn).toString();
	const uint = () => random.below(0x100000000);
	const pair = () => [asset(), credit()].sort(Asset.compare);
	const poolId = () => hex(random.bytes(32));
	const balanceId = () => `00000000${poolId()}`;
	const signerKey = () =>
		random.pick([
			() => ({ ed25519PublicKey: account() }),
			() => ({ sha256Hash: random.bytes(32) }),
			() => ({ preAuthTx: random.bytes(32) }),
			() => ({ ed25519SignedPayload: signedPayload() }),
		])();
	const signedPayload = () => {
		const length = 1 + random.below(64);
		const payload = Buffer.alloc(36 + 4 * Math.ceil(length / 4));
		payload.set(random.bytes(32), 0);
		payload.writeUInt32BE(length, 32);
		payload.set(random.bytes(length), 36);
		return StrKey.encodeSignedPayload(payload);
	};
	const predicate = (depth) => {
		const leaf = [
			() => sdk.Claimant.predicateUnconditional(),
			() => sdk.Claimant.predicateBeforeAbsoluteTime(positive()),
			() => sdk.Claimant.predicateBeforeRelativeTime(positive()),
		];
		const node = [
			() => sdk.Claimant.predicateNot(predicate(depth - 1)),
			() => sdk.Claimant.predicateAnd(predicate(depth - 1), predicate(depth - 1)),
			() => sdk.Claimant.predicateOr(predicate(depth - 1), predicate(depth - 1)),
		];
		return random.pick(depth > 0 ? [...leaf, ...node] : leaf)();
	};
	const scValue = (depth) => {
		const big = (bits) => BigInt(`0x${hex(random.bytes(bits / 8))}`);
		const leaf = [
			() => xdr.ScVal.scvBool(random.chance(50)),
			() => xdr.ScVal.scvVoid(),
			() => xdr.ScVal.scvU32(uint()),
			() => xdr.ScVal.scvI32(uint() | 0),
			() => xdr.ScVal.scvU64(big(64)),
			() => sdk.nativeToScVal(BigInt.asIntN(64, big(64)), { type: 'i64' }),
			() => sdk.nativeToScVal(big(128), { type: 'u128' }),
			() => sdk.nativeToScVal(BigInt.asIntN(128, big(128)), { type: 'i128' }),
			() => sdk.nativeToScVal(big(256), { type: 'u256' }),
			() => sdk.nativeToScVal(BigInt.asIntN(256, big(256)), { type: 'i256' }),
			() => xdr.ScVal.scvBytes(random.bytes(random.below(70))),
			() => xdr.ScVal.scvSymbol(random.text(`${letters}_`, 0, 32)),
			() => xdr.ScVal.scvString(random.text(letters, 0, 40)),
			() => new sdk.Address(random.chance(50) ? account() : contract()).toScVal(),
		];
		const node = [
			() => xdr.ScVal.scvVec(random.list(0, 3, () => scValue(depth - 1))),
			() =>
				xdr.ScVal.scvMap(
					random.list(0, 3, () => new xdr.ScMapEntry({ key: scValue(0), val: scValue(depth - 1) })),
				),
		];
		return random.pick(depth > 0 ? [...leaf, ...node] : leaf)();
	};
	const invocation = (depth) =>
		new xdr.SorobanAuthorizedInvocation({
			function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(
				new xdr.InvokeContractArgs({
					contractAddress: new sdk.Address(contract()).toScAddress(),
					functionName: random.text(letters, 1, 32),
					args: random.list(0, 3, () => scValue(1)),
				}),
			),
			subInvocations: random.list(0, depth, () => invocation(depth - 1)),
		});
	const addressCredentials = () =>
		new xdr.SorobanAddressCredentials({
			address: new sdk.Address(random.chance(50) ? account() : contract()).toScAddress(),
			nonce: BigInt.asIntN(64, random.next()),
			signatureExpirationLedger: uint(),
			signature: scValue(2),
		});
	const delegate = (depth) =>
		new xdr.SorobanDelegateSignature({
			address: new sdk.Address(account()).toScAddress(),
			signature: scValue(1),
			nestedDelegates: random.list(0, depth, () => delegate(depth - 1)),
		});
	const credentials = () =>
		random.pick([
			() => xdr.SorobanCredentials.sorobanCredentialsSourceAccount(),
			() => xdr.SorobanCredentials.sorobanCredentialsAddress(addressCredentials()),
			() => xdr.SorobanCredentials.sorobanCredentialsAddressV2(addressCredentials()),
			() =>
				xdr.SorobanCredentials.sorobanCredentialsAddressWithDelegates(
					new xdr.SorobanAddressCredentialsWithDelegates({
						addressCredentials: addressCredentials(),
						delegates: random.list(0, 2, () => delegate(1)),
					}),
				),
		])();
	const auth = () =>
		random.list(
			0,
			2,
			() =>
				new xdr.SorobanAuthorizationEntry({
					credentials: credentials(),
					rootInvocation: invocation(2),
				}),
		);

	/* The operations */

	const classic = [
		() => Operation.createAccount({ destination: account(), startingBalance: any(), ...source() }),
		() =>
			Operation.payment({ destination: muxed(), asset: asset(), amount: amount(), ...source() }),
		() =>
			Operation.pathPaymentStrictReceive({
				sendAsset: asset(),
				sendMax: amount(),
				destination: muxed(),
				destAsset: asset(),
				destAmount: amount(),
				path: random.list(0, 5, asset),
				...source(),
			}),
		() =>
			Operation.pathPaymentStrictSend({
				sendAsset: asset(),
				sendAmount: amount(),
				destination: muxed(),
				destAsset: asset(),
				destMin: amount(),
				path: random.list(0, 5, asset),
				...source(),
			}),
		() =>
			Operation.manageSellOffer({
				selling: asset(),
				buying: credit(),
				amount: any(),
				price: price(),
				offerId: positive(),
				...source(),
			}),
		() =>
			Operation.manageBuyOffer({
				selling: credit(),
				buying: asset(),
				buyAmount: any(),
				price: price(),
				offerId: positive(),
				...source(),
			}),
		() =>
			Operation.createPassiveSellOffer({
				selling: asset(),
				buying: credit(),
				amount: amount(),
				price: price(),
				...source(),
			}),
		() =>
			Operation.setOptions({
				...(random.chance(50) && { inflationDest: account() }),
				...(random.chance(50) && { clearFlags: random.below(16) }),
				...(random.chance(50) && { setFlags: random.below(16) }),
				...(random.chance(50) && { masterWeight: random.below(256) }),
				...(random.chance(50) && { lowThreshold: random.below(256) }),
				...(random.chance(50) && { medThreshold: random.below(256) }),
				...(random.chance(50) && { highThreshold: random.below(256) }),
				...(random.chance(50) && { homeDomain: random.text(`${letters}.-`, 0, 32) }),
				...(random.chance(70) && { signer: { ...signerKey(), weight: random.below(256) } }),
				...source(),
			}),
		() =>
			Operation.changeTrust({
				asset: random.chance(30) ? new sdk.LiquidityPoolAsset(...pair(), 30) : credit(),
				...(random.chance(70) && { limit: any() }),
				...source(),
			}),
		() =>
			Operation.allowTrust({
				trustor: account(),
				assetCode: random.text(letters, 1, 12),
				authorize: random.below(3),
				...source(),
			}),
		() => Operation.accountMerge({ destination: muxed(), ...source() }),
		() => Operation.inflation(source()),
		() =>
			Operation.manageData({
				name: random.text(`${letters} .`, 1, 64),
				value: random.chance(20) ? null : Buffer.from(random.bytes(random.below(65))),
				...source(),
			}),
		() => Operation.bumpSequence({ bumpTo: positive(), ...source() }),
		() =>
			Operation.createClaimableBalance({
				asset: asset(),
				amount: amount(),
				claimants: random.list(1, 10, () => new sdk.Claimant(account(), predicate(3))),
				...source(),
			}),
		() => Operation.claimClaimableBalance({ balanceId: balanceId(), ...source() }),
		() => Operation.beginSponsoringFutureReserves({ sponsoredId: account(), ...source() }),
		() => Operation.endSponsoringFutureReserves(source()),
		() =>
			random.pick([
				() => Operation.revokeAccountSponsorship({ account: account(), ...source() }),
				() =>
					Operation.revokeTrustlineSponsorship({
						account: account(),
						asset: random.chance(30) ? new sdk.LiquidityPoolId(poolId()) : credit(),
						...source(),
					}),
				() =>
					Operation.revokeOfferSponsorship({ seller: account(), offerId: positive(), ...source() }),
				() =>
					Operation.revokeDataSponsorship({
						account: account(),
						name: random.text(letters, 1, 64),
						...source(),
					}),
				() => Operation.revokeClaimableBalanceSponsorship({ balanceId: balanceId(), ...source() }),
				() => Operation.revokeLiquidityPoolSponsorship({ liquidityPoolId: poolId(), ...source() }),
				() =>
					Operation.revokeSignerSponsorship({
						account: account(),
						signer: signerKey(),
						...source(),
					}),
			])(),
		() => Operation.clawback({ asset: credit(), amount: amount(), from: muxed(), ...source() }),
		() => Operation.clawbackClaimableBalance({ balanceId: balanceId(), ...source() }),
		() =>
			Operation.setTrustLineFlags({
				trustor: account(),
				asset: credit(),
				flags: {
					authorized: random.pick([true, false, undefined]),
					authorizedToMaintainLiabilities: random.pick([true, false, undefined]),
					clawbackEnabled: random.pick([false, undefined]),
				},
				...source(),
			}),
		() =>
			Operation.liquidityPoolDeposit({
				liquidityPoolId: poolId(),
				maxAmountA: amount(),
				maxAmountB: amount(),
				minPrice: price(),
				maxPrice: price(),
				...source(),
			}),
		() =>
			Operation.liquidityPoolWithdraw({
				liquidityPoolId: poolId(),
				amount: amount(),
				minAmountA: any(),
				minAmountB: any(),
				...source(),
			}),
	];
	const soroban = [
		() =>
			Operation.invokeContractFunction({
				contract: contract(),
				function: random.text(letters, 1, 32),
				args: random.list(0, 5, () => scValue(3)),
				auth: auth(),
				...source(),
			}),
		() =>
			Operation.createCustomContract({
				address: new sdk.Address(random.chance(50) ? account() : contract()),
				wasmHash: random.bytes(32),
				salt: random.bytes(32),
				constructorArgs: random.list(0, 3, () => scValue(2)),
				auth: auth(),
				...source(),
			}),
		() =>
			Operation.createCustomContract({
				address: new sdk.Address(account()),
				externalRef: { owner: contract(), tag: random.bytes(random.below(20)) },
				salt: random.bytes(32),
				auth: auth(),
				...source(),
			}),
		() => Operation.createStellarAssetContract({ asset: asset(), auth: auth(), ...source() }),
		() => Operation.uploadContractWasm({ wasm: random.bytes(random.below(200)), ...source() }),
		() => Operation.extendFootprintTtl({ extendTo: 1 + random.below(0x7fffffff), ...source() }),
		() => Operation.restoreFootprint(source()),
	];

	/* The transaction around them */

	const memo = () =>
		random.pick([
			() => sdk.Memo.none(),
			() => sdk.Memo.text(random.text(`${letters} äé€`, 0, 9)),
			() => sdk.Memo.text(Buffer.from(random.bytes(random.below(29)))),
			() => sdk.Memo.id(random.next().toString()),
			() => sdk.Memo.hash(hex(random.bytes(32))),
			() => sdk.Memo.return(hex(random.bytes(32))),
		])();
	const bounds = () => {
		const [low, high] = [random.below(0x80000000), random.below(0x80000000)].sort((a, b) => a - b);
		return random.chance(20) ? [low, 0] : [low, high];
	};
	const extraSigner = () =>
		random.pick([
			account,
			() => StrKey.encodePreAuthTx(random.bytes(32)),
			() => StrKey.encodeSha256Hash(random.bytes(32)),
			signedPayload,
		])();
	const preconditions = () => {
		const [minTime, maxTime] = bounds();
		const [minLedger, maxLedger] = bounds();
		return {
			timebounds: { minTime, maxTime },
			...(random.chance(30) && { ledgerbounds: { minLedger, maxLedger } }),
			...(random.chance(30) && { minAccountSequence: positive() }),
			...(random.chance(30) && { minAccountSequenceAge: random.next() >> 1n }),
			...(random.chance(30) && { minAccountSequenceLedgerGap: uint() }),
			...(random.chance(30) && { extraSigners: random.list(0, 2, extraSigner) }),
		};
	};
	const ledgerKey = () =>
		random.pick([
			() =>
				xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId: keypair().xdrAccountId() })),
			() => xdr.LedgerKey.contractCode(new xdr.LedgerKeyContractCode({ hash: random.bytes(32) })),
			() =>
				xdr.LedgerKey.contractData(
					new xdr.LedgerKeyContractData({
						contract: new sdk.Address(contract()).toScAddress(),
						key: random.chance(30) ? xdr.ScVal.scvLedgerKeyContractInstance() : scValue(2),
						durability: random.pick([
							xdr.ContractDataDurability.temporary,
							xdr.ContractDataDurability.persistent,
						]),
					}),
				),
		])();
	const sorobanData = () =>
		new sdk.SorobanDataBuilder()
			.setResources(uint(), uint(), uint())
			.setFootprint(random.list(0, 4, ledgerKey), random.list(0, 4, ledgerKey))
			.setResourceFee(random.below(1 << 30))
			.build();
	const signers = () =>
		random
			.list(1, 3, () =>
				random.pick([
					() => keypair().secret(),
					() => keypair().secret(),
					() => keypair().secret(),
					() => keypair().secret(),
					() => `x:${hex(random.bytes(1 + random.below(64)))}`,
					() => `p:${keypair().secret()}:${hex(random.bytes(4 + random.below(61)))}`,
				])(),
			)
			.join(' ');

	function transaction(i, network) {
		const sequence = (random.next() >> 1n || 1n) - 1n;
		const address = muxed();
		const from = address.startsWith('M')
			? sdk.MuxedAccount.fromAddress(address, sequence.toString())
			: new sdk.Account(address, sequence.toString());
		const builder = new TransactionBuilder(from, {
			fee: String(100 + random.below(100000)),
			networkPassphrase: network,
			memo: memo(),
			...preconditions(),
		});
		const which = i % (classic.length + soroban.length);
		if (which < classic.length) {
			builder.addOperation(classic[which]());
			random.list(0, random.chance(3) ? 99 : 4, () => builder.addOperation(random.pick(classic)()));
		} else {
			builder.addOperation(soroban[which - classic.length]());
			builder.setSorobanData(sorobanData());
		}
		return builder.build();
	}

	for (let i = 0; i < count; i++) {
		const network = random.pick(networks);
		let made = transaction(i, network);
		if (random.chance(20)) {
			sign(made, signers());
			made = TransactionBuilder.buildFeeBumpTransaction(
				muxed(),
				String(200000 + random.below(1 << 30)),
				made,
				network,
			);
		}
		yield `tx\t${network}\t${made.toXdr()}\t${signers()}`;
	}
}

module.exports = { makeTx };
