/* sign/testing.h - what the signer's tests share: a folder, keys, envelopes to ask for. */
#ifndef SDEX_SIGN_TESTING_H
#define SDEX_SIGN_TESTING_H

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/endian.h"
#include "base/testing.h"
#include "sdex/asset.h"
#include "sdex/signature.h"
#include "sign/pack.h"

#define TEST_NETWORK SDEX_PASSPHRASE_TESTNET
#define TEST_PASSPHRASE "correct horse battery"

struct test_folder {
	char path[64];
	char name[128]; /* of the last test_path */
};

static inline void test_folder_make(struct test_folder *folder)
{
	snprintf(folder->path, sizeof folder->path, "/tmp/sdex-sign-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
}

/* The path of a file in it, until the next call. */
static inline const char *test_path(struct test_folder *folder, const char *name)
{
	snprintf(folder->name, sizeof folder->name, "%s/%s", folder->path, name);
	return folder->name;
}

/* How many files are in it. */
static inline unsigned test_folder_count(const struct test_folder *folder)
{
	unsigned count = 0;
	DIR *dir = opendir(folder->path);
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));)
		count += e->d_name[0] != '.' || (e->d_name[1] && e->d_name[1] != '.');
	closedir(dir);
	return count;
}

static inline void test_folder_remove(struct test_folder *folder)
{
	DIR *dir = opendir(folder->path);
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir));)
		unlinkat(dirfd(dir), e->d_name, 0);
	closedir(dir);
	rmdir(folder->path);
}

static inline size_t test_read(const char *path, uint8_t *data, size_t room)
{
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	ssize_t got = read(fd, data, room);
	assert_true(got >= 0);
	close(fd);
	return (size_t)got;
}

static inline void test_write(const char *path, const void *data, size_t size, mode_t mode)
{
	unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static inline struct sdex_secret test_key(uint8_t number)
{
	struct sdex_secret key;
	uint8_t seed[32] = {number, 1};
	sdex_secret_from_seed(&key, seed);
	return key;
}

struct test_request {
	const struct sdex_secret *key; /* whose account is the source */
	int64_t sequence;
	uint64_t max_time;
	int64_t amount; /* to tell transactions apart; 0 is taken for 1 */
	uint32_t fee;   /* 0 is taken for 100 */
};

/* An offer as an unsigned envelope, in the arena. */
static inline struct sdex_bytes test_envelope(struct sdex_arena *arena,
					      const struct test_request *request)
{
	sdex_AccountID account = {0}, issuer = {.ed25519 = {{9}}};
	sdex_Asset native = sdex_asset_native(), usdc;
	sdex_Operation op;
	sdex_TransactionEnvelope envelope;
	size_t size;
	memcpy(account.ed25519.bytes, request->key->public_key, 32);
	assert_int_equal(sdex_asset_make(&usdc, arena, "USDC", 4, &issuer, NULL), SDEX_OK);
	assert_int_equal(
		sdex_op_manage_sell_offer(&op, arena, NULL, &native, &usdc,
					  sdex_stroops(request->amount ? request->amount : 1),
					  (sdex_Price){1, 2}, 0, NULL),
		SDEX_OK);
	sdex_Transaction tx = {
		.sourceAccount = sdex_muxed(&account),
		.fee = request->fee ? request->fee : 100,
		.seqNum = request->sequence,
		.cond = sdex_preconditions_time(0, request->max_time),
		.operations = {&op, 1},
	};
	assert_int_equal(sdex_tx_make(&envelope, arena, &tx, NULL, NULL), SDEX_OK);
	assert_int_equal(sdex_xdr_size(SDEX_TYPE_TransactionEnvelope, &size, &envelope, NULL),
			 SDEX_OK);
	uint8_t *out = sdex_arena_alloc(arena, size);
	assert_non_null(out);
	assert_int_equal(
		sdex_xdr_encode(SDEX_TYPE_TransactionEnvelope, out, size, &size, &envelope, NULL),
		SDEX_OK);
	return (struct sdex_bytes){out, (uint32_t)size};
}

/* Is it the first envelope with one more signature, good for the key and the network? */
static inline void test_is_signed(struct sdex_arena *arena, struct sdex_bytes asked,
				  struct sdex_bytes answer, const struct sdex_secret *key)
{
	sdex_TransactionEnvelope *before = NULL, *after = NULL;
	sdex_Hash hash, hash_after;
	const sdex_Hash network = sdex_network_id(TEST_NETWORK, strlen(TEST_NETWORK));
	assert_int_equal(
		sdex_TransactionEnvelope_decode(&before, arena, asked.data, asked.size, NULL),
		SDEX_OK);
	assert_int_equal(
		sdex_TransactionEnvelope_decode(&after, arena, answer.data, answer.size, NULL),
		SDEX_OK);
	assert_int_equal(sdex_tx_hash(&hash, arena, before, &network, NULL), SDEX_OK);
	assert_int_equal(sdex_tx_hash(&hash_after, arena, after, &network, NULL), SDEX_OK);
	assert_memory_equal(hash.bytes, hash_after.bytes, 32);
	sdex_DecoratedSignature_list list = sdex_tx_signatures(after);
	assert_int_equal(list.count, sdex_tx_signatures(before).count + 1);
	assert_int_equal(sdex_verify(key->public_key, list.items[list.count - 1].signature.data,
				     hash.bytes, 32),
			 SDEX_OK);
}

#endif
