/* bench/json.c - the scanner on an order book as Horizon answers it.
 *
 * The texts are made up here: 200 bids and 200 asks with the members and the
 * number of digits that real ones have, indented as Horizon writes pages and
 * compact as it writes events. */
#include <stdio.h>

#include "base/check.h"
#include "base/json.h"
#include "base/json_write.h"
#include "bench.h"

#define LEVELS 200

struct level {
	int64_t n, d, amount;
};

static struct level ladder[2][LEVELS];

struct book {
	char text[1 << 17];
	size_t size;
};

static size_t make_book(char *out, size_t room, bool indented)
{
	const char *nl = indented ? "\n" : "", *sp = indented ? " " : "";
	size_t n = 0;
	uint64_t seed = 1;
	for (int side = 0; side < 2; side++) {
		n += (size_t)snprintf(out + n, room - n, "%s%s%.*s\"%s\":%s[%s", side ? "," : "{",
				      nl, indented ? 2 : 0, "  ", side ? "asks" : "bids", sp, nl);
		for (int i = 0; i < LEVELS; i++) {
			const char *pad = indented ? "          " : "";
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			unsigned num = (unsigned)(seed >> 33) % 20000000u + 1;
			n += (size_t)snprintf(out + n, room - n,
					      "%.4s{%s%.6s\"price_r\":%s{%s%.8s\"n\":%s%u,%s%."
					      "8s\"d\":%s%u%s%.6s},%s"
					      "%.6s\"price\":%s\"%u.%07u\",%s%.6s\"amount\":%s\"%u."
					      "%07u\"%s%.4s}%s%s",
					      pad, nl, pad, sp, nl, pad, sp, num, nl, pad, sp,
					      10000000u, nl, pad, nl, pad, sp, num / 10000000u,
					      num % 10000000u, nl, pad, sp, num % 90000u,
					      num % 9999999u, nl, pad, i + 1 < LEVELS ? "," : "",
					      nl);
		}
		n += (size_t)snprintf(out + n, room - n, "%.*s]", indented ? 2 : 0, "  ");
	}
	n += (size_t)snprintf(
		out + n, room - n,
		",%s\"base\":%s{\"asset_type\":%s\"native\"},%s\"counter\":%s"
		"{\"asset_type\":%s\"credit_alphanum4\",\"asset_code\":%s\"USDC\","
		"\"asset_issuer\":%s\"GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN"
		"\"}%s}",
		nl, sp, sp, nl, sp, sp, sp, sp, nl);
	CHECK(n < room);
	return n;
}

/* Seven places of an amount's text as stroops; digits were never checked to fit
 * more than this bench needs. */
static int64_t stroops(const struct json_text *text)
{
	int64_t sum = 0;
	for (size_t i = 0; i < text->size; i++)
		if (text->data[i] != '.')
			sum = sum * 10 + (text->data[i] - '0');
	return sum;
}

static void read_level(struct json *json, struct level *level)
{
	struct json_text key, text;
	json_object(json);
	while (json_key(json, &key)) {
		if (json_is(&key, "price_r", 7)) {
			json_object(json);
			while (json_key(json, &key)) {
				if (json_is(&key, "n", 1))
					json_int64(json, &level->n);
				else if (json_is(&key, "d", 1))
					json_int64(json, &level->d);
				else
					json_skip(json);
			}
		} else if (json_is(&key, "amount", 6)) {
			if (json_string(json, &text))
				level->amount = stroops(&text);
		} else if (json_is(&key, "price", 5)) {
			json_string(json, &text);
		} else {
			json_skip(json);
		}
	}
}

static size_t read_side(struct json *json, struct level *side)
{
	size_t n = 0;
	json_array(json);
	while (json_item(json)) {
		CHECK(n < LEVELS);
		read_level(json, &side[n++]);
	}
	return n;
}

static void read_books(void *state, uint64_t count)
{
	const struct book *book = state;
	while (count--) {
		struct json json;
		struct json_text key;
		size_t levels = 0;
		json_open(&json, book->text, book->size, 16);
		json_object(&json);
		while (json_key(&json, &key)) {
			if (json_is(&key, "bids", 4))
				levels += read_side(&json, ladder[0]);
			else if (json_is(&key, "asks", 4))
				levels += read_side(&json, ladder[1]);
			else
				json_skip(&json);
		}
		CHECK(json_close(&json, NULL) == SDEX_OK && levels == 2 * LEVELS);
		bench_keep(ladder);
	}
}

static void skip_books(void *state, uint64_t count)
{
	const struct book *book = state;
	while (count--) {
		struct json json;
		json_open(&json, book->text, book->size, 16);
		json_skip(&json);
		CHECK(json_close(&json, NULL) == SDEX_OK);
	}
}

static void write_level(struct json_writer *w, const struct level *level)
{
	json_write_object(w);
	json_write_key(w, "price_r", 7);
	json_write_object(w);
	json_write_key(w, "n", 1);
	json_write_int64(w, level->n);
	json_write_key(w, "d", 1);
	json_write_int64(w, level->d);
	json_write_object_end(w);
	json_write_key(w, "amount", 6);
	json_write_int64(w, level->amount);
	json_write_object_end(w);
}

static size_t write_ladder(char *out, size_t room)
{
	struct json_writer w;
	size_t size = 0;
	json_write_buffer(&w, out, room, false);
	json_write_array(&w);
	for (int i = 0; i < LEVELS; i++)
		write_level(&w, &ladder[1][i]);
	json_write_array_end(&w);
	CHECK(json_write_close(&w, NULL, &size) == SDEX_OK);
	return size;
}

static void write_ladders(void *state, uint64_t count)
{
	struct book *book = state;
	while (count--) {
		write_ladder(book->text, sizeof book->text);
		bench_keep(book->text);
	}
}

int main(void)
{
	static struct book compact, indented, out;
	compact.size = make_book(compact.text, sizeof compact.text, false);
	indented.size = make_book(indented.text, sizeof indented.text, true);
	bench_throughput("json: book to ladder, compact", read_books, &compact, compact.size);
	bench_throughput("json: book to ladder, indented", read_books, &indented, indented.size);
	bench_throughput("json: check and skip, compact", skip_books, &compact, compact.size);
	bench_throughput("json: check and skip, indented", skip_books, &indented, indented.size);
	out.size = write_ladder(out.text, sizeof out.text);
	bench_throughput("json: write a ladder", write_ladders, &out, out.size);
	return 0;
}
