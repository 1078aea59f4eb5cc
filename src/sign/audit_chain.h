/* sign/audit_chain.h - what the reader and the writer of the audit log share. */
#ifndef SDEX_SIGN_AUDIT_CHAIN_H
#define SDEX_SIGN_AUDIT_CHAIN_H

#include "sign/audit.h"

extern const uint8_t audit_head[AUDIT_HEAD_SIZE];

/* The hash before the first record. */
void audit_chain_start(uint8_t hash[32]);

/* Goes on from the hash before to that of a record. */
void audit_chain(uint8_t hash[32], const void *data, size_t size);

#endif
