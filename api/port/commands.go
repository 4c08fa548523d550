package port

import (
	"context"
	"time"

	"presage"
)

// Commands keeps what vehicles are to be told until they acknowledge it.
type Commands interface {
	// PutCommand numbers and keeps a command made at its CreatedAt. ErrNotFound:
	// nobody knows the vehicle. ErrConflict: as many wait for it as may.
	PutCommand(ctx context.Context, c presage.Command) (presage.Command, error)
	// Commands lists one vehicle's, the newest first.
	Commands(ctx context.Context, f presage.CommandFilter) ([]presage.Command, error)
	// WithdrawCommand removes one that is not done, and ends the retained copy of
	// one that is. ErrConflict: it is done, and no copy of it is retained.
	WithdrawCommand(ctx context.Context, vin presage.VIN, id int64, now time.Time) error
}
