package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"presage/internal/procs"
)

const (
	database = "telemetry"
	clientID = "consumer" // of the consumer's session
)

// server is a process that somebody connects to at url.
type server struct {
	*procs.Proc
	url string
}

// stage is the servers of one run: a broker and a store, both empty.
type stage struct {
	dir     string
	broker  server
	store   server
	rows    rows
	pending *pending
}

// openStage starts the servers in a new directory below dir.
func openStage(ctx context.Context, dir string) (s *stage, err error) {
	s = &stage{}
	defer func() {
		if err != nil {
			s.close()
			s = nil
		}
	}()
	if s.dir, err = os.MkdirTemp(dir, "stage-"); err != nil {
		return s, fmt.Errorf("stage: %w", err)
	}
	queue, data := filepath.Join(s.dir, "mosquitto"), filepath.Join(s.dir, "influxdb")
	if err = errors.Join(os.Mkdir(queue, 0o750), os.Mkdir(data, 0o750)); err != nil {
		return s, fmt.Errorf("stage: %w", err)
	}
	if err = s.start(ctx, queue, data); err != nil {
		return s, err
	}
	s.rows = rows{url: s.store.url, database: database}
	if err = procs.CreateDatabase(ctx, s.store.url, database); err != nil {
		return s, err
	}
	s.pending, err = watchPending(ctx, s.broker.url)
	return s, err
}

// start starts the servers on their directories.
func (s *stage) start(ctx context.Context, queue, data string) error {
	mqtt, err := procs.FreeAddress(ctx)
	if err != nil {
		return err
	}
	s.broker.url = "tcp://" + mqtt
	s.broker.Proc, err = procs.StartMosquitto(ctx, queue, mqtt, "sys_interval 1", "connection_messages false",
		"log_type error", "log_type warning", "log_type notice", "log_type subscribe")
	if err != nil {
		return err
	}
	http, err := procs.FreeAddress(ctx)
	if err != nil {
		return err
	}
	s.store.url = "http://" + http
	s.store.Proc, err = procs.StartInflux(ctx, data, http)
	return err
}

// bucket is the database as the InfluxDB 2 API names it.
func (s *stage) bucket() string { return database + "/autogen" }

// subscribed tells from what Mosquitto prints whether the consumer has subscribed.
func (s *stage) subscribed(context.Context) bool {
	return strings.Contains(s.broker.Output(), ": "+clientID+" 1 presage/v1/+/telemetry")
}

// close stops the servers and deletes what they kept.
func (s *stage) close() {
	if s.pending != nil {
		s.pending.close()
	}
	if s.broker.Proc != nil {
		s.broker.Kill()
	}
	if s.store.Proc != nil {
		s.store.Kill()
	}
	if s.dir != "" {
		_ = os.RemoveAll(filepath.Join(s.dir, "influxdb")) // the rest of the directory is small
	}
}
