/* base/test_version.c - the version's text and numbers say the same. */
#include "base/testing.h"
#include "sdex/version.h"

static void text_and_numbers_agree(void **state)
{
	(void)state;
	char text[64];
	snprintf(text, sizeof text, "%d.%d.%d", SDEX_VERSION_MAJOR, SDEX_VERSION_MINOR,
		 SDEX_VERSION_PATCH);
	assert_string_equal(text, SDEX_VERSION);
	assert_string_equal(sdex_version(), SDEX_VERSION);
	assert_int_equal(sdex_version_number() / 1000000, SDEX_VERSION_MAJOR);
	assert_int_equal(sdex_version_number() / 1000 % 1000, SDEX_VERSION_MINOR);
	assert_int_equal(sdex_version_number() % 1000, SDEX_VERSION_PATCH);
	assert_int_equal(sdex_protocol(), SDEX_PROTOCOL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_numbers_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
