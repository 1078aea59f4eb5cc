/* The network's own cases for the rules (stellar-core, src/transactions/test), restated as
 * scripts: script.h says how they read.  Arguments are the files of cases; with --list the
 * names of all cases are printed instead. */
#include "ledger/cases/script.h"

struct running {
	const struct script_leaf *leaf;
	struct script_place at;
};

static void leaf_holds(void **state)
{
	struct running *running = *state;
	script_run(running->leaf, &running->at);
}

/* An assertion of the world says nothing of the script: this does. */
static int leaf_over(void **state)
{
	const struct running *running = *state;
	if (running->at.version)
		print_message("# %s:%d, protocol %u\n", running->at.file, running->at.line,
			      running->at.version);
	return 0;
}

static int list(const struct script *script)
{
	for (uint32_t i = 0; i < script->count; i++)
		printf("%s\n", script->leaves[i].id);
	return 0;
}

static int run(const struct script *script)
{
	struct CMUnitTest *tests = calloc(script->count, sizeof(*tests));
	struct running *running = calloc(script->count, sizeof(*running));
	if (!tests || !running)
		abort();
	for (uint32_t i = 0; i < script->count; i++) {
		running[i].leaf = &script->leaves[i];
		tests[i] = (struct CMUnitTest){.name = script->leaves[i].id,
					       .test_func = leaf_holds,
					       .teardown_func = leaf_over,
					       .initial_state = &running[i]};
	}
	int failed = _cmocka_run_group_tests("cases", tests, script->count, NULL, NULL);
	free(tests);
	free(running);
	return failed;
}

int main(int argc, char **argv)
{
	struct script script = {0};
	bool lists = argc > 1 && strcmp(argv[1], "--list") == 0;
	for (int i = lists ? 2 : 1; i < argc; i++)
		if (!script_load(&script, argv[i]))
			return 1;
	int status = script.count == 0 ? 1 : lists ? list(&script) : run(&script);
	script_free(&script);
	return status;
}
