// Command presage predicts what will wear out on connected vehicles and books
// the repair before it fails. README.md tells how to start; `presage --help`
// lists the commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // customers live in zones that a bare machine may not know

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "presage:", err)
		os.Exit(1)
	}
}

// process is what a command may touch of the world outside.
type process struct {
	env    []string // KEY=value
	stdout io.Writer
	stderr io.Writer
}

// errUsage has been told to the user with the grammar's own words already.
var errUsage = errors.New("see --help")

// run is the program without its process: everything it reads and writes is passed in.
func run(ctx context.Context, args, env []string, stdout, stderr io.Writer) error {
	var grammar commands
	exited := false
	parser, err := kong.New(&grammar,
		kong.Name("presage"),
		kong.Description("Predicts what will wear out on each connected vehicle and books the repair before it fails."),
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { exited = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&process{env: env, stdout: stdout, stderr: stderr}),
	)
	if err != nil {
		return fmt.Errorf("grammar: %w", err)
	}
	switch {
	case len(args) == 0 || args[0] == "help":
		args = append([]string{}, append(args[min(1, len(args)):], "--help")...)
	case args[0] == "--version":
		args = []string{"version"}
	}
	command, err := parser.Parse(args)
	if exited { // --help has been printed
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w; %w", err, errUsage)
	}
	if err := command.Run(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
