package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"text/tabwriter"
	"time"

	"presage/internal/gauge"
	"presage/internal/procs"
)

// night is what a night cost that several processes shared.
type night struct {
	processes, vehicles  int
	wall, cpu, database  time.Duration
	looks, waits, active int // at the connections, of which so many waited for a lock or worked
}

// compareShares lets processes judge nights of one fleet on PostgreSQL and prints what each cost.
func compareShares(ctx context.Context, g grammar, stdout, stderr io.Writer) (err error) {
	server, err := procs.StartPostgres(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	url, err := server.NewDatabase(ctx)
	if err != nil {
		return err
	}
	if err := makeApart(ctx, url, g, stderr); err != nil {
		return err
	}
	b := &bench{path: url, now: today().Add(2 * time.Hour), telemetry: samples{}}
	if err := b.open(ctx); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(stderr, "the first pass: every vehicle, and the first lesson")
	if _, err := b.stage.Score(ctx); err != nil {
		return err
	}
	if err := errors.Join(b.store.AssignShards(ctx), b.store.Close()); err != nil {
		return err
	}
	var nights []night
	for i, n := range g.Share {
		_, _ = fmt.Fprintf(stderr, "a night by %d\n", n)
		one, err := shareNight(ctx, server.PID(), url, n, i+1)
		if err != nil {
			return err
		}
		nights = append(nights, one)
	}
	return shareTable(stdout, nights, g.Vehicles)
}

// shareNight starts processes, waits until each has its part and lets them judge at once.
func shareNight(ctx context.Context, server int, url string, processes, day int) (n night, err error) {
	n.processes = processes
	parts, err := startParts(ctx, url, processes, day)
	if err != nil {
		return n, err
	}
	before, err := gauge.Family(server)
	if err != nil {
		return n, err
	}
	stop, err := n.look(ctx, url)
	if err != nil {
		return n, err
	}
	begun := time.Now()
	for _, p := range parts {
		p.order("go\n")
	}
	for _, p := range parts {
		var did done
		line, err := p.answers.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, &did)
		}
		if err != nil {
			return n, fmt.Errorf("a process of the night: %w", err)
		}
		n.vehicles, n.cpu = n.vehicles+did.Vehicles, n.cpu+did.CPU
	}
	n.wall = time.Since(begun)
	after, err := gauge.Family(server)
	n.database = after - before
	errs := []error{err, stop()}
	for _, p := range parts {
		errs = append(errs, p.end())
	}
	return n, errors.Join(errs...)
}

// look asks often what the connections wait for, until stop.
func (n *night) look(ctx context.Context, url string) (stop func() error, err error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var active, waiting int
			err := db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE wait_event_type = 'Lock')
				FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
				AND backend_type = 'client backend' AND state = 'active'`).Scan(&active, &waiting)
			if ctx.Err() == nil && err != nil {
				done <- err
				return
			}
			n.looks, n.active, n.waits = n.looks+1, n.active+active, n.waits+waiting
			select {
			case <-ctx.Done():
				done <- nil
				return
			case <-tick.C:
			}
		}
	}()
	return func() error {
		cancel()
		return errors.Join(<-done, db.Close())
	}, nil
}

// part is a process that judges a part of the fleet.
type part struct {
	cmd     *exec.Cmd
	orders  io.WriteCloser
	answers *bufio.Reader
}

// startParts starts processes and returns when each has its part of the shards.
func startParts(ctx context.Context, url string, processes, day int) (parts []*part, err error) {
	for range processes {
		p, err := startPart(ctx, url)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	for _, p := range parts {
		p.order(fmt.Sprintln(processes, day))
	}
	for _, p := range parts {
		if _, err := p.answers.ReadString('\n'); err != nil {
			return nil, fmt.Errorf("a process of the night: %w", err)
		}
	}
	return parts, nil
}

func startPart(ctx context.Context, url string) (*part, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &part{cmd: exec.CommandContext(ctx, self, "--part", url)} //nolint:gosec // this very program
	p.cmd.Stderr = os.Stderr
	if p.orders, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.answers = bufio.NewReader(out)
	return p, p.cmd.Start()
}

// order tells the process something; one that has ended is noticed by its answer.
func (p *part) order(line string) { _, _ = io.WriteString(p.orders, line) }

func (p *part) end() error { return errors.Join(p.orders.Close(), p.cmd.Wait()) }

// shareTable prints the nights, as Markdown.
func shareTable(w io.Writer, nights []night, vehicles int) error {
	t := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	_, _ = fmt.Fprintf(t, "| processes, %d vehicles\t| wall\t| Presage\t| PostgreSQL\t| waited for locks"+
		"\t| judged twice or not\t|\n| ---\t| ---\t| ---\t| ---\t| ---\t| ---\t|\n", vehicles)
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(vehicles) }
	for _, n := range nights {
		_, _ = fmt.Fprintf(t, "| %d\t| %s, x%.2f\t| %.0f µs each\t| %.0f µs each\t| %.1f %% of %d looks\t| %d\t|\n",
			n.processes, n.wall.Round(10*time.Millisecond), nights[0].wall.Seconds()/n.wall.Seconds(), each(n.cpu),
			each(n.database), 100*float64(n.waits)/float64(max(n.active, 1)), n.active, n.vehicles-vehicles)
	}
	return t.Flush()
}
