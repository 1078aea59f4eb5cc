/* examples/ledger_changes.c - which entries a ledger changed, without building the ledger.
 *
 * usage: ledger_changes FILE, which holds one LedgerCloseMeta in XDR, not packed.
 *
 * A visit goes over the bytes and stops at values of the types that one asks for, here
 * each LedgerEntryChange; only those are decoded. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <sdex/address.h>
#include <sdex/xdr_types.h>

#include "read_file.h"

struct changes {
	struct sdex_arena *arena;
	unsigned count;
	enum sdex_error error;
};

static void print_offer(const sdex_OfferEntry *offer)
{
	char seller[SDEX_ACCOUNT_ROOM];
	sdex_account_print(seller, &offer->sellerID);
	printf(" %" PRId64 " of %s: %" PRId64 " stroops left at %" PRId32 "/%" PRId32,
	       offer->offerID, seller, offer->amount, offer->price.n, offer->price.d);
}

static void print_entry(const char *what, const sdex_LedgerEntry *entry)
{
	printf("%s %s", what, sdex_enum_name(SDEX_TYPE_LedgerEntryType, (int32_t)entry->data.type));
	if (entry->data.type == SDEX_OFFER)
		print_offer(entry->data.offer);
	printf("\n");
}

static void print_change(const sdex_LedgerEntryChange *change)
{
	switch (change->type) {
	case SDEX_LEDGER_ENTRY_CREATED:
		print_entry("created ", change->created);
		break;
	case SDEX_LEDGER_ENTRY_UPDATED:
		print_entry("updated ", change->updated);
		break;
	case SDEX_LEDGER_ENTRY_RESTORED:
		print_entry("restored", change->restored);
		break;
	case SDEX_LEDGER_ENTRY_REMOVED:
		printf("removed  %s",
		       sdex_enum_name(SDEX_TYPE_LedgerEntryType, (int32_t)change->removed->type));
		if (change->removed->type == SDEX_OFFER)
			printf(" %" PRId64, change->removed->offer->offerID);
		printf("\n");
		break;
	case SDEX_LEDGER_ENTRY_STATE:
		/* what the entry was before the change that follows */
		break;
	}
}

static enum sdex_visit on_change(void *context, const struct sdex_found *found)
{
	struct changes *changes = (struct changes *)context;
	sdex_LedgerEntryChange *change;
	sdex_arena_reset(changes->arena); /* the change before is printed and done with */
	changes->error = sdex_LedgerEntryChange_decode(&change, changes->arena, found->data,
						       found->size, NULL);
	if (changes->error)
		return SDEX_VISIT_STOP;
	print_change(change);
	changes->count++;
	return SDEX_VISIT_ON;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr,
			"usage: ledger_changes FILE (one LedgerCloseMeta in XDR, unpacked)\n");
		return 2;
	}
	size_t size;
	uint8_t *bytes = read_file(argv[1], &size);
	if (!bytes)
		return 1;

	const enum sdex_type wanted[] = {SDEX_TYPE_LedgerEntryChange};
	struct sdex_visit_plan plan;
	struct sdex_failure why = {.text = "memory is out"};
	struct changes changes = {.arena = sdex_arena_new(0)};
	int status = 1;
	if (!changes.arena || sdex_visit_plan_init(&plan, wanted, 1) ||
	    sdex_xdr_visit(SDEX_TYPE_LedgerCloseMeta, &plan, on_change, &changes, bytes, size, NULL,
			   &why)) {
		fprintf(stderr, "%s: byte %" PRIu64 ": %s\n", argv[1], why.where, why.text);
	} else if (changes.error) {
		/* The visit has checked the bytes, so this is memory. */
		fprintf(stderr, "%s\n", sdex_error_text(changes.error));
	} else {
		printf("%u states and changes\n", changes.count);
		status = 0;
	}
	sdex_arena_free(changes.arena);
	free(bytes);
	return status;
}
