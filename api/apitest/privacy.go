package apitest

import (
	"context"
	"encoding/json"
	"fmt"

	"presage"
)

// PersonalData implements rest.Privacy: what the world knows of a customer.
func (w *World) PersonalData(ctx context.Context, id string) (presage.PersonalData, error) {
	c, err := w.Customer(ctx, id)
	if err != nil {
		return presage.PersonalData{}, err
	}
	row, err := json.Marshal(map[string]any{"id": c.ID, "name": c.Name, "phone": string(c.Phone)})
	return presage.PersonalData{CustomerID: id, At: w.Now(), Tables: []presage.PersonalTable{
		{Name: "customers", Columns: []string{"id", "name", "phone"}, Rows: []json.RawMessage{row}},
	}}, err
}

// ConsentHistory implements rest.Consents: what holds is all that is known.
func (w *World) ConsentHistory(ctx context.Context, id string) ([]presage.ConsentRecord, error) {
	c, err := w.Customer(ctx, id)
	x := c.Consent
	return []presage.ConsentRecord{{
		At: x.ChangedAt, Push: x.Push, SMS: x.SMS, Email: x.Email, Call: x.Call, Purposes: x.Purposes,
		Preferred: x.Preferred, Source: x.Source, Evidence: x.Evidence,
	}}, err
}

// SetConsent implements rest.Consents.
func (w *World) SetConsent(ctx context.Context, id string, consent presage.Consent) error {
	c, err := w.Customer(ctx, id)
	if err != nil {
		return err
	}
	c.Consent = consent
	w.customers[id] = c
	return nil
}

// ChangeConsent implements web.Customers.
func (w *World) ChangeConsent(ctx context.Context, id string, x presage.ConsentStep) error {
	c, err := w.Customer(ctx, id)
	if err != nil {
		return err
	}
	if x.Seen != nil && !x.Seen.Equal(c.Consent.ChangedAt) {
		return fmt.Errorf("%w: %w", presage.ErrConflict, presage.ErrStale)
	}
	k := &c.Consent
	k.Push = (k.Push || x.Open.Push) && !x.Close.Push
	k.SMS = (k.SMS || x.Open.SMS) && !x.Close.SMS
	k.Email = (k.Email || x.Open.Email) && !x.Close.Email
	k.Call = (k.Call || x.Open.Call) && !x.Close.Call
	if x.Preferred != nil {
		k.Preferred = *x.Preferred
	}
	k.ChangedAt, k.Source, k.Evidence = x.At, x.Source, x.Evidence
	w.customers[id] = c
	return nil
}

// EraseCustomer implements rest.Privacy.
func (w *World) EraseCustomer(ctx context.Context, id, who string) (presage.Erasure, error) {
	if _, err := w.Customer(ctx, id); err != nil {
		return presage.Erasure{}, err
	}
	delete(w.customers, id)
	return presage.Erasure{Alias: "erased-abcdefghijkl", At: w.Now(), Who: who, Tables: []presage.ErasedTable{
		{Name: "customers", Rows: 1, Done: presage.ErasedDeleted},
	}}, nil
}
