//! Answers the oracle's questions (tests/oracle/README.md) with the crates stellar-xdr and
//! stellar-strkey, and makes questions of arbitrary values: of transactions and of every XDR type.

use arbitrary::{Arbitrary, Unstructured};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::error::Error;
use std::io::{self, BufRead, BufWriter, Write};
use stellar_strkey::{ed25519, Strkey};
use stellar_xdr::*;

type Answer = Result<String, Box<dyn Error>>;

/// The longest stream that a question may hold, and the depth that the network itself allows.
const LIMITS: Limits = Limits {
	depth: 500,
	len: 256 << 20,
};

fn main() -> Result<(), Box<dyn Error>> {
	let args: Vec<String> = std::env::args().skip(1).collect();
	let args: Vec<&str> = args.iter().map(String::as_str).collect();
	let mut out = BufWriter::new(io::stdout().lock());
	match args[..] {
		["answer"] => {
			let types = types();
			for line in io::stdin().lock().lines() {
				match answer(&types, &line?) {
					Ok(text) => writeln!(out, "{text}")?,
					Err(why) => writeln!(out, "refused {}", why.to_string().replace('\n', " "))?,
				}
			}
		}
		["make", kind, seed, count] => make(&mut out, kind, seed.parse()?, count.parse()?)?,
		_ => return Err("usage: oracle answer | oracle make tx|value SEED COUNT".into()),
	}
	Ok(out.flush()?)
}

/* Answers */

/// The types by their names in the XDR files; the crate spells some capitals otherwise.
fn types() -> HashMap<String, TypeVariant> {
	let mut all: HashMap<_, _> = TypeVariant::VARIANTS
		.into_iter()
		.map(|t| (t.name().to_lowercase(), t))
		.collect();
	all.insert("error".into(), TypeVariant::SError);
	all
}

fn answer(types: &HashMap<String, TypeVariant>, question: &str) -> Answer {
	let of = |name: &str| types.get(&name.to_lowercase()).copied();
	match question.split('\t').collect::<Vec<_>>()[..] {
		["tx", network, envelope, signers] => tx(network, envelope, signers),
		["address", kind, payload] => address(kind, &hex::decode(payload)?),
		["inspect", text] => inspect(text),
		["contract", network, asset] => {
			contract(network, ContractIdPreimage::Asset(parse_asset(asset)?))
		}
		["deployed", network, address, salt] => contract(
			network,
			ContractIdPreimage::Address(ContractIdPreimageFromAddress {
				address: address.parse().map_err(|_| "not an address")?,
				salt: Uint256(hex::decode(salt)?.try_into().map_err(|_| "not 32 bytes")?),
			}),
		),
		["pool", a, b] => pool(a, b),
		["balance", source, sequence, index] => balance(source, sequence.parse()?, index.parse()?),
		["sign", seed, message] => Ok(hex::encode(
			key(seed)?.sign(&hex::decode(message)?).to_bytes(),
		)),
		["bytes", name, bytes] => match of(name) {
			Some(t) => Ok(Type::from_xdr_base64(t, bytes, LIMITS)?.to_xdr_base64(LIMITS)?),
			None => Ok("unknown".into()),
		},
		["json", name, bytes] => match of(name) {
			Some(t) => Ok(serde_json::to_string(&Type::from_xdr_base64(
				t, bytes, LIMITS,
			)?)?),
			None => Ok("unknown".into()),
		},
		["xdr", name, json] => match of(name) {
			Some(t) => Ok(Type::from_json(t, json.as_bytes())?.to_xdr_base64(LIMITS)?),
			None => Ok("unknown".into()),
		},
		_ => Ok("unknown".into()),
	}
}

fn network_id(passphrase: &str) -> [u8; 32] {
	Sha256::digest(passphrase).into()
}

fn key(seed: &str) -> Result<SigningKey, Box<dyn Error>> {
	let seed = ed25519::PrivateKey::from_string(seed).map_err(|e| format!("{e}"))?;
	Ok(SigningKey::from_bytes(&seed.0))
}

/// What a signer of the question's list puts on a transaction with this hash.
fn signature(signer: &str, hash: &[u8; 32]) -> Result<DecoratedSignature, Box<dyn Error>> {
	let parts: Vec<_> = signer.split(':').collect();
	let (mut hint, bytes): ([u8; 4], Vec<u8>) = match parts[..] {
		["x", preimage] => {
			let preimage = hex::decode(preimage)?;
			(tail(&Sha256::digest(&preimage)), preimage)
		}
		["p", seed, payload] => {
			let (key, payload) = (key(seed)?, hex::decode(payload)?);
			let mut hint = tail(key.verifying_key().as_bytes());
			let mut last = [0; 4];
			let used = payload.len().min(4);
			last[..used].copy_from_slice(&payload[payload.len() - used..]);
			hint.iter_mut().zip(last).for_each(|(h, l)| *h ^= l);
			(hint, key.sign(&payload).to_bytes().to_vec())
		}
		_ => {
			let key = key(signer)?;
			(
				tail(key.verifying_key().as_bytes()),
				key.sign(hash).to_bytes().to_vec(),
			)
		}
	};
	let hint = SignatureHint(std::mem::take(&mut hint));
	Ok(DecoratedSignature {
		hint,
		signature: bytes.try_into()?,
	})
}

fn tail(bytes: &[u8]) -> [u8; 4] {
	bytes[bytes.len() - 4..]
		.try_into()
		.expect("at least four bytes")
}

fn signatures(
	signers: &str,
	hash: &[u8; 32],
) -> Result<VecM<DecoratedSignature, 20>, Box<dyn Error>> {
	let all: Result<Vec<_>, _> = signers
		.split(' ')
		.filter(|s| !s.is_empty())
		.map(|s| signature(s, hash))
		.collect();
	Ok(all?.try_into()?)
}

fn tx(network: &str, envelope: &str, signers: &str) -> Answer {
	let mut envelope = TransactionEnvelope::from_xdr_base64(envelope, LIMITS)?;
	let hash = envelope.hash(network_id(network))?;
	let made = signatures(signers, &hash)?;
	match &mut envelope {
		TransactionEnvelope::TxV0(e) => e.signatures = made,
		TransactionEnvelope::Tx(e) => e.signatures = made,
		TransactionEnvelope::TxFeeBump(e) => e.signatures = made,
	}
	Ok(format!(
		"{}\t{}",
		hex::encode(hash),
		envelope.to_xdr_base64(LIMITS)?
	))
}

fn address(kind: &str, payload: &[u8]) -> Answer {
	let hash = || <[u8; 32]>::try_from(payload).map_err(|_| "payload is not 32 bytes");
	let text = match kind {
		"G" => ed25519::PublicKey(hash()?).to_string().to_string(),
		"S" => ed25519::PrivateKey(hash()?)
			.as_unredacted()
			.to_string()
			.to_string(),
		"T" => stellar_strkey::PreAuthTx(hash()?).to_string().to_string(),
		"X" => stellar_strkey::HashX(hash()?).to_string().to_string(),
		"C" => stellar_strkey::Contract(hash()?).to_string().to_string(),
		"L" => stellar_strkey::LiquidityPool(hash()?)
			.to_string()
			.to_string(),
		"M" => ed25519::MuxedAccount::from_payload(payload)
			.map_err(|e| e.to_string())?
			.to_string()
			.to_string(),
		"P" => ed25519::SignedPayload::from_payload(payload)
			.map_err(|e| e.to_string())?
			.to_string()
			.to_string(),
		"B" => match payload {
			[0, rest @ ..] => stellar_strkey::ClaimableBalance::V0(rest.try_into()?)
				.to_string()
				.to_string(),
			_ => return Err("unknown claimable balance type".into()),
		},
		_ => return Ok("unknown".into()),
	};
	Ok(text)
}

fn inspect(text: &str) -> Answer {
	// Secret seeds are read by a function of their own.
	if let Ok(seed) = ed25519::PrivateKey::from_string(text) {
		return Ok(format!("S\t{}", hex::encode(seed.0)));
	}
	let (kind, payload) = match Strkey::from_string(text).map_err(|e| e.to_string())? {
		Strkey::PublicKeyEd25519(k) => ("G", k.0.to_vec()),
		Strkey::PreAuthTx(h) => ("T", h.0.to_vec()),
		Strkey::HashX(h) => ("X", h.0.to_vec()),
		Strkey::Contract(h) => ("C", h.0.to_vec()),
		Strkey::LiquidityPool(h) => ("L", h.0.to_vec()),
		Strkey::MuxedAccountEd25519(m) => ("M", [&m.ed25519[..], &m.id.to_be_bytes()].concat()),
		Strkey::SignedPayloadEd25519(p) => {
			let mut bytes = p.ed25519().to_vec();
			bytes.extend((p.payload().len() as u32).to_be_bytes());
			bytes.extend(p.payload());
			bytes.resize(bytes.len().next_multiple_of(4), 0);
			("P", bytes)
		}
		Strkey::ClaimableBalance(stellar_strkey::ClaimableBalance::V0(h)) => {
			("B", [&[0], &h[..]].concat())
		}
		Strkey::MuxedContract(_) => ("muxed contract", vec![]),
	};
	Ok(format!("{kind}\t{}", hex::encode(payload)))
}

fn parse_asset(text: &str) -> Result<Asset, Box<dyn Error>> {
	if text == "native" {
		return Ok(Asset::Native);
	}
	let (code, issuer) = text
		.split_once(':')
		.ok_or("an asset is native or CODE:ISSUER")?;
	let issuer = issuer.parse().map_err(|_| "not an issuer")?;
	Ok(match code.parse::<AssetCode>()? {
		AssetCode::CreditAlphanum4(asset_code) => {
			Asset::CreditAlphanum4(AlphaNum4 { asset_code, issuer })
		}
		AssetCode::CreditAlphanum12(asset_code) => {
			Asset::CreditAlphanum12(AlphaNum12 { asset_code, issuer })
		}
	})
}

fn contract(network: &str, contract_id_preimage: ContractIdPreimage) -> Answer {
	let preimage = HashIdPreimage::ContractId(HashIdPreimageContractId {
		network_id: Hash(network_id(network)),
		contract_id_preimage,
	});
	let id = Sha256::digest(preimage.to_xdr(LIMITS)?).into();
	Ok(stellar_strkey::Contract(id).to_string().to_string())
}

fn pool(a: &str, b: &str) -> Answer {
	let (a, b) = (parse_asset(a)?, parse_asset(b)?);
	let (asset_a, asset_b) = if a <= b { (a, b) } else { (b, a) };
	let parameters = LiquidityPoolParameters::LiquidityPoolConstantProduct(
		LiquidityPoolConstantProductParameters {
			asset_a,
			asset_b,
			fee: LIQUIDITY_POOL_FEE_V18 as i32,
		},
	);
	Ok(hex::encode(Sha256::digest(parameters.to_xdr(LIMITS)?)))
}

fn balance(source: &str, sequence: i64, op_num: u32) -> Answer {
	let preimage = HashIdPreimage::OpId(HashIdPreimageOperationId {
		source_account: source.parse().map_err(|_| "not an account")?,
		seq_num: SequenceNumber(sequence),
		op_num,
	});
	let id = ClaimableBalanceId::ClaimableBalanceIdTypeV0(Hash(
		Sha256::digest(preimage.to_xdr(LIMITS)?).into(),
	));
	Ok(hex::encode(id.to_xdr(LIMITS)?))
}

/* Questions */

/// SplitMix64, a stream of bytes from a seed.
struct Random(u64);

impl Random {
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		z ^ (z >> 31)
	}

	fn below(&mut self, n: u64) -> u64 {
		self.next() % n
	}

	fn bytes(&mut self, n: usize) -> Vec<u8> {
		(0..n).map(|_| self.next() as u8).collect()
	}
}

fn make(out: &mut impl Write, kind: &str, seed: u64, count: usize) -> Result<(), Box<dyn Error>> {
	let mut random = Random(seed);
	for i in 0..count {
		match kind {
			"tx" => writeln!(out, "{}", make_tx(&mut random)?)?,
			"value" => writeln!(out, "{}", make_value(&mut random, i)?)?,
			_ => return Err(format!("no questions of kind {kind}").into()),
		}
	}
	Ok(())
}

fn seed(random: &mut Random) -> String {
	let bytes: [u8; 32] = random.bytes(32).try_into().expect("32 bytes");
	ed25519::PrivateKey(bytes)
		.as_unredacted()
		.to_string()
		.to_string()
}

fn signers(random: &mut Random) -> String {
	let mut list = vec![];
	for _ in 0..1 + random.below(3) {
		let length = 1 + random.below(64) as usize;
		list.push(match random.below(8) {
			0 => format!("x:{}", hex::encode(random.bytes(length))),
			1 => format!("p:{}:{}", seed(random), hex::encode(random.bytes(length))),
			_ => seed(random),
		});
	}
	list.join(" ")
}

/// Any transaction that the types permit, valid on the network or not.
fn make_tx(random: &mut Random) -> Answer {
	const NETWORKS: [&str; 3] = [
		"Public Global Stellar Network ; September 2015",
		"Test SDF Network ; September 2015",
		"Standalone Network ; February 2017",
	];
	let network = NETWORKS[random.below(3) as usize];
	loop {
		let length = 200 << random.below(6);
		let bytes = random.bytes(length);
		let Ok(mut envelope) = TransactionEnvelope::arbitrary(&mut Unstructured::new(&bytes))
		else {
			continue;
		};
		match &mut envelope {
			TransactionEnvelope::TxV0(e) => e.signatures = VecM::default(),
			TransactionEnvelope::Tx(e) => e.signatures = VecM::default(),
			TransactionEnvelope::TxFeeBump(e) => e.signatures = VecM::default(),
		}
		let Some(text) = legal(
			TypeVariant::TransactionEnvelope,
			&Type::TransactionEnvelope(Box::new(envelope)),
		) else {
			continue;
		};
		return Ok(format!("tx\t{network}\t{text}\t{}", signers(random)));
	}
}

/// The value in base64, unless it breaks a limit of its type, which `arbitrary` does not know.
fn legal(variant: TypeVariant, value: &Type) -> Option<String> {
	let text = value.to_xdr_base64(LIMITS).ok()?;
	Type::from_xdr_base64(variant, &text, LIMITS).ok()?;
	Some(text)
}

/// Any value of the i-th type, going round.
fn make_value(random: &mut Random, i: usize) -> Answer {
	let variant = TypeVariant::VARIANTS[i % TypeVariant::VARIANTS.len()];
	loop {
		let length = 64 << random.below(6);
		let bytes = random.bytes(length);
		let Ok(value) = Type::arbitrary(variant, &mut Unstructured::new(&bytes)) else {
			continue;
		};
		let Some(text) = legal(variant, &value) else {
			continue;
		};
		return Ok(format!("{}\t{text}", variant.name()));
	}
}
