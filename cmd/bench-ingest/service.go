package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"

	"presage/internal/daemon"
)

// presageServer is `presage serve` in a process of its own.
type presageServer struct {
	*daemon.Process
	url    string // of the API, without a slash at the end
	broker string // where vehicles publish
}

// startService runs it on dir and free ports and returns when it is ready.
func startService(ctx context.Context, p programs, dir string, args ...string) (*presageServer, error) {
	s := &presageServer{}
	console, mqtt := regexp.MustCompile(`console (\S+)/\n`), regexp.MustCompile(`MQTT +(\S+)\n`)
	ready := func(ctx context.Context, out *daemon.Output) error {
		var ok, announced bool
		s.url, ok = out.Find(console)
		s.broker, announced = out.Find(mqtt)
		if !ok || !announced {
			return errors.New("it has not announced its addresses")
		}
		return answers(ctx, s.url+"/readyz")
	}
	var err error
	s.Process, err = daemon.Start(ctx, daemon.Config{
		Path: p.PresageBin, Env: environment(), Ready: ready,
		Args: append([]string{"serve", "--data", dir, "--addr", "127.0.0.1:0", "--mqtt-addr", "127.0.0.1:0"}, args...),
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// answers is nil when url answers 200.
func answers(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return errors.Join(err, resp.Body.Close())
}
