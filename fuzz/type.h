/* fuzz/type.h - which type of the schema an input is of.
 *
 * An input begins with two bytes that stand for the type's name, not for its number: those
 * change with the schema, and saved inputs would turn into noise. */
#ifndef SDEX_FUZZ_TYPE_H
#define SDEX_FUZZ_TYPE_H

#include <string.h>

#include "base/crc16.h"
#include "sdex/xdr.h"

/* The type whose name has this CRC-16; of those that share one the later has the next number
 * that is free.  Any other number stands for some type, too, so that each input is tried. */
static inline enum sdex_type fuzz_type(const uint8_t *data)
{
	static uint16_t types[1 << 16]; /* the type's number and one */
	static bool filled;
	for (int i = 0; !filled && i < SDEX_TYPE_COUNT; i++) {
		const char *name = sdex_type_name((enum sdex_type)i);
		uint16_t at = crc16((const uint8_t *)name, strlen(name));
		while (types[at])
			at++;
		types[at] = (uint16_t)(i + 1);
	}
	filled = true;
	unsigned number = (unsigned)(data[0] << 8 | data[1]);
	return (enum sdex_type)(types[number] ? types[number] - 1u : number % SDEX_TYPE_COUNT);
}

#endif
