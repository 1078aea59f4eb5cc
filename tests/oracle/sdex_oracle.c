/* tests/oracle/sdex_oracle.c - this library's answers about transactions, line
 * by line, so that other SDKs can be held against them.
 *
 *   sdex_oracle hash < lines          what is this envelope's hash, and how is it signed?
 *   sdex_oracle generate COUNT SEED   COUNT random transactions, the same ones for the same SEED
 *
 * One transaction a line, fields separated by one space, lines end in '\n':
 *
 *   hash reads      PASSPHRASE [KEY...] ENVELOPE
 *   hash prints     HASH [SIGNATURE...] SIGNED
 *   generate prints PASSPHRASE [KEY...] ENVELOPE = HASH [SIGNATURE...] SIGNED
 *
 * so that what stands left of " = " can be fed to `hash` (ours or another's),
 * which then has to print what stands right of it.
 *
 *   PASSPHRASE  the network's passphrase, its bytes in lower-case hex
 *   KEY         0 to 20 ed25519 seeds, 64 hex digits each, in the order in which they sign
 *   ENVELOPE    TransactionEnvelope, XDR in base64 (v0, v1 or fee bump); signatures that it
 *               carries already (a fee bump's inner ones, in `generate`) stay where they are
 *   HASH        64 hex digits: sha256 of the TransactionSignaturePayload.  A v0 envelope is
 *               hashed as the v1 transaction that it stands for
 *   SIGNATURE   128 hex digits, one per KEY: ed25519 over HASH
 *   SIGNED      ENVELOPE with one decorated signature per KEY appended, XDR in base64
 *
 * A line that is refused prints "error" and the reason, the rest goes on, and the
 * exit status is 1.  Empty lines are passed over.
 *
 * `generate` covers every operation type, every memo, every form of preconditions,
 * muxed accounts, v0 and v1 envelopes, fee bumps and Soroban data. */
