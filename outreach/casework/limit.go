package casework

import (
	"context"
	"fmt"
	"time"
)

// Cap is how many offers a customer is told of within a time, one told by two
// channels once. Safety is not counted.
type Cap struct {
	Store CapStore
	// Limit is how many offers within what time.
	Limit func() (most int, within time.Duration)
	Now   func() time.Time
}

// CapStore counts offers.
type CapStore interface {
	// MessagesSince counts the non-safety offers sent to a customer since then.
	MessagesSince(ctx context.Context, customerID string, since time.Time) (int, error)
}

// Reached tells whether the customer has had as many offers as the cap allows.
func (c *Cap) Reached(ctx context.Context, customerID string) (bool, error) {
	most, within := c.Limit()
	n, err := c.Store.MessagesSince(ctx, customerID, c.Now().Add(-within))
	if err != nil {
		return false, fmt.Errorf("frequency cap: %w", err)
	}
	return n >= most, nil
}
