package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"presage/internal/sqlstore"
)

// grammar is the command line.
type grammar struct {
	Vehicles int    `help:"Vehicles of the fleet." default:"100000"`
	Days     int    `help:"Days of roll-ups that each has." default:"25"`
	Dir      string `help:"Folder for the database; a temporary one otherwise." type:"path"`
	Share    []int  `help:"Judge nights by so many processes on one PostgreSQL, such as 1,2,3." placeholder:"N,..."`
	Part     string `help:"Only judge a part of the fleet in this database, as often as a line on standard input says." hidden:""` //nolint:lll // a struct tag cannot be broken
	Make     string `help:"Only make the fleet in this database." hidden:""`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-scale:", err)
		os.Exit(1)
	}
}

// run is the program without its process.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var g grammar
	parser, err := kong.New(&g, kong.Name("bench-scale"), kong.Description("Measures what a fleet costs."),
		kong.UsageOnError(), kong.Writers(stdout, stderr))
	if err != nil {
		return fmt.Errorf("grammar: %w", err)
	}
	if _, err := parser.Parse(args); err != nil {
		return err
	}
	switch {
	case g.Make != "":
		return makeFleet(ctx, g.Make, g.Vehicles, g.Days, stderr)
	case g.Part != "":
		return judgePart(ctx, g.Part, os.Stdin, stdout)
	case len(g.Share) > 0:
		return compareShares(ctx, g, stdout, stderr)
	}
	dir := g.Dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "bench-scale-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }() // a folder that is left hurts nobody
	}
	path := filepath.Join(dir, "presage.db")
	if err := makeApart(ctx, path, g, stderr); err != nil {
		return err
	}
	m, err := measure(ctx, path, g.Vehicles, stderr)
	if err != nil {
		return err
	}
	return m.table(stdout, g)
}

// makeApart fills a new database by a process of its own.
func makeApart(ctx context.Context, path string, g grammar, stderr io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	made := exec.CommandContext(ctx, self, //nolint:gosec // this very program
		"--make", path, "--vehicles", strconv.Itoa(g.Vehicles), "--days", strconv.Itoa(g.Days))
	made.Stderr = stderr
	if err := made.Run(); err != nil {
		return fmt.Errorf("make the fleet: %w", err)
	}
	return nil
}

// makeFleet fills a new database.
func makeFleet(ctx context.Context, path string, vehicles, days int, stderr io.Writer) error {
	store, err := sqlstore.Open(ctx, path)
	if err != nil {
		return err
	}
	begun := time.Now()
	for from := 0; from < vehicles; from += batch {
		if err := makeVehicles(ctx, store, from, min(from+batch, vehicles), days); err != nil {
			return err
		}
		if from/batch%10 == 9 {
			_, _ = fmt.Fprintf(stderr, "making the fleet: %d of %d vehicles, %s\n",
				from+batch, vehicles, time.Since(begun).Round(time.Second))
		}
	}
	return store.Close()
}
