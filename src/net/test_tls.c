/* net/test_tls.c - the same server and client with TLS: trust, large bodies, new certificates. */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "net/http_client.h"
#include "net/http_server.h"
#include "net/testing.h"

struct world {
	struct loop *loop;
	struct http_server *server;
	struct http_listener *listener;
	struct http_client *client;
	char folder[64], cert[96], key[96];
	unsigned done, tls;
	size_t size;
	enum http_failure failure;
	bool sent;
	char text[300];
	bool hold;
};

/* A certificate for 127.0.0.1, signed by itself. */
static void make_cert(const char *cert, const char *key, long serial)
{
	EVP_PKEY *pair = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509V3_CTX context;
	assert_non_null(pair);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
				   (const unsigned char *)"sdex test", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_set_pubkey(x, pair);
	X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
	X509_EXTENSION *names =
		X509V3_EXT_conf_nid(NULL, &context, NID_subject_alt_name, "IP:127.0.0.1");
	X509_add_ext(x, names, -1);
	X509_EXTENSION_free(names);
	assert_true(X509_sign(x, pair, EVP_sha256()) > 0);
	FILE *file = fopen(cert, "w");
	assert_non_null(file);
	PEM_write_X509(file, x);
	fclose(file);
	file = fopen(key, "w");
	assert_non_null(file);
	PEM_write_PrivateKey(file, pair, NULL, NULL, 0, NULL, NULL);
	fclose(file);
	X509_free(x);
	EVP_PKEY_free(pair);
}

static void on_request(void *arg, uint64_t token, const struct http_request *request)
{
	struct world *w = arg;
	w->tls += request->tls;
	size_t size = text_equal(request->head->path, TEXT("/big")) ? 3u << 20 : 5;
	char *body = calloc(1, size);
	struct http_answer answer = {.status = 200, .body = body, .size = size};
	assert_int_equal(http_answer(w->server, token, &answer), SDEX_OK);
	free(body);
}

static void on_event(void *arg, const struct http_event *event)
{
	struct world *w = arg;
	if (event->kind == HTTP_EVENT_HEAD && w->hold)
		http_client_pause(w->client, event->token, true);
	if (event->kind == HTTP_EVENT_BODY)
		w->size += event->size;
	if (event->kind == HTTP_EVENT_END || event->kind == HTTP_EVENT_ERROR)
		w->done++;
	if (event->kind == HTTP_EVENT_ERROR) {
		w->failure = event->failure;
		w->sent = event->sent;
		snprintf(w->text, sizeof w->text, "%s", event->text);
	}
}

static void client_new(struct world *w, const char *ca_file)
{
	struct http_client_limits limits = {.ca_file = ca_file};
	w->client = http_client_new(w->loop, &limits, on_event, w, NULL);
	assert_non_null(w->client);
}

static struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof *w);
	struct sdex_failure why = {0};
	strcpy(w->folder, "/tmp/sdex_test_XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	snprintf(w->cert, sizeof w->cert, "%s/cert.pem", w->folder);
	snprintf(w->key, sizeof w->key, "%s/key.pem", w->folder);
	make_cert(w->cert, w->key, 1);
	struct http_listener_options options = {
		.cert = w->cert, .key = w->key, .hooks = {.request = on_request}, .arg = w};
	w->loop = loop_new();
	w->server = http_server_new(w->loop, NULL, &why);
	if (!w->server || http_listen(w->server, &w->listener, &options, &why))
		fail_msg("%s", why.text);
	client_new(w, w->cert);
	return w;
}

static void world_free(struct world *w)
{
	http_client_free(w->client);
	http_server_free(w->server);
	loop_free(w->loop);
	unlink(w->cert);
	unlink(w->key);
	rmdir(w->folder);
	free(w);
}

static void start(struct world *w, uint64_t token, const char *path)
{
	char url[100];
	snprintf(url, sizeof url, "https://127.0.0.1:%u%s", http_listener_port(w->listener), path);
	struct http_ask ask = {.method = "GET", .url = url, .total_ms = 15000};
	assert_int_equal(http_client_start(w->client, token, &ask, NULL), SDEX_OK);
}

static void ask(struct world *w, const char *path)
{
	unsigned done = w->done;
	w->size = 0;
	w->failure = HTTP_FAIL_NONE;
	start(w, 1, path);
	uint64_t begin = loop_now_ms(w->loop);
	while (w->done == done) {
		loop_turn(w->loop, false);
		if (loop_now_ms(w->loop) - begin > 20000)
			fail_msg("no answer");
	}
}

static void tls_carries_small_and_large(void **state)
{
	(void)state;
	struct world *w = world_new();
	ask(w, "/");
	if (w->failure)
		fail_msg("%s", w->text);
	assert_int_equal(w->size, 5);
	ask(w, "/big");
	assert_int_equal(w->size, 3u << 20);
	assert_int_equal(w->tls, 2);
	assert_int_equal(http_server_stats(w->server).accepted, 1);
	world_free(w);
}

static void stop(void *arg)
{
	loop_stop(arg);
}

static void a_reader_that_waits_costs_no_time(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->hold = true;
	start(w, 1, "/big");
	turn(w->loop, 500);
	/* The server has more to say; the loop must sleep until the client reads. */
	assert_true(http_server_stats(w->server).queued > 0);
	struct timespec before, after;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	uint64_t begin = loop_now_ms(w->loop);
	struct loop_timer *timer = loop_timer_new(w->loop, stop, w->loop);
	loop_timer_start(timer, 300);
	loop_run(w->loop);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	assert_true(loop_now_ms(w->loop) - begin >= 290);
	double ms = (double)(after.tv_sec - before.tv_sec) * 1e3 +
		    (double)(after.tv_nsec - before.tv_nsec) / 1e6;
	assert_true(ms < 150);
	http_client_pause(w->client, 1, false);
	begin = loop_now_ms(w->loop);
	while (!w->done && loop_now_ms(w->loop) - begin < 20000)
		loop_turn(w->loop, false);
	assert_int_equal(w->size, 3u << 20);
	loop_timer_free(timer);
	world_free(w);
}

static void warming_up_tells_nobody(void **state)
{
	(void)state;
	struct world *w = world_new();
	assert_true(http_client_warm(w->client));
	assert_int_equal(http_client_count(w->client), 0);
	assert_int_equal(w->done, 0);
	ask(w, "/");
	assert_int_equal(w->failure, HTTP_FAIL_NONE);
	world_free(w);
}

static void who_is_not_trusted_gets_nothing(void **state)
{
	(void)state;
	struct world *w = world_new();
	http_client_free(w->client);
	client_new(w, NULL); /* the system's authorities have not signed this one */
	ask(w, "/");
	assert_int_equal(w->failure, HTTP_FAIL_TLS);
	assert_false(w->sent);
	assert_int_equal(http_server_stats(w->server).requests, 0);
	world_free(w);
}

static void a_plain_client_at_a_tls_port_is_ended(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct raw raw = raw_open(http_listener_port(w->listener));
	raw_say(&raw, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	raw_wait(w->loop, &raw, NULL);
	raw_close(&raw);
	turn(w->loop, 20);
	assert_int_equal(http_server_stats(w->server).connections, 0);
	world_free(w);
}

static void a_new_certificate_is_taken_up_and_a_bad_one_is_not(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct sdex_failure why = {0};
	char other[96];
	snprintf(other, sizeof other, "%s/other.pem", w->folder);
	ask(w, "/");
	assert_int_equal(w->failure, HTTP_FAIL_NONE);
	make_cert(other, w->key, 2); /* a key that does not fit the certificate */
	assert_int_equal(http_listener_reload(w->listener, &why), SDEX_ERR_MISSING);
	http_client_free(w->client);
	client_new(w, w->cert);
	ask(w, "/");
	assert_int_equal(w->failure, HTTP_FAIL_NONE); /* the old pair is still there */
	assert_int_equal(rename(other, w->cert), 0);
	assert_int_equal(http_listener_reload(w->listener, &why), SDEX_OK);
	http_client_free(w->client);
	client_new(w, w->cert);
	ask(w, "/");
	if (w->failure)
		fail_msg("%s", w->text);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tls_carries_small_and_large),
		cmocka_unit_test(a_reader_that_waits_costs_no_time),
		cmocka_unit_test(warming_up_tells_nobody),
		cmocka_unit_test(who_is_not_trusted_gets_nothing),
		cmocka_unit_test(a_plain_client_at_a_tls_port_is_ended),
		cmocka_unit_test(a_new_certificate_is_taken_up_and_a_bad_one_is_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
