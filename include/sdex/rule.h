/* sdex/rule.h - the rules that a transaction has to keep before the network even
 * looks at the ledger, each with a number of its own.
 *
 * A constructor or check that refuses something returns SDEX_ERR_MALFORMED and
 * puts the rule's number into the failure; the failure's text says what was
 * expected, what was found and what to do, so most callers need nothing from
 * here.  The rules are those of stellar-core's doCheckValid (OpFrame.cpp files)
 * and of TransactionFrame and FeeBumpTransactionFrame; where one is only a limit
 * of the XDR, so that no such transaction can exist, the network's code is
 * txMALFORMED.
 *
 * Three rules go further.  stellar-core takes their transactions into a ledger and has
 * them paid for, and it is the contract host that refuses them; their network's code is
 * INVOKE_HOST_FUNCTION_TRAPPED: INVOKE_HOST_FUNCTION_CONTRACT (a call of what is no
 * contract), _FUNCTION (a name that no function can have) and _DELEGATES (delegates out of
 * order).  Whoever wants to send such a transaction fills its envelope by hand and signs
 * that: sdex_tx_sign looks at no rule. */
#ifndef SDEX_RULE_H
#define SDEX_RULE_H

#include "sdex/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* name, number, the network's code, the field as XDR names it, what is expected,
 * what to do.  Numbers are part of the ABI: 1 to 99 are of transactions, the
 * others of operation type number / 100 - 1.  Append, never renumber. */
#define SDEX_RULES(X)                                                                              \
	X(TX_OPERATIONS_NONE, 1, "txMISSING_OPERATION", "operations", "at least one",              \
	  "add an operation")                                                                      \
	X(TX_OPERATIONS_MANY, 2, "txMALFORMED", "operations", "at most 100",                       \
	  "split them over several transactions")                                                  \
	X(TX_FEE, 3, "txINSUFFICIENT_FEE", "fee", "the base fee for each operation or more",       \
	  "raise the fee")                                                                         \
	X(TX_SEQUENCE, 4, "txBAD_SEQ", "seqNum", "0 or more",                                      \
	  "use the account's sequence number plus one")                                            \
	X(TX_TIME_BOUNDS, 5, "txTOO_LATE", "timeBounds", "minTime no later than maxTime",          \
	  "set maxTime later, or to 0 for no end")                                                 \
	X(TX_LEDGER_BOUNDS, 6, "txTOO_LATE", "ledgerBounds", "minLedger below maxLedger",          \
	  "raise maxLedger, or set it to 0 for no end")                                            \
	X(TX_MIN_SEQUENCE, 7, "txBAD_SEQ", "minSeqNum", "below seqNum",                            \
	  "lower minSeqNum, or leave it out")                                                      \
	X(TX_EXTRA_SIGNERS_MANY, 8, "txMALFORMED", "extraSigners", "at most 2", "leave some out")  \
	X(TX_EXTRA_SIGNERS_SAME, 9, "txMALFORMED", "extraSigners", "two different signers",        \
	  "leave one out")                                                                         \
	X(TX_EXTRA_SIGNER_PAYLOAD, 10, "txMALFORMED", "extraSigners",                              \
	  "a payload of 1 to 64 bytes", "give the signed-payload signer its payload")              \
	X(TX_PRECONDITIONS_OLD, 11, "txNOT_SUPPORTED", "cond", "time bounds or nothing",           \
	  "wait for protocol 19")                                                                  \
	X(TX_MEMO_TEXT, 12, "txMALFORMED", "memo.text", "at most 28 bytes",                        \
	  "shorten it, or use a hash memo")                                                        \
	X(TX_SIGNATURES_MANY, 13, "txMALFORMED", "signatures", "at most 20",                       \
	  "leave out the signatures that no threshold needs")                                      \
	X(TX_SOROBAN_ALONE, 14, "txMALFORMED", "operations", "a Soroban operation alone",          \
	  "give each Soroban operation a transaction of its own")                                  \
	X(TX_SOROBAN_DATA_MISSING, 15, "txMALFORMED", "ext", "Soroban data",                       \
	  "simulate the transaction and take its transactionData")                                 \
	X(TX_SOROBAN_DATA_EXTRA, 16, "txMALFORMED", "ext", "no Soroban data",                      \
	  "leave it out where no operation is a Soroban one")                                      \
	X(TX_SOROBAN_MEMO, 17, "txSOROBAN_INVALID", "memo", "no memo",                             \
	  "leave it out when a contract is invoked")                                               \
	X(TX_SOROBAN_MUXED, 18, "txSOROBAN_INVALID", "sourceAccount",                              \
	  "an account that is not muxed",                                                          \
	  "use the G… address under it when a contract is invoked")                                \
	X(TX_RESOURCE_FEE, 19, "txMALFORMED", "resourceFee", "0 to 2^50 stroops",                  \
	  "take the fee from a simulation")                                                        \
	X(TX_RESOURCE_FEE_COVER, 20, "txSOROBAN_INVALID", "fee",                                   \
	  "at least resourceFee and the base fee", "raise the fee by resourceFee")                 \
	X(TX_FOOTPRINT_KEY, 21, "txSOROBAN_INVALID", "footprint",                                  \
	  "keys of accounts, trustlines, contract data and code",                                  \
	  "take the footprint from a simulation")                                                  \
	X(TX_FOOTPRINT_TRUSTLINE, 22, "txSOROBAN_INVALID", "footprint",                            \
	  "trustlines to an asset that the account does not issue",                                \
	  "take the footprint from a simulation")                                                  \
	X(TX_FOOTPRINT_TWICE, 23, "txSOROBAN_INVALID", "footprint", "every key once",              \
	  "leave out the key that is there again")                                                 \
	X(TX_ARCHIVED_OLD, 24, "txSOROBAN_INVALID", "ext", "v 0",                                  \
	  "archived entries need protocol 23")                                                     \
	X(TX_ARCHIVED_ORDER, 25, "txSOROBAN_INVALID", "archivedSorobanEntries",                    \
	  "ascending indexes", "sort them and leave out doubles")                                  \
	X(TX_ARCHIVED_RANGE, 26, "txSOROBAN_INVALID", "archivedSorobanEntries",                    \
	  "indexes into readWrite", "take them from a simulation")                                 \
	X(TX_ARCHIVED_KEY, 27, "txSOROBAN_INVALID", "archivedSorobanEntries",                      \
	  "indexes of persistent entries", "take them from a simulation")                          \
	X(TX_INSTRUCTIONS, 28, "txSOROBAN_INVALID", "instructions",                                \
	  "at most what the network allows", "do less in one transaction")                         \
	X(TX_READ_BYTES, 29, "txSOROBAN_INVALID", "diskReadBytes",                                 \
	  "at most what the network allows", "do less in one transaction")                         \
	X(TX_WRITE_BYTES, 30, "txSOROBAN_INVALID", "writeBytes",                                   \
	  "at most what the network allows", "do less in one transaction")                         \
	X(TX_FOOTPRINT_ENTRIES, 31, "txSOROBAN_INVALID", "footprint",                              \
	  "at most as many keys as the network allows", "do less in one transaction")              \
	X(TX_READ_ENTRIES, 32, "txSOROBAN_INVALID", "footprint",                                   \
	  "at most as many reads from disk as the network allows", "do less in one transaction")   \
	X(TX_WRITE_ENTRIES, 33, "txSOROBAN_INVALID", "readWrite",                                  \
	  "at most as many keys as the network allows", "do less in one transaction")              \
	X(TX_KEY_SIZE, 34, "txSOROBAN_INVALID", "footprint",                                       \
	  "keys of at most the size that the network allows", "use smaller keys in the contract")  \
	X(TX_SIZE, 35, "txSOROBAN_INVALID", "envelope",                                            \
	  "at most the size that the network allows", "do less in one transaction")                \
	X(TX_V0_SOURCE, 36, "txMALFORMED", "sourceAccount", "an account that is not muxed",        \
	  "use a v1 transaction")                                                                  \
	X(TX_V0_PRECONDITIONS, 37, "txMALFORMED", "cond", "time bounds or nothing",                \
	  "use a v1 transaction")                                                                  \
	X(TX_V0_SOROBAN, 38, "txMALFORMED", "ext", "no Soroban data", "use a v1 transaction")      \
	X(FEE_BUMP_FEE, 40, "txINSUFFICIENT_FEE", "fee",                                           \
	  "at least the base fee for each inner operation and one more", "raise the fee")          \
	X(FEE_BUMP_RATE, 41, "txINSUFFICIENT_FEE", "fee",                                          \
	  "a rate per operation no lower than the inner one", "raise the fee")                     \
	X(FEE_BUMP_INNER, 42, "txMALFORMED", "innerTx", "a v1 transaction",                        \
	  "fee bumps do not nest: bump the inner transaction anew")                                \
	X(FEE_BUMP_NEGATIVE, 43, "txMALFORMED", "fee", "0 stroops or more", "raise the fee")       \
	X(FEE_BUMP_INNER_FEE, 44, "txFEE_BUMP_INNER_FAILED", "innerTx.fee",                        \
	  "at least resourceFee", "before protocol 23 the inner fee has to cover its resources")   \
	X(OP_NOT_SUPPORTED, 90, "opNOT_SUPPORTED", "type",                                         \
	  "an operation of this protocol version", "leave it out")                                 \
	X(CREATE_ACCOUNT_BALANCE, 101, "CREATE_ACCOUNT_MALFORMED", "startingBalance",              \
	  "0 stroops or more", "give what its reserve needs")                                      \
	X(CREATE_ACCOUNT_SELF, 102, "CREATE_ACCOUNT_MALFORMED", "destination",                     \
	  "an account other than the source", "name the new account")                              \
	X(PAYMENT_AMOUNT, 201, "PAYMENT_MALFORMED", "amount", "1 stroop or more",                  \
	  "give a positive amount")                                                                \
	X(PAYMENT_ASSET, 202, "PAYMENT_MALFORMED", "asset",                                        \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(PATH_RECEIVE_DEST_AMOUNT, 301, "PATH_PAYMENT_STRICT_RECEIVE_MALFORMED", "destAmount",    \
	  "1 stroop or more", "give a positive amount")                                            \
	X(PATH_RECEIVE_SEND_MAX, 302, "PATH_PAYMENT_STRICT_RECEIVE_MALFORMED", "sendMax",          \
	  "1 stroop or more", "give a positive amount")                                            \
	X(PATH_RECEIVE_SEND_ASSET, 303, "PATH_PAYMENT_STRICT_RECEIVE_MALFORMED", "sendAsset",      \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(PATH_RECEIVE_DEST_ASSET, 304, "PATH_PAYMENT_STRICT_RECEIVE_MALFORMED", "destAsset",      \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(PATH_RECEIVE_PATH_ASSET, 305, "PATH_PAYMENT_STRICT_RECEIVE_MALFORMED", "path",           \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(PATH_RECEIVE_PATH_LENGTH, 306, "txMALFORMED", "path", "at most 5 assets",                \
	  "choose a shorter path")                                                                 \
	X(MANAGE_SELL_OFFER_SELLING, 401, "MANAGE_SELL_OFFER_MALFORMED", "selling",                \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(MANAGE_SELL_OFFER_BUYING, 402, "MANAGE_SELL_OFFER_MALFORMED", "buying",                  \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(MANAGE_SELL_OFFER_SAME_ASSET, 403, "MANAGE_SELL_OFFER_MALFORMED", "buying",              \
	  "an asset other than the one sold", "trade two different assets")                        \
	X(MANAGE_SELL_OFFER_AMOUNT, 404, "MANAGE_SELL_OFFER_MALFORMED", "amount",                  \
	  "0 stroops or more", "give a positive amount, or 0 to delete")                           \
	X(MANAGE_SELL_OFFER_PRICE, 405, "MANAGE_SELL_OFFER_MALFORMED", "price",                    \
	  "both terms 1 or more", "give the price as a fraction of positive numbers")              \
	X(MANAGE_SELL_OFFER_DELETE_NEW, 406, "MANAGE_SELL_OFFER_MALFORMED", "offerID",             \
	  "the id of the offer to delete",                                                         \
	  "an amount of 0 deletes: name the offer, or give an amount")                             \
	X(MANAGE_SELL_OFFER_OFFER_ID, 407, "MANAGE_SELL_OFFER_MALFORMED", "offerID", "0 or more",  \
	  "use 0 for a new offer")                                                                 \
	X(CREATE_PASSIVE_SELL_OFFER_SELLING, 501, "MANAGE_SELL_OFFER_MALFORMED", "selling",        \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(CREATE_PASSIVE_SELL_OFFER_BUYING, 502, "MANAGE_SELL_OFFER_MALFORMED", "buying",          \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(CREATE_PASSIVE_SELL_OFFER_SAME_ASSET, 503, "MANAGE_SELL_OFFER_MALFORMED", "buying",      \
	  "an asset other than the one sold", "trade two different assets")                        \
	X(CREATE_PASSIVE_SELL_OFFER_AMOUNT, 504, "MANAGE_SELL_OFFER_MALFORMED", "amount",          \
	  "1 stroop or more", "give a positive amount")                                            \
	X(CREATE_PASSIVE_SELL_OFFER_PRICE, 505, "MANAGE_SELL_OFFER_MALFORMED", "price",            \
	  "both terms 1 or more", "give the price as a fraction of positive numbers")              \
	X(SET_OPTIONS_CLEAR_FLAGS, 601, "SET_OPTIONS_UNKNOWN_FLAG", "clearFlags",                  \
	  "flags of the mask 0xf", "clear only flags that the network knows")                      \
	X(SET_OPTIONS_SET_FLAGS, 602, "SET_OPTIONS_UNKNOWN_FLAG", "setFlags",                      \
	  "flags of the mask 0xf", "set only flags that the network knows")                        \
	X(SET_OPTIONS_BOTH_FLAGS, 603, "SET_OPTIONS_BAD_FLAGS", "setFlags",                        \
	  "no flag that is cleared too", "set it or clear it")                                     \
	X(SET_OPTIONS_MASTER_WEIGHT, 604, "SET_OPTIONS_THRESHOLD_OUT_OF_RANGE", "masterWeight",    \
	  "0 to 255", "choose a smaller number")                                                   \
	X(SET_OPTIONS_LOW_THRESHOLD, 605, "SET_OPTIONS_THRESHOLD_OUT_OF_RANGE", "lowThreshold",    \
	  "0 to 255", "choose a smaller number")                                                   \
	X(SET_OPTIONS_MED_THRESHOLD, 606, "SET_OPTIONS_THRESHOLD_OUT_OF_RANGE", "medThreshold",    \
	  "0 to 255", "choose a smaller number")                                                   \
	X(SET_OPTIONS_HIGH_THRESHOLD, 607, "SET_OPTIONS_THRESHOLD_OUT_OF_RANGE", "highThreshold",  \
	  "0 to 255", "choose a smaller number")                                                   \
	X(SET_OPTIONS_SIGNER_SELF, 608, "SET_OPTIONS_BAD_SIGNER", "signer.key",                    \
	  "a key other than the source account's", "set masterWeight for the account's own key")   \
	X(SET_OPTIONS_SIGNER_WEIGHT, 609, "SET_OPTIONS_BAD_SIGNER", "signer.weight", "0 to 255",   \
	  "choose a smaller number")                                                               \
	X(SET_OPTIONS_SIGNER_PAYLOAD, 610, "SET_OPTIONS_BAD_SIGNER", "signer.key",                 \
	  "a payload of 1 to 64 bytes", "give the signed-payload signer its payload")              \
	X(SET_OPTIONS_HOME_DOMAIN, 611, "SET_OPTIONS_INVALID_HOME_DOMAIN", "homeDomain",           \
	  "printable ASCII", "write international domains in Punycode")                            \
	X(SET_OPTIONS_HOME_DOMAIN_LENGTH, 612, "txMALFORMED", "homeDomain", "at most 32 bytes",    \
	  "use a shorter domain")                                                                  \
	X(SET_OPTIONS_SIGNER_OLD, 613, "SET_OPTIONS_BAD_SIGNER", "signer.key",                     \
	  "a signer of this protocol version", "wait for protocol 19")                             \
	X(CHANGE_TRUST_LIMIT, 701, "CHANGE_TRUST_MALFORMED", "limit", "0 stroops or more",         \
	  "give a limit, or 0 to delete the trustline")                                            \
	X(CHANGE_TRUST_ASSET, 702, "CHANGE_TRUST_MALFORMED", "line",                               \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(CHANGE_TRUST_NATIVE, 703, "CHANGE_TRUST_MALFORMED", "line", "an issued asset or a pool", \
	  "XLM needs no trustline")                                                                \
	X(CHANGE_TRUST_ISSUER, 704, "CHANGE_TRUST_MALFORMED", "line",                              \
	  "an asset of another issuer", "the issuer needs no trustline to its own asset")          \
	X(CHANGE_TRUST_POOL_ASSET, 705, "CHANGE_TRUST_MALFORMED", "line",                          \
	  "a pool of assets with valid codes", "mend the code: zero bytes only at its end")        \
	X(CHANGE_TRUST_POOL_ORDER, 706, "CHANGE_TRUST_MALFORMED", "line", "assetA before assetB",  \
	  "swap them, and make them different")                                                    \
	X(CHANGE_TRUST_POOL_FEE, 707, "CHANGE_TRUST_MALFORMED", "line.fee", "30 basis points",     \
	  "use 30, the one fee there is")                                                          \
	X(CHANGE_TRUST_POOL_OLD, 708, "CHANGE_TRUST_MALFORMED", "line",                            \
	  "an asset of this protocol version", "wait for protocol 18")                             \
	X(ALLOW_TRUST_AUTHORIZE, 801, "ALLOW_TRUST_MALFORMED", "authorize", "0, 1 or 2",           \
	  "use 1 to authorise, 2 to keep offers only, 0 to revoke")                                \
	X(ALLOW_TRUST_ASSET, 802, "ALLOW_TRUST_MALFORMED", "asset",                                \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(ALLOW_TRUST_SELF, 803, "ALLOW_TRUST_MALFORMED", "trustor",                               \
	  "an account other than the source", "name the account that holds the asset")             \
	X(ACCOUNT_MERGE_SELF, 901, "ACCOUNT_MERGE_MALFORMED", "destination",                       \
	  "an account other than the source", "merge into another account")                        \
	X(MANAGE_DATA_NAME_LENGTH, 1101, "MANAGE_DATA_INVALID_NAME", "dataName", "1 to 64 bytes",  \
	  "use another name")                                                                      \
	X(MANAGE_DATA_NAME, 1102, "MANAGE_DATA_INVALID_NAME", "dataName", "printable ASCII",       \
	  "use another name")                                                                      \
	X(MANAGE_DATA_VALUE_LENGTH, 1103, "txMALFORMED", "dataValue", "at most 64 bytes",          \
	  "split the value over several entries")                                                  \
	X(BUMP_SEQUENCE_TO, 1201, "BUMP_SEQUENCE_BAD_SEQ", "bumpTo", "0 or more",                  \
	  "give the sequence number to go to")                                                     \
	X(MANAGE_BUY_OFFER_SELLING, 1301, "MANAGE_BUY_OFFER_MALFORMED", "selling",                 \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(MANAGE_BUY_OFFER_BUYING, 1302, "MANAGE_BUY_OFFER_MALFORMED", "buying",                   \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(MANAGE_BUY_OFFER_SAME_ASSET, 1303, "MANAGE_BUY_OFFER_MALFORMED", "buying",               \
	  "an asset other than the one sold", "trade two different assets")                        \
	X(MANAGE_BUY_OFFER_AMOUNT, 1304, "MANAGE_BUY_OFFER_MALFORMED", "buyAmount",                \
	  "0 stroops or more", "give a positive amount, or 0 to delete")                           \
	X(MANAGE_BUY_OFFER_PRICE, 1305, "MANAGE_BUY_OFFER_MALFORMED", "price",                     \
	  "both terms 1 or more", "give the price as a fraction of positive numbers")              \
	X(MANAGE_BUY_OFFER_DELETE_NEW, 1306, "MANAGE_BUY_OFFER_MALFORMED", "offerID",              \
	  "the id of the offer to delete",                                                         \
	  "an amount of 0 deletes: name the offer, or give an amount")                             \
	X(MANAGE_BUY_OFFER_OFFER_ID, 1307, "MANAGE_BUY_OFFER_MALFORMED", "offerID", "0 or more",   \
	  "use 0 for a new offer")                                                                 \
	X(PATH_SEND_SEND_AMOUNT, 1401, "PATH_PAYMENT_STRICT_SEND_MALFORMED", "sendAmount",         \
	  "1 stroop or more", "give a positive amount")                                            \
	X(PATH_SEND_DEST_MIN, 1402, "PATH_PAYMENT_STRICT_SEND_MALFORMED", "destMin",               \
	  "1 stroop or more", "give a positive amount")                                            \
	X(PATH_SEND_SEND_ASSET, 1403, "PATH_PAYMENT_STRICT_SEND_MALFORMED", "sendAsset",           \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(PATH_SEND_DEST_ASSET, 1404, "PATH_PAYMENT_STRICT_SEND_MALFORMED", "destAsset",           \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(PATH_SEND_PATH_ASSET, 1405, "PATH_PAYMENT_STRICT_SEND_MALFORMED", "path",                \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(PATH_SEND_PATH_LENGTH, 1406, "txMALFORMED", "path", "at most 5 assets",                  \
	  "choose a shorter path")                                                                 \
	X(CREATE_CLAIMABLE_BALANCE_ASSET, 1501, "CREATE_CLAIMABLE_BALANCE_MALFORMED", "asset",     \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(CREATE_CLAIMABLE_BALANCE_AMOUNT, 1502, "CREATE_CLAIMABLE_BALANCE_MALFORMED", "amount",   \
	  "1 stroop or more", "give a positive amount")                                            \
	X(CREATE_CLAIMABLE_BALANCE_CLAIMANTS_NONE, 1503, "CREATE_CLAIMABLE_BALANCE_MALFORMED",     \
	  "claimants", "at least one", "say who may claim")                                        \
	X(CREATE_CLAIMABLE_BALANCE_CLAIMANTS_MANY, 1504, "txMALFORMED", "claimants", "at most 10", \
	  "split the balance")                                                                     \
	X(CREATE_CLAIMABLE_BALANCE_CLAIMANT_TWICE, 1505, "CREATE_CLAIMABLE_BALANCE_MALFORMED",     \
	  "claimants", "every account once", "join the two predicates with OR")                    \
	X(CREATE_CLAIMABLE_BALANCE_PREDICATE_DEPTH, 1506, "CREATE_CLAIMABLE_BALANCE_MALFORMED",    \
	  "predicate", "at most 4 levels", "write a flatter predicate")                            \
	X(CREATE_CLAIMABLE_BALANCE_PREDICATE_PAIR, 1507, "CREATE_CLAIMABLE_BALANCE_MALFORMED",     \
	  "predicate", "two predicates under AND and OR", "give both")                             \
	X(CREATE_CLAIMABLE_BALANCE_PREDICATE_NOT, 1508, "CREATE_CLAIMABLE_BALANCE_MALFORMED",      \
	  "predicate", "a predicate under NOT", "give it")                                         \
	X(CREATE_CLAIMABLE_BALANCE_PREDICATE_ABSOLUTE, 1509, "CREATE_CLAIMABLE_BALANCE_MALFORMED", \
	  "absBefore", "0 seconds or more", "give a time after 1970")                              \
	X(CREATE_CLAIMABLE_BALANCE_PREDICATE_RELATIVE, 1510, "CREATE_CLAIMABLE_BALANCE_MALFORMED", \
	  "relBefore", "0 seconds or more", "give a time after the balance's creation")            \
	X(BEGIN_SPONSORING_SELF, 1701, "BEGIN_SPONSORING_FUTURE_RESERVES_MALFORMED",               \
	  "sponsoredID", "an account other than the source", "an account does not sponsor itself") \
	X(REVOKE_SPONSORSHIP_ASSET, 1901, "REVOKE_SPONSORSHIP_MALFORMED", "ledgerKey.trustLine",   \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(REVOKE_SPONSORSHIP_NATIVE, 1902, "REVOKE_SPONSORSHIP_MALFORMED", "ledgerKey.trustLine",  \
	  "an issued asset or a pool", "XLM has no trustline")                                     \
	X(REVOKE_SPONSORSHIP_ISSUER, 1903, "REVOKE_SPONSORSHIP_MALFORMED", "ledgerKey.trustLine",  \
	  "an asset of another issuer", "the issuer has no trustline to its own asset")            \
	X(REVOKE_SPONSORSHIP_OFFER_ID, 1904, "REVOKE_SPONSORSHIP_MALFORMED", "ledgerKey.offer",    \
	  "an id of 1 or more", "name the offer")                                                  \
	X(REVOKE_SPONSORSHIP_DATA_NAME, 1905, "REVOKE_SPONSORSHIP_MALFORMED", "ledgerKey.data",    \
	  "a name of 1 to 64 printable ASCII characters", "name the entry")                        \
	X(REVOKE_SPONSORSHIP_KEY, 1906, "REVOKE_SPONSORSHIP_MALFORMED", "ledgerKey",               \
	  "an account, trustline, offer, data entry or claimable balance",                         \
	  "only these have sponsors")                                                              \
	X(REVOKE_SPONSORSHIP_POOL_OLD, 1907, "REVOKE_SPONSORSHIP_MALFORMED",                       \
	  "ledgerKey.trustLine", "an asset of this protocol version", "wait for protocol 18")      \
	X(CLAWBACK_SELF, 2001, "CLAWBACK_MALFORMED", "from", "an account other than the source",   \
	  "name the account that holds the asset")                                                 \
	X(CLAWBACK_AMOUNT, 2002, "CLAWBACK_MALFORMED", "amount", "1 stroop or more",               \
	  "give a positive amount")                                                                \
	X(CLAWBACK_NATIVE, 2003, "CLAWBACK_MALFORMED", "asset", "an issued asset",                 \
	  "XLM cannot be clawed back")                                                             \
	X(CLAWBACK_ASSET, 2004, "CLAWBACK_MALFORMED", "asset",                                     \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(CLAWBACK_ISSUER, 2005, "CLAWBACK_MALFORMED", "asset", "an asset that the source issues", \
	  "let the issuer be the source")                                                          \
	X(SET_TRUST_LINE_FLAGS_NATIVE, 2201, "SET_TRUST_LINE_FLAGS_MALFORMED", "asset",            \
	  "an issued asset", "XLM has no trustline")                                               \
	X(SET_TRUST_LINE_FLAGS_ASSET, 2202, "SET_TRUST_LINE_FLAGS_MALFORMED", "asset",             \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(SET_TRUST_LINE_FLAGS_ISSUER, 2203, "SET_TRUST_LINE_FLAGS_MALFORMED", "asset",            \
	  "an asset that the source issues", "let the issuer be the source")                       \
	X(SET_TRUST_LINE_FLAGS_SELF, 2204, "SET_TRUST_LINE_FLAGS_MALFORMED", "trustor",            \
	  "an account other than the source", "name the account that holds the asset")             \
	X(SET_TRUST_LINE_FLAGS_BOTH, 2205, "SET_TRUST_LINE_FLAGS_MALFORMED", "setFlags",           \
	  "no flag that is cleared too", "set it or clear it")                                     \
	X(SET_TRUST_LINE_FLAGS_SET, 2206, "SET_TRUST_LINE_FLAGS_MALFORMED", "setFlags",            \
	  "flags of the mask 0x3", "set only flags that may be set")                               \
	X(SET_TRUST_LINE_FLAGS_SET_AUTHORIZED_TWICE, 2207, "SET_TRUST_LINE_FLAGS_MALFORMED",       \
	  "setFlags", "one of AUTHORIZED and AUTHORIZED_TO_MAINTAIN_LIABILITIES", "choose one")    \
	X(SET_TRUST_LINE_FLAGS_CLEAR, 2208, "SET_TRUST_LINE_FLAGS_MALFORMED", "clearFlags",        \
	  "flags of the mask 0x7", "clear only flags that the network knows")                      \
	X(LIQUIDITY_POOL_DEPOSIT_MAX_A, 2301, "LIQUIDITY_POOL_DEPOSIT_MALFORMED", "maxAmountA",    \
	  "1 stroop or more", "give a positive amount")                                            \
	X(LIQUIDITY_POOL_DEPOSIT_MAX_B, 2302, "LIQUIDITY_POOL_DEPOSIT_MALFORMED", "maxAmountB",    \
	  "1 stroop or more", "give a positive amount")                                            \
	X(LIQUIDITY_POOL_DEPOSIT_MIN_PRICE, 2303, "LIQUIDITY_POOL_DEPOSIT_MALFORMED", "minPrice",  \
	  "both terms 1 or more", "give the price as a fraction of positive numbers")              \
	X(LIQUIDITY_POOL_DEPOSIT_MAX_PRICE, 2304, "LIQUIDITY_POOL_DEPOSIT_MALFORMED", "maxPrice",  \
	  "both terms 1 or more", "give the price as a fraction of positive numbers")              \
	X(LIQUIDITY_POOL_DEPOSIT_PRICE_ORDER, 2305, "LIQUIDITY_POOL_DEPOSIT_MALFORMED",            \
	  "minPrice", "at most maxPrice", "swap the two prices")                                   \
	X(LIQUIDITY_POOL_WITHDRAW_AMOUNT, 2401, "LIQUIDITY_POOL_WITHDRAW_MALFORMED", "amount",     \
	  "1 pool share or more", "give a positive amount")                                        \
	X(LIQUIDITY_POOL_WITHDRAW_MIN_A, 2402, "LIQUIDITY_POOL_WITHDRAW_MALFORMED", "minAmountA",  \
	  "0 stroops or more", "use 0 for no minimum")                                             \
	X(LIQUIDITY_POOL_WITHDRAW_MIN_B, 2403, "LIQUIDITY_POOL_WITHDRAW_MALFORMED", "minAmountB",  \
	  "0 stroops or more", "use 0 for no minimum")                                             \
	X(INVOKE_HOST_FUNCTION_WASM_SIZE, 2501, "txFAILED", "wasm",                                \
	  "at most the size that the network allows", "make the contract smaller")                 \
	X(INVOKE_HOST_FUNCTION_ASSET, 2502, "txFAILED", "fromAsset",                               \
	  "a code of 1 to 4, or 5 to 12, letters and digits",                                      \
	  "mend the code: zero bytes only at its end")                                             \
	X(INVOKE_HOST_FUNCTION_TYPE_OLD, 2503, "txMALFORMED", "hostFunction",                      \
	  "a host function of this protocol version", "constructors need protocol 22")             \
	X(INVOKE_HOST_FUNCTION_CREDENTIALS_OLD, 2504, "txMALFORMED", "auth",                       \
	  "credentials of this protocol version", "ADDRESS_V2 and delegates need protocol 27")     \
	X(INVOKE_HOST_FUNCTION_CONTRACT, 2505, "INVOKE_HOST_FUNCTION_TRAPPED", "contractAddress",  \
	  "a contract", "give a C… address")                                                       \
	X(INVOKE_HOST_FUNCTION_FUNCTION, 2506, "INVOKE_HOST_FUNCTION_TRAPPED", "functionName",     \
	  "1 to 32 of a-z, A-Z, 0-9 and _", "take the name from the contract's interface")         \
	X(INVOKE_HOST_FUNCTION_DELEGATES, 2507, "INVOKE_HOST_FUNCTION_TRAPPED", "auth",            \
	  "delegates in ascending order of address, each once", "sort them")                       \
	X(EXTEND_FOOTPRINT_TTL_READ_WRITE, 2601, "EXTEND_FOOTPRINT_TTL_MALFORMED", "footprint",    \
	  "no keys in readWrite", "move them to readOnly")                                         \
	X(EXTEND_FOOTPRINT_TTL_KEY, 2602, "EXTEND_FOOTPRINT_TTL_MALFORMED", "footprint",           \
	  "contract data and code only", "leave the others out")                                   \
	X(EXTEND_FOOTPRINT_TTL_TO, 2603, "EXTEND_FOOTPRINT_TTL_MALFORMED", "extendTo",             \
	  "below the network's longest life of an entry", "extend by less")                        \
	X(RESTORE_FOOTPRINT_READ_ONLY, 2701, "RESTORE_FOOTPRINT_MALFORMED", "footprint",           \
	  "no keys in readOnly", "move them to readWrite")                                         \
	X(RESTORE_FOOTPRINT_KEY, 2702, "RESTORE_FOOTPRINT_MALFORMED", "footprint",                 \
	  "persistent contract data and code only", "leave the others out")

/* The numbers by name: SDEX_RULE_PAYMENT_AMOUNT is 201. */
enum sdex_rule_number {
#define SDEX_RULE_ENUM(name, number, network, field, expected, remedy) SDEX_RULE_##name = number,
	SDEX_RULES(SDEX_RULE_ENUM)
#undef SDEX_RULE_ENUM
};

/* What a rule asks, in words. */
struct sdex_rule {
	uint32_t number;
	const char *name;     /* "PAYMENT_AMOUNT" */
	const char *network;  /* the code that the network answers with: "PAYMENT_MALFORMED" */
	const char *field;    /* the field at fault, in the schema's words: "amount" */
	const char *expected; /* completes "expected ..." */
	const char *remedy;   /* what to do, in the imperative */
};

/* The rule of a number, for ever; NULL when there is none. */
SDEX_API const struct sdex_rule *sdex_rule_by_number(uint32_t number);

/* The i-th rule in the order above, NULL when i is the number of rules or more. */
SDEX_API const struct sdex_rule *sdex_rule_at(size_t i);

#ifdef __cplusplus
}
#endif
#endif
