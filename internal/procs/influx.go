package procs

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"presage"
)

// FindInflux is the path of InfluxDB 1.8's influxd: PRESAGE_INFLUXD, on the
// PATH, or where `make deps` puts it; else an ErrNotFound.
func FindInflux() (string, error) {
	return Find("influxd", "PRESAGE_INFLUXD", "influxd")
}

// StartInflux starts a server with Flux and without authentication at address
// ("127.0.0.1:port") that keeps its data in dir.
func StartInflux(ctx context.Context, dir, address string) (*Proc, error) {
	binary, err := FindInflux()
	if err != nil {
		return nil, err
	}
	rpc, err := FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "influxdb.conf")
	if err := os.WriteFile(config, []byte(influxConfig(dir, address, rpc)), 0o600); err != nil {
		return nil, fmt.Errorf("configure influxd: %w", err)
	}
	return StartReady(ctx, Answers("http://"+address+"/ping", http.StatusNoContent), binary, nil, "-config", config)
}

// influxConfig keeps everything in dir and on loopback, reports to nobody and
// answers Flux.
func influxConfig(dir, address, rpc string) string {
	return fmt.Sprintf(`reporting-disabled = true
bind-address = %q
[meta]
  dir = %q
[data]
  dir = %q
  wal-dir = %q
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = %q
  flux-enabled = true
  log-enabled = false
[logging]
  level = "error"
`, rpc, filepath.Join(dir, "meta"), filepath.Join(dir, "data"), filepath.Join(dir, "wal"), address)
}

// CreateDatabase makes a database at a server ("http://host:port"); its bucket
// is name + "/autogen". It returns once the server takes writes for it.
func CreateDatabase(ctx context.Context, server, name string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	create := url.Values{"q": {fmt.Sprintf("CREATE DATABASE %q", name)}}
	write := server + "/api/v2/write?bucket=" + url.QueryEscape(name+"/autogen")
	for {
		_, created := ask(ctx, http.MethodPost, server+"/query", "application/x-www-form-urlencoded", create.Encode())
		status, taken := ask(ctx, http.MethodPost, write, "text/plain", "# welcome?")
		if status == http.StatusNoContent {
			return nil
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return fmt.Errorf("create database %s: %w: %s; write: %d %s", name, presage.ErrUnavailable, created, status, taken)
		}
	}
}

// KeepFor sets the retention of a database's bucket.
func KeepFor(ctx context.Context, server, name string, keep time.Duration) error {
	alter := url.Values{"q": {fmt.Sprintf(`ALTER RETENTION POLICY "autogen" ON %q DURATION %dh SHARD DURATION 1h`,
		name, keep/time.Hour)}}
	status, text := ask(ctx, http.MethodPost, server+"/query", "application/x-www-form-urlencoded", alter.Encode())
	if status != http.StatusOK || strings.Contains(text, `"error"`) {
		return fmt.Errorf("retention of %s: %w: %d %s", name, presage.ErrUnavailable, status, text)
	}
	return nil
}

// ask returns the status of an answer and its body; 0 and what went wrong
// without an answer.
func ask(ctx context.Context, method, address, contentType, body string) (int, string) {
	return request{method, address, contentType, body, ""}.send(ctx)
}

// request is one question to a server.
type request struct{ method, address, contentType, body, authorization string }

func (r request) send(ctx context.Context) (int, string) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.address, strings.NewReader(r.body))
	if err != nil {
		return 0, err.Error()
	}
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	if r.authorization != "" {
		req.Header.Set("Authorization", r.authorization)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp.StatusCode, err.Error()
	}
	return resp.StatusCode, strings.TrimSpace(string(answer))
}
