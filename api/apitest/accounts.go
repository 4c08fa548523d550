package apitest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"presage"
)

// Accounts implements rest.Accounts and access.Accounts in memory; several APIs may
// share it.
type Accounts struct {
	mu   sync.Mutex
	list []presage.Account // ascending by ID
	keys map[string]string // hash of the key by account

	// Err is returned by every method when set: a store that is down.
	Err error
}

// NewAccounts returns an empty store.
func NewAccounts() *Accounts { return &Accounts{keys: map[string]string{}} }

// Accounts implements rest.Accounts.
func (s *Accounts) Accounts(context.Context) ([]presage.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list), s.Err
}

// Account implements access.Accounts.
func (s *Accounts) Account(_ context.Context, id string) (presage.Account, error) {
	return s.find(func(a presage.Account) bool { return a.ID == id })
}

// AccountByKey implements access.Accounts.
func (s *Accounts) AccountByKey(_ context.Context, hash string) (presage.Account, error) {
	return s.find(func(a presage.Account) bool { return s.keys[a.ID] == hash })
}

func (s *Accounts) find(meant func(presage.Account) bool) (presage.Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Err != nil {
		return presage.Account{}, s.Err
	}
	i := slices.IndexFunc(s.list, meant)
	if i < 0 {
		return presage.Account{}, fmt.Errorf("account: %w", presage.ErrNotFound)
	}
	return s.list[i], nil
}

// PutAccount implements rest.Accounts.
func (s *Accounts) PutAccount(_ context.Context, a presage.Account) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, x := range s.list {
		if (x.Name == a.Name) != (x.ID == a.ID) {
			return fmt.Errorf("name: %w: another account has it, or this one has another", presage.ErrConflict)
		}
		if x.ID == a.ID {
			x.Roles, x.Workshops, x.Lang = a.Roles, a.Workshops, a.Lang
			s.list[i] = x
			return s.Err
		}
	}
	s.list = append(s.list, a)
	slices.SortFunc(s.list, func(a, b presage.Account) int { return strings.Compare(a.ID, b.ID) })
	return s.Err
}

func (s *Accounts) change(id string, to func(*presage.Account)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.list, func(a presage.Account) bool { return a.ID == id })
	if i < 0 {
		return fmt.Errorf("account: %w", presage.ErrNotFound)
	}
	to(&s.list[i])
	return s.Err
}

// SetAccountKey implements rest.Accounts.
func (s *Accounts) SetAccountKey(_ context.Context, id, hash string) error {
	return s.change(id, func(a *presage.Account) { a.HasKey, s.keys[id] = true, hash })
}

// DisableAccount implements rest.Accounts.
func (s *Accounts) DisableAccount(_ context.Context, id string, now time.Time) error {
	return s.change(id, func(a *presage.Account) {
		a.DisabledAt, a.HasKey = now, false
		delete(s.keys, id)
	})
}

// EnableAccount implements rest.Accounts.
func (s *Accounts) EnableAccount(_ context.Context, id string) error {
	return s.change(id, func(a *presage.Account) { a.DisabledAt = time.Time{} })
}
