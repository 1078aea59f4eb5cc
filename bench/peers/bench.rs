//! The work of README.md with the crates stellar-xdr and stellar-strkey, and ed25519-dalek for the
//! signature: Rust has no transaction builder of Stellar's own.

use ed25519_dalek::{Signer, SigningKey};
use std::hint::black_box;
use stellar_xdr::*;

/// CPU time of this thread, which is all there is, in seconds.
fn cpu() -> f64 {
	let text = std::fs::read_to_string("/proc/self/schedstat").expect("Linux");
	text.split(' ')
		.next()
		.and_then(|n| n.parse::<f64>().ok())
		.expect("nanoseconds")
		/ 1e9
}

/// Median of three samples of a tenth of a second; times of the work in one second.
fn rate<T>(mut work: impl FnMut() -> T) -> f64 {
	let mut count = 1u64;
	let mut sample = |count: u64| {
		let start = cpu();
		(0..count).for_each(|_| drop(black_box(work())));
		cpu() - start
	};
	loop {
		let seconds = sample(count);
		if seconds >= 0.1 {
			break;
		}
		count = (count as f64 * (0.12 / seconds.max(1e-6)).clamp(2.0, 100.0)) as u64;
	}
	let mut rates: Vec<f64> = (0..3).map(|_| count as f64 / sample(count)).collect();
	rates.sort_by(f64::total_cmp);
	rates[1]
}

fn print(name: &str, figure: f64, unit: &str) {
	println!("{name}\t{figure:.4}\t{unit}");
}

/// Unpacked ledgers, the paths of which are the arguments.
fn ledgers() -> impl Iterator<Item = (String, Vec<u8>)> {
	std::env::args().skip(1).map(|path| {
		let bytes = std::fs::read(&path).expect("a ledger");
		let name = path
			.rsplit('/')
			.next()
			.unwrap_or("")
			.trim_matches(|c: char| !c.is_ascii_digit())
			.to_string();
		(name, bytes)
	})
}

fn asset(code: &[u8; 4], issuer: &AccountId) -> Asset {
	Asset::CreditAlphanum4(AlphaNum4 {
		asset_code: AssetCode4(*code),
		issuer: issuer.clone(),
	})
}

fn transaction(key: &SigningKey, operations: Vec<OperationBody>) -> Transaction {
	let count = operations.len() as u32;
	Transaction {
		source_account: MuxedAccount::Ed25519(Uint256(key.verifying_key().to_bytes())),
		fee: 100 * count,
		seq_num: SequenceNumber(1 << 40),
		cond: Preconditions::Time(TimeBounds {
			min_time: TimePoint(0),
			max_time: TimePoint(1_800_000_000),
		}),
		memo: Memo::None,
		operations: operations
			.into_iter()
			.map(|body| Operation {
				source_account: None,
				body,
			})
			.collect::<Vec<_>>()
			.try_into()
			.expect("at most 100"),
		ext: TransactionExt::V0,
	}
}

fn sign(key: &SigningKey, network: [u8; 32], tx: Transaction) -> String {
	let hash = tx.hash(network).expect("it can be encoded");
	let public = key.verifying_key().to_bytes();
	let signature = DecoratedSignature {
		hint: SignatureHint(public[28..].try_into().expect("4 bytes")),
		signature: key
			.sign(&hash)
			.to_bytes()
			.to_vec()
			.try_into()
			.expect("64 bytes"),
	};
	let signatures = vec![signature].try_into().expect("at most 20");
	TransactionEnvelope::Tx(TransactionV1Envelope { tx, signatures })
		.to_xdr_base64(Limits::none())
		.expect("it can be encoded")
}

fn payment(key: &SigningKey, network: [u8; 32], issuer: &AccountId) -> String {
	let body = OperationBody::Payment(PaymentOp {
		destination: MuxedAccount::Ed25519(Uint256([9; 32])),
		asset: asset(b"EURC", issuer),
		amount: 12_345_678,
	});
	sign(key, network, transaction(key, vec![body]))
}

fn offers(key: &SigningKey, network: [u8; 32], issuer: &AccountId) -> String {
	let bodies = (0..20)
		.map(|i| {
			OperationBody::ManageSellOffer(ManageSellOfferOp {
				selling: asset(b"EURC", issuer),
				buying: Asset::Native,
				amount: 10_000_000 + i,
				price: Price {
					n: 100 + i as i32,
					d: 99,
				},
				offer_id: i,
			})
		})
		.collect();
	sign(key, network, transaction(key, bodies))
}

fn main() {
	for (name, bytes) in ledgers() {
		let megabytes = bytes.len() as f64 / 1e6;
		let decode =
			|| LedgerCloseMeta::from_xdr(black_box(&bytes), Limits::none()).expect("a ledger");
		print(
			&format!("decode ledger {name}"),
			megabytes * rate(decode),
			"MB/s",
		);
		let value = decode();
		let encode = || black_box(&value).to_xdr(Limits::none()).expect("a ledger");
		print(
			&format!("encode ledger {name}"),
			megabytes * rate(encode),
			"MB/s",
		);
	}

	let key = SigningKey::from_bytes(&[7; 32]);
	let network = [8; 32];
	let issuer = AccountId(PublicKey::PublicKeyTypeEd25519(Uint256([5; 32])));
	let envelope =
		TransactionEnvelope::from_xdr_base64(payment(&key, network, &issuer), Limits::none())
			.expect("ours");
	let bytes = envelope.to_xdr(Limits::none()).expect("ours");
	let decode =
		|| TransactionEnvelope::from_xdr(black_box(&bytes), Limits::none()).expect("an envelope");
	print("decode envelope", rate(decode), "/s");
	print("payment", rate(|| payment(&key, network, &issuer)), "/s");
	print("20 offers", rate(|| offers(&key, network, &issuer)), "/s");

	let text = stellar_strkey::ed25519::PublicKey([5; 32]).to_string();
	let text = text.as_str();
	let decode =
		|| stellar_strkey::ed25519::PublicKey::from_string(black_box(text)).expect("an account");
	print("decode strkey", rate(decode), "/s");
}
