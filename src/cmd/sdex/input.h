/* cmd/sdex/input.h - XDR and JSON as people have them: raw, base64, hexadecimal, gzip;
 * in a file, on standard input, or as an operand. */
#ifndef SDEX_CMD_INPUT_H
#define SDEX_CMD_INPUT_H

#include "cmd/sdex/args.h"
#include "cmd/sdex/source.h"
#include "sdex/error.h"
#include "sdex/xdr.h"

enum input_form {
	INPUT_AUTO,
	INPUT_RAW,
	INPUT_BASE64,
	INPUT_HEX,
	INPUT_GZIP, /* of raw bytes; read by source.h */
};

#define INPUT_SIZE_DEFAULT ((size_t)256 << 20)

/* The rows of an option table that input_open and input_xdr read. */
#define INPUT_OPTIONS                                                  \
	{.name = "input",                                              \
	 .letter = 'i',                                                \
	 .value = "FORM",                                              \
	 .words = "auto|raw|base64|hex|gzip",                          \
	 .help = "what the input is (auto: found out)"},               \
	{                                                              \
		.name = "max-size", .value = "BYTES",                  \
		.help = "refuse longer input, counted unpacked (256M)" \
	}

/* What a command was given to read. */
struct input {
	const char *name; /* for messages */
	uint8_t *data;    /* owned; a NUL stands behind */
	size_t size;
};

/* Reads the whole operand: the file of that name; standard input for NULL and "-"; or,
 * when there is no such file, the operand itself.  False when it was refused, and that
 * was said; *status then has what to end with. */
bool input_read(struct input *input, const struct args *args, const char *operand,
		enum status *status);
void input_free(struct input *input);

/* Is the operand the text (base64, hexadecimal) itself?  A file of the name goes first. */
bool input_is_text(const char *operand);

/* Opens a stream of records as input_read would a file. */
struct source *input_open(const struct args *args, const char *operand, enum status *status);

/* The form that --input names, or INPUT_AUTO. */
enum input_form input_form(const struct args *args);

/* Turns what was read into the bytes of XDR that it stands for, in place.  For INPUT_AUTO,
 * what is no text is raw; text is the first of base64, hexadecimal and raw that `fits`
 * (NULL: that is well formed), or else what it looks like.  False, said on stderr, when
 * the text is none. */
typedef bool input_fits(const void *context, const uint8_t *data, size_t size);
bool input_to_bytes(struct input *input, enum input_form form, input_fits *fits,
		    const void *context);

/* Is it all one value of the type? */
bool input_fits_type(const void *type, const uint8_t *data, size_t size);

#endif
