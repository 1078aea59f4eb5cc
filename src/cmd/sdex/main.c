/* cmd/sdex/main.c - the sdex command. */
#include "cmd/sdex/args.h"
#include "cmd/sdex/say.h"

int main(int argc, char **argv)
{
	return (int)say_done(args_run(argc, argv));
}
