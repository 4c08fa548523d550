package procs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"

	"presage"
)

// Postgres is a running PostgreSQL server on loopback. Its data are gone when it
// is stopped.
type Postgres struct {
	bin, dir  string
	host      string
	port      string
	owner     *syscall.SysProcAttr // as whom it runs; nil for this process's user
	databases atomic.Int64
	proc      *Proc
}

// FindPostgres is the folder of PostgreSQL's programs (initdb, postgres, ...):
// where Debian puts the newest, or that of the initdb on the PATH; else an
// ErrNotFound.
func FindPostgres() (string, error) {
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); err == nil && len(found) > 0 {
		return filepath.Dir(slices.Max(found)), nil
	}
	path, err := exec.LookPath("initdb")
	if err == nil {
		path, err = filepath.EvalSymlinks(path) // its neighbours are where it really is
	}
	if err != nil {
		return "", fmt.Errorf("%w: no PostgreSQL server on this machine: `make deps` installs it", presage.ErrNotFound)
	}
	return filepath.Dir(path), nil
}

// StartPostgres starts a new, empty server on a free port and returns once it
// takes connections.
func StartPostgres(ctx context.Context) (*Postgres, error) {
	bin, err := FindPostgres()
	if err != nil {
		return nil, err
	}
	address, err := FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	p := &Postgres{bin: bin}
	if p.host, p.port, err = net.SplitHostPort(address); err != nil {
		return nil, err
	}
	if p.dir, err = os.MkdirTemp("", "presage-postgres-"); err != nil {
		return nil, err
	}
	if err := p.start(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(p.dir))
	}
	return p, nil
}

func (p *Postgres) start(ctx context.Context) (err error) {
	if p.owner, err = ownerOf(p.dir); err != nil {
		return err
	}
	data := filepath.Join(p.dir, "data")
	err = p.run(ctx, "initdb", "-D", data, "-U", "presage", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if err != nil {
		return err
	}
	return p.serve(ctx)
}

// serve starts the server on what is there.
func (p *Postgres) serve(ctx context.Context) (err error) {
	data := filepath.Join(p.dir, "data")
	// No fsync: nothing here outlives the server.
	server := p.command(context.WithoutCancel(ctx), "postgres", "-D", data, "-k", p.dir, "-h", p.host, "-p", p.port,
		"-c", "fsync=off", "-c", "max_connections=200")
	if p.proc, err = start(server); err != nil {
		return err
	}
	err = p.proc.Await(ctx, patience, func(ctx context.Context) bool {
		return p.run(ctx, "pg_isready", "-q", "-h", p.host, "-p", p.port) == nil
	})
	if err != nil {
		p.proc.Kill()
	}
	return err
}

// command is one of PostgreSQL's programs, in the server's folder and as its owner.
func (p *Postgres) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...) //nolint:gosec // a program of the package
	cmd.Dir, cmd.SysProcAttr, cmd.Env = p.dir, p.owner, login()
	return cmd
}

func (p *Postgres) run(ctx context.Context, name string, args ...string) error {
	if out, err := p.command(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// PID is the server's, whose children serve the connections.
func (p *Postgres) PID() int { return p.proc.PID() }

// Stop ends the server as a fast shutdown does, cutting all connections, waits
// for it and removes its data. Stopping twice is harmless.
func (p *Postgres) Stop() error {
	_ = p.proc.Signal(os.Interrupt) // fails only when it has ended
	<-p.proc.Ended()
	return os.RemoveAll(p.dir)
}

// Restart ends the server as a fast shutdown does, cutting all connections, and
// starts it again on its data.
func (p *Postgres) Restart(ctx context.Context) error {
	_ = p.proc.Signal(os.Interrupt) // fails only when it has ended
	<-p.proc.Ended()
	return p.serve(ctx)
}

// NewDatabase makes an empty database and returns its URL.
func (p *Postgres) NewDatabase(ctx context.Context) (string, error) {
	name := fmt.Sprintf("test%d", p.databases.Add(1))
	if err := p.run(ctx, "createdb", "-h", p.host, "-p", p.port, "-U", "presage", name); err != nil {
		return "", err
	}
	return fmt.Sprintf("postgres://presage:not-needed@%s/%s?sslmode=disable", net.JoinHostPort(p.host, p.port), name), nil
}
