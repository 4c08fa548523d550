package door

import (
	"context"
	"errors"
	"sync"
	"time"

	"presage"
)

// Sessions keeps the sessions that subscribed to their vehicle's commands over
// a restart. *sqlstore.Store is one.
type Sessions interface {
	// PutSession and DeleteSession return ErrConflict when the claim is over.
	PutSession(ctx context.Context, s presage.MQTTSession) error
	// Session returns ErrNotFound for none.
	Session(ctx context.Context, vin presage.VIN, clientID string) (presage.MQTTSession, error)
	DeleteSession(ctx context.Context, s presage.MQTTSession) error
}

// session is what is known of a client beyond its connection. It belongs to a
// user and a client ID together: nobody can take another's by its client ID.
type session struct {
	user     user
	clientID string

	// Of the registry.
	conn      *conn     // nil while it is away
	away      time.Time // since when; zero while connected
	will      chan bool // of a will that waits: true it is due now, false it is void; nil none
	claim     int64     // number of the claim under which it is served here; 0 none, below 0 it is over
	elsewhere bool      // it goes on at another door

	mu       sync.Mutex
	expiry   time.Duration       // how long it stays without a connection
	received map[uint16]struct{} // QoS 2: PUBREC was sent, PUBREL has not come
	qos      int                 // of the subscription to commands, none below 0
	keptQoS  int                 // as written to Sessions
	kept     time.Time           // when that was
	sent     int64               // the newest command that was sent
}

func newSession(u user, clientID string, expiry time.Duration) *session {
	return &session{user: u, clientID: clientID, expiry: expiry, qos: -1, keptQoS: -1}
}

func (s *session) extend(expiry time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expiry = expiry
}

func (s *session) lifetime() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.expiry
}

// holds tells whether the message of QoS 2 with this identifier is durable and
// not released yet: a repeat of it is not handed on.
func (s *session) holds(id uint16) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.received[id]
	return ok
}

// mostHeld bounds what a client that never sends PUBREL makes us remember. One
// that is forgotten is handed on again if it is repeated, which harms nothing.
const mostHeld = 4096

func (s *session) hold(id uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.received == nil {
		s.received = map[uint16]struct{}{}
	}
	if len(s.received) >= mostHeld {
		for one := range s.received {
			delete(s.received, one)
			break
		}
	}
	s.received[id] = struct{}{}
}

func (s *session) release(id uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.received, id)
}

func (s *session) subscribe(qos byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.qos = int(qos)
}

func (s *session) unsubscribe() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.qos >= 0
	s.qos = -1
	return was
}

// subscribed is the QoS of the subscription to commands.
func (s *session) subscribed() (qos byte, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return byte(max(s.qos, 0)), s.qos >= 0
}

// markSent tells whether a command was sent to this session before, and notes it.
func (s *session) markSent(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := id <= s.sent
	s.sent = max(s.sent, id)
	return before
}

// keepSession writes a session's subscription down, or that there is none any more.
// A store that cannot be written costs the subscription after a restart, no more.
func (s *Server) keepSession(ctx context.Context, one *session) {
	if s.cfg.Sessions == nil || one.user.vin == "" {
		return
	}
	qos, ok := one.worthKeeping(wall())
	if !ok {
		return
	}
	kept := presage.MQTTSession{
		VIN: one.user.vin, ClientID: one.clientID, QoS: qos, ExpiresAt: s.cfg.Now().Add(one.lifetime()),
		Claim: s.registry.claimOf(one),
	}
	var err error
	if qos >= 0 {
		err = s.cfg.Sessions.PutSession(ctx, kept)
	} else {
		err = s.cfg.Sessions.DeleteSession(ctx, kept)
	}
	harmless := errors.Is(err, presage.ErrNotFound) || // nobody registered the vehicle
		errors.Is(err, presage.ErrConflict) // it went to another door
	if err != nil && ctx.Err() == nil && !harmless {
		s.warn("a session's subscription could not be kept: it may be gone after a restart", "error", err)
	}
}

// keepEvery bounds how often a client that changes its mind writes.
const keepEvery = time.Second

// worthKeeping tells whether what is kept differs from the QoS, or has been kept
// for so long that its time must be moved: a client that subscribes again and
// again writes nothing, and one that takes it back each time writes once a
// second; what is left out then the next sweep writes.
func (s *session) worthKeeping(now time.Time) (qos int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	qos, since := s.wanted(), now.Sub(s.kept)
	switch {
	case qos < 0 && s.keptQoS < 0,
		qos == s.keptQoS && since < min(s.expiry/8, time.Minute),
		qos != s.keptQoS && s.expiry > 0 && since < keepEvery:
		return 0, false
	}
	s.keptQoS, s.kept = qos, now
	return qos, true
}

// wanted is the QoS to be kept, below 0 for none; the lock is held. A session
// without a lifetime is not kept.
func (s *session) wanted() int {
	if s.expiry == 0 {
		return -1
	}
	return s.qos
}

// stale tells whether what is kept differs, or will expire before a session
// that stays connected is kept again.
func (s *session) stale(now time.Time) (differs, old bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keptQoS != s.wanted(), s.wanted() >= 0 && now.Sub(s.kept) > s.expiry/4
}

// recalled notes what was kept before this process, and since when.
func (s *session) recalled(qos int, since time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.qos, s.keptQoS, s.kept = qos, qos, since
}

// recallSession finds a session of before this process; found is false for none.
func (s *Server) recallSession(ctx context.Context, one *session) (found bool) {
	if s.cfg.Sessions == nil || one.user.vin == "" {
		return false
	}
	kept, err := s.cfg.Sessions.Session(ctx, one.user.vin, one.clientID)
	if err != nil {
		if !errors.Is(err, presage.ErrNotFound) {
			s.warn("a session's subscription could not be read: the client has to subscribe again", "error", err)
		}
		return false
	}
	if !kept.ExpiresAt.After(s.cfg.Now()) {
		return false
	}
	one.recalled(kept.QoS, wall().Add(kept.ExpiresAt.Sub(s.cfg.Now())-s.cfg.SessionExpiry))
	return true
}

// forgetSession deletes what is kept of a session that began anew.
func (s *Server) forgetSession(ctx context.Context, one *session) {
	if s.cfg.Sessions == nil || one.user.vin == "" {
		return
	}
	kept, err := s.cfg.Sessions.Session(ctx, one.user.vin, one.clientID)
	if err == nil {
		kept.Claim = s.registry.claimOf(one)
		err = s.cfg.Sessions.DeleteSession(ctx, kept)
	}
	if err != nil && !errors.Is(err, presage.ErrNotFound) {
		s.warn("a session that began anew could not be cleared", "error", err)
	}
}
