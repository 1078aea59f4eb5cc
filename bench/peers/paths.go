// Horizon's own finder (exp/orderbook) over the graphs that bench_paths wrote, with the same questions.
//
//	bench-paths-go FOLDER
//
// It ends with a message when an answer is not that of libsdex.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"oracle/graph"
)

var kinds = []struct {
	words     string
	questions int
}{
	{"strict send, random pairs", 256},
	{"strict send, hubs", 64},
	{"strict receive, random pairs", 256},
	{"strict send over 5 hops, random pairs", 32},
}

// CPU time of the process, all threads, in seconds.
func cpu() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// Median of three passes over all questions; the first, which compares, is the warm-up.
func rate(world *graph.World, asked []graph.Question) float64 {
	var rates []float64
	for range 3 {
		start, count := cpu(), 0
		for count == 0 || cpu()-start < 0.1 {
			for i := range asked {
				world.Ask(&asked[i])
			}
			count += len(asked)
		}
		rates = append(rates, float64(count)/(cpu()-start))
	}
	slices.Sort(rates)
	return rates[1]
}

func heap() uint64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

func compare(world *graph.World, name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	expected := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(expected) != len(world.Questions) {
		fmt.Fprintf(os.Stderr, "%s: %d answers to %d questions\n", name, len(expected), len(world.Questions))
		os.Exit(1)
	}
	for i := range world.Questions {
		if line := world.Line(world.Ask(&world.Questions[i])); line != expected[i] {
			fmt.Fprintf(os.Stderr, "%s: answer %d is %q, Horizon's %q\n", name, i+1, expected[i], line)
			os.Exit(1)
		}
	}
}

func main() {
	for _, size := range []struct {
		offers int
		words  string
	}{{10000, "10,000"}, {100000, "100,000"}, {400000, "400,000"}} {
		file := filepath.Join(os.Args[1], fmt.Sprintf("paths-%d", size.offers))
		in, err := os.Open(file + ".txt")
		if err != nil {
			panic(err)
		}
		before := heap()
		world := graph.Read(in)
		in.Close()
		print := func(name string, figure float64, unit string) {
			fmt.Printf("paths: %s, %s offers\t%g\t%s\n", name, size.words, figure, unit)
		}
		compare(world, file+".answers")
		print("memory of graph and offer", float64(heap()-before)/float64(size.offers), "bytes")
		at := 0
		for _, kind := range kinds {
			print(kind.words, rate(world, world.Questions[at:at+kind.questions]), "/s")
			at += kind.questions
		}
	}
}
