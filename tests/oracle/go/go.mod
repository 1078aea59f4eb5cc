module oracle

go 1.25

require (
	github.com/stellar/go-stellar-sdk v0.7.3
	github.com/xdrpp/goxdr v0.1.1
)

require (
	github.com/holiman/uint256 v1.2.3 // indirect
	github.com/klauspost/compress v1.17.6 // indirect
	github.com/pkg/errors v0.9.1 // indirect
	github.com/stellar/go-xdr v0.0.0-20260806060815-dc590f17552a // indirect
	golang.org/x/exp v0.0.0-20231006140011-7918f672742d // indirect
)
