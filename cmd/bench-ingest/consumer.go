package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"text/template"

	"presage"
	"presage/internal/procs"
)

// The consumers that are compared.
const (
	bare     = "bare paho"
	telegraf = "telegraf"
	service  = "presage"
	embedded = "presage embedded" // door and stores in its own process
)

//go:embed telegraf.conf
var telegrafTemplate string

// telegrafConfig is Telegraf's configuration for one run.
func telegrafConfig(broker, store, bucket string, batches bool) (string, error) {
	t, err := template.New("telegraf.conf").Parse(telegrafTemplate)
	if err != nil {
		return "", fmt.Errorf("telegraf.conf: %w", err)
	}
	var text bytes.Buffer
	err = t.Execute(&text, struct {
		Broker, Store, Bucket, ClientID string
		Batches                         bool
	}{broker, store, bucket, clientID, batches})
	return text.String(), err
}

// startConsumer runs a consumer on the stage and returns when it has subscribed.
func startConsumer(ctx context.Context, name string, p programs, s *stage, l load) (*procs.Proc, error) {
	switch name {
	case bare:
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("bare paho: %w", err)
		}
		return procs.StartReady(ctx, s.subscribed, self, nil,
			"bare", "--broker", s.broker.url, "--messages", strconv.Itoa(l.messages))
	case telegraf:
		text, err := telegrafConfig(s.broker.url, s.store.url, s.bucket(), l.batch > 1)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(s.dir, "telegraf.conf")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("telegraf: %w", err)
		}
		return procs.StartReady(ctx, s.subscribed, l.telegraf, nil, "--config", file)
	case service:
		c, err := startService(ctx, p, filepath.Join(s.dir, "presage"),
			// Scoring is not a part of ingest: it waits until the run is over.
			"--set", "schedule.score_every=24h",
			"--set", "mqtt.broker="+s.broker.url, "--set", "mqtt.client_id="+clientID,
			"--set", "influx.url="+s.store.url, "--set", "influx.bucket="+s.bucket())
		if err != nil {
			return nil, err
		}
		return c.Proc, nil
	}
	return nil, fmt.Errorf("consumer %q: %w", name, presage.ErrNotFound)
}
