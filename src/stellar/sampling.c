/* stellar/sampling.c - random transactions that break no rule. */
#include "stellar/sampling.h"

#include "base/check.h"
#include "sdex/asset.h"
#include "sdex/predicate.h"
#include "sdex/signature.h"

static uint32_t below(struct sampler *s, uint32_t n)
{
	return (uint32_t)seeded_below(&s->rng, n);
}

bool sample_chance(struct sampler *s, uint32_t n)
{
	return below(s, n) == 0;
}

static void *room(struct sampler *s, size_t size)
{
	void *piece = sdex_arena_alloc(s->arena, size);
	CHECK(piece);
	return memset(piece, 0, size);
}

/* Whatever the constructors refuse is a fault of the sampler or of theirs. */
static void made(enum sdex_error error, const struct sdex_failure *why)
{
	if (error)
		fprintf(stderr, "sampling: %s: %s\n", sdex_error_text(error), why->text);
	CHECK(!error);
}

static int64_t wide(struct sampler *s, int64_t least)
{
	if (sample_chance(s, 8))
		return sample_chance(s, 2) ? least : INT64_MAX;
	int64_t n = (int64_t)(seeded_bits(&s->rng) >> 1);
	return n < least ? least : n;
}

static struct sdex_amount amount(struct sampler *s, int64_t least)
{
	return sdex_stroops(wide(s, least));
}

static uint32_t number(struct sampler *s)
{
	return (uint32_t)(seeded_bits(&s->rng) >> 32);
}

static struct sdex_bytes bytes(struct sampler *s, uint32_t size)
{
	uint8_t *data = room(s, size + 1);
	seeded_fill(&s->rng, data, size);
	return (struct sdex_bytes){data, size};
}

static struct sdex_bytes printable(struct sampler *s, uint32_t least, uint32_t most)
{
	uint32_t size = least + below(s, most - least + 1);
	uint8_t *data = room(s, size + 1);
	for (uint32_t i = 0; i < size; i++)
		data[i] = (uint8_t)(0x20 + below(s, 0x5f));
	return (struct sdex_bytes){data, size};
}

static sdex_AccountID account(struct sampler *s)
{
	sdex_AccountID id = {.type = SDEX_PUBLIC_KEY_TYPE_ED25519};
	seeded_fill(&s->rng, &id.ed25519, 32);
	return id;
}

static sdex_Hash hash(struct sampler *s)
{
	sdex_Hash h;
	seeded_fill(&s->rng, &h, 32);
	return h;
}

sdex_MuxedAccount sample_muxed(struct sampler *s)
{
	sdex_AccountID id = account(s);
	return sample_chance(s, 3) ? sdex_muxed_with_id(&id, seeded_bits(&s->rng))
				   : sdex_muxed(&id);
}

static size_t code(struct sampler *s, char text[12])
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	size_t length = 1 + below(s, 12);
	for (size_t i = 0; i < length; i++)
		text[i] = letters[below(s, sizeof letters - 1)];
	return length;
}

static sdex_Asset issued_by(struct sampler *s, const sdex_AccountID *issuer)
{
	char text[12];
	sdex_Asset asset;
	struct sdex_failure why = {0};
	size_t length = code(s, text);
	made(sdex_asset_make(&asset, s->arena, text, length, issuer, &why), &why);
	return asset;
}

static sdex_Asset issued(struct sampler *s)
{
	sdex_AccountID issuer = account(s);
	return issued_by(s, &issuer);
}

sdex_Asset sample_asset(struct sampler *s)
{
	return sample_chance(s, 4) ? sdex_asset_native() : issued(s);
}

static sdex_Price price(struct sampler *s)
{
	return (sdex_Price){(int32_t)(number(s) >> 1) | 1, (int32_t)(number(s) >> 1) | 1};
}

static sdex_SignerKey payload_key(struct sampler *s, const sdex_Hash *key)
{
	sdex_SignerKeyEd25519SignedPayload *payload = room(s, sizeof *payload);
	memcpy(payload->ed25519.bytes, key->bytes, 32);
	payload->payload = bytes(s, 1 + below(s, 64));
	return (sdex_SignerKey){.type = SDEX_SIGNER_KEY_TYPE_ED25519_SIGNED_PAYLOAD,
				.ed25519SignedPayload = payload};
}

static sdex_SignerKey signer_key(struct sampler *s)
{
	sdex_Hash key = hash(s);
	switch (below(s, 4)) {
	case 0:
		return sdex_signer_ed25519(key.bytes);
	case 1:
		return sdex_signer_pre_auth_tx(&key);
	case 2:
		return sdex_signer_hash_x(key.bytes);
	}
	return payload_key(s, &key);
}

static sdex_ClaimPredicate predicate(struct sampler *s, uint32_t levels)
{
	sdex_ClaimPredicate a, b, out = sdex_predicate_always();
	enum sdex_error error = SDEX_OK;
	uint32_t kind = below(s, levels > 1 ? 6 : 3);
	if (kind == 1)
		return sdex_predicate_before((int64_t)(seeded_bits(&s->rng) >> 1));
	if (kind == 2)
		return sdex_predicate_within((int64_t)(seeded_bits(&s->rng) >> 1));
	if (kind == 0)
		return out;
	a = predicate(s, levels - 1);
	b = predicate(s, levels - 1);
	if (kind == 3)
		error = sdex_predicate_not(&out, s->arena, &a);
	else if (kind == 4)
		error = sdex_predicate_and(&out, s->arena, &a, &b);
	else
		error = sdex_predicate_or(&out, s->arena, &a, &b);
	CHECK(!error);
	return out;
}

/* --- Soroban */

static sdex_SCAddress contract(struct sampler *s)
{
	sdex_Hash id = hash(s);
	return sdex_address_of_contract(&id);
}

static sdex_SCAddress address(struct sampler *s)
{
	sdex_SCAddress made_address = contract(s);
	sdex_AccountID id = account(s);
	switch (below(s, 6)) {
	case 0:
	case 1:
		return sdex_address_of_account(&id);
	case 2:
		made_address.type = SDEX_SC_ADDRESS_TYPE_MUXED_ACCOUNT;
		made_address.muxedAccount = (sdex_MuxedEd25519Account){.id = seeded_bits(&s->rng),
								       .ed25519 = id.ed25519};
		return made_address;
	case 3:
		made_address.type = SDEX_SC_ADDRESS_TYPE_CLAIMABLE_BALANCE;
		made_address.claimableBalanceId = (sdex_ClaimableBalanceID){.v0 = hash(s)};
		return made_address;
	case 4:
		made_address.type = SDEX_SC_ADDRESS_TYPE_LIQUIDITY_POOL;
		made_address.liquidityPoolId = hash(s);
		return made_address;
	}
	return made_address;
}

static struct sdex_bytes symbol(struct sampler *s, uint32_t least)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
	uint32_t size = least + below(s, 33 - least);
	uint8_t *data = room(s, size + 1);
	for (uint32_t i = 0; i < size; i++)
		data[i] = (uint8_t)letters[below(s, sizeof letters - 1)];
	return (struct sdex_bytes){data, size};
}

static sdex_SCVal *values(struct sampler *s, uint32_t count, uint32_t depth)
{
	sdex_SCVal *list = room(s, (count + 1) * sizeof *list);
	for (uint32_t i = 0; i < count; i++)
		list[i] = sample_value(s, depth);
	return list;
}

static sdex_SCVal map(struct sampler *s, uint32_t depth)
{
	sdex_SCMapEntry entries[4];
	uint32_t count = below(s, 5);
	sdex_SCVal value;
	struct sdex_failure why = {0};
	for (uint32_t i = 0; i < count; i++)
		entries[i] = (sdex_SCMapEntry){
			.key = {.type = SDEX_SCV_U64, .u64 = seeded_next(&s->rng)},
			.val = sample_value(s, depth)};
	made(sdex_scval_map(&value, s->arena, entries, count, &why), &why);
	return value;
}

sdex_SCVal sample_value(struct sampler *s, uint32_t depth)
{
	sdex_SCVal value = {.type = (sdex_SCValType)below(s, depth ? 19 : 16)};
	sdex_SCAddress of = address(s);
	uint32_t count;
	switch (value.type) {
	case SDEX_SCV_BOOL:
		value.b = sample_chance(s, 2);
		break;
	case SDEX_SCV_ERROR:
		value.error.type = (sdex_SCErrorType)below(s, 10);
		value.error.code = (sdex_SCErrorCode)below(s, 10);
		break;
	case SDEX_SCV_BYTES:
	case SDEX_SCV_STRING:
		value.bytes = bytes(s, below(s, 70));
		break;
	case SDEX_SCV_SYMBOL:
		value.sym = symbol(s, 0);
		break;
	case SDEX_SCV_VEC:
		count = below(s, 5);
		CHECK(!sdex_scval_vec(&value, s->arena, values(s, count, depth - 1), count));
		break;
	case SDEX_SCV_MAP:
		return map(s, depth - 1);
	case SDEX_SCV_ADDRESS:
		CHECK(!sdex_scval_address(&value, s->arena, &of));
		break;
	case SDEX_SCV_VOID:
	case SDEX_SCV_U32:
	case SDEX_SCV_I32:
	case SDEX_SCV_U64:
	case SDEX_SCV_I64:
	case SDEX_SCV_TIMEPOINT:
	case SDEX_SCV_DURATION:
	case SDEX_SCV_U128:
	case SDEX_SCV_I128:
	case SDEX_SCV_U256:
	case SDEX_SCV_I256:
		seeded_fill(&s->rng, &value.u256, sizeof value.u256);
		break;
	case SDEX_SCV_CONTRACT_INSTANCE: /* beyond what is drawn above */
	case SDEX_SCV_LEDGER_KEY_CONTRACT_INSTANCE:
	case SDEX_SCV_LEDGER_KEY_NONCE:
	case SDEX_SCV_EXECUTABLE_TAG:
		CHECK(false);
	}
	return value;
}

static sdex_HostFunction host_function(struct sampler *s)
{
	sdex_HostFunction function;
	sdex_SCAddress of = contract(s), deployer = address(s);
	sdex_Hash code_hash = hash(s);
	sdex_Asset asset = sample_asset(s);
	uint32_t count = below(s, 4);
	enum sdex_error error = SDEX_OK;
	switch (below(s, 6)) {
	case 0:
		return sdex_host_function_upload(bytes(s, below(s, 3000)));
	case 1:
		error = sdex_host_function_create_asset(&function, s->arena, &asset);
		break;
	case 2:
		error = sdex_host_function_create(&function, s->arena, &deployer, hash(s).bytes,
						  &code_hash, values(s, count, 2), count);
		break;
	case 3:
	case 4:
	case 5:
		error = sdex_host_function_call(&function, s->arena, &of, symbol(s, 1),
						values(s, count, 3), count);
		break;
	}
	CHECK(!error);
	return function;
}

static sdex_SorobanAuthorizedInvocation invocation(struct sampler *s, uint32_t depth)
{
	sdex_HostFunction function;
	sdex_SorobanAuthorizedInvocation node = {0};
	do
		function = host_function(s);
	while (function.type == SDEX_HOST_FUNCTION_TYPE_UPLOAD_CONTRACT_WASM);
	if (function.type == SDEX_HOST_FUNCTION_TYPE_INVOKE_CONTRACT) {
		node.function.contractFn = function.invokeContract;
	} else if (function.type == SDEX_HOST_FUNCTION_TYPE_CREATE_CONTRACT) {
		node.function.type = SDEX_SOROBAN_AUTHORIZED_FUNCTION_TYPE_CREATE_CONTRACT_HOST_FN;
		node.function.createContractHostFn = function.createContract;
	} else {
		node.function.type =
			SDEX_SOROBAN_AUTHORIZED_FUNCTION_TYPE_CREATE_CONTRACT_V2_HOST_FN;
		node.function.createContractV2HostFn = function.createContractV2;
	}
	uint32_t count = depth ? below(s, 3) : 0;
	node.subInvocations.count = count;
	node.subInvocations.items = room(s, (count + 1) * sizeof *node.subInvocations.items);
	for (uint32_t i = 0; i < count; i++)
		node.subInvocations.items[i] = invocation(s, depth - 1);
	return node;
}

static sdex_SorobanDelegateSignature_list delegates(struct sampler *s, uint32_t depth)
{
	sdex_SorobanDelegateSignature_list list = {.count = below(s, 3) + (depth == 2)};
	list.items = room(s, (list.count + 1) * sizeof *list.items);
	for (uint32_t i = 0; i < list.count; i++) {
		list.items[i].address = address(s);
		list.items[i].signature = sample_value(s, 1);
		if (depth)
			list.items[i].nestedDelegates = delegates(s, depth - 1);
	}
	return list;
}

static sdex_SorobanAuthorizationEntry entry(struct sampler *s)
{
	sdex_SorobanAuthorizationEntry made_entry = {
		.credentials = {.type = SDEX_SOROBAN_CREDENTIALS_SOURCE_ACCOUNT},
		.rootInvocation = invocation(s, 2)};
	uint32_t kind = below(s, 8);
	struct sdex_failure why = {0};
	sdex_SCAddress who = address(s);
	if (kind < 2)
		return made_entry;
	made(sdex_auth_entry_make(&made_entry, s->arena,
				  kind < 6 ? SDEX_SOROBAN_CREDENTIALS_ADDRESS
					   : SDEX_SOROBAN_CREDENTIALS_ADDRESS_V2,
				  &who, (int64_t)seeded_next(&s->rng), number(s),
				  &made_entry.rootInvocation),
	     &why);
	if (kind == 7) {
		sdex_SorobanDelegateSignature_list list = delegates(s, 2);
		made(sdex_auth_entry_delegate(&made_entry, s->arena, list.items, list.count, &why),
		     &why);
	}
	struct sdex_secret key;
	const struct sdex_secret *keys[1] = {&key};
	sdex_Hash network = hash(s);
	if (sample_chance(s, 2)) {
		sdex_secret_from_seed(&key, hash(s).bytes);
		made(sdex_auth_entry_sign(&made_entry, s->arena, &network, number(s), keys, 1,
					  &why),
		     &why);
	}
	return made_entry;
}

static sdex_LedgerKey soroban_key(struct sampler *s, bool persistent)
{
	sdex_Hash wasm = hash(s);
	sdex_SCAddress of = contract(s);
	sdex_SCVal value = sample_value(s, 2);
	sdex_LedgerKey key;
	if (sample_chance(s, 3))
		return sdex_ledger_key_contract_code(&wasm);
	if (sample_chance(s, 3))
		CHECK(!sdex_ledger_key_contract_instance(&key, s->arena, &of));
	else
		CHECK(!sdex_ledger_key_contract_data(
			&key, s->arena, &of, &value,
			persistent || sample_chance(s, 2) ? SDEX_PERSISTENT : SDEX_TEMPORARY));
	return key;
}

static sdex_TrustLineAsset trustline_asset(struct sampler *s)
{
	sdex_Asset asset = issued(s);
	sdex_TrustLineAsset line = {.type = asset.type};
	if (sample_chance(s, 3)) {
		line.type = SDEX_ASSET_TYPE_POOL_SHARE;
		line.liquidityPoolID = hash(s);
	} else if (asset.type == SDEX_ASSET_TYPE_CREDIT_ALPHANUM4) {
		line.alphaNum4 = asset.alphaNum4;
	} else {
		line.alphaNum12 = asset.alphaNum12;
	}
	return line;
}

static sdex_LedgerKey trustline_key(struct sampler *s)
{
	sdex_LedgerKeyTrustLine *line = room(s, sizeof *line);
	*line = (sdex_LedgerKeyTrustLine){.accountID = account(s), .asset = trustline_asset(s)};
	return (sdex_LedgerKey){.type = SDEX_TRUSTLINE, .trustLine = line};
}

static sdex_LedgerKey footprint_key(struct sampler *s)
{
	sdex_AccountID id = account(s);
	uint32_t kind = below(s, 6);
	if (kind == 0)
		return sdex_ledger_key_account(&id);
	return kind == 1 ? trustline_key(s) : soroban_key(s, false);
}

static sdex_LedgerKey_list keys_for(struct sampler *s, sdex_OperationType type, bool write)
{
	sdex_LedgerKey_list list = {.count = below(s, 5)};
	if (type == (write ? SDEX_EXTEND_FOOTPRINT_TTL : SDEX_RESTORE_FOOTPRINT))
		list.count = 0;
	list.items = room(s, (list.count + 1) * sizeof *list.items);
	for (uint32_t i = 0; i < list.count; i++)
		list.items[i] = type == SDEX_INVOKE_HOST_FUNCTION
					? footprint_key(s)
					: soroban_key(s, type == SDEX_RESTORE_FOOTPRINT);
	return list;
}

static const sdex_SorobanTransactionData *soroban_data(struct sampler *s, sdex_OperationType type)
{
	sdex_SorobanTransactionData *data = room(s, sizeof *data);
	*data = (sdex_SorobanTransactionData){
		.resources = {.footprint = {.readOnly = keys_for(s, type, false),
					    .readWrite = keys_for(s, type, true)},
			      .instructions = number(s),
			      .diskReadBytes = number(s),
			      .writeBytes = number(s)},
		.resourceFee = number(s) / 2,
	};
	const sdex_LedgerKey_list *writes = &data->resources.footprint.readWrite;
	sdex_uint32_list *archived = &data->ext.resourceExt.archivedSorobanEntries;
	if (!sample_chance(s, 3))
		return data;
	data->ext.v = 1;
	archived->items = room(s, (writes->count + 1) * sizeof *archived->items);
	for (uint32_t i = 0; i < writes->count; i++)
		if (writes->items[i].type == SDEX_CONTRACT_CODE)
			archived->items[archived->count++] = i;
	return data;
}

/* --- operations */

static void set_options(struct sampler *s, sdex_Operation *out, const sdex_MuxedAccount *source)
{
	sdex_SetOptionsOp o = {0};
	uint32_t n[6];
	sdex_AccountID inflation = account(s);
	struct sdex_bytes domain = printable(s, 0, 32);
	sdex_Signer signer = {.key = signer_key(s), .weight = below(s, 256)};
	struct sdex_failure why = {0};
	n[0] = below(s, 16);
	n[1] = below(s, 16) & ~n[0];
	for (int i = 2; i < 6; i++)
		n[i] = below(s, 256);
	uint32_t which = below(s, 512);
	o.clearFlags = which & 1 ? &n[0] : NULL;
	o.setFlags = which & 2 ? &n[1] : NULL;
	o.masterWeight = which & 4 ? &n[2] : NULL;
	o.lowThreshold = which & 8 ? &n[3] : NULL;
	o.medThreshold = which & 16 ? &n[4] : NULL;
	o.highThreshold = which & 32 ? &n[5] : NULL;
	o.inflationDest = which & 64 ? &inflation : NULL;
	o.homeDomain = which & 128 ? &domain : NULL;
	o.signer = which & 256 ? &signer : NULL;
	made(sdex_op_set_options(out, s->arena, source, &o, &why), &why);
}

static enum sdex_error pool_line(struct sampler *s, sdex_Operation *out,
				 const sdex_MuxedAccount *source, struct sdex_failure *why)
{
	sdex_Asset a = sample_asset(s), b = issued(s);
	bool ordered = sdex_asset_compare(&a, &b) < 0;
	return sdex_op_change_trust_pool(out, s->arena, source, ordered ? &a : &b,
					 ordered ? &b : &a, amount(s, 0), why);
}

static enum sdex_error balance(struct sampler *s, sdex_Operation *out,
			       const sdex_MuxedAccount *source, struct sdex_failure *why)
{
	sdex_Claimant claimants[10];
	sdex_Asset asset = sample_asset(s);
	uint32_t count = 1 + below(s, 10);
	for (uint32_t i = 0; i < count; i++) {
		sdex_ClaimantV0 *v0 = room(s, sizeof *v0);
		*v0 = (sdex_ClaimantV0){.destination = account(s), .predicate = predicate(s, 4)};
		claimants[i] = (sdex_Claimant){.type = SDEX_CLAIMANT_TYPE_V0, .v0 = v0};
	}
	return sdex_op_create_claimable_balance(out, s->arena, source, &asset, amount(s, 1),
						claimants, count, why);
}

static enum sdex_error revoke(struct sampler *s, sdex_Operation *out,
			      const sdex_MuxedAccount *source, struct sdex_failure *why)
{
	sdex_AccountID id = account(s);
	sdex_LedgerKey key = sdex_ledger_key_account(&id);
	sdex_SignerKey signer = signer_key(s);
	switch (below(s, 6)) {
	case 0:
		return sdex_op_revoke_signer_sponsorship(out, s->arena, source, &id, &signer, why);
	case 1:
		key = trustline_key(s);
		break;
	case 2:
		key = (sdex_LedgerKey){.type = SDEX_OFFER, .offer = room(s, sizeof *key.offer)};
		*key.offer = (sdex_LedgerKeyOffer){.sellerID = id, .offerID = wide(s, 1)};
		break;
	case 3:
		key = (sdex_LedgerKey){.type = SDEX_DATA, .data = room(s, sizeof *key.data)};
		*key.data = (sdex_LedgerKeyData){.accountID = id, .dataName = printable(s, 1, 64)};
		break;
	case 4:
		key = (sdex_LedgerKey){.type = SDEX_CLAIMABLE_BALANCE,
				       .claimableBalance = {.balanceID = {.v0 = hash(s)}}};
		break;
	}
	return sdex_op_revoke_sponsorship(out, s->arena, source, &key, why);
}

static enum sdex_error invoke(struct sampler *s, sdex_Operation *out,
			      const sdex_MuxedAccount *source, struct sdex_failure *why)
{
	sdex_HostFunction function = host_function(s);
	uint32_t count = below(s, 3);
	sdex_SorobanAuthorizationEntry *auth = room(s, (count + 1) * sizeof *auth);
	for (uint32_t i = 0; i < count; i++)
		auth[i] = entry(s);
	return sdex_op_invoke_host_function(out, s->arena, source, &function, auth, count, why);
}

static sdex_AssetCode asset_code(struct sampler *s)
{
	char text[12];
	size_t length = code(s, text);
	sdex_AssetCode made_code = {.type = length <= 4 ? SDEX_ASSET_TYPE_CREDIT_ALPHANUM4
							: SDEX_ASSET_TYPE_CREDIT_ALPHANUM12};
	memcpy(length <= 4 ? made_code.assetCode4.bytes : made_code.assetCode12.bytes, text,
	       length);
	return made_code;
}

sdex_Operation sample_operation(struct sampler *s, sdex_OperationType type)
{
	sdex_Operation out = {0};
	struct sdex_failure why = {0};
	struct sdex_arena *a = s->arena;
	sdex_MuxedAccount own = sample_muxed(s), to = sample_muxed(s);
	const sdex_MuxedAccount *source = sample_chance(s, 2) ? &own : NULL;
	if (type == SDEX_INVOKE_HOST_FUNCTION)
		own = sdex_muxed(&(sdex_AccountID){.ed25519 = to.ed25519});
	sdex_AccountID id = account(s), own_id = sdex_muxed_account(&own);
	sdex_Asset x = sample_asset(s), y = issued(s);
	sdex_Asset path[5] = {sample_asset(s), issued(s), issued(s), issued(s), sample_asset(s)};
	sdex_ClaimableBalanceID balance_id = {.v0 = hash(s)};
	sdex_PoolID pool = hash(s);
	sdex_AssetCode short_code = asset_code(s);
	sdex_Asset own_asset = source ? issued_by(s, &own_id) : y;
	uint32_t hops = below(s, 6), flags = below(s, 8), offer_new = below(s, 2);
	sdex_Price p = price(s), q = price(s);
	enum sdex_error error = SDEX_OK;
	switch (type) {
	case SDEX_CREATE_ACCOUNT:
		error = sdex_op_create_account(&out, a, source, &id, amount(s, 0), &why);
		break;
	case SDEX_PAYMENT:
		error = sdex_op_payment(&out, a, source, &to, &x, amount(s, 1), &why);
		break;
	case SDEX_PATH_PAYMENT_STRICT_RECEIVE:
		error = sdex_op_path_payment_strict_receive(&out, a, source, &x, amount(s, 1), &to,
							    &y, amount(s, 1), path, hops, &why);
		break;
	case SDEX_PATH_PAYMENT_STRICT_SEND:
		error = sdex_op_path_payment_strict_send(&out, a, source, &x, amount(s, 1), &to, &y,
							 amount(s, 1), path, hops, &why);
		break;
	case SDEX_MANAGE_SELL_OFFER:
		error = sdex_op_manage_sell_offer(&out, a, source, &x, &y, amount(s, offer_new), p,
						  offer_new ? 0 : wide(s, 1), &why);
		break;
	case SDEX_MANAGE_BUY_OFFER:
		error = sdex_op_manage_buy_offer(&out, a, source, &y, &x, amount(s, offer_new), p,
						 offer_new ? 0 : wide(s, 1), &why);
		break;
	case SDEX_CREATE_PASSIVE_SELL_OFFER:
		error = sdex_op_create_passive_sell_offer(&out, a, source, &x, &y, amount(s, 1), p,
							  &why);
		break;
	case SDEX_SET_OPTIONS:
		set_options(s, &out, source);
		break;
	case SDEX_CHANGE_TRUST:
		error = sample_chance(s, 3)
				? pool_line(s, &out, source, &why)
				: sdex_op_change_trust(&out, a, source, &y, amount(s, 0), &why);
		break;
	case SDEX_ALLOW_TRUST:
		error = sdex_op_allow_trust(&out, a, source, &id, &short_code, below(s, 3), &why);
		break;
	case SDEX_ACCOUNT_MERGE:
		error = sdex_op_account_merge(&out, a, source, &to, &why);
		break;
	case SDEX_INFLATION:
		error = sdex_op_inflation(&out, a, source, &why);
		break;
	case SDEX_MANAGE_DATA: {
		struct sdex_bytes value = bytes(s, below(s, 65));
		error = sdex_op_manage_data(&out, a, source, printable(s, 1, 64),
					    sample_chance(s, 3) ? NULL : &value, &why);
		break;
	}
	case SDEX_BUMP_SEQUENCE:
		error = sdex_op_bump_sequence(&out, a, source, wide(s, 0), &why);
		break;
	case SDEX_CREATE_CLAIMABLE_BALANCE:
		error = balance(s, &out, source, &why);
		break;
	case SDEX_CLAIM_CLAIMABLE_BALANCE:
		error = sdex_op_claim_claimable_balance(&out, a, source, &balance_id, &why);
		break;
	case SDEX_BEGIN_SPONSORING_FUTURE_RESERVES:
		error = sdex_op_begin_sponsoring_future_reserves(&out, a, source, &id, &why);
		break;
	case SDEX_END_SPONSORING_FUTURE_RESERVES:
		error = sdex_op_end_sponsoring_future_reserves(&out, a, source, &why);
		break;
	case SDEX_REVOKE_SPONSORSHIP:
		error = revoke(s, &out, source, &why);
		break;
	case SDEX_CLAWBACK:
		/* of an asset of its own: the transaction's source cannot be meant */
		own_asset = issued_by(s, &own_id);
		error = sdex_op_clawback(&out, a, &own, &own_asset, &to, amount(s, 1), &why);
		break;
	case SDEX_CLAWBACK_CLAIMABLE_BALANCE:
		error = sdex_op_clawback_claimable_balance(&out, a, source, &balance_id, &why);
		break;
	case SDEX_SET_TRUST_LINE_FLAGS:
		own_asset = issued_by(s, &own_id);
		error = sdex_op_set_trust_line_flags(&out, a, &own, &id, &own_asset, flags,
						     ~flags & (1 + below(s, 2)), &why);
		break;
	case SDEX_LIQUIDITY_POOL_DEPOSIT:
		if ((int64_t)p.n * q.d > (int64_t)p.d * q.n) {
			sdex_Price swap = p;
			p = q;
			q = swap;
		}
		error = sdex_op_liquidity_pool_deposit(&out, a, source, &pool, amount(s, 1),
						       amount(s, 1), p, q, &why);
		break;
	case SDEX_LIQUIDITY_POOL_WITHDRAW:
		error = sdex_op_liquidity_pool_withdraw(&out, a, source, &pool, amount(s, 1),
							amount(s, 0), amount(s, 0), &why);
		break;
	case SDEX_INVOKE_HOST_FUNCTION:
		error = invoke(s, &out, source, &why);
		break;
	case SDEX_EXTEND_FOOTPRINT_TTL:
		error = sdex_op_extend_footprint_ttl(&out, a, source, number(s), &why);
		break;
	case SDEX_RESTORE_FOOTPRINT:
		error = sdex_op_restore_footprint(&out, a, source, &why);
		break;
	}
	made(error, &why);
	return out;
}

/* --- transactions */

static sdex_Memo memo(struct sampler *s)
{
	sdex_Hash h = hash(s);
	struct sdex_bytes text = printable(s, 0, 28);
	switch (below(s, 5)) {
	case 0:
		return sdex_memo_text((const char *)text.data, text.size);
	case 1:
		return sdex_memo_id(seeded_bits(&s->rng));
	case 2:
		return sdex_memo_hash(&h);
	case 3:
		return sdex_memo_return(&h);
	}
	return sdex_memo_none();
}

static sdex_Preconditions preconditions(struct sampler *s, int64_t sequence)
{
	sdex_PreconditionsV2 *v2 = room(s, sizeof *v2);
	uint64_t from = seeded_bits(&s->rng);
	uint32_t first = number(s) / 2, which = below(s, sample_chance(s, 2) ? 2 : 64);
	if (which & 1) {
		v2->timeBounds = room(s, sizeof *v2->timeBounds);
		*v2->timeBounds = (sdex_TimeBounds){
			from, sample_chance(s, 3) ? 0 : from + (~from & seeded_bits(&s->rng))};
	}
	if (which & 2) {
		v2->ledgerBounds = room(s, sizeof *v2->ledgerBounds);
		*v2->ledgerBounds = (sdex_LedgerBounds){
			first, sample_chance(s, 3) ? 0 : first + 1 + number(s) / 4};
	}
	if (which & 4) {
		v2->minSeqNum = room(s, sizeof *v2->minSeqNum);
		*v2->minSeqNum = (int64_t)seeded_below(&s->rng, (uint64_t)sequence);
	}
	v2->minSeqAge = which & 8 ? seeded_bits(&s->rng) : 0;
	v2->minSeqLedgerGap = which & 16 ? number(s) : 0;
	v2->extraSigners.count = which & 32 ? 1 + below(s, 2) : 0;
	v2->extraSigners.items = room(s, 2 * sizeof *v2->extraSigners.items);
	for (uint32_t i = 0; i < v2->extraSigners.count; i++)
		v2->extraSigners.items[i] = signer_key(s);
	if (sample_chance(s, 4)) /* spelt out even where a smaller form would do */
		return (sdex_Preconditions){.type = SDEX_PRECOND_V2, .v2 = v2};
	return sdex_preconditions(v2);
}

static void classic(struct sampler *s, sdex_Transaction *tx, bool inflation)
{
	uint32_t count = 1 + below(s, sample_chance(s, 50) ? 100 : 5);
	tx->operations.items = room(s, count * sizeof *tx->operations.items);
	tx->operations.count = count;
	for (uint32_t i = 0; i < count; i++) {
		sdex_OperationType type;
		do
			type = (sdex_OperationType)below(s, SDEX_INVOKE_HOST_FUNCTION);
		while (type == SDEX_INFLATION && !inflation);
		tx->operations.items[i] = sample_operation(s, type);
	}
	tx->memo = memo(s);
}

static void soroban(struct sampler *s, sdex_Transaction *tx)
{
	sdex_OperationType type = (sdex_OperationType)(SDEX_INVOKE_HOST_FUNCTION + below(s, 3));
	struct sdex_failure why = {0};
	if (sample_chance(s, 2))
		type = SDEX_INVOKE_HOST_FUNCTION;
	tx->operations.items = room(s, sizeof *tx->operations.items);
	tx->operations.count = 1;
	tx->operations.items[0] = sample_operation(s, type);
	if (type == SDEX_INVOKE_HOST_FUNCTION) { /* no ids in it: protocol 25 */
		sdex_AccountID id = account(s);
		tx->sourceAccount = sdex_muxed(&id);
	} else {
		tx->memo = memo(s);
	}
	made(sdex_tx_set_soroban(tx, soroban_data(s, type), &why), &why);
}

sdex_Transaction sample_transaction(struct sampler *s, bool inflation)
{
	sdex_Transaction tx = {
		.sourceAccount = sample_muxed(s),
		.seqNum = wide(s, 1),
	};
	tx.cond = preconditions(s, tx.seqNum);
	tx.fee = 10000 + number(s) / 4;
	if (sample_chance(s, 4))
		soroban(s, &tx);
	else
		classic(s, &tx, inflation);
	return tx;
}

static bool has_inflation(const sdex_Transaction *tx)
{
	for (uint32_t i = 0; i < tx->operations.count; i++)
		if (tx->operations.items[i].body.type == SDEX_INFLATION)
			return true;
	return false;
}

static void bump(struct sampler *s, sdex_TransactionEnvelope *out,
		 const sdex_TransactionEnvelope *inner, const sdex_Hash *network)
{
	struct sdex_secret keys[2];
	const struct sdex_secret *list[2] = {&keys[0], &keys[1]};
	struct sdex_failure why = {0};
	sdex_TransactionEnvelope inside = *inner;
	sdex_MuxedAccount payer = sample_muxed(s);
	for (int i = 0; i < 2; i++)
		sdex_secret_from_seed(&keys[i], hash(s).bytes);
	made(sdex_tx_sign(&inside, s->arena, network, list, below(s, 3), &why), &why);
	made(sdex_tx_make_fee_bump(out, s->arena, &payer,
				   sdex_stroops(((int64_t)1 << 34) + (wide(s, 0) >> 2)), &inside,
				   NULL, &why),
	     &why);
}

sdex_TransactionEnvelope sample_envelope(struct sampler *s, const sdex_Hash *network,
					 bool inflation)
{
	sdex_Transaction tx = sample_transaction(s, inflation);
	sdex_TransactionEnvelope out, plain;
	struct sdex_failure why = {0};
	bool bare = tx.sourceAccount.type == SDEX_KEY_TYPE_ED25519 && !tx.ext.v &&
		    tx.cond.type != SDEX_PRECOND_V2;
	if (has_inflation(&tx)) { /* no constructor lets it pass */
		sdex_TransactionV1Envelope *v1 = room(s, sizeof *v1);
		v1->tx = tx;
		return (sdex_TransactionEnvelope){.type = SDEX_ENVELOPE_TYPE_TX, .v1 = v1};
	}
	if (bare && sample_chance(s, 2))
		made(sdex_tx_make_v0(&plain, s->arena, &tx, NULL, &why), &why);
	else
		made(sdex_tx_make(&plain, s->arena, &tx, NULL, &why), &why);
	if (!sample_chance(s, 4))
		return plain;
	bump(s, &out, &plain, network);
	return out;
}
