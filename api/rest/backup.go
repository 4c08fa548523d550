package rest

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// backupRoutes are there when the service can be backed up.
func (h *handlers) backupRoutes(a huma.API) {
	if h.Backups == nil {
		return
	}
	const tag = "Operation"
	start := post("start-backup", "/v1/backup", tag,
		"Begin a backup of the working service below backup.dir; ask with GET how it goes")
	start.DefaultStatus = http.StatusAccepted
	route(a, h.Logger, start, h.startBackup)
	route(a, h.Logger, get("get-backup", "/v1/backup", tag, "The latest backup since the start of the service"), h.backup)
}

func (h *handlers) startBackup(ctx context.Context, _ *struct{}) (*body[presage.BackupState], error) {
	state, err := h.Backups.Start(ctx)
	if err != nil {
		return nil, err
	}
	return &body[presage.BackupState]{Body: whole(state)}, nil
}

func (h *handlers) backup(ctx context.Context, _ *struct{}) (*body[presage.BackupState], error) {
	state, err := h.Backups.State(ctx)
	if err != nil {
		return nil, err
	}
	return &body[presage.BackupState]{Body: whole(state)}, nil
}

// whole has no null for a list.
func whole(s presage.BackupState) presage.BackupState {
	s.Missing = nonNil(s.Missing)
	if s.Counts == nil {
		s.Counts = map[string]int64{}
	}
	return s
}
