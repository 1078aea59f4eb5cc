/* base/crc16.h - CRC-16/XMODEM, the checksum of strkeys (SEP-23). */
#ifndef SDEX_BASE_CRC16_H
#define SDEX_BASE_CRC16_H

#include <stddef.h>
#include <stdint.h>

/* Polynomial x^16 + x^12 + x^5 + 1, most significant bit first, starting at 0. */
uint16_t crc16(const uint8_t *data, size_t size);

#endif
