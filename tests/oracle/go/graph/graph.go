// Package graph reads the worlds of tests/oracle/paths_world.h into Horizon's own order book graph
// and asks it their questions.
package graph

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/stellar/go-stellar-sdk/exp/orderbook"
	"github.com/stellar/go-stellar-sdk/xdr"
)

// Question is one `send` or `receive` line.
type Question struct {
	send     bool
	asset    xdr.Asset
	amount   xdr.Int64
	hops     int
	each     int
	pools    bool
	ends     []xdr.Asset
	balances []xdr.Int64
	seller   *xdr.AccountId
}

// World is a graph with its questions.
type World struct {
	Questions []Question
	Offers    int
	graph     *orderbook.OrderBookGraph
	assets    []xdr.Asset
	numbers   map[string]int
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}

func account(seller int64) xdr.AccountId {
	var key xdr.Uint256
	binary.LittleEndian.PutUint64(key[:], uint64(seller))
	id, err := xdr.NewAccountId(xdr.PublicKeyTypePublicKeyTypeEd25519, key)
	if err != nil {
		panic(err)
	}
	return id
}

func (w *World) asset(text string) xdr.Asset {
	return w.assets[number(text)]
}

func (w *World) addAsset(text string) {
	asset := xdr.MustNewNativeAsset()
	if code, issuer, found := strings.Cut(text, ":"); found {
		asset = xdr.MustNewCreditAsset(code, issuer)
	}
	w.numbers[asset.String()] = len(w.assets)
	w.assets = append(w.assets, asset)
}

func (w *World) addPool(words []string) {
	a, b := w.asset(words[1]), w.asset(words[2])
	id, err := xdr.NewPoolId(a, b, xdr.LiquidityPoolFeeV18)
	if err != nil {
		panic(err)
	}
	w.graph.AddLiquidityPools(xdr.LiquidityPoolEntry{
		LiquidityPoolId: id,
		Body: xdr.LiquidityPoolEntryBody{
			Type: xdr.LiquidityPoolTypeLiquidityPoolConstantProduct,
			ConstantProduct: &xdr.LiquidityPoolEntryConstantProduct{
				Params:   xdr.LiquidityPoolConstantProductParameters{AssetA: a, AssetB: b, Fee: xdr.LiquidityPoolFeeV18},
				ReserveA: xdr.Int64(number(words[3])),
				ReserveB: xdr.Int64(number(words[4])),
			},
		},
	})
}

func (w *World) addQuestion(words []string) {
	q := Question{
		send:   words[0] == "send",
		asset:  w.asset(words[1]),
		amount: xdr.Int64(number(words[2])),
		hops:   int(number(words[3])),
		each:   int(number(words[4])),
		pools:  words[5] == "1",
	}
	for _, end := range strings.Split(words[6], ",") {
		q.ends = append(q.ends, w.asset(end))
	}
	if !q.send && words[7] != "-" {
		for _, balance := range strings.Split(words[7], ",") {
			q.balances = append(q.balances, xdr.Int64(number(balance)))
		}
	}
	if !q.send && words[8] != "-" {
		seller := account(number(words[8]))
		q.seller = &seller
	}
	w.Questions = append(w.Questions, q)
}

// Read makes the graph.
func Read(in io.Reader) *World {
	w := &World{graph: orderbook.NewOrderBookGraph(), numbers: map[string]int{}}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "asset":
			w.addAsset(words[1])
		case "offer":
			w.Offers++
			w.graph.AddOffers(xdr.OfferEntry{
				OfferId:  xdr.Int64(number(words[1])),
				SellerId: account(number(words[2])),
				Selling:  w.asset(words[3]),
				Buying:   w.asset(words[4]),
				Amount:   xdr.Int64(number(words[5])),
				Price:    xdr.Price{N: xdr.Int32(number(words[6])), D: xdr.Int32(number(words[7]))},
			})
		case "pool":
			w.addPool(words)
		case "send", "receive":
			w.addQuestion(words)
		default:
			panic("a line of an unknown kind")
		}
	}
	if err := lines.Err(); err != nil {
		panic(err)
	}
	if err := w.graph.Apply(1); err != nil {
		panic(err)
	}
	return w
}

// Ask asks one question.
func (w *World) Ask(q *Question) []orderbook.Path {
	var paths []orderbook.Path
	var err error
	if q.send {
		paths, _, err = w.graph.FindFixedPaths(context.Background(), q.hops, q.asset, q.amount, q.ends, q.each, q.pools)
	} else {
		balances := q.balances
		if balances == nil {
			balances = make([]xdr.Int64, len(q.ends))
		}
		paths, _, err = w.graph.FindPaths(context.Background(), q.hops, q.asset, q.amount, q.seller, q.ends, balances,
			q.balances != nil, q.each, q.pools)
	}
	if err != nil {
		panic(err)
	}
	return paths
}

// Line is the answer as a line, without its end.
func (w *World) Line(paths []orderbook.Path) string {
	var out []string
	for _, path := range paths {
		assets := []string{strconv.Itoa(w.numbers[path.SourceAsset])}
		for _, asset := range path.InteriorNodes {
			assets = append(assets, strconv.Itoa(w.numbers[asset]))
		}
		// The path that is no trade names its only asset once.
		if path.DestinationAsset != path.SourceAsset {
			assets = append(assets, strconv.Itoa(w.numbers[path.DestinationAsset]))
		}
		out = append(out, fmt.Sprintf("%d %d %s", path.SourceAmount, path.DestinationAmount, strings.Join(assets, ",")))
	}
	return strings.Join(out, ";")
}
