package influxd

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"presage"
	"presage/internal/daemon"
)

// Server is a running InfluxDB.
type Server struct {
	*daemon.Process
	URL string // "http://127.0.0.1:port"
	Dir string // where it keeps its data
}

// Find returns the path of influxd: the environment variable PRESAGE_INFLUXD,
// or the PATH, or presage/bin/influxd in the user's cache directory, where
// `make deps` puts it. Without one it is an ErrNotFound that says so.
func Find() (string, error) {
	if path := os.Getenv("PRESAGE_INFLUXD"); path != "" {
		return path, nil
	}
	if path, err := exec.LookPath("influxd"); err == nil {
		return path, nil
	}
	if cache, err := os.UserCacheDir(); err == nil {
		path := filepath.Join(cache, "presage", "bin", "influxd")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("influxd: %w: set PRESAGE_INFLUXD or run make deps", presage.ErrNotFound)
}

// Start runs binary on dir and address ("127.0.0.1:port", "" for a free one)
// and returns once it answers.
func Start(ctx context.Context, binary, dir, address string) (*Server, error) {
	var err error
	if address == "" {
		if address, err = daemon.FreeAddress(ctx); err != nil {
			return nil, err
		}
	}
	rpc, err := daemon.FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "influxdb.conf")
	if err := os.WriteFile(config, []byte(configuration(dir, address, rpc)), 0o600); err != nil {
		return nil, fmt.Errorf("influxd: %w", err)
	}
	s := &Server{URL: "http://" + address, Dir: dir}
	s.Process, err = daemon.Start(ctx, daemon.Config{Path: binary, Args: []string{"-config", config}, Ready: s.ping})
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) ping(ctx context.Context, _ *daemon.Output) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/ping", http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusNoContent {
		err = fmt.Errorf("ping: %s", resp.Status)
	}
	_ = resp.Body.Close()
	return err
}

// CreateDatabase makes a database; its bucket is name + "/autogen". It returns
// once the server takes writes for it, and gives up after 10 s with an ErrUnavailable.
func (s *Server) CreateDatabase(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	create := url.Values{"q": {fmt.Sprintf("CREATE DATABASE %q", name)}}
	for {
		created := s.post(ctx, "/query", "application/x-www-form-urlencoded", create.Encode())
		taken := s.post(ctx, "/api/v2/write?bucket="+url.QueryEscape(name+"/autogen"), "text/plain", "# welcome?")
		if taken == "204" {
			return nil
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return fmt.Errorf("influxd: create database %s: %w: %s; write: %s", name, presage.ErrUnavailable, created, taken)
		}
	}
}

// post returns the status and the body of an answer, or what went wrong.
func (s *Server) post(ctx context.Context, path, contentType, body string) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, strings.NewReader(body))
	if err != nil {
		return err.Error()
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
