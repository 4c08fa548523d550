package privacy

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/outreach/casework"
)

// Office answers what customers ask about their data. Its fields are set once,
// before its first use.
type Office struct {
	Store  Store
	Ledger *casework.Ledger
	Now    func() time.Time
}

// Store holds what is known of customers. ErrNotFound for an unknown one.
type Store interface {
	// PersonalData returns everything about a customer.
	PersonalData(ctx context.Context, customerID string) (presage.PersonalData, error)
	// Cases lists cases, the newest first.
	Cases(ctx context.Context, f presage.CaseFilter) ([]presage.Case, error)
	// EraseCustomer deletes and hides it for good; ErrConflict while a case goes on.
	EraseCustomer(ctx context.Context, customerID, who string, at time.Time) (presage.Erasure, error)
}

// PersonalData returns everything that is kept about a customer, or ErrNotFound.
func (o *Office) PersonalData(ctx context.Context, customerID string) (presage.PersonalData, error) {
	data, err := o.Store.PersonalData(ctx, customerID)
	data.At = o.Now()
	return data, err
}

// EraseCustomer ends what waits for the customer, then erases them; who asked
// for it is kept. ErrConflict, with nothing changed, while a visit is booked or the
// car is at a workshop. ErrNotFound: there is no such customer.
func (o *Office) EraseCustomer(ctx context.Context, customerID, who string) (presage.Erasure, error) {
	var done presage.Erasure
	err := casework.Contend(func() error {
		cs, err := o.Store.Cases(ctx, presage.CaseFilter{CustomerID: customerID})
		if err != nil {
			return err
		}
		for _, c := range cs {
			if c.State == presage.CaseBooked || c.State == presage.CaseArrived {
				return fmt.Errorf("%w: case %s is %s: cancel the visit or record its result first",
					presage.ErrConflict, c.ID, c.State)
			}
		}
		for _, c := range cs {
			if err := o.end(ctx, c, who); err != nil {
				return err
			}
		}
		done, err = o.Store.EraseCustomer(ctx, customerID, who, o.Now())
		return err
	})
	return done, err
}

// end ends a case that waits for the customer or for a person.
func (o *Office) end(ctx context.Context, c presage.Case, who string) error {
	if c.State.Ended() {
		return nil
	}
	to := presage.CaseSuppressed
	if c.State == presage.CaseEscalated {
		to = presage.CaseDeclined
	}
	note := casework.Note{Who: who, Why: presage.Because(presage.WhyErased)}
	return o.Ledger.Move(ctx, c, to, presage.CaseChange{}, note)
}
