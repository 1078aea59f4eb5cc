/* stellar/op_name.c - what operations are called; apart, because rules are named after them
 * and constructors are judged by rules. */
#include "sdex/operation.h"

const char *sdex_op_name(sdex_OperationType type)
{
	static const char *const names[] = {
		"CreateAccount",
		"Payment",
		"PathPaymentStrictReceive",
		"ManageSellOffer",
		"CreatePassiveSellOffer",
		"SetOptions",
		"ChangeTrust",
		"AllowTrust",
		"AccountMerge",
		"Inflation",
		"ManageData",
		"BumpSequence",
		"ManageBuyOffer",
		"PathPaymentStrictSend",
		"CreateClaimableBalance",
		"ClaimClaimableBalance",
		"BeginSponsoringFutureReserves",
		"EndSponsoringFutureReserves",
		"RevokeSponsorship",
		"Clawback",
		"ClawbackClaimableBalance",
		"SetTrustLineFlags",
		"LiquidityPoolDeposit",
		"LiquidityPoolWithdraw",
		"InvokeHostFunction",
		"ExtendFootprintTTL",
		"RestoreFootprint",
	};
	return (size_t)type < sizeof names / sizeof names[0] ? names[type] : "?";
}
