package influxtest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is a running InfluxDB with Flux and no authentication.
type Server struct {
	URL    string // "http://127.0.0.1:port"
	Bucket string // "presage/autogen", made and empty
	Dir    string // where it keeps its data
	// Stop ends the server; the test's end does it too.
	Stop func()
}

// Start starts a server with an empty database "presage".
func Start(tb testing.TB) Server {
	tb.Helper()
	s := StartIn(tb, tb.TempDir(), freeAddress(tb))
	s.CreateDatabase(tb, "presage")
	s.Bucket = "presage/autogen"
	return s
}

// StartIn starts a server on dir and address ("127.0.0.1:port"), to run one
// again where it was stopped.
func StartIn(tb testing.TB, dir, address string) Server {
	tb.Helper()
	binary := find(tb)
	config := filepath.Join(dir, "influxdb.conf")
	if err := os.WriteFile(config, []byte(configuration(dir, address, freeAddress(tb))), 0o600); err != nil {
		tb.Fatal(err)
	}
	out := &tail{}
	cmd := exec.Command(binary, "-config", config)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		tb.Fatalf("start %s: %v", binary, err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // killed: the error says nothing new
		close(ended)
	}()
	s := Server{URL: "http://" + address, Bucket: "presage/autogen", Dir: dir, Stop: sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		<-ended
	})}
	tb.Cleanup(s.Stop)
	s.await(tb, ended, out)
	return s
}

// Address is where the server listens, "127.0.0.1:port".
func (s Server) Address() string { return strings.TrimPrefix(s.URL, "http://") }

// await returns once the server answers.
func (s Server) await(tb testing.TB, ended <-chan struct{}, out *tail) {
	tb.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, s.URL+"/ping", http.NoBody)
		if err != nil {
			tb.Fatal(err)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusNoContent {
				return
			}
		}
		select {
		case <-poll.C:
		case <-ended:
			tb.Fatalf("influxd ended by itself:\n%s", out)
		case <-deadline.C:
			tb.Fatalf("influxd does not answer:\n%s", out)
		}
	}
}

// CreateDatabase makes a database; its bucket is name + "/autogen". It returns
// once the server takes writes for it.
func (s Server) CreateDatabase(tb testing.TB, name string) {
	tb.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	create := url.Values{"q": {fmt.Sprintf("CREATE DATABASE %q", name)}}
	for {
		created := s.post(tb, "/query", "application/x-www-form-urlencoded", create.Encode())
		taken := s.post(tb, "/api/v2/write?bucket="+url.QueryEscape(name+"/autogen"), "text/plain", "# welcome?")
		if taken == "204" {
			return
		}
		select {
		case <-poll.C:
		case <-deadline.C:
			tb.Fatalf("create database %s: %s; write: %s", name, created, taken)
		}
	}
}

// post returns the status and the body of an answer, or what went wrong.
func (s Server) post(tb testing.TB, path, contentType, body string) string {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, s.URL+path, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(fmt.Sprint(resp.StatusCode, " ", string(answer)))
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		tb.Fatal(err)
	}
	return address
}

// find returns the influxd binary, or ends the test.
func find(tb testing.TB) string {
	tb.Helper()
	if path := os.Getenv("PRESAGE_INFLUXD"); path != "" {
		return path
	}
	if path, err := exec.LookPath("influxd"); err == nil {
		return path
	}
	if cache, err := os.UserCacheDir(); err == nil {
		path := filepath.Join(cache, "presage", "bin", "influxd")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	const missing = "no influxd: set PRESAGE_INFLUXD or run make deps"
	if os.Getenv("PRESAGE_INTEGRATION") == "1" {
		tb.Fatal(missing)
	}
	tb.Skip(missing)
	return ""
}

// tail keeps what a server printed, for the day it does not start.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write keeps at most 64 KiB.
func (w *tail) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.buf.Len()+len(p) > 64<<10 {
		w.buf.Reset()
	}
	_, _ = w.buf.Write(p)
	return len(p), nil
}

// String is what was kept.
func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}
