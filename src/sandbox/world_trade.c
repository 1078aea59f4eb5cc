/* sandbox/world_trade.c - what the makers and traders do from ledger to ledger. */
#include "sandbox/world_inside.h"

enum sdex_error world_act(struct sandbox *sandbox)
{
	(void)sandbox;
	return SDEX_OK;
}
