package web

import (
	"context"
	"maps"
	"slices"

	"presage"
)

// taker is somebody to whom a conversation can be given.
type taker struct {
	Name   string
	Absent bool
}

// takers are the advisers and those with an account who may answer customers, by name,
// and whoever has the conversation now.
func (s *Site) takers(ctx context.Context, owner string) ([]taker, error) {
	advisers, err := s.Advisers.Advisers(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := s.Accounts.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	absent := map[string]bool{}
	for _, a := range accounts {
		if answersCustomers(a) {
			absent[a.Name] = false
		}
	}
	for _, a := range advisers {
		if !a.Disabled {
			absent[a.Name] = a.Absent(s.Now())
		}
	}
	if _, known := absent[owner]; !known && len(absent) > 0 {
		absent[owner] = false
	}
	delete(absent, "")
	delete(absent, presage.OwnerManager)
	list := make([]taker, 0, len(absent))
	for _, name := range slices.Sorted(maps.Keys(absent)) {
		list = append(list, taker{name, absent[name]})
	}
	return list, nil
}

func answersCustomers(a presage.Account) bool {
	return a.DisabledAt.IsZero() && (a.Is(presage.RoleAdviser) || a.Is(presage.RoleManager))
}
