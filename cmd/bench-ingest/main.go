package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the grammar: one field a command.
type commands struct {
	Compare compareCommand `cmd:"" help:"Presage, Telegraf and a bare subscriber take in the same messages in turn."`
	Load    loadCommand    `cmd:"" help:"Connected vehicles publish over minutes: losses, lag, CPU, memory."`
	Bare    bareCommand    `cmd:"" hidden:"" help:"Acknowledge messages and do nothing else (a run of compare)."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-ingest:", err)
		os.Exit(1)
	}
}

// terminal is where a command prints its result and its progress.
type terminal struct{ stdout, stderr io.Writer }

// say prints a line of progress.
func (t *terminal) say(format string, args ...any) {
	_, _ = fmt.Fprintf(t.stderr, format+"\n", args...) // progress that cannot be shown stops nothing
}

// run is the program without its process.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var grammar commands
	exited := false
	parser, err := kong.New(&grammar,
		kong.Name("bench-ingest"),
		kong.Description("Measures how vehicles' messages get into the store."),
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { exited = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&terminal{stdout: stdout, stderr: stderr}),
	)
	if err != nil {
		return fmt.Errorf("grammar: %w", err)
	}
	command, err := parser.Parse(args)
	if exited { // --help has been printed
		return nil
	}
	if err != nil {
		return err
	}
	return command.Run()
}
