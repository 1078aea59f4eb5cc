/* sign/client.c - the queue of requests, and a process that is started again. */
#include "sign/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/failure.h"
#include "policy/policy.h"
#include "sign/child.h"
#include "sign/frame.h"

_Static_assert(SIGNER_ENVELOPE_MAX == FRAME_ENVELOPE_MAX, "one bound for both");

/* In the order of asking, so in the order of deadlines too. */
struct request {
	struct request *next;
	uint64_t token, deadline_ms;
	bool sent;
	size_t size;
	uint8_t frame[];
};

struct key {
	char name[FRAME_NAME_MAX + 1];
	uint8_t public_key[32];
};

struct signer {
	struct loop *loop;
	struct signer_options options; /* its pointers are into `text` or unset */
	const char **argv;
	char *text; /* of argv */
	struct child *child;
	struct loop_timer *restart, *deadline;
	struct request *requests, **last;
	unsigned count;
	struct key keys[FRAME_KEYS_MAX];
	uint32_t key_count;
	uint32_t delay_ms; /* before the next restart */
	bool ready;
	unsigned calling; /* depth of callbacks */
};

/* ---- callbacks ---- */

static void tell(struct signer *s, enum signer_state state, const char *text)
{
	if (!s->options.state)
		return;
	s->calling++;
	s->options.state(s->options.arg, state, text);
	s->calling--;
}

static void answer(struct signer *s, const struct signer_answer *answer)
{
	s->calling++;
	s->options.answer(s->options.arg, answer);
	s->calling--;
}

/* ---- the queue ---- */

static void watch_deadline(struct signer *s)
{
	if (!s->requests) {
		loop_timer_stop(s->deadline);
		return;
	}
	uint64_t now = loop_now_ms(s->loop), at = s->requests->deadline_ms;
	loop_timer_start(s->deadline, at > now ? at - now : 0);
}

/* Takes a request out of the queue; the caller frees it. */
static struct request *unlink_request(struct signer *s, struct request **link)
{
	struct request *request = *link;
	*link = request->next;
	if (!request->next)
		s->last = link;
	s->count--;
	return request;
}

static void end_gone(struct signer *s, struct request **link, const char *text)
{
	struct request *request = unlink_request(s, link);
	const struct signer_answer gone = {
		.token = request->token, .outcome = SIGNER_GONE, .rule = "", .text = text};
	free(request);
	answer(s, &gone);
}

/* Everything that the dead process had been asked.  New requests of the callbacks stand
 * behind, unsent. */
static void end_sent(struct signer *s, const char *text)
{
	while (s->requests && s->requests->sent)
		end_gone(s, &s->requests, text);
	watch_deadline(s);
}

static void send_waiting(struct signer *s)
{
	for (struct request *r = s->requests; r && s->ready; r = r->next)
		if (!r->sent) {
			r->sent = child_send(s->child, r->frame, r->size);
			if (!r->sent)
				return; /* memory is out: at the deadline it is GONE */
		}
}

static void on_deadline(void *arg)
{
	struct signer *s = arg;
	uint64_t now = loop_now_ms(s->loop);
	while (s->requests && s->requests->deadline_ms <= now) {
		if (s->requests->sent && s->child) {
			/* It hangs, and so does all behind it. */
			s->ready = false;
			child_kill(s->child, "the signer gave no answer in time and was ended");
			return;
		}
		end_gone(s, &s->requests, "the signer was not ready in time");
	}
	watch_deadline(s);
}

/* ---- the process ---- */

static void on_restart(void *arg);

static void on_ended(void *arg, const char *text)
{
	struct signer *s = arg;
	char more[FRAME_TEXT_MAX + 160];
	s->child = NULL;
	s->ready = false;
	loop_timer_start(s->restart, s->delay_ms);
	snprintf(more, sizeof more, "%s; it is started again in %u ms", text, s->delay_ms);
	s->delay_ms =
		s->delay_ms * 2 < SIGNER_RESTART_MOST_MS ? s->delay_ms * 2 : SIGNER_RESTART_MOST_MS;
	tell(s, SIGNER_DOWN, more);
	end_sent(s, text);
}

static void copy_text(char *to, size_t room, struct sdex_bytes from)
{
	snprintf(to, room, "%.*s", (int)from.size, from.size ? (const char *)from.data : "");
}

static void on_ready(struct signer *s, const struct frame *frame)
{
	char text[FRAME_TEXT_MAX + 1];
	if (frame->version != FRAME_VERSION) {
		child_kill(s->child, "the signer is of another version: install both together");
		return;
	}
	s->key_count = frame->key_count;
	for (uint32_t i = 0; i < frame->key_count; i++) {
		copy_text(s->keys[i].name, sizeof s->keys[i].name, frame->keys[i].name);
		memcpy(s->keys[i].public_key, frame->keys[i].public_key, 32);
	}
	s->ready = true;
	copy_text(text, sizeof text, frame->text);
	tell(s, SIGNER_READY, text);
	send_waiting(s);
}

static enum signer_outcome outcome_of(const struct frame *frame, const char *rule)
{
	if (frame->kind == FRAME_SIGNED)
		return SIGNER_SIGNED;
	bool passes = strcmp(rule, policy_rule_name(POLICY_RATE)) == 0 ||
		      strcmp(rule, policy_rule_name(POLICY_CLOCK)) == 0;
	return passes ? SIGNER_GONE : SIGNER_REFUSED;
}

static void on_answer(struct signer *s, const struct frame *frame)
{
	char rule[FRAME_NAME_MAX + 1], text[FRAME_TEXT_MAX + 1];
	struct request **link = &s->requests;
	while (*link && (*link)->token != frame->token)
		link = &(*link)->next;
	if (!*link || !(*link)->sent) {
		child_kill(s->child, "the signer answered what nobody asked");
		return;
	}
	free(unlink_request(s, link));
	s->delay_ms = SIGNER_RESTART_FIRST_MS;
	copy_text(rule, sizeof rule, frame->rule);
	copy_text(text, sizeof text, frame->text);
	const struct signer_answer got = {
		.token = frame->token,
		.outcome = outcome_of(frame, rule),
		.envelope = frame->envelope.data,
		.size = frame->envelope.size,
		.rule = rule,
		.text = text,
	};
	watch_deadline(s);
	answer(s, &got);
}

static void on_frame(void *arg, const struct frame *frame)
{
	struct signer *s = arg;
	switch (frame->kind) {
	case FRAME_READY:
		on_ready(s, frame);
		return;
	case FRAME_SIGNED:
	case FRAME_REFUSED:
		on_answer(s, frame);
		return;
	case FRAME_SIGN:
	case FRAME_STOPPED:
		break;
	}
	child_kill(s->child, "the signer said what is not for it to say");
}

static bool start(struct signer *s, struct sdex_failure *why)
{
	static const struct child_hooks hooks = {.frame = on_frame, .ended = on_ended};
	s->child = child_start(s->loop, s->argv, s->options.passphrase_fd, &hooks, s, why);
	return s->child != NULL;
}

static void on_restart(void *arg)
{
	struct signer *s = arg;
	struct sdex_failure why;
	if (!start(s, &why))
		on_ended(s, why.text);
}

/* ---- the command line of the process ---- */

#define FIXED_WORDS 12u

static uint32_t put_words(const char **argv, const struct signer_options *o)
{
	uint32_t n = 0;
	argv[n++] = o->program;
	argv[n++] = "serve";
	argv[n++] = "--network-passphrase";
	argv[n++] = o->network_passphrase;
	argv[n++] = "--audit";
	argv[n++] = o->audit;
	if (o->passphrase_fd > 2) {
		argv[n++] = "--passphrase-fd";
		argv[n++] = "4";
	} else if (o->passphrase_file) {
		argv[n++] = "--passphrase-file";
		argv[n++] = o->passphrase_file;
	}
	for (uint32_t i = 0; i < o->keystore_count; i++) {
		argv[n++] = "--keystore";
		argv[n++] = o->keystores[i];
	}
	for (uint32_t i = 0; o->policy && o->policy[i]; i++)
		argv[n++] = o->policy[i];
	argv[n] = NULL;
	return n;
}

/* Moves the words into one block of ours. */
static bool own_words(struct signer *s, uint32_t count)
{
	size_t size = 1;
	for (uint32_t i = 0; i < count; i++)
		size += strlen(s->argv[i]) + 1;
	char *at = s->text = malloc(size);
	for (uint32_t i = 0; at && i < count; i++) {
		size_t length = strlen(s->argv[i]) + 1;
		memcpy(at, s->argv[i], length);
		s->argv[i] = at;
		at += length;
	}
	return at != NULL;
}

static bool make_words(struct signer *s, const struct signer_options *options)
{
	uint32_t more = 0;
	while (options->policy && options->policy[more])
		more++;
	s->argv = calloc(FIXED_WORDS + 2 * (size_t)options->keystore_count + more, sizeof *s->argv);
	return s->argv && own_words(s, put_words(s->argv, options));
}

/* ---- outside ---- */

static enum sdex_error check_options(const struct signer_options *o, struct sdex_failure *why)
{
	if (!o->program || !o->network_passphrase || !o->keystores || !o->audit || !o->answer)
		return fail(why, SDEX_ERR_INVALID, 0,
			    "the signer wants a program, a network's passphrase, keystores, a file "
			    "for the audit and a callback for answers; one is missing");
	if (o->keystore_count == 0 || o->keystore_count > FRAME_KEYS_MAX)
		return fail(why, SDEX_ERR_INVALID, 0, "the signer takes 1 to %u keystores, not %u",
			    FRAME_KEYS_MAX, o->keystore_count);
	return SDEX_OK;
}

struct signer *signer_start(struct loop *loop, const struct signer_options *options,
			    struct sdex_failure *why)
{
	if (check_options(options, why))
		return NULL;
	struct signer *s = calloc(1, sizeof *s);
	if (!s)
		goto out;
	s->loop = loop;
	s->options = *options;
	s->last = &s->requests;
	s->delay_ms = SIGNER_RESTART_FIRST_MS;
	if (!s->options.timeout_ms)
		s->options.timeout_ms = SIGNER_TIMEOUT_MS;
	s->restart = loop_timer_new(loop, on_restart, s);
	s->deadline = loop_timer_new(loop, on_deadline, s);
	if (!s->restart || !s->deadline || !make_words(s, options))
		goto out;
	if (start(s, why))
		return s;
	signer_stop(s);
	return NULL;
out:
	fail(why, SDEX_ERR_NOMEM, 0, "memory for the signer's client is out");
	signer_stop(s);
	return NULL;
}

void signer_stop(struct signer *signer)
{
	if (!signer)
		return;
	CHECK(!signer->calling);
	child_drop(signer->child);
	loop_timer_free(signer->restart);
	loop_timer_free(signer->deadline);
	while (signer->requests)
		free(unlink_request(signer, &signer->requests));
	free(signer->argv);
	free(signer->text);
	free(signer);
}

enum sdex_error signer_sign(struct signer *s, uint64_t token, const char *key, const void *envelope,
			    size_t size, bool replace)
{
	size_t name = strnlen(key, FRAME_NAME_MAX + 1);
	const struct frame frame = {
		.kind = FRAME_SIGN,
		.token = token,
		.replace = replace,
		.key = {(const uint8_t *)key, (uint32_t)name},
		.envelope = {envelope, (uint32_t)size},
	};
	if (!frame_name_fits(frame.key) || size == 0 || size > SIGNER_ENVELOPE_MAX)
		return SDEX_ERR_INVALID;
	size_t room = size + FRAME_NAME_MAX + 64;
	struct request *r = s->count < SIGNER_QUEUE ? malloc(sizeof *r + room) : NULL;
	if (!r)
		return SDEX_ERR_NOMEM;
	*r = (struct request){
		.token = token,
		.deadline_ms = loop_now_ms(s->loop) + s->options.timeout_ms,
		.size = frame_write(r->frame, room, &frame),
	};
	CHECK(r->size);
	*s->last = r;
	s->last = &r->next;
	s->count++;
	if (s->requests == r)
		watch_deadline(s);
	send_waiting(s);
	return SDEX_OK;
}

const uint8_t *signer_public_key(const struct signer *signer, const char *key)
{
	for (uint32_t i = 0; i < signer->key_count; i++)
		if (strcmp(signer->keys[i].name, key) == 0)
			return signer->keys[i].public_key;
	return NULL;
}

bool signer_is_ready(const struct signer *signer)
{
	return signer->ready;
}
