package main

import (
	"errors"
	"fmt"
	"os"

	"presage"
	"presage/internal/procs"
)

// programs are the executable that is measured and where it works.
type programs struct {
	PresageBin string   `default:"./presage" type:"path" help:"The service's binary (make build)."`
	Set        []string `placeholder:"KEY=VALUE" sep:"none" help:"Settings of the service, as for presage serve."`
	Keep       string   `type:"path" placeholder:"DIR" help:"Keep servers' data and logs in DIR, not in a temporary one."`
}

// check looks whether everything is there, Mosquitto and InfluxDB where they are needed.
func (p *programs) check(servers bool) error {
	if servers {
		_, noStore := procs.FindInflux()
		_, noBroker := procs.FindMosquitto()
		if err := errors.Join(noStore, noBroker); err != nil {
			return err
		}
	}
	if _, err := os.Stat(p.PresageBin); err != nil {
		return fmt.Errorf("--presage-bin: %w: %w; build it, or say where it is", presage.ErrNotFound, err)
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
