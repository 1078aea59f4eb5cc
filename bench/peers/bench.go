// The work of README.md with github.com/stellar/go-stellar-sdk.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"

	"github.com/stellar/go-stellar-sdk/keypair"
	"github.com/stellar/go-stellar-sdk/network"
	"github.com/stellar/go-stellar-sdk/strkey"
	"github.com/stellar/go-stellar-sdk/txnbuild"
	"github.com/stellar/go-stellar-sdk/xdr"
)

// CPU time of the process, all threads, in seconds.
func cpu() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// Median of three samples of a tenth of a second; times of the work in one second.
func rate(work func()) float64 {
	sample := func(count int) float64 {
		start := cpu()
		for range count {
			work()
		}
		return cpu() - start
	}
	count := 1
	for {
		seconds := sample(count)
		if seconds >= 0.1 {
			break
		}
		count = int(float64(count) * min(max(0.12/max(seconds, 1e-6), 2), 100))
	}
	var rates []float64
	for range 3 {
		rates = append(rates, float64(count)/sample(count))
	}
	slices.Sort(rates)
	return rates[1]
}

func print(name string, figure float64, unit string) {
	fmt.Printf("%s\t%.4f\t%s\n", name, figure, unit)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func ledger(path string) {
	bytes := must(os.ReadFile(path))
	name := regexp.MustCompile("[0-9]+").FindString(filepath.Base(path))
	decoder, encoder := xdr.NewBytesDecoder(), xdr.NewEncodingBuffer()
	megabytes := float64(len(bytes)) / 1e6
	print("decode ledger "+name, megabytes*rate(func() {
		var value xdr.LedgerCloseMeta
		must(decoder.DecodeBytes(&value, bytes))
	}), "MB/s")
	var value xdr.LedgerCloseMeta
	must(decoder.DecodeBytes(&value, bytes))
	encode := func() { must(encoder.UnsafeMarshalBinary(value)) }
	print("encode ledger "+name, megabytes*rate(encode), "MB/s")
}

var (
	key    = must(keypair.FromRawSeed([32]byte([]byte("a seed that is of no worth to us"))))
	issuer = strkey.MustEncode(strkey.VersionByteAccountID, make([]byte, 32))
	euro   = txnbuild.CreditAsset{Code: "EURC", Issuer: issuer}
)

func transaction(operations []txnbuild.Operation) string {
	made := must(txnbuild.NewTransaction(txnbuild.TransactionParams{
		SourceAccount: &txnbuild.SimpleAccount{AccountID: key.Address(), Sequence: 1 << 40},
		Operations:    operations,
		BaseFee:       100,
		Preconditions: txnbuild.Preconditions{TimeBounds: txnbuild.NewTimebounds(0, 1_800_000_000)},
	}))
	made = must(made.Sign(network.PublicNetworkPassphrase, key))
	return must(made.Base64())
}

func payment() string {
	return transaction([]txnbuild.Operation{
		&txnbuild.Payment{Destination: issuer, Amount: "1.2345678", Asset: euro},
	})
}

func offers() string {
	operations := make([]txnbuild.Operation, 20)
	for i := range operations {
		operations[i] = &txnbuild.ManageSellOffer{
			Selling: euro, Buying: txnbuild.NativeAsset{}, Amount: "1.0000001",
			Price: xdr.Price{N: xdr.Int32(100 + i), D: 99}, OfferID: int64(i),
		}
	}
	return transaction(operations)
}

func main() {
	for _, path := range os.Args[1:] {
		ledger(path)
	}
	var envelope xdr.TransactionEnvelope
	if err := xdr.SafeUnmarshalBase64(payment(), &envelope); err != nil {
		panic(err)
	}
	bytes := must(envelope.MarshalBinary())
	decoder := xdr.NewBytesDecoder()
	print("decode envelope", rate(func() {
		var value xdr.TransactionEnvelope
		must(decoder.DecodeBytes(&value, bytes))
	}), "/s")
	print("payment", rate(func() { payment() }), "/s")
	print("20 offers", rate(func() { offers() }), "/s")
	text := key.Address()
	print("decode strkey", rate(func() { must(strkey.Decode(strkey.VersionByteAccountID, text)) }), "/s")
}
