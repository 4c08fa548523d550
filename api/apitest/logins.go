package apitest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"presage"
)

// Logins implements access.Logins in memory.
type Logins struct {
	mu    sync.Mutex
	byID  map[string]presage.Login
	links map[string]bool

	// Err is returned by every method when set: a store that is down.
	Err error
}

// NewLogins returns an empty store; several APIs may share it.
func NewLogins() *Logins {
	return &Logins{byID: map[string]presage.Login{}, links: map[string]bool{}}
}

// PutLogin implements access.Logins.
func (s *Logins) PutLogin(_ context.Context, x presage.Login) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[x.ID] = x
	return s.Err
}

// Login implements access.Logins.
func (s *Logins) Login(_ context.Context, id string) (presage.Login, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.byID[id]
	if s.Err != nil {
		return x, s.Err
	}
	if !ok {
		return x, fmt.Errorf("login: %w", presage.ErrNotFound)
	}
	return x, nil
}

// EndLogin implements access.Logins.
func (s *Logins) EndLogin(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
	return s.Err
}

// UseLink implements access.Logins.
func (s *Logins) UseLink(_ context.Context, id string, _, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.links[id] {
		return fmt.Errorf("%w link", presage.ErrExpired)
	}
	s.links[id] = true
	return s.Err
}
