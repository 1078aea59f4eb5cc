// Answers the oracle's questions (tests/oracle/README.md) with github.com/stellar/go-stellar-sdk, and
// makes transactions with its txnbuild.
package main

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/stellar/go-stellar-sdk/amount"
	"github.com/stellar/go-stellar-sdk/keypair"
	"github.com/stellar/go-stellar-sdk/network"
	"github.com/stellar/go-stellar-sdk/price"
	"github.com/stellar/go-stellar-sdk/strkey"
	"github.com/stellar/go-stellar-sdk/toid"
	"github.com/stellar/go-stellar-sdk/txnbuild"
	"github.com/stellar/go-stellar-sdk/xdr"

	"oracle/graph"
)

var errUnknown = errors.New("unknown")

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	args := os.Args[1:]
	switch {
	case len(args) == 1 && args[0] == "answer":
		in := bufio.NewScanner(os.Stdin)
		in.Buffer(nil, 1<<28)
		for in.Scan() {
			fmt.Fprintln(out, safeAnswer(strings.Split(in.Text(), "\t")))
		}
	case len(args) == 4 && args[0] == "make" && args[1] == "tx":
		seed, _ := strconv.ParseInt(args[2], 10, 64)
		count, _ := strconv.Atoi(args[3])
		makeTx(out, seed, count)
	case len(args) == 1 && args[0] == "paths":
		world := graph.Read(os.Stdin)
		for i := range world.Questions {
			fmt.Fprintln(out, world.Line(world.Ask(&world.Questions[i])))
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: oracle-go answer | oracle-go make tx SEED COUNT | oracle-go paths")
		os.Exit(2)
	}
}

// What the library throws is its answer too.
func safeAnswer(question []string) (text string) {
	defer func() {
		if why := recover(); why != nil {
			text = fmt.Sprintf("refused panic %v", why)
		}
		text = strings.ReplaceAll(text, "\n", " ")
	}()
	text, err := answer(question[0], append(question[1:], "", "", ""))
	switch {
	case err == errUnknown:
		return "unknown"
	case err != nil:
		return "refused " + err.Error()
	}
	return text
}

func answer(kind string, args []string) (string, error) {
	switch kind {
	case "tx":
		return tx(args[0], args[1], args[2])
	case "address":
		return address(args[0], args[1])
	case "inspect":
		version, payload, err := strkey.DecodeAny(args[0])
		return fmt.Sprintf("%.1s\t%x", args[0], payload), either(err, checkKind(version, args[0]))
	case "amount":
		stroops, err := amount.ParseInt64(args[0])
		return strconv.FormatInt(stroops, 10), err
	case "stroops":
		return amount.IntStringToAmount(args[0])
	case "price":
		found, err := price.Parse(args[0])
		return fmt.Sprintf("%d/%d", found.N, found.D), err
	case "contract":
		asset, err := parseAsset(args[1])
		if err != nil {
			return "", err
		}
		id, err := asset.ContractID(args[0])
		return strkey.MustEncode(strkey.VersionByteContract, id[:]), err
	case "pool":
		return pool(args[0], args[1])
	case "balance":
		return balance(args[0], args[1], args[2])
	case "sign":
		key, err := keypair.ParseFull(args[0])
		if err != nil {
			return "", err
		}
		signature, err := key.Sign(unhex(args[1]))
		return hex.EncodeToString(signature), err
	case "bytes":
		return same(args[0], args[1])
	case "toid":
		id := toid.New(int32(number(args[0])), int32(number(args[1])), int32(number(args[2])))
		return strconv.FormatInt(id.ToInt64(), 10), nil
	}
	return "", errUnknown
}

func either(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// The questions are ours and well-formed; what is not is a bug of the test.
func unhex(text string) []byte {
	bytes, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return bytes
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}

func signature(signer string, hash []byte) (xdr.DecoratedSignature, error) {
	parts := strings.Split(signer, ":")
	switch parts[0] {
	case "x":
		// Only a whole transaction can be signed by a preimage, so one does, and gives it away.
		some, err := txnbuild.NewTransaction(txnbuild.TransactionParams{
			SourceAccount: &txnbuild.SimpleAccount{AccountID: keypair.Master("").Address()},
			Operations:    []txnbuild.Operation{&txnbuild.Inflation{}},
			Preconditions: txnbuild.Preconditions{TimeBounds: txnbuild.NewInfiniteTimeout()},
		})
		if err != nil {
			return xdr.DecoratedSignature{}, err
		}
		some, err = some.SignHashX(unhex(parts[1]))
		if err != nil {
			return xdr.DecoratedSignature{}, err
		}
		return some.Signatures()[0], nil
	case "p":
		return keypair.MustParseFull(parts[1]).SignPayloadDecorated(unhex(parts[2]))
	}
	return keypair.MustParseFull(parts[0]).SignDecorated(hash)
}

func sign(envelope *xdr.TransactionEnvelope, passphrase, signers string) (hash [32]byte, err error) {
	if hash, err = network.HashTransactionInEnvelope(*envelope, passphrase); err != nil {
		return
	}
	for _, signer := range strings.Fields(signers) {
		made, err := signature(signer, hash[:])
		if err != nil {
			return hash, err
		}
		switch envelope.Type {
		case xdr.EnvelopeTypeEnvelopeTypeTxV0:
			envelope.V0.Signatures = append(envelope.V0.Signatures, made)
		case xdr.EnvelopeTypeEnvelopeTypeTx:
			envelope.V1.Signatures = append(envelope.V1.Signatures, made)
		default:
			envelope.FeeBump.Signatures = append(envelope.FeeBump.Signatures, made)
		}
	}
	return hash, nil
}

func tx(passphrase, base64, signers string) (string, error) {
	var envelope xdr.TransactionEnvelope
	if err := xdr.SafeUnmarshalBase64(base64, &envelope); err != nil {
		return "", err
	}
	hash, err := sign(&envelope, passphrase, signers)
	if err != nil {
		return "", err
	}
	signed, err := xdr.MarshalBase64(envelope)
	return fmt.Sprintf("%x\t%s", hash, signed), err
}

// The SDK has no list of its types: these are the ones that arrive from outside.
var types = map[string]func() any{
	"BucketEntry":            func() any { return &xdr.BucketEntry{} },
	"ConfigSettingEntry":     func() any { return &xdr.ConfigSettingEntry{} },
	"LedgerCloseMeta":        func() any { return &xdr.LedgerCloseMeta{} },
	"LedgerCloseMetaBatch":   func() any { return &xdr.LedgerCloseMetaBatch{} },
	"LedgerEntry":            func() any { return &xdr.LedgerEntry{} },
	"LedgerHeader":           func() any { return &xdr.LedgerHeader{} },
	"LedgerKey":              func() any { return &xdr.LedgerKey{} },
	"SCVal":                  func() any { return &xdr.ScVal{} },
	"SCSpecEntry":            func() any { return &xdr.ScSpecEntry{} },
	"SorobanTransactionData": func() any { return &xdr.SorobanTransactionData{} },
	"StellarMessage":         func() any { return &xdr.StellarMessage{} },
	"TransactionEnvelope":    func() any { return &xdr.TransactionEnvelope{} },
	"TransactionMeta":        func() any { return &xdr.TransactionMeta{} },
	"TransactionResult":      func() any { return &xdr.TransactionResult{} },
}

func same(name, base64 string) (string, error) {
	for each, make := range types {
		if strings.EqualFold(each, name) {
			value := make()
			if err := xdr.SafeUnmarshalBase64(base64, value); err != nil {
				return "", err
			}
			return xdr.MarshalBase64(value)
		}
	}
	return "", errUnknown
}

var versions = map[string]strkey.VersionByte{
	"G": strkey.VersionByteAccountID, "S": strkey.VersionByteSeed, "M": strkey.VersionByteMuxedAccount,
	"T": strkey.VersionByteHashTx, "X": strkey.VersionByteHashX, "P": strkey.VersionByteSignedPayload,
	"C": strkey.VersionByteContract, "L": strkey.VersionByteLiquidityPool,
	"B": strkey.VersionByteClaimableBalance,
}

func address(kind, payload string) (string, error) {
	version, ok := versions[kind]
	if !ok {
		return "", errUnknown
	}
	return strkey.Encode(version, unhex(payload))
}

func checkKind(version strkey.VersionByte, text string) error {
	if text == "" || versions[text[:1]] != version {
		return errors.New("the first letter is another kind's")
	}
	return nil
}

func parseAsset(text string) (xdr.Asset, error) {
	if text == "native" {
		return xdr.MustNewNativeAsset(), nil
	}
	code, issuer, _ := strings.Cut(text, ":")
	return xdr.NewCreditAsset(code, issuer)
}

func pool(first, second string) (string, error) {
	a, err := parseAsset(first)
	if err != nil {
		return "", err
	}
	b, err := parseAsset(second)
	if err != nil {
		return "", err
	}
	if b.LessThan(a) {
		a, b = b, a
	}
	id, err := xdr.NewPoolId(a, b, xdr.LiquidityPoolFeeV18)
	return hex.EncodeToString(id[:]), err
}

// Only a transaction can say which balance it creates: this one does at the index asked for.
func balance(source, sequence, index string) (string, error) {
	operations := make([]txnbuild.Operation, number(index)+1)
	for i := range operations {
		operations[i] = &txnbuild.Inflation{}
	}
	operations[number(index)] = &txnbuild.CreateClaimableBalance{
		Amount: "1", Asset: txnbuild.NativeAsset{},
		Destinations: []txnbuild.Claimant{txnbuild.NewClaimant(source, nil)},
	}
	transaction, err := txnbuild.NewTransaction(txnbuild.TransactionParams{
		SourceAccount: &txnbuild.SimpleAccount{AccountID: source, Sequence: number(sequence)},
		Operations:    operations,
		BaseFee:       100,
		Preconditions: txnbuild.Preconditions{TimeBounds: txnbuild.NewInfiniteTimeout()},
	})
	if err != nil {
		return "", err
	}
	return transaction.ClaimableBalanceID(int(number(index)))
}
