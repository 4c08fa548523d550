package main

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// As it comes, the service makes a key for itself, lets nobody in without it,
// and prints a link by which one person logs in.
func TestTheKeyMadeAtTheFirstStart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first, stop := serveBare(t, data)
	link := first.await(t, `console (\S+)`, nil)
	base := link[:strings.LastIndex(link, "/login/")]
	for _, path := range []string{"/", "/v1/vehicles", "/metrics"} {
		r, err := http.Get(base + path) // without a key, from this very machine
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s without a key: %s", path, r.Status)
		}
	}
	info, err := os.Stat(filepath.Join(data, "admin.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("admin.key: %v, %v, want it readable by its owner alone", info, err)
	}

	one, other := browser(t), browser(t)
	if at := open(t, one, link); at != "/ 200 OK" {
		t.Errorf("the link leads to %s", at)
	}
	if at := open(t, other, link); !strings.HasSuffix(at, "403 Forbidden") {
		t.Errorf("the link a second time: %s", at)
	}
	another := strings.TrimSpace(bare(t, "key", "--link", "--data", data))
	if at := open(t, other, another); at != "/ 200 OK" {
		t.Errorf("the link of presage key leads to %s", at)
	}
	key := strings.TrimSpace(bare(t, "key", "--data", data))
	put, err := http.NewRequestWithContext(t.Context(), http.MethodPut, base+"/v1/accounts/zhao",
		strings.NewReader(`{"name":"Zhao Min","roles":["adviser"],"lang":"zh"}`))
	if err != nil {
		t.Fatal(err)
	}
	put.Header.Set("Authorization", "Bearer "+key)
	put.Header.Set("Content-Type", "application/json")
	made, err := http.DefaultClient.Do(put)
	if err != nil {
		t.Fatal(err)
	}
	made.Body.Close()
	for id, want := range map[string]string{"zhao": "/mine 200 OK", "nobody": "403 Forbidden"} {
		own := strings.TrimSpace(bare(t, "key", "--person", id, "--data", data, "--url", base+"/"))
		if at := open(t, browser(t), own); !strings.HasSuffix(at, want) {
			t.Errorf("the link of %s leads to %s, want %s", id, at, want)
		}
	}
	if strings.Contains(first.String(), key) {
		t.Error("the start prints the key")
	}
	// On the service's own machine its directory is the key.
	bare(t, "vehicles", "list", "--data", data, "--url", base)
	stop()

	second, stop := serveBare(t, data, "--addr", strings.TrimPrefix(base, "http://"))
	defer stop()
	if again := second.await(t, `console (\S+)`, nil); again == link || !strings.HasPrefix(again, base) {
		t.Errorf("the second start prints %s", again)
	}
	if at := strings.TrimSpace(bare(t, "key", "--link", "--data", data)); !strings.HasPrefix(at, base+"/login/") {
		t.Errorf("the link of presage key to a running service is %s, want it at %s", at, base)
	}
	if at := open(t, one, base+"/v1/vehicles"); at != "/v1/vehicles 200 OK" {
		t.Errorf("logged in before the restart, after it: %s", at)
	}
	if strings.TrimSpace(bare(t, "key", "--data", data)) != key {
		t.Error("the restart made another key")
	}
}

func TestKeyWithoutADirectory(t *testing.T) {
	t.Parallel()
	refused(t, nil, []string{"key", "--data", t.TempDir()}, []string{"admin key", "not found", "presage serve", "--data"}, nil)
}

// Others than this machine are let in by a key of the operator's and TLS, or
// not at all.
func TestOutsideNeedsKeyAndTLS(t *testing.T) {
	t.Parallel()
	key := "http.admin_key=" + testKey
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"--addr", "0.0.0.0:0"}, []string{"2 faults", "http.admin_key", "http.addr", "http.tls_cert", "--insecure"}},
		{[]string{"--addr", ":0", "--set", key}, []string{"http.addr", "http.tls_cert", "--insecure"}},
		{[]string{"--addr", "[::]:0", "--insecure"}, []string{"http.admin_key", "openssl rand"}},
		{[]string{"--set", "http.public_url=https://service.example"}, []string{"http.admin_key"}},
		{[]string{"--set", "http.public_url=http://service.example", "--set", key}, []string{"http.public_url", "https://"}},
		{[]string{"--set", "http.admin_key=aaaaaaaaaaaaaaaa"}, []string{"http.admin_key", "guessed"}},
		{[]string{"--set", "http.tls_cert=nowhere.pem"}, []string{"http.tls_key"}},
	} {
		args := append([]string{"serve", "--data", t.TempDir(), "--mqtt-addr", "127.0.0.1:0"}, c.args...)
		refused(t, nil, args, c.want, []string{testKey})
	}
	s := serve(t, "--data", t.TempDir(), "--addr", "0.0.0.0:0", "--insecure")
	get[list[any]](s, "/v1/vehicles")
}

// Metrics have a door of their own for who must not have the key.
func TestMetricsWithoutAKey(t *testing.T) {
	t.Parallel()
	s := serve(t, "--data", t.TempDir(), "--set", "http.metrics_addr=127.0.0.1:0")
	url := s.out.await(t, `metrics (\S+)/metrics`, nil)
	for path, status := range map[string]int{"/metrics": 200, "/": 404, "/v1/vehicles": 404} {
		r, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if r.StatusCode != status || status == 200 && !strings.Contains(string(body), "presage_vehicles 0") {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
}

// serveBare is serve without a key in the environment.
func serveBare(t *testing.T, data string, args ...string) (out *terminal, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, ended := newTerminal(), make(chan error, 1)
	go func() {
		ended <- run(ctx, serveArgs(append([]string{"--data", data}, args...)), nil, out, io.Discard)
	}()
	out.await(t, `MQTT +(\S+)`, nil)
	return out, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// bare runs a command without a key in the environment.
func bare(t *testing.T, args ...string) string {
	t.Helper()
	out := newTerminal()
	if err := run(t.Context(), args, nil, out, io.Discard); err != nil {
		t.Fatalf("presage %s: %v", args[0], err)
	}
	return out.String()
}

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// open tells where a link leads and with which status.
func open(t *testing.T, b *http.Client, link string) string {
	t.Helper()
	r, err := b.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	return r.Request.URL.Path + " " + r.Status
}
