package casework

import (
	"context"
	"fmt"
	"time"

	"presage"
)

// Store keeps cases.
type Store interface {
	// MoveCase compares and sets the state; ErrConflict when it moved on.
	MoveCase(ctx context.Context, id string, change presage.CaseChange, ev presage.CaseEvent) error
	// Vehicle: ErrNotFound for an unknown VIN.
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	// FiringWatches returns the watch rules that fire, of one vehicle or, for "", of all.
	FiringWatches(ctx context.Context, vin presage.VIN) ([]presage.WatchState, error)
}

// Ledger moves cases.
type Ledger struct {
	Store     Store
	Catalogue *presage.Catalogue
	Now       func() time.Time
	// CallWithin is how soon an adviser calls; needed to escalate.
	CallWithin func(presage.Severity) time.Duration
}

// Who changes a case, beside its owners.
const (
	ByCustomer = "customer"
	ByPolicy   = "policy"
	ByWatch    = "watch" // a watch rule that fires or clears
	BySweep    = "sweep" // a deadline that has passed
)

// Note is who changed a case and why.
type Note struct {
	Who string
	Why presage.Reason
}

// Move takes a case to another state; ErrConflict when it moved on.
func (l *Ledger) Move(
	ctx context.Context, c presage.Case, to presage.CaseState, change presage.CaseChange, n Note,
) error {
	ev := presage.CaseEvent{CaseID: c.ID, At: l.Now(), Who: n.Who, From: c.State, To: to, Reason: n.Why}
	if err := l.Store.MoveCase(ctx, c.ID, change, ev); err != nil {
		return fmt.Errorf("case %s to %s: %w", c.ID, to, err)
	}
	return nil
}

// Escalate hands a case to an adviser, who calls in time for its severity.
func (l *Ledger) Escalate(ctx context.Context, c presage.Case, n Note) error {
	return l.EscalateAs(ctx, c, c.Severity, n)
}

// EscalateAs is Escalate where the call is as urgent as another severity has it.
func (l *Ledger) EscalateAs(ctx context.Context, c presage.Case, s presage.Severity, n Note) error {
	change := presage.CaseChange{DueAt: l.Now().Add(l.CallWithin(s)), Owner: presage.OwnerAdviser}
	return l.Move(ctx, c, presage.CaseEscalated, change, n)
}

// Silence ends a case that can be told to nobody any more; safety goes to a person.
func (l *Ledger) Silence(ctx context.Context, c presage.Case, why presage.Reason) error {
	if c.Severity == presage.Safety {
		return l.Escalate(ctx, c, Note{presage.OwnerOutreach, why.With(presage.Because(presage.WhyCall))})
	}
	return l.Move(ctx, c, presage.CaseSuppressed, presage.CaseChange{}, Note{presage.OwnerOutreach, why})
}

// Lost tells that a car is not a customer's, or not any more.
func (l *Ledger) Lost(ctx context.Context, vin presage.VIN, customerID string) (bool, error) {
	v, err := l.Store.Vehicle(ctx, vin)
	if err != nil {
		return false, fmt.Errorf("owner of %s: %w", vin.Masked(), err)
	}
	return v.CustomerID != customerID, nil
}
