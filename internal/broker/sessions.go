package broker

import (
	"errors"
	"log/slog"
	"slices"
	"sync"

	"presage"
)

// sessions knows which connections are whose, so that a revoked vehicle can be
// cut off and nobody takes over another's session.
type sessions struct {
	open func(id uint64) bool // is the connection still there?

	mu       sync.Mutex
	cuts     uint64 // how often somebody was cut off
	byVIN    map[presage.VIN][]session
	byClient map[string]session
}

type session struct {
	id       uint64
	vin      presage.VIN
	clientID string
}

func newSessions(open func(uint64) bool) *sessions {
	return &sessions{open: open, byVIN: map[presage.VIN][]session{}, byClient: map[string]session{}}
}

// epoch changes with every cut: a login that was checked before one and added
// after it must be checked again.
func (s *sessions) epoch() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cuts
}

// add notes a connection; what is gone of the same vehicle is dropped.
func (s *sessions) add(vin presage.VIN, l login) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, ok := s.byClient[l.clientID]; ok && other.vin != vin && s.open(other.id) {
		return errors.New("the client ID is in use by another vehicle: let it begin with the VIN")
	}
	live := slices.DeleteFunc(s.byVIN[vin], func(old session) bool {
		if s.open(old.id) {
			return false
		}
		if s.byClient[old.clientID].id == old.id {
			delete(s.byClient, old.clientID)
		}
		return true
	})
	now := session{id: l.id, vin: vin, clientID: l.clientID}
	live = append(live, now)
	s.byVIN[vin] = live
	if l.clientID != "" {
		s.byClient[l.clientID] = now
	}
	return nil
}

// cut returns the vehicle's connections and starts a new epoch.
func (s *sessions) cut(vin presage.VIN) []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cuts++
	ids := make([]uint64, 0, len(s.byVIN[vin]))
	for _, one := range s.byVIN[vin] {
		ids = append(ids, one.id)
	}
	return ids
}

// Disconnect closes the vehicle's connections. Those that are just being
// checked are checked again: call it after the store knows of a revocation or
// of a new secret.
func (s *Server) Disconnect(vin presage.VIN) {
	for _, id := range s.sessions.cut(vin) {
		_ = s.nats.DisconnectClientByID(id) // gone already is fine
	}
}

// Release lets others use the client IDs of a vehicle that was revoked.
func (s *Server) Release(vin presage.VIN) {
	if err := s.owners.release(string(vin)); err != nil {
		s.cfg.Logger.Error("broker: client IDs of a vehicle", slog.Any("vin", vin), slog.Any("error", err))
	}
}
