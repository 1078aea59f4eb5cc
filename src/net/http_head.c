/* net/http_head.c - RFC 9110 and 9112 as a server reads them. */
#include "net/http_head.h"

#define TRAILER_MAX 4096u
#define SIZE_LINE_MAX 256u

static const struct {
	struct text name;
	enum http_method method;
} methods[] = {
	{{"GET", 3}, HTTP_GET},         {{"HEAD", 4}, HTTP_HEAD},   {{"POST", 4}, HTTP_POST},
	{{"PUT", 3}, HTTP_PUT},         {{"PATCH", 5}, HTTP_PATCH}, {{"DELETE", 6}, HTTP_DELETE},
	{{"OPTIONS", 7}, HTTP_OPTIONS},
};

const char *http_method_name(enum http_method method)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (methods[i].method == method)
			return methods[i].name.data;
	return "?";
}

static const struct {
	unsigned status;
	const char *text;
} statuses[] = {
	{100, "Continue"},
	{101, "Switching Protocols"},
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{204, "No Content"},
	{301, "Moved Permanently"},
	{302, "Found"},
	{303, "See Other"},
	{304, "Not Modified"},
	{307, "Temporary Redirect"},
	{308, "Permanent Redirect"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{406, "Not Acceptable"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{410, "Gone"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{417, "Expectation Failed"},
	{421, "Misdirected Request"},
	{422, "Unprocessable Content"},
	{425, "Too Early"},
	{426, "Upgrade Required"},
	{428, "Precondition Required"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Gateway Timeout"},
	{505, "HTTP Version Not Supported"},
};

const char *http_status_text(unsigned status)
{
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (statuses[i].status == status)
			return statuses[i].text;
	return "Unknown";
}

static enum http_progress refuse(struct http_refusal *refusal, unsigned status, const char *text)
{
	*refusal = (struct http_refusal){status, http_status_text(status), text};
	return HTTP_BAD;
}

/* Of the alphabet of tokens (RFC 9110, 5.6.2), and of targets (RFC 3986 with `[` and `]`). */
#define TOKEN 1u
#define TARGET 2u
static const uint8_t classes[256] = {
	['!'] = TOKEN | TARGET, ['#'] = TOKEN,          ['$'] = TOKEN | TARGET,
	['%'] = TOKEN | TARGET, ['&'] = TOKEN | TARGET, ['\''] = TOKEN | TARGET,
	['('] = TARGET,         [')'] = TARGET,         ['*'] = TOKEN | TARGET,
	['+'] = TOKEN | TARGET, [','] = TARGET,         ['-'] = TOKEN | TARGET,
	['.'] = TOKEN | TARGET, ['/'] = TARGET,         ['0' ... '9'] = TOKEN | TARGET,
	[':'] = TARGET,         [';'] = TARGET,         ['='] = TARGET,
	['?'] = TARGET,         ['@'] = TARGET,         ['A' ... 'Z'] = TOKEN | TARGET,
	['['] = TARGET,         [']'] = TARGET,         ['^'] = TOKEN,
	['_'] = TOKEN | TARGET, ['`'] = TOKEN,          ['a' ... 'z'] = TOKEN | TARGET,
	['|'] = TOKEN,          ['~'] = TOKEN | TARGET,
};

static bool all_of(struct text text, unsigned class)
{
	for (size_t i = 0; i < text.size; i++)
		if (!(classes[(uint8_t)text.data[i]] & class))
			return false;
	return true;
}

static struct text until(struct text *rest, char c)
{
	const char *end = rest->size ? memchr(rest->data, c, rest->size) : NULL;
	struct text part = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
	size_t past = part.size + (end ? 1 : 0);
	rest->data += past;
	rest->size -= past;
	return part;
}

static struct text trim(struct text text)
{
	while (text.size && (text.data[0] == ' ' || text.data[0] == '\t'))
		text.data++, text.size--;
	while (text.size && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t'))
		text.size--;
	return text;
}

struct text http_field(const struct http_head *head, const char *name)
{
	struct text wanted = {name, strlen(name)};
	for (uint32_t i = 0; i < head->field_count; i++)
		if (text_same(head->fields[i].name, wanted))
			return head->fields[i].value;
	return (struct text){NULL, 0};
}

/* True when the comma-separated list has the token. */
static bool list_has(struct text list, struct text token)
{
	while (list.size)
		if (text_same(trim(until(&list, ',')), token))
			return true;
	return false;
}

/* `http://host:port/path`: clients of proxies send it, and RFC 9112 wants it understood. */
static void take_authority(struct http_head *head, struct text *target)
{
	static const struct text schemes[] = {{"http://", 7}, {"https://", 8}};
	for (size_t i = 0; i < 2; i++) {
		struct text scheme = schemes[i];
		if (target->size <= scheme.size ||
		    !text_same((struct text){target->data, scheme.size}, scheme))
			continue;
		const char *host = target->data + scheme.size;
		size_t size = 0, left = target->size - scheme.size;
		while (size < left && host[size] != '/' && host[size] != '?')
			size++;
		head->host = (struct text){host, size};
		*target = (struct text){host + size, left - size};
		return;
	}
}

static enum http_progress read_target(struct http_head *head, struct http_refusal *refusal,
				      struct text target)
{
	if (!all_of(target, TARGET))
		return refuse(refusal, 400,
			      "the request's target has a character that must be percent-encoded");
	take_authority(head, &target);
	head->path = until(&target, '?');
	head->query = target;
	if (head->path.size == 0 && head->host.size)
		head->path = TEXT("/");
	bool star = text_equal(head->path, TEXT("*")) && head->method == HTTP_OPTIONS;
	if (!star && (head->path.size == 0 || head->path.data[0] != '/'))
		return refuse(refusal, 400,
			      "the request's target must be a path that starts with /");
	return HTTP_DONE;
}

/* method SP target SP HTTP/1.x */
static enum http_progress read_request_line(struct http_head *head, struct http_refusal *refusal,
					    struct text line)
{
	struct text method = until(&line, ' ');
	struct text target = until(&line, ' ');
	if (method.size == 0 || !all_of(method, TOKEN) || target.size == 0 || line.size != 8 ||
	    memcmp(line.data, "HTTP/", 5) != 0 || line.data[6] != '.')
		return refuse(refusal, 400, "expected a request line: METHOD /path HTTP/1.1");
	if (line.data[5] != '1' || line.data[7] < '0' || line.data[7] > '9')
		return refuse(refusal, 505, "this server speaks HTTP/1.1");
	head->minor = line.data[7] == '0' ? 0 : 1;
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (text_equal(method, methods[i].name))
			head->method = methods[i].method;
	if (!head->method)
		return refuse(refusal, 501,
			      "the method is none of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
	return read_target(head, refusal, target);
}

static enum http_progress read_field(struct http_head *head, struct http_refusal *refusal,
				     struct text line)
{
	const char *colon = memchr(line.data, ':', line.size);
	if (!colon)
		return refuse(refusal, 400, "a header line has no colon");
	struct text name = {line.data, (size_t)(colon - line.data)};
	struct text value = trim((struct text){colon + 1, line.size - name.size - 1});
	if (name.size == 0 || !all_of(name, TOKEN))
		return refuse(refusal, 400, "a header's name has a character that no name has");
	for (size_t i = 0; i < value.size; i++) {
		uint8_t c = (uint8_t)value.data[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return refuse(refusal, 400, "a header's value has a control character");
	}
	if (head->field_count == HTTP_FIELDS_MAX)
		return refuse(refusal, 431, "a request has at most 64 header lines");
	head->fields[head->field_count++] = (struct http_field){name, value};
	return HTTP_DONE;
}

static enum http_progress read_length(struct http_head *head, struct http_refusal *refusal,
				      struct text value)
{
	uint64_t length = 0;
	bool good = value.size > 0 && !head->has_length;
	for (size_t i = 0; good && i < value.size; i++) {
		good = value.data[i] >= '0' && value.data[i] <= '9' && length <= HTTP_BODY_MAX / 16;
		length = length * 10 + (uint64_t)(value.data[i] - '0');
	}
	if (!good)
		return refuse(refusal, 400,
			      "Content-Length must be there once and be a plain number");
	head->content_length = length;
	head->has_length = true;
	return HTTP_DONE;
}

static enum http_progress read_coding(struct http_head *head, struct http_refusal *refusal,
				      struct text value)
{
	if (head->chunked || head->minor == 0)
		return refuse(refusal, 400, "Transfer-Encoding must be there once, with HTTP/1.1");
	if (!text_same(value, TEXT("chunked")))
		return refuse(refusal, 501, "the only Transfer-Encoding understood is chunked");
	head->chunked = true;
	return HTTP_DONE;
}

/* What a field says about the message itself. */
static enum http_progress apply_field(struct http_head *head, struct http_refusal *refusal,
				      struct http_field field, unsigned *hosts)
{
	switch (field.name.size) {
	case 4:
		if (text_same(field.name, TEXT("host"))) {
			/* An absolute target overrides the field (RFC 9112, 3.2.2). */
			if (!head->host.size)
				head->host = field.value;
			if (++*hosts > 1)
				return refuse(refusal, 400, "Host must be there once");
		}
		return HTTP_DONE;
	case 6:
		if (text_same(field.name, TEXT("expect"))) {
			if (!text_same(field.value, TEXT("100-continue")))
				return refuse(refusal, 417,
					      "the only Expect understood is 100-continue");
			head->expects_continue = head->minor > 0;
		}
		return HTTP_DONE;
	case 10:
		if (text_same(field.name, TEXT("connection"))) {
			if (list_has(field.value, TEXT("close")))
				head->keep_alive = false;
			else if (head->minor == 0 && list_has(field.value, TEXT("keep-alive")))
				head->keep_alive = true;
		}
		return HTTP_DONE;
	case 14:
		if (text_same(field.name, TEXT("content-length")))
			return read_length(head, refusal, field.value);
		return HTTP_DONE;
	case 17:
		if (text_same(field.name, TEXT("transfer-encoding")))
			return read_coding(head, refusal, field.value);
		return HTTP_DONE;
	default:
		return HTTP_DONE;
	}
}

static void recognise_websocket(struct http_head *head)
{
	if (head->method != HTTP_GET || head->minor == 0 || head->chunked || head->content_length)
		return;
	if (!list_has(http_field(head, "upgrade"), TEXT("websocket")) ||
	    !list_has(http_field(head, "connection"), TEXT("upgrade")) ||
	    !text_equal(http_field(head, "sec-websocket-version"), TEXT("13")))
		return;
	/* 16 bytes as base64: 22 characters that mean something and the padding. */
	struct text key = http_field(head, "sec-websocket-key");
	if (key.size != 24 || key.data[22] != '=' || key.data[23] != '=')
		return;
	head->websocket = true;
	head->websocket_key = key;
}

static enum http_progress read_whole(struct http_head *head, struct http_refusal *refusal,
				     struct text text)
{
	/* The fields' places are written before they are read. */
	memset(head, 0, offsetof(struct http_head, fields));
	unsigned hosts = 0;
	struct text line = until(&text, '\r');
	enum http_progress got = read_request_line(head, refusal, line);
	head->keep_alive = head->minor > 0;
	while (got == HTTP_DONE) {
		text.data++, text.size--; /* the LF, seen by scan_lines */
		line = until(&text, '\r');
		if (line.size == 0)
			break;
		got = read_field(head, refusal, line);
		if (got == HTTP_DONE)
			got = apply_field(head, refusal, head->fields[head->field_count - 1],
					  &hosts);
	}
	if (got != HTTP_DONE)
		return got;
	if (head->minor > 0 && hosts == 0)
		return refuse(refusal, 400, "HTTP/1.1 needs a Host header");
	if (head->chunked && head->has_length)
		return refuse(refusal, 400, "Content-Length beside Transfer-Encoding is ambiguous");
	recognise_websocket(head);
	return HTTP_DONE;
}

/* Moves over complete lines.  A CR is only good before a LF, and a LF only behind a CR. */
static enum http_progress scan_lines(size_t *size, struct http_refusal *refusal,
				     struct http_scan *scan, const char *data, size_t length)
{
	for (;;) {
		const char *line = data + scan->line;
		const char *end = memchr(line, '\n', length - scan->line);
		if (!end)
			return HTTP_MORE;
		size_t line_size = (size_t)(end - line);
		if (line_size == 0 || memchr(line, '\r', line_size) != end - 1)
			return refuse(refusal, 400, "lines must end in CR LF");
		scan->line = (size_t)(end + 1 - data);
		if (line_size == 1 && scan->begun) {
			*size = scan->line;
			return HTTP_DONE;
		}
		if (line_size == 1)
			return refuse(refusal, 400,
				      "expected a request line: METHOD /path HTTP/1.1");
		scan->begun = true;
	}
}

enum http_progress http_head_read(struct http_head *head, size_t *size,
				  struct http_refusal *refusal, struct http_scan *scan,
				  const char *data, size_t length, size_t limit)
{
	if (length == 0)
		return HTTP_MORE;
	/* A TLS handshake or a binary protocol shows in its first byte. */
	if (!(classes[(uint8_t)data[0]] & TOKEN))
		return refuse(refusal, 400, "expected a request line: METHOD /path HTTP/1.1");
	size_t end = 0;
	enum http_progress found =
		scan_lines(&end, refusal, scan, data, length < limit ? length : limit);
	if (found == HTTP_MORE && length >= limit)
		return scan->begun ? refuse(refusal, 431, "the request's head is too large")
				   : refuse(refusal, 414, "the request's target is too long");
	if (found != HTTP_DONE)
		return found;
	found = read_whole(head, refusal, (struct text){data, end});
	if (found == HTTP_DONE)
		*size = end;
	return found;
}

enum {
	CHUNK_SIZE,
	CHUNK_EXTENSION,
	CHUNK_SIZE_LF,
	CHUNK_DATA,
	CHUNK_CR,
	CHUNK_LF,
	TRAILER,
	TRAILER_LF
};

/* One byte of framing.  DONE when it was the last of the body. */
static enum http_progress frame_byte(struct http_chunks *c, struct http_refusal *refusal, char byte)
{
	static const char broken[] = "the chunked body's framing is broken";
	switch (c->state) {
	case CHUNK_SIZE:
	case CHUNK_EXTENSION:
		if (++c->line > SIZE_LINE_MAX)
			return refuse(refusal, 400, broken);
		if (c->state == CHUNK_SIZE && text_digit16(byte) >= 0) {
			if (++c->digits > 15)
				return refuse(refusal, 413, "a chunk of the body is too large");
			c->left = c->left * 16 + (uint64_t)text_digit16(byte);
			return HTTP_MORE;
		}
		if (c->digits == 0)
			return refuse(refusal, 400, broken);
		if (byte == '\r')
			c->state = CHUNK_SIZE_LF;
		else if ((c->state == CHUNK_SIZE && byte != ';' && byte != ' ' && byte != '\t') ||
			 ((uint8_t)byte < 0x20 && byte != '\t'))
			return refuse(refusal, 400, broken);
		else
			c->state = CHUNK_EXTENSION;
		return HTTP_MORE;
	case CHUNK_SIZE_LF:
		if (byte != '\n')
			return refuse(refusal, 400, broken);
		c->state = c->left ? CHUNK_DATA : TRAILER;
		c->line = 0;
		c->digits = 0;
		return HTTP_MORE;
	case CHUNK_CR:
		c->state = CHUNK_LF;
		return byte == '\r' ? HTTP_MORE : refuse(refusal, 400, broken);
	case CHUNK_LF:
		c->state = CHUNK_SIZE;
		return byte == '\n' ? HTTP_MORE : refuse(refusal, 400, broken);
	case TRAILER: /* fields nobody asked for; `digits` counts the line's bytes */
		if (++c->line > TRAILER_MAX)
			return refuse(refusal, 431, "the chunked body's trailer is too large");
		if (byte == '\n' || byte == '\0')
			return refuse(refusal, 400, broken);
		if (byte == '\r')
			c->state = TRAILER_LF;
		else
			c->digits++;
		return HTTP_MORE;
	default: /* TRAILER_LF */
		if (byte != '\n')
			return refuse(refusal, 400, broken);
		if (c->digits == 0)
			return HTTP_DONE;
		c->digits = 0;
		c->state = TRAILER;
		return HTTP_MORE;
	}
}

enum http_progress http_chunks_read(struct http_chunks *chunks, size_t *size, size_t *used,
				    struct http_refusal *refusal, char *data, size_t length)
{
	size_t in = 0, out = 0;
	enum http_progress got = HTTP_MORE;
	while (in < length && got == HTTP_MORE) {
		if (chunks->state != CHUNK_DATA) {
			got = frame_byte(chunks, refusal, data[in++]);
			continue;
		}
		size_t part = length - in;
		if (part > chunks->left)
			part = (size_t)chunks->left;
		memmove(data + out, data + in, part);
		in += part;
		out += part;
		chunks->left -= part;
		if (chunks->left == 0)
			chunks->state = CHUNK_CR;
	}
	*size = out;
	*used = in;
	return got;
}
