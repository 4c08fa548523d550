package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"presage/internal/broker/mosquitto"
	"presage/internal/daemon"
	"presage/internal/influx/influxd"
)

const (
	database = "telemetry"
	clientID = "consumer" // of the consumer's session
)

// stage is the servers of one run: a broker and a store, both empty.
type stage struct {
	dir     string
	broker  *mosquitto.Server
	store   *influxd.Server
	rows    rows
	pending *pending
}

// openStage starts the servers in a new directory below dir.
func openStage(ctx context.Context, p programs, dir string) (s *stage, err error) {
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
	if s.broker, err = mosquitto.Start(ctx, p.MosquittoBin, queue, "sys_interval 1", "connection_messages false",
		"log_type error", "log_type warning", "log_type notice", "log_type subscribe"); err != nil {
		return s, err
	}
	if s.store, err = influxd.Start(ctx, p.InfluxdBin, data, ""); err != nil {
		return s, err
	}
	s.rows = rows{url: s.store.URL, database: database}
	if err = s.store.CreateDatabase(ctx, database); err != nil {
		return s, err
	}
	s.pending, err = watchPending(ctx, s.broker.URL)
	return s, err
}

// bucket is the database as the InfluxDB 2 API names it.
func (s *stage) bucket() string { return database + "/autogen" }

// subscribed is a daemon.Config's Ready: nil once the consumer has subscribed.
func (s *stage) subscribed(context.Context, *daemon.Output) error {
	pattern := regexp.MustCompile(`: (` + clientID + `) 1 presage/v1/\+/telemetry`)
	if _, ok := s.broker.Output().Find(pattern); !ok {
		return errors.New("it has not subscribed")
	}
	return nil
}

// close stops the servers and deletes what they kept.
func (s *stage) close() {
	if s.pending != nil {
		s.pending.close()
	}
	if s.broker != nil {
		s.broker.Kill()
	}
	if s.store != nil {
		s.store.Kill()
	}
	if s.dir != "" {
		_ = os.RemoveAll(filepath.Join(s.dir, "influxdb")) // the rest of the directory is small
	}
}
