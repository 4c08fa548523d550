package app

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"presage"
)

// backups makes backups of the working service, one at a time, below
// backup.dir: who asks over HTTP chooses no path.
type backups struct {
	app      *App
	program  string
	requests chan string // at most one is ever waiting

	mu    sync.Mutex
	state presage.BackupState
}

func newBackups(a *App, program string) *backups {
	return &backups{
		app: a, program: program, requests: make(chan string, 1), state: presage.BackupState{State: presage.BackupNone},
	}
}

// Start begins a backup, which run makes.
func (b *backups) Start(context.Context) (presage.BackupState, error) {
	dir := b.app.cfg.Backup.Dir
	if dir == "" {
		return presage.BackupState{}, fmt.Errorf("%w: backup.dir is not set: name the directory for backups in the "+
			"configuration (or PRESAGE_BACKUP_DIR); a caller may not choose where files are written", presage.ErrForbidden)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.state.State == presage.BackupRunning {
		return presage.BackupState{}, fmt.Errorf("%w: a backup is being written to %s", presage.ErrConflict, b.state.Dir)
	}
	began := b.app.Clock.Now().UTC()
	b.state = presage.BackupState{
		State: presage.BackupRunning, Dir: filepath.Join(dir, began.Format("20060102T150405.000Z")), Began: began,
	}
	b.requests <- b.state.Dir
	return b.state, nil
}

// State is the latest backup since the start of the service.
func (b *backups) State(context.Context) (presage.BackupState, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, nil
}

// run makes what was asked for until ctx ends.
func (b *backups) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case dir := <-b.requests:
			b.make(ctx, dir)
		}
	}
}

func (b *backups) make(ctx context.Context, dir string) {
	m, err := b.app.Backup(ctx, dir, b.program)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.state.State, b.state.Error = presage.BackupFailed, err.Error()
		b.app.log.ErrorContext(ctx, "a backup failed", "error", err)
		return
	}
	b.state.State, b.state.Ended, b.state.Bytes = presage.BackupDone, &m.Ended, m.Bytes()
	b.state.Counts, b.state.Missing = m.Counts, m.Missing
	b.app.log.InfoContext(ctx, "backup written", "dir", dir, "bytes", m.Bytes())
}
