/* store/test_segment.c - frames come back as they were made; the end is judged as a crash or
 * a change would have left it. */
#include "base/testing.h"
#include "store/segment.h"

#define SIZE 8192u
#define SECTOR 512u

static const struct segment_head head = {.id = "0123456789abcde", .first = 7};

struct image {
	uint8_t data[SIZE];
	size_t used;
	uint64_t next, durable;
};

static void image_begin(struct image *image)
{
	*image = (struct image){.used = SEGMENT_HEAD, .next = head.first};
	segment_head_write(image->data, &head);
}

static void image_add(struct image *image, const void *record, size_t size)
{
	frame_begin(image->data + image->used, image->next++, record, size);
	image->used += frame_seal(image->data + image->used, image->durable, head.id);
}

static struct segment_scan image_scan(const struct image *image)
{
	struct segment_scan scan;
	assert_int_equal(segment_open(&scan, image->data, SIZE, NULL), SDEX_OK);
	return scan;
}

/* Reads all; how the end looks. */
static enum segment_end image_read(const struct image *image, uint64_t *next, uint64_t *later)
{
	struct segment_scan scan = image_scan(image);
	struct segment_record record;
	const char *reason;
	while (segment_next(&scan, &record))
		;
	*next = scan.next;
	return segment_end(&scan, &reason, later);
}

static void records_come_back_in_order_and_unchanged(void **state)
{
	(void)state;
	static struct image image;
	uint8_t bytes[700] = {0};
	struct seeded s = {1};
	image_begin(&image);
	for (size_t size = 0; size < 64; size++) {
		seeded_fill(&s, bytes, size);
		image_add(&image, bytes, size);
	}
	image.durable = image.next - 1;
	image_add(&image, bytes, sizeof bytes);
	struct segment_scan scan = image_scan(&image);
	assert_memory_equal(scan.head.id, head.id, SEGMENT_ID);
	struct segment_record record;
	s.state = 1;
	for (size_t size = 0; size < 64; size++) {
		assert_int_equal(scan.durable, 0);
		assert_true(segment_next(&scan, &record));
		assert_int_equal(record.number, head.first + size);
		assert_int_equal(record.size, size);
		seeded_fill(&s, bytes, size);
		assert_memory_equal(record.data, bytes, size);
	}
	assert_true(segment_next(&scan, &record));
	assert_int_equal(record.size, sizeof bytes);
	assert_int_equal(scan.durable, head.first + 63);
	assert_false(segment_next(&scan, &record));
	assert_int_equal(scan.at, image.used);
}

static void heads_that_are_none_are_refused(void **state)
{
	(void)state;
	uint8_t bytes[SEGMENT_HEAD + 1];
	struct segment_scan scan;
	struct sdex_failure why;
	segment_head_write(bytes, &head);
	assert_int_equal(segment_open(&scan, bytes, SEGMENT_HEAD, &why), SDEX_OK);
	for (size_t size = 0; size < SEGMENT_HEAD; size++)
		assert_int_equal(segment_open(&scan, bytes, size, &why), SDEX_ERR_TRUNCATED);
	for (size_t bit = 0; bit < SEGMENT_HEAD * 8u; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(segment_open(&scan, bytes, SEGMENT_HEAD, &why),
				 bit < 64 ? SDEX_ERR_KIND : SDEX_ERR_CHECKSUM);
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	memset(bytes, 0, sizeof bytes);
	assert_int_equal(segment_open(&scan, bytes, sizeof bytes, &why), SDEX_ERR_KIND);
}

static void a_frame_of_another_journal_or_place_is_none(void **state)
{
	(void)state;
	static struct image image, other;
	struct segment_head another = {.id = "another journal", .first = 7};
	uint64_t next, later;
	image_begin(&image);
	image_begin(&other);
	segment_head_write(other.data, &another);
	image_add(&image, "one", 3);
	memcpy(other.data + SEGMENT_HEAD, image.data + SEGMENT_HEAD, SIZE - SEGMENT_HEAD);
	assert_int_equal(image_read(&other, &next, &later), SEGMENT_DAMAGED);
	assert_int_equal(next, 7);
	/* The same record twice: the second has the wrong number. */
	memcpy(image.data + image.used, image.data + SEGMENT_HEAD, frame_size(3));
	assert_int_equal(image_read(&image, &next, &later), SEGMENT_DAMAGED);
	assert_int_equal(next, 8);
}

static void a_later_record_proves_that_an_earlier_one_was_there(void **state)
{
	(void)state;
	static struct image image;
	uint64_t next, later;
	char record[200];
	memset(record, 'x', sizeof record);
	for (int synced = 0; synced < 2; synced++) {
		image_begin(&image);
		for (int i = 0; i < 9; i++)
			image_add(&image, record, sizeof record);
		image.durable = synced ? image.next - 1 : 0;
		image_add(&image, record, sizeof record);
		/* Records 9 to 11 were in sectors that are empty now. */
		memset(image.data + SECTOR, 0, SECTOR);
		assert_int_equal(image_read(&image, &next, &later),
				 synced ? SEGMENT_DAMAGED : SEGMENT_TORN);
		assert_int_equal(next, 8);
		assert_int_equal(later, synced ? 16 : 0);
	}
}

/* To the record: one that had just been on disk when a later one was written is damage. */
static void the_last_that_was_on_disk_is_proved_too(void **state)
{
	(void)state;
	static struct image image;
	uint64_t next, later;
	char record[1000];
	memset(record, 'x', sizeof record);
	for (uint64_t durable = head.first; durable < head.first + 3; durable++) {
		image_begin(&image);
		image_add(&image, record, sizeof record);
		size_t second = image.used;
		image_add(&image, record, sizeof record);
		image.durable = durable;
		image_add(&image, record, sizeof record);
		memset(image.data + second, 0, frame_size(sizeof record));
		enum segment_end end = image_read(&image, &next, &later);
		assert_int_equal(next, head.first + 1);
		assert_int_equal(end, durable > head.first ? SEGMENT_DAMAGED : SEGMENT_TORN);
		assert_int_equal(later, durable > head.first ? head.first + 2 : 0);
	}
}

/* Nothing can be on disk before it is written. */
static void a_record_does_not_prove_itself(void **state)
{
	(void)state;
	static struct image image;
	uint64_t next, later;
	image_begin(&image);
	image.durable = head.first;
	image_add(&image, "one", 3);
	assert_int_equal(image_read(&image, &next, &later), SEGMENT_DAMAGED);
	assert_int_equal(next, head.first);
}

/* Whatever sectors of the last writes are there, what was synced is read and the rest is no
 * damage; and so with a write that stopped at any byte. */
static void every_crash_is_told_from_damage(void **state)
{
	(void)state;
	static struct image image, crashed;
	struct seeded s = {5};
	uint8_t record[1500];
	uint64_t next, later;
	memset(record, 'r', sizeof record);
	for (unsigned round = 0; round < 3000; round += seed_step()) {
		image_begin(&image);
		while (image.used < SIZE / 2 && seeded_below(&s, 5))
			image_add(&image, record, (size_t)seeded_bits(&s) % 800);
		size_t synced = image.used;
		uint64_t acked = image.next;
		image.durable = acked - 1;
		do
			image_add(&image, record, (size_t)seeded_bits(&s) % 1500);
		while (image.used < SIZE - 1600 && seeded_below(&s, 3));
		size_t stop = synced + (size_t)seeded_below(&s, image.used - synced + 1);
		uint64_t sectors = round % 2 ? 0 : seeded_next(&s);
		crashed = image;
		for (size_t at = synced; at < image.used; at++)
			if (sectors ? !(sectors >> at / SECTOR & 1) : at >= stop)
				crashed.data[at] = 0;
		enum segment_end end = image_read(&crashed, &next, &later);
		assert_true(next >= acked && next <= image.next);
		assert_int_not_equal(end, SEGMENT_DAMAGED);
		if (memcmp(crashed.data, image.data, SIZE) == 0)
			assert_int_equal(next, image.next);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_in_order_and_unchanged),
		cmocka_unit_test(heads_that_are_none_are_refused),
		cmocka_unit_test(a_frame_of_another_journal_or_place_is_none),
		cmocka_unit_test(a_later_record_proves_that_an_earlier_one_was_there),
		cmocka_unit_test(the_last_that_was_on_disk_is_proved_too),
		cmocka_unit_test(a_record_does_not_prove_itself),
		cmocka_unit_test(every_crash_is_told_from_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
