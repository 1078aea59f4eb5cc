/* store/sqlite.c - the store in a file of SQLite's. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/failure.h"
#include "store/backend.h"
#include "store/disk.h"

#define APPLICATION 0x73646578 /* "sdex", in the file's head for `file` and for us */
#define BUSY_MS 5000
#define PARTS_MAX 12 /* texts that a question binds */

/* Of a fill: neither of the two alone.  A cursor names it. */
#define FILL_IDENTITY "(fill_id || '-' || order_id)"

/* From the form before to the next one; the first makes them all. */
static const char *const forms[] = {
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
	"CREATE TABLE orders (seq INTEGER PRIMARY KEY, order_id TEXT NOT NULL UNIQUE,"
	" client_id TEXT, account TEXT, trading_pair TEXT, trade_type TEXT, order_type TEXT,"
	" amount TEXT, price TEXT, filled_amount TEXT, remaining_amount TEXT, status TEXT,"
	" status_detail TEXT, stellar_offer_id TEXT, transaction_hash TEXT, created_at TEXT,"
	" last_update_at TEXT, document TEXT NOT NULL);"
	"CREATE INDEX orders_client ON orders (client_id, account) WHERE client_id IS NOT NULL;"
	"CREATE INDEX orders_account ON orders (account, seq);"
	"CREATE INDEX orders_pair ON orders (trading_pair, seq);"
	"CREATE INDEX orders_status ON orders (status, seq);"
	"CREATE TABLE fills (seq INTEGER PRIMARY KEY, fill_id TEXT NOT NULL UNIQUE,"
	" order_id TEXT NOT NULL, account TEXT, trading_pair TEXT, trade_type TEXT, role TEXT,"
	" transaction_hash TEXT, base_amount TEXT, counter_amount TEXT, price TEXT, at TEXT,"
	" ledger INTEGER, document TEXT NOT NULL);"
	"CREATE INDEX fills_order ON fills (order_id, seq);"
	"CREATE INDEX fills_account ON fills (account, seq);"
	"CREATE INDEX fills_pair ON fills (trading_pair, seq);"
	"CREATE TABLE balances (account TEXT NOT NULL, asset TEXT NOT NULL, balance TEXT,"
	" selling TEXT, buying TEXT, available TEXT, trust_limit TEXT, ledger INTEGER NOT NULL,"
	" PRIMARY KEY (account, asset));"
	"CREATE TABLE cursors (name TEXT PRIMARY KEY, value TEXT NOT NULL);",

	/* A trade between two orders of ours is a fill of each, under one id; and inferred fills
	 * of different orders can have the same. */
	"ALTER TABLE fills RENAME TO fills_before;"
	"CREATE TABLE fills (seq INTEGER PRIMARY KEY, fill_id TEXT NOT NULL,"
	" order_id TEXT NOT NULL, account TEXT, trading_pair TEXT, trade_type TEXT, role TEXT,"
	" transaction_hash TEXT, base_amount TEXT, counter_amount TEXT, price TEXT, at TEXT,"
	" ledger INTEGER, document TEXT NOT NULL);"
	"INSERT INTO fills SELECT * FROM fills_before;"
	"DROP TABLE fills_before;"
	"CREATE UNIQUE INDEX fills_identity ON fills (" FILL_IDENTITY ");"
	"CREATE INDEX fills_order ON fills (order_id, seq);"
	"CREATE INDEX fills_account ON fills (account, seq);"
	"CREATE INDEX fills_pair ON fills (trading_pair, seq);",
};
#define FORM ((int)(sizeof forms / sizeof *forms))

static const char put_order_sql[] =
	"INSERT INTO orders (order_id, client_id, account, trading_pair, trade_type, order_type,"
	" amount, price, filled_amount, remaining_amount, status, status_detail, stellar_offer_id,"
	" transaction_hash, created_at, last_update_at, document)"
	" VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)"
	" ON CONFLICT (order_id) DO UPDATE SET client_id=?2, account=?3, trading_pair=?4,"
	" trade_type=?5, order_type=?6, amount=?7, price=?8, filled_amount=?9,"
	" remaining_amount=?10, status=?11, status_detail=?12, stellar_offer_id=?13,"
	" transaction_hash=?14, created_at=?15, last_update_at=?16, document=?17"
	" WHERE orders.last_update_at IS NULL OR ?16 >= orders.last_update_at";

static const char put_fill_sql[] =
	"INSERT INTO fills (fill_id, order_id, account, trading_pair, trade_type, role,"
	" transaction_hash, base_amount, counter_amount, price, at, document, ledger)"
	" VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)"
	" ON CONFLICT (" FILL_IDENTITY ") DO UPDATE SET account=?3, trading_pair=?4,"
	" trade_type=?5, role=?6, transaction_hash=?7, base_amount=?8, counter_amount=?9,"
	" price=?10, at=?11, document=?12, ledger=?13";

static const char put_balance_sql[] =
	"INSERT INTO balances (account, asset, balance, selling, buying, available, trust_limit,"
	" ledger) VALUES (?1,?2,?3,?4,?5,?6,?7,?8)"
	" ON CONFLICT (account, asset) DO UPDATE SET balance=?3, selling=?4, buying=?5,"
	" available=?6, trust_limit=?7, ledger=?8 WHERE ?8 >= balances.ledger";

static const char put_cursor_sql[] = "INSERT INTO cursors (name, value) VALUES (?1,?2)"
				     " ON CONFLICT (name) DO UPDATE SET value=?2";

enum statement { PUT_ORDER, PUT_FILL, PUT_BALANCE, PUT_CURSOR, BEGIN, COMMIT, STATEMENTS };

static const char *const statement_sql[STATEMENTS] = {
	[PUT_ORDER] = put_order_sql,   [PUT_FILL] = put_fill_sql,   [PUT_BALANCE] = put_balance_sql,
	[PUT_CURSOR] = put_cursor_sql, [BEGIN] = "BEGIN IMMEDIATE", [COMMIT] = "COMMIT",
};

struct database {
	sqlite3 *handle;
	sqlite3_stmt *statement[STATEMENTS];
};

/* ---- opening ---- */

static bool exec(sqlite3 *handle, const char *sql)
{
	return sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool number_of(sqlite3 *handle, const char *sql, int64_t *number)
{
	sqlite3_stmt *statement = NULL;
	bool found = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK &&
		     sqlite3_step(statement) == SQLITE_ROW;
	if (found)
		*number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return found;
}

static enum sdex_error refused(sqlite3 *handle, const char *place, struct sdex_failure *why)
{
	int code = sqlite3_errcode(handle);
	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
		return fail(why, SDEX_ERR_CHECKSUM, 0,
			    "%.100s is damaged or no database (%.50s); move it away: it is made "
			    "again from the journal",
			    place, sqlite3_errmsg(handle));
	return fail(why, SDEX_ERR_UNSUPPORTED, 0, "the store %.100s: %.100s", place,
		    sqlite3_errmsg(handle));
}

/* The form that the file is in; 0 for a new one.  Changes nothing. */
static enum sdex_error read_form(int64_t *form, sqlite3 *handle, const char *place,
				 struct sdex_failure *why)
{
	int64_t application, tables;
	if (!number_of(handle, "PRAGMA application_id", &application) ||
	    !number_of(handle, "SELECT count(*) FROM sqlite_master", &tables))
		return refused(handle, place, why);
	if (!tables) {
		*form = 0;
		return SDEX_OK;
	}
	if (application != APPLICATION)
		return fail(why, SDEX_ERR_UNSUPPORTED, 0,
			    "%.120s is a database of another program; name another file for the "
			    "store",
			    place);
	if (!number_of(handle, "SELECT value FROM meta WHERE name = 'schema_version'", form))
		return refused(handle, place, why);
	if (*form > FORM)
		return fail(
			why, SDEX_ERR_UNSUPPORTED, 0,
			"%.80s has schema version %lld, this sdex knows versions to %d: start the "
			"later sdex, or move the file away: it is made again from the journal",
			place, (long long)*form, FORM);
	return SDEX_OK;
}

/* Each step is whole or not done. */
static enum sdex_error migrate(int64_t form, sqlite3 *handle, const char *place,
			       struct sdex_failure *why)
{
	char sql[240];
	for (; form < FORM; form++) {
		snprintf(sql, sizeof sql,
			 "PRAGMA application_id = %d;"
			 "INSERT INTO meta VALUES ('schema_version', '%lld')"
			 " ON CONFLICT (name) DO UPDATE SET value = excluded.value; COMMIT",
			 APPLICATION, (long long)form + 1);
		if (exec(handle, "BEGIN EXCLUSIVE") && exec(handle, forms[form]) &&
		    exec(handle, sql))
			continue;
		enum sdex_error error = refused(handle, place, why);
		exec(handle, "ROLLBACK");
		return error;
	}
	return SDEX_OK;
}

static void sqlite_close(void *db)
{
	struct database *database = db;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(database->statement[i]);
	sqlite3_close(database->handle);
	free(database);
}

static enum sdex_error prepare(struct database *database, const char *place,
			       struct sdex_failure *why)
{
	int64_t form = 0;
	sqlite3 *handle = database->handle;
	sqlite3_busy_timeout(handle, BUSY_MS);
	enum sdex_error error = read_form(&form, handle, place, why);
	if (error)
		return error;
	/* What a crash takes from a copy is put in again: the sync of each commit is saved. */
	if (!exec(handle, "PRAGMA journal_mode = WAL") ||
	    !exec(handle, "PRAGMA synchronous = NORMAL"))
		return refused(handle, place, why);
	error = migrate(form, handle, place, why);
	if (error)
		return error;
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(handle, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
				       &database->statement[i], NULL) != SQLITE_OK)
			return refused(handle, place, why);
	return SDEX_OK;
}

static void *sqlite_open(const char *place, struct sdex_failure *why)
{
	struct disk_error text;
	/* For this user alone; SQLite gives the files beside it the same mode. */
	int fd = open(place, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		fail(why, SDEX_ERR_UNSUPPORTED, 0, "cannot open the store %.120s: %s", place,
		     disk_error(&text, errno));
		return NULL;
	}
	close(fd);
	struct database *database = calloc(1, sizeof *database);
	if (!database) {
		fail(why, SDEX_ERR_NOMEM, 0, "memory is out");
		return NULL;
	}
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	enum sdex_error error = SDEX_OK;
	if (sqlite3_open_v2(place, &database->handle, flags, NULL) != SQLITE_OK)
		error = refused(database->handle, place, why);
	if (!error)
		error = prepare(database, place, why);
	if (!error)
		return database;
	sqlite_close(database);
	return NULL;
}

/* ---- putting ---- */

static bool run(struct database *database, enum statement which)
{
	sqlite3_stmt *statement = database->statement[which];
	bool done = sqlite3_step(statement) == SQLITE_DONE;
	sqlite3_reset(statement);
	return done;
}

static void bind(sqlite3_stmt *statement, int i, struct store_text text)
{
	if (text.data)
		sqlite3_bind_text64(statement, i, text.data, text.size, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_null(statement, i);
}

/* The texts end in NULL. */
static void bind_all(sqlite3_stmt *statement, const struct store_text *const texts[])
{
	for (int i = 0; texts[i]; i++)
		bind(statement, i + 1, *texts[i]);
}

static bool sqlite_put_order(void *db, const struct store_order *o)
{
	struct database *database = db;
	const struct store_text *const texts[] = {
		&o->order_id,         &o->client_id,
		&o->account,          &o->trading_pair,
		&o->trade_type,       &o->order_type,
		&o->amount,           &o->price,
		&o->filled_amount,    &o->remaining_amount,
		&o->status,           &o->status_detail,
		&o->stellar_offer_id, &o->transaction_hash,
		&o->created_at,       &o->last_update_at,
		&o->document,         NULL,
	};
	bind_all(database->statement[PUT_ORDER], texts);
	return run(database, PUT_ORDER);
}

static bool sqlite_put_fill(void *db, const struct store_fill *f)
{
	struct database *database = db;
	const struct store_text *const texts[] = {
		&f->fill_id,
		&f->order_id,
		&f->account,
		&f->trading_pair,
		&f->trade_type,
		&f->role,
		&f->transaction_hash,
		&f->base_amount,
		&f->counter_amount,
		&f->price,
		&f->at,
		&f->document,
		NULL,
	};
	bind_all(database->statement[PUT_FILL], texts);
	sqlite3_bind_int64(database->statement[PUT_FILL], 13, f->ledger);
	return run(database, PUT_FILL);
}

static bool sqlite_put_balance(void *db, const struct store_balance *b)
{
	struct database *database = db;
	const struct store_text *const texts[] = {
		&b->account, &b->asset,     &b->balance, &b->selling,
		&b->buying,  &b->available, &b->limit,   NULL,
	};
	bind_all(database->statement[PUT_BALANCE], texts);
	sqlite3_bind_int64(database->statement[PUT_BALANCE], 8, b->ledger);
	return run(database, PUT_BALANCE);
}

static bool sqlite_put_cursor(void *db, struct store_text name, struct store_text value)
{
	struct database *database = db;
	bind(database->statement[PUT_CURSOR], 1, name);
	bind(database->statement[PUT_CURSOR], 2, value);
	return run(database, PUT_CURSOR);
}

static bool sqlite_begin(void *db)
{
	return run(db, BEGIN);
}

static bool sqlite_commit(void *db)
{
	return run(db, COMMIT);
}

static void sqlite_rollback(void *db)
{
	struct database *database = db;
	if (!sqlite3_get_autocommit(database->handle))
		exec(database->handle, "ROLLBACK");
}

static const char *sqlite_error(void *db)
{
	struct database *database = db;
	return sqlite3_errmsg(database->handle);
}

/* ---- asking ---- */

/* SQL put together of pieces that stand in this file; what was asked goes into `texts`. */
struct query {
	char sql[600];
	const char *texts[PARTS_MAX];
	int count;
	bool narrowed;
};

static void query_add(struct query *query, const char *piece)
{
	size_t used = strlen(query->sql);
	snprintf(query->sql + used, sizeof query->sql - used, "%s", piece);
}

static void query_narrow(struct query *query, const char *piece)
{
	query_add(query, query->narrowed ? " AND " : " WHERE ");
	query_add(query, piece);
	query->narrowed = true;
}

/* `piece` has the one ? for the text; nothing when that is NULL. */
static void query_where(struct query *query, const char *piece, const char *text)
{
	if (!text)
		return;
	query_narrow(query, piece);
	query->texts[query->count++] = text;
}

static void query_page(struct query *query, const struct store_question *question,
		       const char *behind, const char *before)
{
	query_where(query, question->newest_first ? before : behind, question->cursor);
	query_add(query, question->newest_first ? " ORDER BY seq DESC" : " ORDER BY seq");
	char limit[32];
	snprintf(limit, sizeof limit, " LIMIT %u", question->limit + 1);
	query_add(query, limit);
}

static void query_order(struct query *query, const struct store_question *question)
{
	query_add(query, "SELECT order_id, document FROM orders");
	query_where(query, "order_id = ?", question->order_id);
	query_where(query, "client_id = ?", question->client_id);
	query_where(query, "account = ?", question->account);
	query_add(query, " ORDER BY seq LIMIT 1");
}

static void query_orders(struct query *query, const struct store_question *question)
{
	query_add(query, "SELECT order_id, document FROM orders");
	query_where(query, "account = ?", question->account);
	query_where(query, "trading_pair = ?", question->trading_pair);
	if (question->status && strcmp(question->status, "live") == 0)
		query_narrow(query, "status IN ('pending', 'submitted', 'open', "
				    "'partially_filled')");
	else
		query_where(query, "status = ?", question->status);
	query_page(query, question, "seq > (SELECT seq FROM orders WHERE order_id = ?)",
		   "seq < (SELECT seq FROM orders WHERE order_id = ?)");
}

static void query_fills(struct query *query, const struct store_question *question)
{
	query_add(query, "SELECT " FILL_IDENTITY ", document FROM fills");
	query_where(query, "order_id = ?", question->order_id);
	query_where(query, "account = ?", question->account);
	query_where(query, "trading_pair = ?", question->trading_pair);
	query_page(query, question, "seq > (SELECT seq FROM fills WHERE " FILL_IDENTITY " = ?)",
		   "seq < (SELECT seq FROM fills WHERE " FILL_IDENTITY " = ?)");
}

static void query_balances(struct query *query, const struct store_question *question)
{
	query_add(query, "SELECT asset, json_object('account', account, 'asset', asset, 'balance',"
			 " balance, 'selling', selling, 'buying', buying, 'available', available,"
			 " 'limit', trust_limit, 'ledger', ledger) FROM balances");
	query_where(query, "account = ?", question->account);
	query_add(query, " ORDER BY account, asset");
}

static struct store_text column(sqlite3_stmt *statement, int i)
{
	struct store_text text = {.data = (const char *)sqlite3_column_text(statement, i)};
	text.size = (size_t)sqlite3_column_bytes(statement, i);
	return text;
}

static bool query_run(struct database *database, const struct query *query, store_row_fn *row,
		      void *arg)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(database->handle, query->sql, -1, &statement, NULL) != SQLITE_OK)
		return false;
	for (int i = 0; i < query->count; i++)
		sqlite3_bind_text(statement, i + 1, query->texts[i], -1, SQLITE_STATIC);
	int code;
	bool more = true;
	while (more && (code = sqlite3_step(statement)) == SQLITE_ROW)
		more = row(arg, column(statement, 0), column(statement, 1));
	sqlite3_finalize(statement);
	return !more || code == SQLITE_DONE;
}

static bool seen(void *arg, struct store_text id, struct store_text document)
{
	(void)id, (void)document;
	*(bool *)arg = true;
	return false;
}

static bool is_known(struct database *database, const struct store_question *question, bool *known)
{
	struct query query = {0};
	*known = !question->cursor;
	if (*known)
		return true;
	query_add(&query, question->kind == STORE_FILLS ? "SELECT 1, 1 FROM fills"
							: "SELECT 1, 1 FROM orders");
	query_where(&query, question->kind == STORE_FILLS ? FILL_IDENTITY " = ?" : "order_id = ?",
		    question->cursor);
	return query_run(database, &query, seen, known);
}

static bool sqlite_ask(void *db, const struct store_question *question, bool *known,
		       store_row_fn *row, void *arg)
{
	struct database *database = db;
	struct query query = {0};
	if (!is_known(database, question, known))
		return false;
	if (!*known)
		return true;
	switch (question->kind) {
	case STORE_ORDER:
		query_order(&query, question);
		break;
	case STORE_ORDERS:
		query_orders(&query, question);
		break;
	case STORE_FILLS:
		query_fills(&query, question);
		break;
	case STORE_BALANCES:
		query_balances(&query, question);
		break;
	}
	return query_run(database, &query, row, arg);
}

const struct store_backend store_sqlite = {
	.name = "sqlite",
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.put_order = sqlite_put_order,
	.put_fill = sqlite_put_fill,
	.put_balance = sqlite_put_balance,
	.put_cursor = sqlite_put_cursor,
	.ask = sqlite_ask,
	.error = sqlite_error,
};
