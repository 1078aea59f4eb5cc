/* base/version.c - which library this is. */
#include "sdex/version.h"

const char *sdex_version(void)
{
	return SDEX_VERSION;
}

uint32_t sdex_version_number(void)
{
	return SDEX_VERSION_NUMBER;
}

uint32_t sdex_protocol(void)
{
	return SDEX_PROTOCOL;
}
