/* ledger/book.c - the B+ tree of book.h.
 *
 * In an inner node keys[i] bounds child i from below: it is at most the least key of the
 * child, and over all keys of the child before.  Removal leaves it as it is. */
#include "ledger/book.h"

#include "base/check.h"

#define LEVELS 16

static struct book_node *node_at(const struct book *book, uint32_t node)
{
	return slab_at(&book->nodes, node);
}

void book_init(struct book *book)
{
	slab_init(&book->nodes, sizeof(struct book_node));
	book->root = SLOT_NONE;
}

void book_free(struct book *book)
{
	slab_free(&book->nodes);
	book->root = SLOT_NONE;
}

static bool before(const struct book_key *a, const struct book_key *b)
{
	if (a->pair != b->pair)
		return a->pair < b->pair;
	if (a->price != b->price)
		return a->price < b->price;
	return a->id < b->id;
}

/* the number of keys that are before `key` */
static uint32_t lower(const struct book_node *node, const struct book_key *key)
{
	uint32_t from = 0, count = node->count;
	while (count > 0) {
		uint32_t half = count / 2;
		if (before(&node->keys[from + half], key)) {
			from += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return from;
}

/* the child that holds `key` if any does */
static uint32_t child(const struct book_node *node, const struct book_key *key)
{
	uint32_t at = lower(node, key);
	if (at < node->count && !before(key, &node->keys[at]))
		return at;
	return at > 0 ? at - 1 : 0;
}

/* Asks for all of a node at once: a search in it would wait for one line after the other. */
static void foresee(const struct book *book, uint32_t slot)
{
	const char *at = slab_at(&book->nodes, slot);
	for (size_t i = 0; i < sizeof(struct book_node); i += 64)
		__builtin_prefetch(at + i, 1);
}

static void insert_at(struct book_node *node, uint32_t at, struct book_key key)
{
	memmove(&node->keys[at + 1], &node->keys[at], (node->count - at) * sizeof(key));
	node->keys[at] = key;
	node->count++;
}

static void remove_at(struct book_node *node, uint32_t at)
{
	node->count--;
	memmove(&node->keys[at], &node->keys[at + 1], (node->count - at) * sizeof(struct book_key));
}

static struct book_node *open_node(struct book *book, uint32_t *slot, uint32_t level)
{
	*slot = slab_take(&book->nodes);
	CHECK(*slot != SLOT_NONE); /* reserved by book_put */
	struct book_node *node = node_at(book, *slot);
	*node = (struct book_node){.level = level, .next = SLOT_NONE};
	return node;
}

/* Splits a full node; rising prices fill nodes wholly, all else halves them. */
static uint32_t split(struct book *book, struct book_node *node, uint32_t at)
{
	uint32_t slot;
	struct book_node *right = open_node(book, &slot, node->level);
	uint32_t keep =
		at == node->count && node->next == SLOT_NONE ? node->count - 1 : node->count / 2;
	right->count = node->count - keep;
	memcpy(right->keys, &node->keys[keep], right->count * sizeof(struct book_key));
	node->count = keep;
	right->next = node->next;
	node->next = slot;
	return slot;
}

/* Room for a split at each level and a new root, so that book_put fails whole. */
static bool reserve(struct book *book, uint32_t count)
{
	uint32_t taken[LEVELS + 1], got = 0;
	while (got < count && (taken[got] = slab_take(&book->nodes)) != SLOT_NONE)
		got++;
	for (uint32_t i = got; i-- > 0;)
		slab_give(&book->nodes, taken[i]);
	return got == count;
}

/* Files a key in a full leaf by moving others to the leaf on its left; false when that one
 * is (almost) full, too.  Offers of one price come in the order of their ids, each at the
 * end of a run of keys: without this, splits would leave half-empty leaves behind. */
static bool insert_shifting(struct book *book, struct book_node *parent, uint32_t place,
			    struct book_node *leaf, uint32_t at, struct book_key key)
{
	if (place == 0)
		return false;
	struct book_node *left = node_at(book, parent->keys[place - 1].slot);
	if (left->count > BOOK_FAN - 2)
		return false;
	uint32_t moved = (BOOK_FAN - left->count + 1) / 2;
	memcpy(&left->keys[left->count], leaf->keys, moved * sizeof(struct book_key));
	left->count += moved;
	leaf->count -= moved;
	memmove(leaf->keys, &leaf->keys[moved], leaf->count * sizeof(struct book_key));
	if (at <= moved)
		insert_at(left, left->count - moved + at, key);
	else
		insert_at(leaf, at - moved, key);
	uint32_t slot = parent->keys[place].slot;
	parent->keys[place] = leaf->keys[0];
	parent->keys[place].slot = slot;
	return true;
}

bool book_put(struct book *book, struct book_key key)
{
	uint32_t path[LEVELS], place[LEVELS];
	uint32_t levels = book->root == SLOT_NONE ? 0 : node_at(book, book->root)->level + 1;
	CHECK(levels < LEVELS);
	if (levels == 0) {
		if (!reserve(book, 1))
			return false;
		struct book_node *root = open_node(book, &book->root, 0);
		insert_at(root, 0, key);
		return true;
	}
	uint32_t slot = book->root;
	for (uint32_t level = levels - 1; level > 0; level--) {
		struct book_node *node = node_at(book, slot);
		path[level] = slot;
		place[level] = child(node, &key);
		if (before(&key, &node->keys[place[level]])) {
			uint32_t below = node->keys[place[level]].slot;
			node->keys[place[level]] = key;
			node->keys[place[level]].slot = below;
		}
		slot = node->keys[place[level]].slot;
		foresee(book, slot);
	}
	path[0] = slot;
	place[0] = lower(node_at(book, slot), &key);
	/* Most changes end here, or beside. */
	struct book_node *leaf = node_at(book, slot);
	if (leaf->count < BOOK_FAN) {
		insert_at(leaf, place[0], key);
		return true;
	}
	if (levels > 1 &&
	    insert_shifting(book, node_at(book, path[1]), place[1], leaf, place[0], key))
		return true;
	if (!reserve(book, levels + 1))
		return false;

	for (uint32_t level = 0; level < levels; level++) {
		struct book_node *node = node_at(book, path[level]);
		uint32_t at = level == 0 ? place[0] : place[level] + 1;
		if (node->count < BOOK_FAN) {
			insert_at(node, at, key);
			return true;
		}
		uint32_t right_slot = split(book, node, at);
		struct book_node *right = node_at(book, right_slot);
		if (at <= node->count)
			insert_at(node, at, key);
		else
			insert_at(right, at - node->count, key);
		key = right->keys[0];
		key.slot = right_slot;
	}
	struct book_node *old = node_at(book, book->root);
	struct book_key first = old->keys[0];
	first.slot = book->root;
	struct book_node *root = open_node(book, &book->root, levels);
	root->count = 2;
	root->keys[0] = first;
	root->keys[1] = key;
	return true;
}

/* Joins children `at` and `at + 1` if they fill one node only in part. */
static bool join(struct book *book, struct book_node *parent, uint32_t at)
{
	if (at + 1 >= parent->count)
		return false;
	struct book_node *left = node_at(book, parent->keys[at].slot);
	struct book_node *right = node_at(book, parent->keys[at + 1].slot);
	if (left->count && right->count && left->count + right->count > BOOK_FAN * 3 / 4)
		return false;
	memcpy(&left->keys[left->count], right->keys, right->count * sizeof(struct book_key));
	left->count += right->count;
	left->next = right->next;
	slab_give(&book->nodes, parent->keys[at + 1].slot);
	remove_at(parent, at + 1);
	return true;
}

void book_remove(struct book *book, struct book_key key)
{
	uint32_t path[LEVELS], place[LEVELS];
	CHECK(book->root != SLOT_NONE);
	uint32_t slot = book->root, levels = node_at(book, slot)->level + 1;
	for (uint32_t level = levels - 1; level > 0; level--) {
		struct book_node *node = node_at(book, slot);
		path[level] = slot;
		place[level] = child(node, &key);
		slot = node->keys[place[level]].slot;
		foresee(book, slot);
	}
	struct book_node *leaf = node_at(book, slot);
	uint32_t at = lower(leaf, &key);
	CHECK(at < leaf->count && leaf->keys[at].slot == key.slot);
	remove_at(leaf, at);
	for (uint32_t level = 1; level < levels; level++) {
		struct book_node *parent = node_at(book, path[level]);
		if (node_at(book, parent->keys[place[level]].slot)->count > BOOK_FAN / 4)
			break;
		if (place[level] == 0 || !join(book, parent, place[level] - 1))
			join(book, parent, place[level]);
	}
	for (;;) {
		struct book_node *root = node_at(book, book->root);
		if (root->level > 0 && root->count == 1) {
			uint32_t only = root->keys[0].slot;
			slab_give(&book->nodes, book->root);
			book->root = only;
		} else if (root->count == 0) {
			slab_give(&book->nodes, book->root);
			book->root = SLOT_NONE;
			break;
		} else {
			break;
		}
	}
}

struct book_place book_begin(const struct book *book, uint32_t pair)
{
	struct book_key least = {.pair = pair};
	if (book->root == SLOT_NONE)
		return (struct book_place){.node = SLOT_NONE};
	uint32_t slot = book->root;
	for (;;) {
		const struct book_node *node = node_at(book, slot);
		if (node->level == 0)
			return (struct book_place){.node = slot, .at = lower(node, &least)};
		slot = node->keys[child(node, &least)].slot;
	}
}

uint32_t book_next(const struct book *book, struct book_place *place, uint32_t pair)
{
	while (place->node != SLOT_NONE) {
		const struct book_node *node = node_at(book, place->node);
		if (place->at < node->count) {
			const struct book_key *key = &node->keys[place->at++];
			return key->pair == pair ? key->slot : SLOT_NONE;
		}
		*place = (struct book_place){.node = node->next};
	}
	return SLOT_NONE;
}

uint32_t book_best(const struct book *book, uint32_t pair)
{
	struct book_place place = book_begin(book, pair);
	return book_next(book, &place, pair);
}
