/* sign/test_keystore.c - a key comes back with its passphrase, and only from an unchanged file
 * that nobody else can read. */
#include "sign/keystore.h"
#include "sign/secret.h"
#include "sign/testing.h"

static struct test_folder folder;
static struct sdex_failure why;
static struct keystore keystore;
static struct sdex_secret key;

static struct keystore_terms terms(void)
{
	return (struct keystore_terms){
		.name = "trading",
		.created_s = 1700000000,
		.passes = KEYSTORE_PASSES,
		.memory = KEYSTORE_MEMORY_LEAST,
		.passphrase = TEST_PASSPHRASE,
		.passphrase_size = strlen(TEST_PASSPHRASE),
	};
}

static int set_up(void **state)
{
	(void)state;
	test_folder_make(&folder);
	key = test_key(1);
	const struct keystore_terms t = terms();
	assert_int_equal(keystore_seal(&keystore, &t, &key, &why), SDEX_OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_folder_remove(&folder);
	return 0;
}

static enum sdex_error open_bytes(const uint8_t *file, const char *passphrase)
{
	struct keystore read;
	struct sdex_secret *opened = secret_new();
	assert_non_null(opened);
	enum sdex_error error = keystore_read(&read, file, KEYSTORE_SIZE, &why);
	if (!error)
		error = keystore_open(&read, opened, passphrase, strlen(passphrase), &why);
	if (!error)
		assert_memory_equal(opened, &key, sizeof key);
	secret_wipe(opened);
	return error;
}

static void comes_back(void **state)
{
	(void)state;
	struct keystore read;
	assert_int_equal(open_bytes(keystore.file, TEST_PASSPHRASE), SDEX_OK);
	assert_int_equal(open_bytes(keystore.file, "correct horse batterz"), SDEX_ERR_SIGNATURE);
	assert_int_equal(open_bytes(keystore.file, ""), SDEX_ERR_SIGNATURE);
	assert_int_equal(keystore_read(&read, keystore.file, KEYSTORE_SIZE, &why), SDEX_OK);
	assert_string_equal(read.name, "trading");
	assert_memory_equal(read.public_key, key.public_key, 32);
	assert_int_equal(read.created_s, 1700000000);
	assert_int_equal(read.passes, KEYSTORE_PASSES);
	assert_int_equal(read.memory, KEYSTORE_MEMORY_LEAST);
}

/* The same key sealed again shares no salt, nonce or ciphertext. */
static void never_the_same_twice(void **state)
{
	(void)state;
	struct keystore again;
	const struct keystore_terms t = terms();
	assert_int_equal(keystore_seal(&again, &t, &key, &why), SDEX_OK);
	assert_memory_not_equal(again.file + 24, keystore.file + 24, 16);
	assert_memory_not_equal(again.file + 40, keystore.file + 40, 24);
	assert_memory_not_equal(again.file + KEYSTORE_HEADER_SIZE,
				keystore.file + KEYSTORE_HEADER_SIZE, 32);
}

/* A file of the first version, made once: what reads it today reads it always. */
static void of_the_first_version(void **state)
{
	(void)state;
	static const char text[] =
		"736465786b657900000000010000000100000003000020006cb2ab1c92785dfe2efa94fa49b4"
		"3092c4abc58fa24e042f1a370b37dff97e7c7a2aa782b03b342874726164696e670000000000"
		"00000000000000000000000000000000000000005ef05da6377ffdb523ea773bd94ae4096c6d"
		"7c2c07e845a27fdc961666efc775000000006553f1001ddfe46eb5cd1bc0b200601521bcdc9c"
		"dece360b9c8001111e01f26e43fdd16da8275674cdc1b6b111d12ef6df12ea9b";
	uint8_t file[KEYSTORE_SIZE];
	size_t size;
	assert_int_equal(sdex_hex_decode(file, sizeof file, &size, text, strlen(text), NULL),
			 SDEX_OK);
	assert_int_equal(size, KEYSTORE_SIZE);
	assert_int_equal(open_bytes(file, TEST_PASSPHRASE), SDEX_OK);
}

/* No byte can be changed: the head is refused for its form, or, as all else, by the tag. */
static void every_byte_counts(void **state)
{
	(void)state;
	uint8_t file[KEYSTORE_SIZE];
	for (size_t i = 0; i < KEYSTORE_SIZE; i += i < 24 ? 1 : 5) {
		memcpy(file, keystore.file, sizeof file);
		file[i] ^= 1;
		assert_int_not_equal(open_bytes(file, TEST_PASSPHRASE), SDEX_OK);
	}
}

static void sizes(void **state)
{
	(void)state;
	struct keystore read;
	uint8_t longer[KEYSTORE_SIZE + 1] = {0};
	memcpy(longer, keystore.file, KEYSTORE_SIZE);
	for (size_t size = 0; size < KEYSTORE_SIZE; size++)
		assert_int_equal(keystore_read(&read, keystore.file, size, &why),
				 size < 8 ? SDEX_ERR_SYNTAX : SDEX_ERR_TRUNCATED);
	assert_int_equal(keystore_read(&read, longer, sizeof longer, &why), SDEX_ERR_TRAILING);
}

/* What the derivation would cost is refused before it runs. */
static void bounds(void **state)
{
	(void)state;
	static const struct {
		uint32_t passes, kib;
	} bad[] = {
		{0, 8192}, {2, 8192}, {17, 8192},          {UINT32_MAX, 8192},
		{3, 0},    {3, 8191}, {3, (2u << 20) + 1}, {3, UINT32_MAX},
	};
	struct keystore read;
	uint8_t file[KEYSTORE_SIZE];
	memcpy(file, keystore.file, sizeof file);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		store_be32(file + 16, bad[i].passes);
		store_be32(file + 20, bad[i].kib);
		assert_int_equal(keystore_read(&read, file, sizeof file, &why), SDEX_ERR_RANGE);
	}
	struct keystore_terms t = terms();
	t.memory = KEYSTORE_MEMORY_LEAST - 1024;
	assert_int_equal(keystore_seal(&read, &t, &key, &why), SDEX_ERR_INVALID);
	t = terms();
	t.passes = 1;
	assert_int_equal(keystore_seal(&read, &t, &key, &why), SDEX_ERR_INVALID);
	t = terms();
	t.passphrase_size = KEYSTORE_PASSPHRASE_LEAST - 1;
	assert_int_equal(keystore_seal(&read, &t, &key, &why), SDEX_ERR_INVALID);
	t = terms();
	t.name = "../x";
	assert_int_equal(keystore_seal(&read, &t, &key, &why), SDEX_ERR_INVALID);
}

static void files(void **state)
{
	(void)state;
	struct keystore read;
	struct stat st;
	char link[128];
	const char *path = test_path(&folder, "key");
	assert_int_equal(keystore_load(&read, path, &why), SDEX_ERR_MISSING);
	assert_int_equal(keystore_store(&keystore, path, &why), SDEX_OK);
	assert_int_equal(test_folder_count(&folder), 1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(keystore_load(&read, path, &why), SDEX_OK);
	assert_memory_equal(read.file, keystore.file, KEYSTORE_SIZE);
	/* never over another, and nothing is left behind */
	assert_int_equal(keystore_store(&keystore, path, &why), SDEX_ERR_DUPLICATE);
	assert_int_equal(test_folder_count(&folder), 1);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(keystore_load(&read, path, &why), SDEX_ERR_INVALID);
	assert_non_null(strstr(why.text, "chmod 600"));
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(keystore_load(&read, path, &why), SDEX_OK);
	snprintf(link, sizeof link, "%s/link", folder.path);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(keystore_load(&read, link, &why), SDEX_ERR_INVALID);
	assert_non_null(strstr(why.text, "link"));
	assert_int_equal(keystore_store(&keystore, link, &why), SDEX_ERR_DUPLICATE);
	assert_int_equal(keystore_load(&read, folder.path, &why), SDEX_ERR_INVALID);
	assert_int_equal(keystore_store(&keystore, test_path(&folder, "no/such"), &why),
			 SDEX_ERR_INVALID);
	assert_int_equal(mkfifo(test_path(&folder, "pipe"), 0600), 0);
	assert_int_equal(keystore_load(&read, test_path(&folder, "pipe"), &why), SDEX_ERR_INVALID);
	test_write(test_path(&folder, "long"), "sdexkey\0xxxxxxxxx", 16, 0600);
	assert_int_equal(keystore_load(&read, test_path(&folder, "long"), &why),
			 SDEX_ERR_TRUNCATED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(comes_back),
		TEST(never_the_same_twice),
		TEST(of_the_first_version),
		TEST(every_byte_counts),
		TEST(sizes),
		TEST(bounds),
		TEST(files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
