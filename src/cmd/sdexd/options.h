/* cmd/sdexd/options.h - sdexd's command line. */
#ifndef SDEX_CMD_SDEXD_OPTIONS_H
#define SDEX_CMD_SDEXD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"
#include "sdex/arena.h"

struct options {
	struct engine_config engine;
	const char *data;    /* folder of the journal and the store */
	const char *address; /* of the API */
	uint16_t port;
	const char *keystore;        /* NULL with --replay */
	const char *passphrase_file; /* of the keystore; NULL: the signer looks for it itself */
	const char *signer;          /* the program */
	bool replaying;
	const char *const *replay; /* files */
	uint32_t replay_count;
	uint32_t close_ms; /* between two replayed ledgers */
};

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_DONE,  /* --help or --version was answered */
	OPTIONS_WRONG, /* said on stderr */
};

/* Reads the command line; the options borrow from it and from the arena. */
enum options_outcome options_read(struct options *options, struct sdex_arena *arena, int argc,
				  char **argv);

#endif
