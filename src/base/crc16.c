/* base/crc16.c - eight bytes a step: the checksum is linear, so each byte's part
 * comes from a table of its own and the parts add up. */
#include "base/crc16.h"

#include "base/endian.h"

/* What the bits of a byte, lowest first, leave of themselves in the checksum. */
#define ENTRY(b, p0, p1, p2, p3, p4, p5, p6, p7)                                    \
	((b)&1 ? p0 : 0) ^ ((b)&2 ? p1 : 0) ^ ((b)&4 ? p2 : 0) ^ ((b)&8 ? p3 : 0) ^ \
		((b)&16 ? p4 : 0) ^ ((b)&32 ? p5 : 0) ^ ((b)&64 ? p6 : 0) ^ ((b)&128 ? p7 : 0)
#define FOUR(b, ...)                                                                     \
	ENTRY(b, __VA_ARGS__), ENTRY((b) + 1, __VA_ARGS__), ENTRY((b) + 2, __VA_ARGS__), \
		ENTRY((b) + 3, __VA_ARGS__)
#define SIXTEEN(b, ...)                                                               \
	FOUR(b, __VA_ARGS__), FOUR((b) + 4, __VA_ARGS__), FOUR((b) + 8, __VA_ARGS__), \
		FOUR((b) + 12, __VA_ARGS__)
#define SIXTY_FOUR(b, ...)                                                                       \
	SIXTEEN(b, __VA_ARGS__), SIXTEEN((b) + 16, __VA_ARGS__), SIXTEEN((b) + 32, __VA_ARGS__), \
		SIXTEEN((b) + 48, __VA_ARGS__)
#define TABLE(...)                                                                 \
	{                                                                          \
		SIXTY_FOUR(0, __VA_ARGS__), SIXTY_FOUR(64, __VA_ARGS__),           \
			SIXTY_FOUR(128, __VA_ARGS__), SIXTY_FOUR(192, __VA_ARGS__) \
	}

/* Row k belongs to the byte with k bytes behind it; it is made from the powers
 * x^(16 + 8k) to x^(23 + 8k) modulo the polynomial. */
static const uint16_t table[8][256] = {
	TABLE(0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48c4, 0x9188),
	TABLE(0x3331, 0x6662, 0xccc4, 0x89a9, 0x0373, 0x06e6, 0x0dcc, 0x1b98),
	TABLE(0x3730, 0x6e60, 0xdcc0, 0xa9a1, 0x4363, 0x86c6, 0x1dad, 0x3b5a),
	TABLE(0x76b4, 0xed68, 0xcaf1, 0x85c3, 0x1ba7, 0x374e, 0x6e9c, 0xdd38),
	TABLE(0xaa51, 0x4483, 0x8906, 0x022d, 0x045a, 0x08b4, 0x1168, 0x22d0),
	TABLE(0x45a0, 0x8b40, 0x06a1, 0x0d42, 0x1a84, 0x3508, 0x6a10, 0xd420),
	TABLE(0xb861, 0x60e3, 0xc1c6, 0x93ad, 0x377b, 0x6ef6, 0xddec, 0xabf9),
	TABLE(0x47d3, 0x8fa6, 0x0f6d, 0x1eda, 0x3db4, 0x7b68, 0xf6d0, 0xfd81),
};

uint16_t crc16(const uint8_t *data, size_t size)
{
	unsigned crc = 0;
	for (; size % 8; size--)
		crc = (crc << 8 & 0xffff) ^ table[0][(crc >> 8) ^ *data++];
	for (; size; size -= 8, data += 8) {
		uint64_t w = load_be64(data) ^ (uint64_t)crc << 48;
		crc = table[7][w >> 56] ^ table[6][w >> 48 & 255] ^ table[5][w >> 40 & 255] ^
		      table[4][w >> 32 & 255] ^ table[3][w >> 24 & 255] ^ table[2][w >> 16 & 255] ^
		      table[1][w >> 8 & 255] ^ table[0][w & 255];
	}
	return (uint16_t)crc;
}
