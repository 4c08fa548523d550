package main

import (
	"fmt"
	"os"

	"presage"
	"presage/internal/broker/mosquitto"
	"presage/internal/influx/influxd"
)

// programs are the executables that are measured and that they need.
type programs struct {
	PresageBin   string `default:"./presage" type:"path" help:"The service's binary (make build)."`
	InfluxdBin   string `type:"path" help:"InfluxDB 1.8 (PRESAGE_INFLUXD, the PATH, or where make deps puts it)."`
	MosquittoBin string `type:"path" help:"Mosquitto (the PATH, or where Debian puts it)."`
	Keep         string `type:"path" placeholder:"DIR" help:"Keep servers' data and logs in DIR, not in a temporary one."`
}

// find fills in what was not given and checks that everything is there.
func (p *programs) find(servers bool) (err error) {
	if servers && p.InfluxdBin == "" {
		if p.InfluxdBin, err = influxd.Find(); err != nil {
			return err
		}
	}
	if servers && p.MosquittoBin == "" {
		if p.MosquittoBin, err = mosquitto.Find(); err != nil {
			return err
		}
	}
	for flag, path := range map[string]string{
		"presage-bin": p.PresageBin, "influxd-bin": p.InfluxdBin, "mosquitto-bin": p.MosquittoBin,
	} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("--%s: %w: %w; build it, or say where it is", flag, presage.ErrNotFound, err)
		}
	}
	return nil
}

// workDir makes a directory and tells how to get rid of it.
func (p *programs) workDir() (dir string, remove func(), err error) {
	if p.Keep == "" {
		if dir, err = os.MkdirTemp("", "bench-ingest-"); err != nil {
			return "", nil, fmt.Errorf("working directory: %w", err)
		}
		return dir, func() { _ = os.RemoveAll(dir) }, nil // a temporary directory that stays harms nobody
	}
	if err := os.MkdirAll(p.Keep, 0o750); err != nil {
		return "", nil, fmt.Errorf("--keep: %w", err)
	}
	dir, err = os.MkdirTemp(p.Keep, "run-")
	if err != nil {
		return "", nil, fmt.Errorf("--keep: %w", err)
	}
	return dir, func() {}, nil
}
