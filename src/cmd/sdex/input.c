/* cmd/sdex/input.c - finding out what the input is. */
#include "cmd/sdex/input.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/sdex/say.h"
#include "sdex/bytes.h"

enum input_form input_form(const struct args *args)
{
	const char *name = args_value(args, "input");
	if (!name || strcmp(name, "auto") == 0)
		return INPUT_AUTO;
	if (strcmp(name, "raw") == 0)
		return INPUT_RAW;
	if (strcmp(name, "base64") == 0)
		return INPUT_BASE64;
	return strcmp(name, "hex") == 0 ? INPUT_HEX : INPUT_GZIP;
}

static enum unpack unpack_of(enum input_form form)
{
	return form == INPUT_GZIP ? UNPACK_ALWAYS : form == INPUT_RAW ? UNPACK_NEVER : UNPACK_AUTO;
}

struct source *input_open(const struct args *args, const char *operand, enum status *status)
{
	size_t limit;
	*status = STATUS_USAGE;
	if (!args_size(args, "max-size", &limit, INPUT_SIZE_DEFAULT))
		return NULL;
	*status = STATUS_REFUSED;
	return source_open(operand, unpack_of(input_form(args)), limit);
}

bool input_is_text(const char *operand)
{
	struct stat unused;
	return operand && strcmp(operand, "-") && stat(operand, &unused) != 0 &&
	       !strchr(operand, '.') &&
	       strspn(operand, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz+/= \t\r\n") == strlen(operand);
}

static bool is_json(const char *operand)
{
	struct stat unused;
	return operand && *operand && strchr("{[\"", *operand) && stat(operand, &unused) != 0;
}

bool input_read(struct input *input, const struct args *args, const char *operand,
		enum status *status)
{
	*input = (struct input){.name = "the operand, which names no file"};
	if (input_is_text(operand) || is_json(operand)) {
		input->size = strlen(operand);
		input->data = malloc(input->size + 1);
		*status = STATUS_REFUSED;
		if (input->data)
			memcpy(input->data, operand, input->size + 1);
		else
			say_refused("memory is out");
		return input->data;
	}
	struct source *source = input_open(args, operand, status);
	if (!source)
		return false;
	input->name = source_name(source);
	input->data = source_all(source, &input->size);
	source_close(source);
	return input->data;
}

void input_free(struct input *input)
{
	free(input->data);
}

bool input_fits_type(const void *type, const uint8_t *data, size_t size)
{
	size_t used;
	return sdex_xdr_check(*(const enum sdex_type *)type, &used, data, size, NULL, NULL) ==
		       SDEX_OK &&
	       used == size;
}

/* ---- text ---- */

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The text without its white space, owned by the caller, and where in the input the
 * character number i of it stood. */
struct stripped {
	char *text;
	size_t size;
	const struct input *input;
};

static bool strip(struct stripped *out, const struct input *input)
{
	*out = (struct stripped){malloc(input->size + 1), 0, input};
	if (!out->text) {
		say_refused("memory is out");
		return false;
	}
	for (size_t i = 0; i < input->size; i++)
		if (!blank(input->data[i]))
			out->text[out->size++] = (char)input->data[i];
	return true;
}

static uint64_t place(const struct stripped *s, uint64_t i)
{
	uint64_t at = 0;
	for (; at < s->input->size; at++)
		if (!blank(s->input->data[at]) && i-- == 0)
			break;
	return at;
}

/* Decodes the text over itself, for it grows shorter. */
static enum sdex_error decode(struct stripped *s, enum input_form form, size_t *size,
			      struct sdex_failure *why)
{
	uint8_t *out = malloc(s->size + 1);
	if (!out)
		return SDEX_ERR_NOMEM;
	enum sdex_error error =
		form == INPUT_HEX ? sdex_hex_decode(out, s->size, size, s->text, s->size, why)
				  : sdex_base64_decode(out, s->size, size, s->text, s->size, why);
	if (!error)
		memcpy(s->text, out, *size);
	free(out);
	return error;
}

static bool replace(struct input *input, struct stripped *s, size_t size)
{
	memcpy(input->data, s->text, size);
	input->data[size] = '\0';
	input->size = size;
	free(s->text);
	return true;
}

static bool text_to_bytes(struct input *input, enum input_form form)
{
	struct stripped s;
	struct sdex_failure why = {.text = "memory is out"};
	size_t size;
	if (!strip(&s, input))
		return false;
	if (decode(&s, form, &size, &why) == SDEX_OK)
		return replace(input, &s, size);
	why.where = place(&s, why.where);
	free(s.text);
	say_failure(input->name, &why);
	return false;
}

/* Is it text at all?  XDR is hardly ever without a zero byte. */
static bool all_text(const struct input *input)
{
	for (size_t i = 0; i < input->size; i++)
		if ((input->data[i] < ' ' && !blank(input->data[i])) || input->data[i] > '~')
			return false;
	return true;
}

/* Tries a form; true when it fits, and the input is replaced. */
static bool attempt(struct input *input, enum input_form form, input_fits *fits,
		    const void *context)
{
	struct stripped s;
	size_t size;
	if (!strip(&s, input))
		return false;
	if (decode(&s, form, &size, NULL) == SDEX_OK &&
	    (!fits || fits(context, (uint8_t *)s.text, size)))
		return replace(input, &s, size);
	free(s.text);
	return false;
}

static bool all_hex(const struct input *input)
{
	for (size_t i = 0; i < input->size; i++)
		if (!blank(input->data[i]) && !strchr("0123456789abcdefABCDEF", input->data[i]))
			return false;
	return true;
}

bool input_to_bytes(struct input *input, enum input_form form, input_fits *fits,
		    const void *context)
{
	if (form == INPUT_BASE64 || form == INPUT_HEX)
		return text_to_bytes(input, form);
	if (form != INPUT_AUTO || !all_text(input))
		return true;
	if (attempt(input, INPUT_BASE64, fits, context) || attempt(input, INPUT_HEX, fits, context))
		return true;
	if (fits && fits(context, input->data, input->size))
		return true;
	/* Nothing fits: take it for what it looks like, so that the reason is told. */
	return text_to_bytes(input, all_hex(input) && input->size ? INPUT_HEX : INPUT_BASE64);
}
