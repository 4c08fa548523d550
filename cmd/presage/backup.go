package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/internal/backup"
)

type backupCommand struct {
	settings
	Dir    string         `arg:"" optional:"" placeholder:"DIR" type:"path" help:"New folder for the backup of a stopped service, or the one to check."` //nolint:lll // a struct tag cannot be broken
	Data   string         `placeholder:"DIR" type:"path" help:"Data directory (data_dir, presage-data)."`
	URL    string         `placeholder:"URL" help:"Back up the running service there, to a folder below its backup.dir."`
	Key    presage.Secret `placeholder:"KEY" help:"Its admin key; without it the configured one, or the one in --data."`
	Verify bool           `help:"Check every file of the backup in DIR against its manifest."`
}

// Run makes a backup or checks one, and prints what is in it.
func (c backupCommand) Run(ctx context.Context, p *process) error {
	switch {
	case c.URL != "" && (c.Dir != "" || c.Verify):
		return fmt.Errorf("%w: with --url the service writes below its own backup.dir: leave DIR and --verify out",
			presage.ErrInvalid)
	case c.URL != "":
		return c.running(ctx, p)
	case c.Dir == "":
		return fmt.Errorf("%w: name a new folder for the backup, or the running service with --url", presage.ErrInvalid)
	case c.Verify:
		m, err := backup.Verify(ctx, c.Dir)
		if err != nil {
			return err
		}
		return report(p.stdout, "whole", c.Dir, state(m))
	}
	effective, err := c.load(ctx, p, map[string]string{"data_dir": c.Data})
	if err != nil {
		return err
	}
	m, err := app.BackupStopped(ctx, effective.Config, c.Dir, version(), time.Now)
	if err != nil {
		return err
	}
	return report(p.stdout, "written", c.Dir, state(m))
}

// running lets a service that works make the backup and waits for its end.
func (c backupCommand) running(ctx context.Context, p *process) error {
	effective, err := c.load(ctx, p, map[string]string{"data_dir": c.Data, "http.admin_key": c.Key.Reveal()})
	if err != nil {
		return err
	}
	s, err := dial(effective, c.URL)
	if err != nil {
		return err
	}
	defer s.Close()
	var at presage.BackupState
	err = s.Do(ctx, http.MethodPost, "/v1/backup", nil, &at)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for err == nil && at.State == presage.BackupRunning {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the service goes on with the backup in %s: %w", at.Dir, ctx.Err())
		case <-tick.C:
			err = s.Do(ctx, http.MethodGet, "/v1/backup", nil, &at)
		}
	}
	switch {
	case err != nil:
		return err
	case at.State != presage.BackupDone:
		return errors.New("the backup failed: " + at.Error)
	}
	return report(p.stdout, "written", at.Dir, at)
}

// state is a manifest in the API's words.
func state(m backup.Manifest) presage.BackupState {
	return presage.BackupState{Began: m.Began, Ended: &m.Ended, Bytes: m.Bytes(), Counts: m.Counts, Missing: m.Missing}
}

// report prints what a backup holds and what not.
func report(w io.Writer, what, dir string, at presage.BackupState) error {
	var text strings.Builder
	fmt.Fprintf(&text, "backup %s: %s\n", what, dir)
	fmt.Fprintf(&text, "everything acknowledged before %s, %.1f MiB\n",
		at.Began.UTC().Format(time.RFC3339), float64(at.Bytes)/(1<<20))
	for _, name := range slices.Sorted(maps.Keys(at.Counts)) {
		if n := at.Counts[name]; n > 0 {
			fmt.Fprintf(&text, "  %-16s %d\n", name, n)
		}
	}
	for _, m := range at.Missing {
		fmt.Fprintf(&text, "not in it: %s\n", m)
	}
	_, err := io.WriteString(w, text.String())
	return err
}
