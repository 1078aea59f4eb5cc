/* ledger/cases/script.c - scripts as trees of lines, and their leaves. */
#include "ledger/cases/script.h"

#define TEXT_MAX ((size_t)1 << 20)
#define LINE_MAX_BYTES 4096
#define NESTING_MAX 64

static void *take(struct script *script, size_t size)
{
	void *made = sdex_arena_alloc(script->arena, size);
	if (!made)
		abort();
	memset(made, 0, size);
	return made;
}

static char *copy(struct script *script, const char *text, size_t size)
{
	char *made = take(script, size + 1);
	memcpy(made, text, size);
	return made;
}

/* --- lines */

static char *read_all(struct script *script, const char *path)
{
	char *text = NULL;
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	text = take(script, TEXT_MAX);
	size_t size = fread(text, 1, TEXT_MAX - 1, file);
	if (ferror(file) || size == TEXT_MAX - 1)
		text = NULL;
	fclose(file);
	return text;
}

/* Hangs each line below the last one with less indent.  False at a line that is indented by
 * what is not four spaces, or too deep. */
static bool grow(struct script *script, struct script_line *root, const char *text, int *number)
{
	struct script_line *parents[NESTING_MAX] = {root}, *last[NESTING_MAX] = {0};
	size_t depth = 1;
	*number = 0;
	while (*text) {
		size_t size = strcspn(text, "\n"), indent = strspn(text, " ");
		const char *line = text;
		text += size + (text[size] == '\n');
		(*number)++;
		if (indent >= size || line[indent] == '#')
			continue;
		if (indent % 4 || indent / 4 >= depth || depth + 1 >= NESTING_MAX)
			return false;
		depth = indent / 4 + 1;
		struct script_line *made = take(script, sizeof(*made));
		made->text = copy(script, line + indent, size - indent);
		made->number = *number;
		struct script_line **link =
			last[depth - 1] ? &last[depth - 1]->next : &parents[depth - 1]->first;
		*link = made;
		last[depth - 1] = made;
		parents[depth] = made;
		last[depth++] = NULL;
	}
	return true;
}

/* --- def, use, each */

struct meaning {
	const char *name; /* with its $ */
	const char *value;
};

struct scope {
	const struct scope *outer;
	const struct script_line *defs[64];
	uint32_t count;
};

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static const char *substitute(struct script *script, const char *text, const struct meaning *says,
			      uint32_t count)
{
	char out[LINE_MAX_BYTES];
	size_t used = 0;
	while (*text) {
		size_t size = 1;
		const char *from = text;
		if (*text == '$') {
			while (in_name(text[size]))
				size++;
			for (uint32_t i = 0; i < count; i++)
				if (strlen(says[i].name) == size &&
				    strncmp(says[i].name, text, size) == 0)
					from = says[i].value;
		}
		size_t put = from == text ? size : strlen(from);
		if (used + put >= sizeof(out))
			abort();
		memcpy(out + used, from, put);
		used += put;
		text += size;
	}
	return copy(script, out, used);
}

/* Words at blanks, those in double quotes whole; not more than room. */
static uint32_t words_of(struct script *script, const char *text, const char **words, uint32_t room)
{
	uint32_t count = 0;
	while (count < room) {
		text += strspn(text, " ");
		if (!*text)
			break;
		bool quoted = *text == '"';
		text += quoted;
		size_t size = strcspn(text, quoted ? "\"" : " ");
		words[count++] = copy(script, text, size);
		text += size + (quoted && text[size]);
	}
	return count;
}

static bool starts(const char *text, const char *word)
{
	size_t size = strlen(word);
	return strncmp(text, word, size) == 0 && (text[size] == ' ' || text[size] == 0);
}

static const struct script_line *find_def(const struct scope *scope, const char *name)
{
	for (; scope; scope = scope->outer)
		for (uint32_t i = scope->count; i-- > 0;)
			if (starts(scope->defs[i]->text + 4, name))
				return scope->defs[i];
	return NULL;
}

struct growing {
	struct script *script;
	const char *file;
	bool good;
};

static struct script_line **expand(struct growing *g, struct script_line **link,
				   const struct script_line *lines, const struct scope *outer,
				   const struct meaning *says, uint32_t count);

static struct script_line **complain(struct growing *g, const struct script_line *line,
				     struct script_line **link)
{
	fprintf(stderr, "%s:%d: cannot make sense of: %s\n", g->file, line->number, line->text);
	g->good = false;
	return link;
}

static struct script_line **use(struct growing *g, struct script_line **link,
				const struct script_line *line, const struct scope *scope)
{
	const char *given[17], *wanted[18];
	struct meaning says[16];
	uint32_t count = words_of(g->script, line->text, given, 17);
	const struct script_line *def = count > 1 ? find_def(scope, given[1]) : NULL;
	if (!def || words_of(g->script, def->text, wanted, 18) != count)
		return complain(g, line, link);
	for (uint32_t i = 2; i < count; i++)
		says[i - 2] = (struct meaning){wanted[i], given[i]};
	return expand(g, link, def->first, scope, says, count - 2);
}

static struct script_line **each(struct growing *g, struct script_line **link,
				 const struct script_line *line, const struct scope *scope)
{
	const char *words[34];
	uint32_t count = words_of(g->script, line->text, words, 34);
	for (uint32_t i = 2; i < count; i++) {
		const char *dots = strstr(words[i], "..");
		struct meaning says = {words[1], words[i]};
		if (!dots) {
			link = expand(g, link, line->first, scope, &says, 1);
			continue;
		}
		for (long n = strtol(words[i], NULL, 10); n <= strtol(dots + 2, NULL, 10); n++) {
			char digits[24];
			int size = snprintf(digits, sizeof(digits), "%ld", n);
			says.value = copy(g->script, digits, (size_t)size);
			link = expand(g, link, line->first, scope, &says, 1);
		}
	}
	return count > 2 ? link : complain(g, line, link);
}

/* Lines as they are, but for the words. */
static struct script_line *carry(struct growing *g, const struct script_line *lines,
				 const struct meaning *says, uint32_t count)
{
	struct script_line *first = NULL, **link = &first;
	for (; lines; lines = lines->next) {
		*link = take(g->script, sizeof(**link));
		(*link)->text = substitute(g->script, lines->text, says, count);
		(*link)->number = lines->number;
		(*link)->first = carry(g, lines->first, says, count);
		link = &(*link)->next;
	}
	return first;
}

/* Copies lines with the words put in and all uses spelt out; gives where the next one
 * hangs. */
static struct script_line **expand(struct growing *g, struct script_line **link,
				   const struct script_line *lines, const struct scope *outer,
				   const struct meaning *says, uint32_t count)
{
	struct scope scope = {.outer = outer};
	for (const struct script_line *line = lines; line; line = line->next) {
		struct script_line *made = take(g->script, sizeof(*made));
		made->text = substitute(g->script, line->text, says, count);
		made->number = line->number;
		if (starts(made->text, "def")) {
			if (scope.count == 64)
				return complain(g, line, link);
			made->text = line->text;
			made->first = carry(g, line->first, says, count);
			scope.defs[scope.count++] = made;
		} else if (starts(made->text, "each")) {
			made->first = carry(g, line->first, says, count);
			link = each(g, link, made, &scope);
		} else if (starts(made->text, "use")) {
			link = use(g, link, made, &scope);
		} else {
			expand(g, &made->first, line->first, &scope, says, count);
			*link = made;
			link = &made->next;
		}
	}
	return link;
}

/* --- leaves */

static bool opens(const struct script_line *line)
{
	return starts(line->text, "from") || starts(line->text, "until");
}

static bool has_case(const struct script_line *lines)
{
	for (; lines; lines = lines->next)
		if (starts(lines->text, "case") || (opens(lines) && has_case(lines->first)))
			return true;
	return false;
}

static void add_leaf(struct script *script, const struct script_leaf *leaf, const char *name)
{
	char id[LINE_MAX_BYTES];
	int size = snprintf(id, sizeof(id), "%s:", name);
	for (uint32_t i = 0; i < leaf->depth; i++)
		size += snprintf(id + size, sizeof(id) - (size_t)size, "%s %s", i ? " /" : "",
				 leaf->path[i]->text + 5);
	if (script->count == script->room) {
		script->room = script->room ? 2 * script->room : 64;
		script->leaves = realloc(script->leaves, script->room * sizeof(*script->leaves));
		if (!script->leaves)
			abort();
	}
	script->leaves[script->count] = *leaf;
	script->leaves[script->count++].id = copy(script, id, (size_t)size);
}

static void find_leaves(struct script *script, struct script_leaf *leaf, const char *name,
			const struct script_line *lines)
{
	for (; lines; lines = lines->next) {
		if (opens(lines))
			find_leaves(script, leaf, name, lines->first);
		if (!starts(lines->text, "case"))
			continue;
		if (leaf->depth == 16)
			abort();
		leaf->path[leaf->depth++] = lines;
		if (has_case(lines->first))
			find_leaves(script, leaf, name, lines->first);
		else
			add_leaf(script, leaf, name);
		leaf->depth--;
	}
}

static bool all_differ(const struct script *script)
{
	for (uint32_t i = 0; i < script->count; i++)
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(script->leaves[i].id, script->leaves[j].id) == 0) {
				fprintf(stderr, "two cases are called %s\n", script->leaves[i].id);
				return false;
			}
	return true;
}

bool script_load(struct script *script, const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	if (!script->arena)
		script->arena = sdex_arena_new(0);
	struct growing g = {.script = script, .file = path, .good = true};
	struct script_line *raw = take(script, sizeof(*raw)), *root = take(script, sizeof(*root));
	struct script_leaf leaf = {.file = path, .root = root};
	int number = 0;
	const char *text = read_all(script, path);
	if (!text || !grow(script, raw, text, &number)) {
		fprintf(stderr, "%s:%d: cannot be read\n", path, number);
		return false;
	}
	expand(&g, &root->first, raw->first, NULL, NULL, 0);
	find_leaves(script, &leaf, copy(script, base, strcspn(base, ".")), root->first);
	return g.good && all_differ(script);
}

void script_free(struct script *script)
{
	sdex_arena_free(script->arena);
	free(script->leaves);
}
