//go:build unix

package sqltest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the "pgx" driver

	"presage/internal/procs"
)

// Postgres is a running server that belongs to one test.
type Postgres struct {
	address   string // host:port
	databases atomic.Int64
	process   *os.Process
	ended     chan struct{} // closed when the process is gone
}

// startTimeout is generous: a busy machine takes seconds for initdb.
const startTimeout = 3 * time.Minute

// StartPostgres starts a PostgreSQL server that listens on loopback alone and
// is stopped when tb ends. Without its binaries (Debian: package postgresql)
// the test is skipped, or fails if PRESAGE_INTEGRATION=1.
func StartPostgres(tb testing.TB) *Postgres {
	tb.Helper()
	bin := binaries(tb)
	dir, owner := serverDir(tb)
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(tb.Context(), filepath.Join(bin, "initdb"),
		"-D", data, "-U", "presage", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = dir, owner
	if out, err := initdb.CombinedOutput(); err != nil {
		tb.Fatalf("initdb: %v\n%s", err, out)
	}
	address, err := procs.FreeAddress(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		tb.Fatal(err)
	}
	p := &Postgres{address: address, ended: make(chan struct{})}
	// No fsync: nothing here outlives the test.
	server := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", dir,
		"-h", "127.0.0.1", "-p", port, "-c", "fsync=off", "-c", "max_connections=200")
	var log bytes.Buffer // read only after the server has ended
	server.Dir, server.SysProcAttr, server.Stdout, server.Stderr = dir, owner, &log, &log
	if err := server.Start(); err != nil {
		tb.Fatalf("start postgres: %v", err)
	}
	p.process = server.Process
	go func() {
		_ = server.Wait() // its log says more than its exit code
		close(p.ended)
	}()
	tb.Cleanup(p.Stop)
	if !p.answers(tb) {
		p.Stop()
		tb.Fatalf("postgres does not answer:\n%s", log.String())
	}
	return p
}

// Stop ends the server as a fast shutdown does, cutting all connections, and
// waits for it. Stopping twice is harmless.
func (p *Postgres) Stop() {
	_ = p.process.Signal(os.Interrupt) // fails only when it has ended
	<-p.ended
}

// NewDatabase makes an empty database and returns its URL.
func (p *Postgres) NewDatabase(tb testing.TB) string {
	tb.Helper()
	name := fmt.Sprintf("test%d", p.databases.Add(1))
	db, err := sql.Open("pgx", p.url("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(tb.Context(), "CREATE DATABASE "+name); err != nil {
		tb.Fatalf("create database: %v", err)
	}
	return p.url(name)
}

func (p *Postgres) url(database string) string {
	return fmt.Sprintf("postgres://presage:not-needed@%s/%s?sslmode=disable", p.address, database)
}

// answers polls until the server takes connections, ends, or time is up.
func (p *Postgres) answers(tb testing.TB) bool {
	tb.Helper()
	db, err := sql.Open("pgx", p.url("postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(tb.Context(), startTimeout)
	defer cancel()
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	for db.PingContext(ctx) != nil {
		select {
		case <-ctx.Done():
			return false
		case <-p.ended:
			return false
		case <-poll.C:
		}
	}
	return true
}

func binaries(tb testing.TB) string {
	tb.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		tb.Fatal(err)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		const why = "no PostgreSQL server on this machine (Debian: apt-get install postgresql)"
		if os.Getenv("PRESAGE_INTEGRATION") == "1" {
			tb.Fatal(why)
		}
		tb.Skip(why)
	}
	return filepath.Dir(slices.Max(found))
}

// serverDir makes a directory for the server and says as whom it must run:
// PostgreSQL refuses to be root.
func serverDir(tb testing.TB) (string, *syscall.SysProcAttr) {
	tb.Helper()
	dir, err := os.MkdirTemp("", "presage-postgres-") //nolint:usetesting // TempDir is closed to other users
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Errorf("remove %s: %v", dir, err)
		}
	})
	if os.Geteuid() != 0 {
		return dir, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr != nil || gidErr != nil {
			continue
		}
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			tb.Fatal(err)
		}
		return dir, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	tb.Fatal("run as root, and there is neither a user postgres nor nobody to run the server as")
	return "", nil
}
