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
	"presage/internal/daemon"
)

// The consumers that are compared.
const (
	bare     = "bare paho"
	telegraf = "telegraf"
	service  = "presage"
	embedded = "presage embedded" // broker and stores in its own process
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
func startConsumer(ctx context.Context, name string, p programs, s *stage, l load) (*daemon.Process, error) {
	switch name {
	case bare:
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("bare paho: %w", err)
		}
		return daemon.Start(ctx, daemon.Config{Path: self, Ready: s.subscribed, Args: []string{
			"bare", "--broker", s.broker.URL, "--messages", strconv.Itoa(l.messages),
		}})
	case telegraf:
		text, err := telegrafConfig(s.broker.URL, s.store.URL, s.bucket(), l.batch > 1)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(s.dir, "telegraf.conf")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("telegraf: %w", err)
		}
		return daemon.Start(ctx, daemon.Config{
			Path: l.telegraf, Args: []string{"--config", file}, Env: environment(), Ready: s.subscribed,
		})
	case service:
		c, err := startService(ctx, p, filepath.Join(s.dir, "presage"),
			// Scoring is no part of ingest: it waits until the run is over.
			"--set", "schedule.score_every=24h",
			"--set", "mqtt.broker="+s.broker.URL, "--set", "mqtt.client_id="+clientID,
			"--set", "influx.url="+s.store.URL, "--set", "influx.bucket="+s.bucket())
		if err != nil {
			return nil, err
		}
		return c.Process, nil
	}
	return nil, fmt.Errorf("consumer %q: %w", name, presage.ErrNotFound)
}

// environment keeps the caller's settings of the programs away from them.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
}
