/* cmd/sdex/xdr_types.c - sdex xdr types: the schema's types, and what one is made of. */
#include <stdio.h>
#include <string.h>

#include "cmd/sdex/commands.h"
#include "cmd/sdex/suggest.h"
#include "sdex/xdr.h"
#include "xdr/describe.h"

/* "opaque name[4]", "Hash name", "SCVal name<>": a declaration in XDR's language. */
static void put_declaration(uint16_t id, const char *name);

static void put_bound(const struct describe_type *type)
{
	if (type->bound == DESCRIBE_UNBOUNDED)
		fputs("<>", stdout);
	else
		printf("<%u>", type->bound);
}

static const char *plain_name(const struct describe_type *type)
{
	static const char *const names[] = {
		[DESCRIBE_INT] = "int",      [DESCRIBE_UINT] = "unsigned int",
		[DESCRIBE_HYPER] = "hyper",  [DESCRIBE_UHYPER] = "unsigned hyper",
		[DESCRIBE_BOOL] = "bool",    [DESCRIBE_OPAQUE] = "opaque",
		[DESCRIBE_BYTES] = "opaque", [DESCRIBE_STRING] = "string",
	};
	const char *name = describe_name(type->name);
	return *name ? name : names[type->kind];
}

/* What a type without a name adds to a declaration. */
static void put_unnamed(const struct describe_type *type, const char *name)
{
	switch ((enum describe_kind)type->kind) {
	case DESCRIBE_OPAQUE:
		printf("opaque %s[%u]", name, type->bound);
		return;
	case DESCRIBE_BYTES:
	case DESCRIBE_STRING:
		printf("%s %s", plain_name(type), name);
		put_bound(type);
		return;
	case DESCRIBE_ARRAY:
		put_declaration(type->element, name);
		printf("[%u]", type->bound);
		return;
	case DESCRIBE_LIST:
		put_declaration(type->element, name);
		put_bound(type);
		return;
	case DESCRIBE_OPTIONAL:
		printf("%s *%s", plain_name(&describe_types[type->element]), name);
		return;
	case DESCRIBE_INT:
	case DESCRIBE_UINT:
	case DESCRIBE_HYPER:
	case DESCRIBE_UHYPER:
	case DESCRIBE_BOOL:
	case DESCRIBE_ENUM:
	case DESCRIBE_STRUCT:
	case DESCRIBE_UNION:
		printf("%s %s", plain_name(type), name);
		return;
	}
}

static void put_declaration(uint16_t id, const char *name)
{
	const struct describe_type *type = &describe_types[id];
	const char *own = describe_name(type->name);
	if (*own)
		printf("%s %s", own, name);
	else
		put_unnamed(type, name);
}

static void put_member(uint16_t index, const char *indent)
{
	const struct describe_member *m = &describe_members[index];
	fputs(indent, stdout);
	put_declaration(m->type, describe_name(m->name));
	puts(";");
}

static void put_enum(const struct describe_type *type)
{
	printf("enum %s {\n", describe_name(type->name));
	for (uint16_t i = 0; i < type->count; i++) {
		const struct describe_value *v = &describe_values[type->first + i];
		printf("\t%s = %d%s\n", describe_name(v->name), v->value,
		       i + 1 < type->count ? "," : "");
	}
	puts("};");
}

static void put_struct(const struct describe_type *type)
{
	printf("struct %s {\n", describe_name(type->name));
	for (uint16_t i = 0; i < type->count; i++)
		put_member((uint16_t)(type->first + i), "\t");
	puts("};");
}

static void put_union(const struct describe_type *type)
{
	const struct describe_type *tag = &describe_types[type->element];
	printf("union %s switch (%s %s) {\n", describe_name(type->name), plain_name(tag),
	       describe_name(type->tag_name));
	for (uint16_t i = 0; i < type->cases; i++) {
		const struct describe_case *c = &describe_cases[type->first_case + i];
		if (tag->kind == DESCRIBE_ENUM)
			printf("case %s:\n",
			       describe_name(describe_find_value(tag, c->value)->name));
		else
			printf("case %d:\n", c->value);
		if (i + 1 < type->cases && c[1].member == c->member)
			continue; /* the next case has the same arm */
		if (c->member == DESCRIBE_NONE)
			puts("\tvoid;");
		else
			put_member(c->member, "\t");
	}
	puts("};");
}

static void put_definition(uint16_t id)
{
	const struct describe_type *type = &describe_types[id];
	const char *name = describe_name(type->name);
	if (type->alias != id) {
		printf("typedef %s %s;\n", describe_name(describe_types[type->alias].name), name);
		return;
	}
	if (type->kind == DESCRIBE_ENUM) {
		put_enum(type);
	} else if (type->kind == DESCRIBE_STRUCT) {
		put_struct(type);
	} else if (type->kind == DESCRIBE_UNION) {
		put_union(type);
	} else {
		struct describe_type unnamed = *type;
		unnamed.name = 0;
		fputs("typedef ", stdout);
		put_unnamed(&unnamed, name);
		puts(";");
	}
}

static enum status types(const struct args *args)
{
	const char *name = args_operand(args, 0);
	enum sdex_type type;
	if (!name) {
		for (int i = 0; i < SDEX_TYPE_COUNT; i++)
			puts(sdex_type_name((enum sdex_type)i));
		return STATUS_OK;
	}
	if (sdex_type_by_name(&type, name) == SDEX_OK) {
		put_definition((uint16_t)type);
		return STATUS_OK;
	}
	struct suggest suggest = suggest_begin(name, 6);
	char text[96];
	for (int i = 0; i < SDEX_TYPE_COUNT; i++)
		suggest_consider(&suggest, sdex_type_name((enum sdex_type)i));
	return args_misused(args, "there is no type \"%s\"%s", name, suggest_text(text, &suggest));
}

const struct command xdr_types_command = {
	.group = "xdr",
	.verb = "types",
	.operands = "[TYPE]",
	.operands_most = 1,
	.complete = COMPLETE_TYPE,
	.summary = "the types of the schema, or what one is made of",
	.text = "Prints the names of all types of protocol 28, one a line; or with TYPE its\n"
		"definition in the language of XDR (RFC 4506).",
	.examples =
		(const struct example[]){
			{"sdex xdr types | grep LedgerEntry", "types with a word in their name"},
			{"sdex xdr types ManageSellOfferOp", "the members of one"},
			{NULL, NULL},
		},
	.run = types,
};
