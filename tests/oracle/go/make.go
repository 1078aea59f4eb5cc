// Random transactions made with txnbuild: all operations, memos, preconditions, muxed accounts and fee
// bumps.  Host functions, authorisations and Soroban data come from the SDK's generator of random XDR.
package main

import (
	"encoding"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand"
	"strings"

	"github.com/stellar/go-stellar-sdk/amount"
	"github.com/stellar/go-stellar-sdk/gxdr"
	"github.com/stellar/go-stellar-sdk/keypair"
	"github.com/stellar/go-stellar-sdk/randxdr"
	"github.com/stellar/go-stellar-sdk/strkey"
	"github.com/stellar/go-stellar-sdk/txnbuild"
	"github.com/stellar/go-stellar-sdk/xdr"
	goxdr "github.com/xdrpp/goxdr/xdr"
)

var networks = []string{
	"Public Global Stellar Network ; September 2015",
	"Test SDF Network ; September 2015",
	"Standalone Network ; February 2017",
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

type parts struct{ *rand.Rand }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func (p parts) chance(percent int) bool { return p.Intn(100) < percent }

func list[T any](p parts, least, most int, make func() T) (all []T) {
	for n := least + p.Intn(most-least+1); n > 0; n-- {
		all = append(all, make())
	}
	return all
}

func pick[T any](p parts, all ...T) T { return all[p.Intn(len(all))] }

func maybe[T any](p parts, percent int, make func() T) *T {
	if !p.chance(percent) {
		return nil
	}
	value := make()
	return &value
}

func (p parts) bytes(n int) []byte {
	all := make([]byte, n)
	p.Read(all)
	return all
}

func (p parts) text(least, most int) string {
	return string(list(p, least, most, func() byte { return letters[p.Intn(len(letters))] }))
}

func (p parts) key() *keypair.Full { return must(keypair.FromRawSeed([32]byte(p.bytes(32)))) }
func (p parts) account() string    { return p.key().Address() }
func (p parts) hash() string       { return hex.EncodeToString(p.bytes(32)) }
func (p parts) stroops() int64     { return p.Int63() >> p.Intn(62) }
func (p parts) amount() string     { return amount.StringFromInt64(p.stroops() | 1) }
func (p parts) any() string        { return amount.StringFromInt64(p.stroops()) }
func (p parts) number() int32      { return 1 + p.Int31n(1<<31-1) }
func (p parts) price() xdr.Price {
	return xdr.Price{N: xdr.Int32(p.number()), D: xdr.Int32(p.number())}
}
func (p parts) credit() txnbuild.Asset {
	return txnbuild.CreditAsset{Code: p.text(1, 12), Issuer: p.account()}
}
func (p parts) assets() []txnbuild.Asset { return list(p, 0, 5, p.asset) }

func (p parts) asset() txnbuild.Asset {
	if p.chance(25) {
		return txnbuild.NativeAsset{}
	}
	return p.credit()
}

func (p parts) muxed() string {
	if !p.chance(30) {
		return p.account()
	}
	return strkey.MustEncode(strkey.VersionByteMuxedAccount, p.bytes(40))
}

func (p parts) source() string {
	if p.chance(60) {
		return ""
	}
	return p.muxed()
}

func (p parts) signerKey() string {
	switch p.Intn(4) {
	case 0:
		return p.account()
	case 1:
		return strkey.MustEncode(strkey.VersionByteHashTx, p.bytes(32))
	case 2:
		return strkey.MustEncode(strkey.VersionByteHashX, p.bytes(32))
	}
	payload := must(strkey.NewSignedPayload(p.account(), p.bytes(1+p.Intn(64))))
	return must(payload.Encode())
}

func (p parts) predicate(depth int) xdr.ClaimPredicate {
	n := 6
	if depth == 0 {
		n = 3
	}
	switch p.Intn(n) {
	case 0:
		return txnbuild.UnconditionalPredicate
	case 1:
		return txnbuild.BeforeAbsoluteTimePredicate(p.Int63())
	case 2:
		return txnbuild.BeforeRelativeTimePredicate(p.Int63())
	case 3:
		return txnbuild.NotPredicate(p.predicate(depth - 1))
	case 4:
		return txnbuild.AndPredicate(p.predicate(depth-1), p.predicate(depth-1))
	}
	return txnbuild.OrPredicate(p.predicate(depth-1), p.predicate(depth-1))
}

// Random XDR, small and not deep.
func (p parts) fill(shape goxdr.XdrType, into encoding.BinaryUnmarshaler) {
	generator := randxdr.Generator{MaxBytesSize: 60, MaxVecLen: 4, Source: rand.NewSource(p.Int63())}
	flat := func(name string, t goxdr.XdrType) bool {
		_, vector := goxdr.XdrBaseType(t).(goxdr.XdrVec)
		return vector && strings.Count(name, "[")+strings.Count(name, ".map")+strings.Count(name, ".vec") > 2
	}
	generator.Next(shape, []randxdr.Preset{
		{Selector: randxdr.IsDeepAuthorizedInvocationTree, Setter: randxdr.SetVecLen(0)},
		{Selector: randxdr.IsDeepNestedDelegates, Setter: randxdr.SetVecLen(0)},
		{Selector: flat, Setter: randxdr.SetVecLen(0)},
	})
	if err := gxdr.Convert(shape, into); err != nil {
		panic(err)
	}
}

func (p parts) ext() xdr.TransactionExt {
	data := &xdr.SorobanTransactionData{}
	p.fill(&gxdr.SorobanTransactionData{}, data)
	data.ResourceFee = xdr.Int64(p.Int31())
	return xdr.TransactionExt{V: 1, SorobanData: data}
}

func (p parts) call() txnbuild.Operation {
	op := &txnbuild.InvokeHostFunction{SourceAccount: p.source(), Ext: p.ext()}
	p.fill(&gxdr.HostFunction{}, &op.HostFunction)
	op.Auth = list(p, 0, 2, func() (entry xdr.SorobanAuthorizationEntry) {
		p.fill(&gxdr.SorobanAuthorizationEntry{}, &entry)
		return
	})
	return op
}

func (p parts) poolAsset() txnbuild.ChangeTrustAsset {
	a, b := p.asset(), p.credit()
	if x, y := must(a.ToXDR()), must(b.ToXDR()); y.LessThan(x) {
		a, b = b, a
	}
	return txnbuild.LiquidityPoolShareChangeTrustAsset{
		LiquidityPoolParameters: txnbuild.LiquidityPoolParameters{
			AssetA: a, AssetB: b, Fee: txnbuild.LiquidityPoolFeeV18,
		},
	}
}

func (p parts) trust() txnbuild.Operation {
	line := p.poolAsset()
	if p.chance(70) {
		line = txnbuild.ChangeTrustAssetWrapper{Asset: p.credit()}
	}
	return &txnbuild.ChangeTrust{Line: line, Limit: p.any(), SourceAccount: p.source()}
}

func (p parts) options() txnbuild.Operation {
	threshold := func() txnbuild.Threshold { return txnbuild.Threshold(p.Intn(256)) }
	flags := func() []txnbuild.AccountFlag {
		type flags = []txnbuild.AccountFlag
		return pick(p, nil, flags{txnbuild.AuthRequired}, flags{txnbuild.AuthImmutable},
			flags{txnbuild.AuthRevocable, txnbuild.AuthClawbackEnabled})
	}
	return &txnbuild.SetOptions{
		InflationDestination: maybe(p, 50, p.account), SetFlags: flags(), ClearFlags: flags(),
		MasterWeight: maybe(p, 50, threshold), LowThreshold: maybe(p, 50, threshold),
		MediumThreshold: maybe(p, 50, threshold), HighThreshold: maybe(p, 50, threshold),
		HomeDomain: maybe(p, 50, func() string { return p.text(0, 32) }),
		Signer: maybe(p, 70, func() txnbuild.Signer {
			return txnbuild.Signer{Address: p.signerKey(), Weight: threshold()}
		}),
		SourceAccount: p.source(),
	}
}

func (p parts) revoke() txnbuild.Operation {
	account, balance := p.account(), "00000000"+p.hash()
	op := &txnbuild.RevokeSponsorship{SourceAccount: p.source()}
	switch p.Intn(6) {
	case 0:
		op.SponsorshipType, op.Account = txnbuild.RevokeSponsorshipTypeAccount, &account
	case 1:
		// Of pool shares too, but then txnbuild's Validate asks for an asset's issuer and refuses.
		asset := txnbuild.TrustLineAssetWrapper{Asset: p.credit()}
		op.SponsorshipType, op.TrustLine = txnbuild.RevokeSponsorshipTypeTrustLine, &txnbuild.TrustLineID{
			Account: account, Asset: asset,
		}
	case 2:
		op.SponsorshipType, op.Offer = txnbuild.RevokeSponsorshipTypeOffer, &txnbuild.OfferID{
			SellerAccountAddress: account, OfferID: p.Int63(),
		}
	case 3:
		op.SponsorshipType, op.Data = txnbuild.RevokeSponsorshipTypeData, &txnbuild.DataID{
			Account: account, DataName: p.text(1, 64),
		}
	case 4:
		op.SponsorshipType, op.ClaimableBalance = txnbuild.RevokeSponsorshipTypeClaimableBalance, &balance
	default:
		op.SponsorshipType, op.Signer = txnbuild.RevokeSponsorshipTypeSigner, &txnbuild.SignerID{
			AccountID: account, SignerAddress: p.signerKey(),
		}
	}
	return op
}

func (p parts) trustFlags() txnbuild.Operation {
	op := &txnbuild.SetTrustLineFlags{
		Trustor: p.account(), Asset: p.credit(), SourceAccount: p.source(),
	}
	switch p.Intn(3) {
	case 0:
		op.SetFlags = []txnbuild.TrustLineFlag{txnbuild.TrustLineAuthorized}
		op.ClearFlags = []txnbuild.TrustLineFlag{txnbuild.TrustLineClawbackEnabled}
	case 1:
		op.SetFlags = []txnbuild.TrustLineFlag{txnbuild.TrustLineAuthorizedToMaintainLiabilities}
		op.ClearFlags = []txnbuild.TrustLineFlag{txnbuild.TrustLineAuthorized}
	}
	return op
}

// One maker for each operation, the Soroban ones last.
func (p parts) operations() []func() txnbuild.Operation {
	type op = txnbuild.Operation
	return []func() op{
		func() op {
			return &txnbuild.CreateAccount{
				Destination: p.account(), Amount: p.any(), SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.Payment{
				Destination: p.muxed(), Amount: p.amount(), Asset: p.asset(),
				SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.PathPaymentStrictReceive{
				SendAsset: p.asset(), SendMax: p.amount(), Destination: p.muxed(),
				DestAsset: p.asset(), DestAmount: p.amount(), Path: p.assets(),
				SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.PathPaymentStrictSend{
				SendAsset: p.asset(), SendAmount: p.amount(), Destination: p.muxed(),
				DestAsset: p.asset(), DestMin: p.amount(), Path: p.assets(),
				SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.ManageSellOffer{
				Selling: p.asset(), Buying: p.credit(), Amount: p.any(), Price: p.price(),
				OfferID: p.stroops(), SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.ManageBuyOffer{
				Selling: p.asset(), Buying: p.credit(), Amount: p.any(), Price: p.price(),
				OfferID: p.stroops(), SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.CreatePassiveSellOffer{
				Selling: p.asset(), Buying: p.credit(), Amount: p.amount(), Price: p.price(),
				SourceAccount: p.source(),
			}
		},
		p.options,
		p.trust,
		func() op {
			yes := p.chance(50)
			return &txnbuild.AllowTrust{
				Trustor: p.account(), Type: p.credit(), Authorize: yes,
				AuthorizeToMaintainLiabilities: !yes && p.chance(50), SourceAccount: p.source(),
			}
		},
		func() op { return &txnbuild.AccountMerge{Destination: p.muxed(), SourceAccount: p.source()} },
		func() op { return &txnbuild.Inflation{SourceAccount: p.source()} },
		func() op {
			op := &txnbuild.ManageData{Name: p.text(1, 64), SourceAccount: p.source()}
			if p.chance(80) {
				op.Value = p.bytes(p.Intn(65))
			}
			return op
		},
		func() op { return &txnbuild.BumpSequence{BumpTo: p.stroops(), SourceAccount: p.source()} },
		func() op {
			claimants := list(p, 1, 10, func() txnbuild.Claimant {
				predicate := p.predicate(3)
				return txnbuild.NewClaimant(p.account(), &predicate)
			})
			return &txnbuild.CreateClaimableBalance{
				Amount: p.amount(), Asset: p.asset(), Destinations: claimants,
				SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.ClaimClaimableBalance{
				BalanceID: "00000000" + p.hash(), SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.BeginSponsoringFutureReserves{
				SponsoredID: p.account(), SourceAccount: p.source(),
			}
		},
		func() op { return &txnbuild.EndSponsoringFutureReserves{SourceAccount: p.source()} },
		p.revoke,
		func() op {
			return &txnbuild.Clawback{
				From: p.muxed(), Amount: p.amount(), Asset: p.credit(),
				SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.ClawbackClaimableBalance{
				BalanceID: "00000000" + p.hash(), SourceAccount: p.source(),
			}
		},
		p.trustFlags,
		func() op {
			return &txnbuild.LiquidityPoolDeposit{
				LiquidityPoolID: txnbuild.LiquidityPoolId(p.bytes(32)), MaxAmountA: p.amount(),
				MaxAmountB: p.amount(), MinPrice: p.price(), MaxPrice: p.price(),
				SourceAccount: p.source(),
			}
		},
		func() op {
			return &txnbuild.LiquidityPoolWithdraw{
				LiquidityPoolID: txnbuild.LiquidityPoolId(p.bytes(32)), Amount: p.amount(),
				MinAmountA: p.any(), MinAmountB: p.any(), SourceAccount: p.source(),
			}
		},
		p.call,
		func() op {
			return &txnbuild.ExtendFootprintTtl{
				ExtendTo: uint32(p.number()), SourceAccount: p.source(), Ext: p.ext(),
			}
		},
		func() op { return &txnbuild.RestoreFootprint{SourceAccount: p.source(), Ext: p.ext()} },
	}
}

func (p parts) memo() txnbuild.Memo {
	return pick[txnbuild.Memo](p, nil, txnbuild.MemoText(p.text(0, 28)), txnbuild.MemoText(p.bytes(p.Intn(29))),
		txnbuild.MemoID(p.Uint64()), txnbuild.MemoHash(p.bytes(32)), txnbuild.MemoReturn(p.bytes(32)))
}

func (p parts) preconditions() (made txnbuild.Preconditions) {
	low := p.Int63n(1 << 62)
	made.TimeBounds = txnbuild.NewTimebounds(low, pick(p, 0, low+p.Int63n(1<<61)))
	if p.chance(30) {
		made.LedgerBounds = &txnbuild.LedgerBounds{
			MinLedger: uint32(p.Int31()), MaxLedger: pick(p, 0, 1<<31+uint32(p.Int31())),
		}
	}
	if p.chance(30) {
		made.MinSequenceNumber = maybe(p, 100, p.stroops)
	}
	if p.chance(30) {
		made.MinSequenceNumberAge = p.Uint64()
	}
	if p.chance(30) {
		made.MinSequenceNumberLedgerGap = p.Uint32()
	}
	if p.chance(30) {
		made.ExtraSigners = list(p, 1, 2, p.signerKey)
	}
	return made
}

func (p parts) signers() string {
	return strings.Join(list(p, 1, 3, func() string {
		payload := hex.EncodeToString(p.bytes(1 + p.Intn(64)))
		seed := p.key().Seed()
		return pick(p, seed, seed, seed, seed, "x:"+payload, "p:"+seed+":"+payload)
	}), " ")
}

func (p parts) transaction(i int) *txnbuild.Transaction {
	makers := p.operations()
	first := i % len(makers)
	operations := []txnbuild.Operation{makers[first]()}
	if first < len(makers)-3 {
		more := 4
		if p.chance(3) {
			more = 99
		}
		classic := func() txnbuild.Operation { return pick(p, makers[:len(makers)-3]...)() }
		operations = append(operations, list(p, 0, more, classic)...)
	}
	return must(txnbuild.NewTransaction(txnbuild.TransactionParams{
		SourceAccount: &txnbuild.SimpleAccount{AccountID: p.muxed(), Sequence: p.stroops()},
		Operations:    operations,
		BaseFee:       100 + p.Int63n(100000),
		Memo:          p.memo(),
		Preconditions: p.preconditions(),
	}))
}

func makeTx(out io.Writer, seed int64, count int) {
	p := parts{rand.New(rand.NewSource(seed))}
	for i := range count {
		passphrase := pick(p, networks...)
		made := p.transaction(i)
		text := must(made.Base64())
		if p.chance(20) {
			inner := made.ToXDR()
			must(sign(&inner, passphrase, p.signers()))
			made = must(made.AddSignatureDecorated(inner.V1.Signatures...))
			bump := must(txnbuild.NewFeeBumpTransaction(txnbuild.FeeBumpTransactionParams{
				Inner: made, FeeAccount: p.muxed(), BaseFee: 1<<40 + p.Int63n(1<<40),
			}))
			text = must(bump.Base64())
		}
		fmt.Fprintf(out, "tx\t%s\t%s\t%s\n", passphrase, text, p.signers())
	}
}
